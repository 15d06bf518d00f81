/**
 * Mirror Descent Policy Optimization, on-policy (Tomar et al. 2020, arXiv:2005.09814, section 5.1; constants as in
 * github.com/manantomar/Mirror-Descent-Policy-Optimization): several whole-batch steps on the advantage, penalised by the
 * divergence from the policy that made the rollout, ever more so in the course of training.
 *
 * Shapes: B rows of a minibatch, A action size.
 */
import { logUniform, oneOf } from '../src/core/search.ts';
import { flag, integer, number, settings } from '../src/core/settings.ts';
import type { OnPolicyDefinition } from '../src/learner/index.ts';
import { adam, clipGradients, diagonalGaussian, gaussianDivergence } from '../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../src/tensor/index.ts';
import {
  actorCriticSettings,
  annealed,
  clippedValueLoss,
  gaussianActorCritic,
  standardized,
} from './parts/gaussian-actor-critic.ts';
import { onPolicySearch } from './parts/search.ts';
import { divergenceSettings, indexOf, tsallisLog } from './parts/tsallis.ts';

export const mdpoOnPolicySettings = settings({
  ...actorCriticSettings,
  ...divergenceSettings,
  learningRate: number(3e-4, 0, 1, 'Adam step size'),
  annealLearningRate: flag(true, 'let the step size fall to zero in the course of training'),
  policySteps: integer(10, 1, 1_000, 'gradient steps m of the policy on each whole rollout'),
  valueEpochs: integer(5, 1, 1_000, 'passes of the value network over each rollout'),
  valueMinibatches: integer(16, 1, 1e6, 'minibatches of such a pass'),
  valueClipRange: number(0.2, 0, 1e3, 'bound of the change of values, which falls to zero; 0 for none'),
  initialStepSize: number(1, 1e-6, 1e6, 't at the start: 1/t is the weight of the divergence'),
  finalStepSize: number(1e-3, 1e-6, 1e6, 't at the end of training'),
  maxGradientNorm: number(0.5, 0, 1e9, 'bound of the gradient’s length'),
});

/**
 * −E[ρ·Â] + D/t.
 * @param ratio ρ = π/π_k, `[B]` @param advantage `[B]` @param divergence D, scalar @param stepSize t, `[1]`
 */
export const mirrorDescentObjective = (
  ratio: Tensor,
  advantage: Tensor,
  divergence: Tensor,
  stepSize: Tensor,
): Tensor => tf.mean(tf.sub(tf.div(divergence, stepSize), tf.mean(tf.mul(ratio, advantage))));

/** E_π[log_q π − log_q π_k] from samples of π_k, hence weighted with ρ. @param logProb `[B]` @param oldLogProb `[B]` */
export const tsallisDivergence = (logProb: Tensor, oldLogProb: Tensor, index: number): Tensor =>
  tf.mean(
    tf.mul(
      tf.exp(tf.sub(logProb, oldLogProb)),
      tf.sub(tsallisLog(logProb, index), tsallisLog(oldLogProb, index)),
    ),
  );

const ADAM = { epsilon: 1e-5 } as const;

export const mdpoOnPolicy: OnPolicyDefinition<ReturnType<typeof mdpoOnPolicySettings.parse>> = {
  kind: 'on-policy',
  name: 'mdpo-on-policy',
  description: 'Mirror Descent Policy Optimization on fresh rollouts, KL or Tsallis (arXiv:2005.09814)',
  settings: mdpoOnPolicySettings,
  search: {
    ...onPolicySearch,
    policySteps: oneOf([5, 10, 20]),
    valueEpochs: oneOf([5, 10]),
    initialStepSize: logUniform(0.1, 10),
    finalStepSize: logUniform(1e-3, 0.1),
  },

  build(spaces, s) {
    const index = indexOf(s);
    const { input, distribution, value, maths } = gaussianActorCritic(spaces, s);
    return {
      ...maths,
      phases: [
        {
          epochs: s.policySteps,
          minibatches: 1,
          update(state, batch, progress) {
            const x = input.apply(state, batch.obs!);
            const advantage = standardized(batch.advantage!);
            const span = s.initialStepSize - s.finalStepSize;
            const stepSize = tf.sub(s.initialStepSize, tf.mul(progress, span));
            const policy = valueAndGradient((vector) => {
              const { mean, logStd } = distribution(vector, x);
              const wide = tf.add(tf.zerosLike(mean), logStd);
              const logProb = diagonalGaussian(mean, wide, batch.sample!);
              const divergence =
                index === 1
                  ? tf.mean(gaussianDivergence(mean, wide, batch.oldMean!, batch.oldLogStd!))
                  : tsallisDivergence(logProb, batch.oldLogProb!, index);
              const ratio = tf.exp(tf.sub(logProb, batch.oldLogProb!));
              const loss = mirrorDescentObjective(ratio, advantage, divergence, stepSize);
              return { loss, divergence, std: tf.mean(tf.exp(logStd)) };
            }, state.actor!);
            const [gradient] = clipGradients([policy.gradient], s.maxGradientNorm);
            const rate = annealed(s.learningRate, progress, s.annealLearningRate);
            return {
              state: adam(state, 'actor', gradient!, rate, ADAM),
              metrics: {
                policy_gradient_loss: policy.loss,
                approx_kl: policy.divergence,
                std: policy.std,
              },
            };
          },
        },
        {
          epochs: s.valueEpochs,
          minibatches: s.valueMinibatches,
          update(state, batch, progress) {
            const x = input.apply(state, batch.obs!);
            const range = s.valueClipRange > 0 ? annealed(s.valueClipRange, progress, true) : undefined;
            const valued = valueAndGradient(
              (vector) => ({
                loss: clippedValueLoss(value(vector, x), batch.return!, batch.value!, range),
              }),
              state.critic!,
            );
            const [gradient] = clipGradients([valued.gradient], s.maxGradientNorm);
            const rate = annealed(s.learningRate, progress, s.annealLearningRate);
            return {
              state: adam(state, 'critic', gradient!, rate, ADAM),
              metrics: { value_loss: valued.loss },
            };
          },
        },
      ],
    };
  },
};
