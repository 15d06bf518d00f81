/**
 * Multi-Agent PPO: PPO with one policy for all agents of a team, and values that see the observations of all of them
 * (Yu et al. 2021, arXiv:2103.01955; step size, weights and bounds as in github.com/marlbenchmark/on-policy). The policy
 * acts on an agent's own observation, so it is exported and flown like any other.
 */
import { oneOf } from '../src/core/search.ts';
import { flag, number, settings, settingsWithDefaults } from '../src/core/settings.ts';
import type { OnPolicyDefinition } from '../src/learner/index.ts';
import { clippedValueLoss, gaussianActorCritic } from './parts/gaussian-actor-critic.ts';
import { halfSquare, huber } from './parts/losses.ts';
import { proximalPolicy, proximalSearch, proximalSettings } from './parts/proximal-policy.ts';
import { returnScale } from './parts/return-scale.ts';

export const mappoSettings = settingsWithDefaults(
  settings({
    ...proximalSettings,
    normalizeValues: flag(true, 'learn values in units of the running deviation of returns, from their mean'),
    huberLimit: number(10, 0, 1e9, 'errors of values beyond this count linearly; 0 squares all of them'),
  }),
  {
    learningRate: 5e-4,
    annealLearningRate: false,
    minibatches: 1,
    valueWeight: 1,
    entropyWeight: 0.01,
    maxGradientNorm: 10,
  },
);

export const mappo: OnPolicyDefinition<ReturnType<typeof mappoSettings.parse>> = {
  kind: 'on-policy',
  name: 'mappo',
  description: 'Multi-Agent PPO: one policy for a team, values that see all of it (arXiv:2103.01955)',
  settings: mappoSettings,
  // Values are normalised instead.
  training: { normalizeRewards: false },
  search: { ...proximalSearch, minibatches: oneOf([1, 4, 16]) },

  build(spaces, s) {
    const returns = returnScale(s.normalizeValues);
    const actorCritic = gaussianActorCritic(spaces, s, { teamSize: spaces.agents ?? 1, returns });
    const loss =
      s.huberLimit > 0 ? (error: Parameters<typeof huber>[0]) => huber(error, s.huberLimit) : halfSquare;
    return proximalPolicy(actorCritic, s, (value, target, oldValue, range) =>
      clippedValueLoss(value, target, oldValue, range, loss),
    );
  },
};
