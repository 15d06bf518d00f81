/** Every listed agent. To be listed is to be tested: the contract suite loops over this table. */
import type { AgentDefinition } from '../src/learner/definition.ts';
import { sac } from './sac.ts';

// biome-ignore lint/suspicious/noExplicitAny: each definition has settings of its own
export const agents: Readonly<Record<string, AgentDefinition<any>>> = { sac };
