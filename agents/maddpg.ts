/**
 * Multi-Agent Deep Deterministic Policy Gradient: one deterministic policy for all agents of a team, and critics that see
 * the observations and actions of all of them (Lowe et al. 2017, arXiv:1706.02275). With `critics=2`, `targetNoise=0.2` and
 * `policyDelay=2` it is MATD3 (Ackermann et al. 2019, arXiv:1910.01465).
 */
import { oneOf } from '../src/core/search.ts';
import { settings, settingsWithDefaults } from '../src/core/settings.ts';
import type { OffPolicyDefinition } from '../src/learner/index.ts';
import {
  deterministicActorCritic,
  deterministicSearch,
  deterministicSettings,
} from './parts/deterministic-actor-critic.ts';

export const maddpgSettings = settingsWithDefaults(settings(deterministicSettings), {
  critics: 1,
  targetNoise: 0,
  policyDelay: 1,
});

export const maddpg: OffPolicyDefinition<ReturnType<typeof maddpgSettings.parse>> = {
  kind: 'off-policy',
  name: 'maddpg',
  description: 'Multi-Agent DDPG: one policy for a team, critics that see all of it (arXiv:1706.02275)',
  settings: maddpgSettings,
  // Whole teams of up to six.
  training: { batchSize: 240 },
  search: { ...deterministicSearch, critics: oneOf([1, 2]), targetNoise: oneOf([0, 0.2]) },
  build: (spaces, s) => deterministicActorCritic(spaces, s, spaces.agents),
};
