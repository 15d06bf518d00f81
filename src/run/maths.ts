/** The maths of a run's agent, as its configuration has them: wherever its parameters are made, read or used. */
import type { Spaces } from '../core/policy.ts';
import { parseSettings } from '../core/settings.ts';
import { type AgentDefinition, inFrameOf, twoAgents } from '../learner/index.ts';
import type { RunConfig } from './config.ts';

/** @throws ConfigurationError for settings that contradict each other */
export function mathsOf<Agent extends AgentDefinition>(
  { agent: { settings }, training }: Pick<RunConfig, 'agent' | 'training'>,
  agent: Agent,
  spaces: Spaces,
): ReturnType<Agent['build']> {
  const definition = asTrained(agent, training);
  return definition.build(spaces, parseSettings('agent', agent.settings, settings)) as ReturnType<
    Agent['build']
  >;
}

/** Runs of earlier versions have neither setting. */
function asTrained(
  agent: AgentDefinition,
  { inFrameOf: body, twoAgentsBy }: RunConfig['training'],
): AgentDefinition {
  if (agent.kind === 'on-policy') return agent;
  const seeing = body ? inFrameOf(agent, String(body)) : agent;
  return twoAgentsBy ? twoAgents(seeing, String(twoAgentsBy)) : seeing;
}
