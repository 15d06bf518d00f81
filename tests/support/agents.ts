/** Listed agents by kind, and in a size that tests can afford. */
import { agents } from '../../agents/index.ts';
import type { AgentDefinition, OffPolicyDefinition, OnPolicyDefinition } from '../../src/learner/index.ts';

export const offPolicyAgents = Object.values(agents).filter(
  (agent): agent is OffPolicyDefinition => agent.kind === 'off-policy',
);
/** Those that learn from what they do themselves. */
export const experiencingAgents = offPolicyAgents.filter(({ offline }) => offline !== 'only');
export const onPolicyAgents = Object.values(agents).filter(
  (agent): agent is OnPolicyDefinition => agent.kind === 'on-policy',
);

/** Values for those of these settings that the agent has. */
export const settingsOf = (
  agent: AgentDefinition,
  wanted: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(wanted).filter(([name]) => name in agent.settings.shape));

/** Small networks and few quantiles. */
export const small = (agent: AgentDefinition, units: readonly number[]): Record<string, unknown> =>
  settingsOf(agent, { hidden: units, criticHidden: units, quantiles: 5, droppedQuantiles: 1 });
