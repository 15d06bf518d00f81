/**
 * Proximal Policy Optimization with a clipped objective (Schulman et al. 2017, arXiv:1707.06347, Eqs. 7 and 9), and the
 * details that make it work (arXiv:2005.12729; defaults as in CleanRL's `ppo_continuous_action.py`).
 *
 * Shapes: B minibatch, A action size.
 */
import { oneOf } from '../src/core/search.ts';
import { flag, integer, number, settings } from '../src/core/settings.ts';
import type { OnPolicyDefinition } from '../src/learner/index.ts';
import { adam, clipGradients, diagonalGaussian } from '../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../src/tensor/index.ts';
import {
  actorCriticSettings,
  annealed,
  clippedValueLoss,
  gaussianActorCritic,
  standardized,
} from './parts/gaussian-actor-critic.ts';
import { onPolicySearch } from './parts/search.ts';

export const ppoSettings = settings({
  ...actorCriticSettings,
  learningRate: number(3e-4, 0, 1, 'Adam step size'),
  annealLearningRate: flag(true, 'let the step size fall to zero in the course of training'),
  epochs: integer(10, 1, 1_000, 'passes over each rollout'),
  minibatches: integer(32, 1, 1e6, 'minibatches of a pass'),
  clipRange: number(0.2, 0, 1e3, 'how far the probability ratio may move from 1'),
  clipValues: flag(true, 'limit the change of values by the same range'),
  normalizeAdvantages: flag(true, 'standardise advantages in each minibatch'),
  valueWeight: number(0.5, 0, 1e3, 'weight of the value loss'),
  entropyWeight: number(0, 0, 1e3, 'weight of the entropy bonus'),
  maxGradientNorm: number(0.5, 0, 1e9, 'bound of the gradient’s length, policy and values together'),
});

/**
 * −E[min(ρ·Â, clip(ρ, 1 − ε, 1 + ε)·Â)], Eq. 7.
 * @param ratio ρ = π/π_old, `[B]` @param advantage `[B]`
 */
export function clippedPolicyLoss(ratio: Tensor, advantage: Tensor, range: number): Tensor {
  const clipped = tf.clipByValue(ratio, 1 - range, 1 + range);
  return tf.neg(tf.mean(tf.minimum(tf.mul(ratio, advantage), tf.mul(clipped, advantage))));
}

const ADAM = { epsilon: 1e-5 } as const;
const HALF_LOG_TWO_PI_E = 0.5 * Math.log(2 * Math.PI * Math.E);

export const ppo: OnPolicyDefinition<ReturnType<typeof ppoSettings.parse>> = {
  kind: 'on-policy',
  name: 'ppo',
  description: 'Proximal Policy Optimization with a clipped objective (arXiv:1707.06347)',
  settings: ppoSettings,
  search: {
    ...onPolicySearch,
    epochs: oneOf([5, 10, 20]),
    minibatches: oneOf([8, 16, 32]),
    clipRange: oneOf([0.1, 0.2, 0.3]),
    entropyWeight: oneOf([0, 1e-3, 1e-2]),
  },

  build(spaces, s) {
    const { input, distribution, value, maths } = gaussianActorCritic(spaces, s);
    return {
      ...maths,
      phases: [
        {
          epochs: s.epochs,
          minibatches: s.minibatches,
          update(state, batch, progress) {
            const x = input.apply(state, batch.obs!);
            const advantage = s.normalizeAdvantages ? standardized(batch.advantage!) : batch.advantage!;

            const policy = valueAndGradient((vector) => {
              const { mean, logStd } = distribution(vector, x);
              const logRatio = tf.sub(diagonalGaussian(mean, logStd, batch.sample!), batch.oldLogProb!);
              const ratio = tf.exp(logRatio);
              const surrogate = clippedPolicyLoss(ratio, advantage, s.clipRange);
              const entropy = tf.sum(tf.add(logStd, HALF_LOG_TWO_PI_E));
              return {
                loss: tf.sub(surrogate, tf.mul(entropy, s.entropyWeight)),
                surrogate,
                entropy,
                // The third estimator of joschu.net/blog/kl-approx.html.
                divergence: tf.mean(tf.sub(tf.sub(ratio, 1), logRatio)),
                clipped: tf.mean(tf.cast(tf.greater(tf.abs(tf.sub(ratio, 1)), s.clipRange), 'float32')),
              };
            }, state.actor!);
            const range = s.clipValues ? tf.add(tf.zerosLike(progress), s.clipRange) : undefined;
            const valued = valueAndGradient((vector) => {
              const error = clippedValueLoss(value(vector, x), batch.return!, batch.value!, range);
              return { loss: tf.mul(error, s.valueWeight), error };
            }, state.critic!);

            const gradients = clipGradients([policy.gradient, valued.gradient], s.maxGradientNorm);
            const rate = annealed(s.learningRate, progress, s.annealLearningRate);
            return {
              state: {
                ...adam(state, 'actor', gradients[0]!, rate, ADAM),
                ...adam(state, 'critic', gradients[1]!, rate, ADAM),
              },
              metrics: {
                policy_gradient_loss: policy.surrogate,
                value_loss: valued.error,
                entropy: policy.entropy,
                approx_kl: policy.divergence,
                clip_fraction: policy.clipped,
                learning_rate: tf.mean(rate),
              },
            };
          },
        },
      ],
    };
  },
};
