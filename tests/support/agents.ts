/** Listed agents by kind, and in a size that tests can afford. */
import { agents } from '../../agents/index.ts';
import { spaceWithBase } from '../../src/core/base-action.ts';
import type { Spaces } from '../../src/core/policy.ts';
import type { AgentDefinition, OffPolicyDefinition, OnPolicyDefinition } from '../../src/learner/index.ts';

export const offPolicyAgents = Object.values(agents).filter(
  (agent): agent is OffPolicyDefinition => agent.kind === 'off-policy',
);
/** Those that learn from what they do themselves, from nothing and alone. */
export const experiencingAgents = offPolicyAgents.filter(
  ({ offline, corrects, guided }) => !offline && !corrects && !guided,
);
export const onPolicyAgents = Object.values(agents).filter(
  (agent): agent is OnPolicyDefinition => agent.kind === 'on-policy',
);

/** Values for those of these settings that the agent has. */
export const settingsOf = (
  agent: AgentDefinition,
  wanted: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(wanted).filter(([name]) => name in agent.settings.shape));

/** These spaces as an agent under these settings wants them: with a base's action where it corrects one. */
export const spacesFor = <S extends Spaces>(
  agent: AgentDefinition,
  spaces: S,
  { residualScale = 0 }: Readonly<Record<string, unknown>> = {},
): S =>
  (agent.kind === 'off-policy' && agent.corrects) || Number(residualScale) > 0
    ? { ...spaces, observation: spaceWithBase(spaces.observation, spaces.action) }
    : spaces;

/** Small networks, few quantiles and candidates, and an actor that learns from the first update on. */
export const small = (agent: AgentDefinition, units: readonly number[]): Record<string, unknown> =>
  settingsOf(agent, {
    ...{ hidden: units, criticHidden: units, baseHidden: units },
    ...{ quantiles: 5, droppedQuantiles: 1, criticOnlyUpdates: 0, candidates: 4, flowSteps: 3 },
  });
