/**
 * Proximal Policy Optimization with a clipped objective (Schulman et al. 2017, arXiv:1707.06347; defaults as in CleanRL's
 * `ppo_continuous_action.py`).
 */
import { settings } from '../src/core/settings.ts';
import type { OnPolicyDefinition } from '../src/learner/index.ts';
import { clippedValueLoss, gaussianActorCritic } from './parts/gaussian-actor-critic.ts';
import { proximalPolicy, proximalSearch, proximalSettings } from './parts/proximal-policy.ts';

export const ppoSettings = settings(proximalSettings);

export const ppo: OnPolicyDefinition<ReturnType<typeof ppoSettings.parse>> = {
  kind: 'on-policy',
  name: 'ppo',
  description: 'Proximal Policy Optimization with a clipped objective (arXiv:1707.06347)',
  settings: ppoSettings,
  search: proximalSearch,
  build: (spaces, s) => proximalPolicy(gaussianActorCritic(spaces, s), s, clippedValueLoss),
};
