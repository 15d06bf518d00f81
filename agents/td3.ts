/** Twin Delayed Deep Deterministic policy gradient (Fujimoto et al. 2018, arXiv:1802.09477). */
import { settings } from '../src/core/settings.ts';
import type { OffPolicyDefinition } from '../src/learner/index.ts';
import {
  deterministicActorCritic,
  deterministicSearch,
  deterministicSettings,
} from './parts/deterministic-actor-critic.ts';

export const td3Settings = settings(deterministicSettings);

export const td3: OffPolicyDefinition<ReturnType<typeof td3Settings.parse>> = {
  kind: 'off-policy',
  name: 'td3',
  description: 'Twin Delayed DDPG: a deterministic policy with smoothed targets (arXiv:1802.09477)',
  settings: td3Settings,
  search: deterministicSearch,
  build: (spaces, s) => deterministicActorCritic(spaces, s),
};
