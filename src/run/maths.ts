/** The maths of a run's agent, as its configuration has them: wherever its parameters are made, read or used. */
import type { Spaces } from '../core/policy.ts';
import { parseSettings } from '../core/settings.ts';
import { type AgentDefinition, twoAgents } from '../learner/index.ts';
import type { RunConfig } from './config.ts';

/** @throws ConfigurationError for settings that contradict each other */
export function mathsOf<Agent extends AgentDefinition>(
  { agent: { settings }, training: { twoAgentsBy = '' } }: Pick<RunConfig, 'agent' | 'training'>,
  agent: Agent,
  spaces: Spaces,
): ReturnType<Agent['build']> {
  const definition: AgentDefinition =
    agent.kind === 'off-policy' && twoAgentsBy !== '' ? twoAgents(agent, String(twoAgentsBy)) : agent;
  return definition.build(spaces, parseSettings('agent', agent.settings, settings)) as ReturnType<
    Agent['build']
  >;
}
