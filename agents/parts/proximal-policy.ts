/**
 * What PPO and MAPPO have in common: one phase in which policy and values learn together, the policy by the clipped
 * objective (Schulman et al. 2017, arXiv:1707.06347, Eqs. 7 and 9) with the details that make it work (arXiv:2005.12729).
 *
 * Shapes: B minibatch, A action size.
 */
import { oneOf } from '../../src/core/search.ts';
import { flag, integer, number } from '../../src/core/settings.ts';
import type { OnPolicyMaths, Tensors } from '../../src/learner/index.ts';
import { adam, clipGradients, diagonalGaussian } from '../../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../../src/tensor/index.ts';
import {
  type ActorCriticSettings,
  actorCriticSettings,
  annealed,
  type GaussianActorCritic,
  standardized,
} from './gaussian-actor-critic.ts';
import { onPolicySearch } from './search.ts';

export const proximalSettings = {
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
};

export interface ProximalSettings extends ActorCriticSettings {
  readonly learningRate: number;
  readonly annealLearningRate: boolean;
  readonly epochs: number;
  readonly minibatches: number;
  readonly clipRange: number;
  readonly clipValues: boolean;
  readonly normalizeAdvantages: boolean;
  readonly valueWeight: number;
  readonly entropyWeight: number;
  readonly maxGradientNorm: number;
}

export const proximalSearch = {
  ...onPolicySearch,
  epochs: oneOf([5, 10, 20]),
  minibatches: oneOf([8, 16, 32]),
  clipRange: oneOf([0.1, 0.2, 0.3]),
  entropyWeight: oneOf([0, 1e-3, 1e-2]),
};

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

/** Error of values: of `value`, which may move at most `range` from `oldValue`, against `target`, `[B]` each. */
export type ValueLoss = (value: Tensor, target: Tensor, oldValue: Tensor, range?: Tensor) => Tensor;

export function proximalPolicy(
  { input, returns, distribution, value, maths }: GaussianActorCritic,
  s: ProximalSettings,
  valueLoss: ValueLoss,
): OnPolicyMaths {
  function policyLosses(
    vector: Tensor,
    x: Tensor,
    batch: Tensors,
  ): Record<string, Tensor> & { loss: Tensor } {
    const advantage = s.normalizeAdvantages ? standardized(batch.advantage!) : batch.advantage!;
    const { mean, logStd } = distribution(vector, x);
    const logRatio = tf.sub(diagonalGaussian(mean, logStd, batch.sample!), batch.oldLogProb!);
    const ratio = tf.exp(logRatio);
    const surrogate = clippedPolicyLoss(ratio, advantage, s.clipRange);
    const entropy = tf.sum(tf.add(logStd, HALF_LOG_TWO_PI_E));
    return {
      loss: tf.sub(surrogate, tf.mul(entropy, s.entropyWeight)),
      policy_gradient_loss: surrogate,
      entropy,
      // The third estimator of joschu.net/blog/kl-approx.html.
      approx_kl: tf.mean(tf.sub(tf.sub(ratio, 1), logRatio)),
      clip_fraction: tf.mean(tf.cast(tf.greater(tf.abs(tf.sub(ratio, 1)), s.clipRange), 'float32')),
    };
  }

  return {
    ...maths,
    phases: [
      {
        epochs: s.epochs,
        minibatches: s.minibatches,
        update(state, batch, progress) {
          const x = input.apply(state, batch.obs!);
          const policy = valueAndGradient((vector) => policyLosses(vector, x, batch), state.actor!);
          const { gradient: _, loss: __, ...metrics } = policy;

          const seen = returns.observe(state, batch.return!);
          const target = returns.toOutput({ ...state, ...seen }, batch.return!);
          const range = s.clipValues ? tf.add(tf.zerosLike(progress), s.clipRange) : undefined;
          const valued = valueAndGradient((vector) => {
            const error = valueLoss(value(vector, x), target, batch.oldOutput!, range);
            return { loss: tf.mul(error, s.valueWeight), error };
          }, state.critic!);

          const gradients = clipGradients([policy.gradient, valued.gradient], s.maxGradientNorm);
          const rate = annealed(s.learningRate, progress, s.annealLearningRate);
          return {
            state: {
              ...adam(state, 'actor', gradients[0]!, rate, ADAM),
              ...adam(state, 'critic', gradients[1]!, rate, ADAM),
              ...seen,
            },
            metrics: { ...metrics, value_loss: valued.error, learning_rate: tf.mean(rate) },
          };
        },
      },
    ],
  };
}
