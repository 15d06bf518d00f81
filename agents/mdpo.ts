/**
 * Mirror Descent Policy Optimization, off-policy (Tomar et al. 2020, arXiv:2005.09814, section 5.2; constants as in
 * github.com/manantomar/Mirror-Descent-Policy-Optimization). Each policy stays near the one of m updates ago. With c = λ it
 * is soft actor-critic with a fixed temperature and a value network.
 *
 * Shapes: B batch, A action size.
 */
import { logUniform } from '../src/core/search.ts';
import { integer, number, settings } from '../src/core/settings.ts';
import { normalNoise, type OffPolicyDefinition } from '../src/learner/index.ts';
import {
  adam,
  adamState,
  type Layout,
  mlp,
  moveToward,
  observationInput,
  tanhGaussian,
  tanhGaussianLogProb,
  zeros,
} from '../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../src/tensor/index.ts';
import { actionValueCritics, firstCritic } from './parts/critics.ts';

import { rateAt } from './parts/learning-rate.ts';
import { bellmanTarget, criticLoss } from './parts/losses.ts';
import { layerNormSearch, offPolicySearch, targetSearch } from './parts/search.ts';
import { offPolicySettings } from './parts/settings.ts';
import { squashedActor } from './parts/squashed-actor.ts';
import { divergenceSettings, indexOf, tsallisLog } from './parts/tsallis.ts';

export const mdpoSettings = settings({
  ...offPolicySettings,
  ...divergenceSettings,
  entropyWeight: number(0.2, 0, 1e3, 'weight λ of the entropy'),
  proximityWeight: number(
    1,
    0,
    1e3,
    'weight c of the new policy’s log π: c − λ is the weight of the divergence from the old policy',
  ),
  oldPolicyUpdates: integer(1_000, 1, 1e9, 'updates m for which the old policy stands'),
  outputPenalty: number(1e-3, 0, 1, 'weight of the squares of the policy’s mean and log σ'),
});

/**
 * Mean of c·log_q π + q(λ − c)·log_q π_old − Q.
 * @param logProb of fresh actions under the policy, `[B]` @param oldLogProb under the old policy, `[B]` @param q `[B]`
 */
export function mirrorDescentLoss(
  logProb: Tensor,
  oldLogProb: Tensor,
  q: Tensor,
  s: { readonly entropyWeight: number; readonly proximityWeight: number; readonly index: number },
): Tensor {
  const present = tf.mul(tsallisLog(logProb, s.index), s.proximityWeight);
  const old = tf.mul(tsallisLog(oldLogProb, s.index), s.index * (s.entropyWeight - s.proximityWeight));
  return tf.mean(tf.sub(tf.add(present, old), q));
}

/** min Q − λ·log_q π: what the value network learns. @param q `[E, B]` @param logProb `[B]` */
export const valueTarget = (q: Tensor, logProb: Tensor, entropyWeight: number, index: number): Tensor =>
  tf.sub(tf.min(q, 0), tf.mul(tsallisLog(logProb, index), entropyWeight));

export const mdpo: OffPolicyDefinition<ReturnType<typeof mdpoSettings.parse>> = {
  kind: 'off-policy',
  name: 'mdpo',
  description: 'Mirror Descent Policy Optimization from replay, KL or Tsallis (arXiv:2005.09814)',
  settings: mdpoSettings,
  training: { randomSteps: 10_000, learningStarts: 10_000 },
  search: {
    ...offPolicySearch,
    ...targetSearch,
    ...layerNormSearch,
    entropyWeight: logUniform(0.01, 1),
    proximityWeight: logUniform(0.1, 3),
    oldPolicyUpdates: logUniform(100, 2_000, { whole: true }),
  },

  build({ observation, action }, s) {
    const index = indexOf(s);
    const input = observationInput(observation, s.normalizeObservations);
    const network = { inputs: observation.size, actions: action.size, hidden: s.hidden };
    const actor = squashedActor(network);
    const critics = actionValueCritics({ ...network, critics: 2, layerNorm: s.criticLayerNorm });
    const value = mlp({
      inputs: observation.size,
      hidden: s.hidden,
      outputs: 1,
      layerNorm: s.criticLayerNorm,
    });
    const valueAt = (vector: Tensor, x: Tensor): Tensor => tf.squeeze(value.apply(vector, x), [1]);
    /** What the actor maximises beside the entropies, `[B]`. */
    const actionValue = (vector: Tensor, x: Tensor, actions: Tensor): Tensor =>
      tf.squeeze(critics.value(vector, x, actions, { only: firstCritic() }), [0]);
    /** Updates since the old policy was copied. */
    const age: Layout = [{ name: 'updates', shape: [1], initialize: zeros }];

    return {
      state: {
        actor: actor.layout,
        oldActor: actor.layout,
        oldActorAge: age,
        critics: critics.layout,
        value: value.layout,
        targetValue: value.layout,
        ...input.state,
        ...adamState('actor', actor.layout),
        ...adamState('critics', critics.layout),
        ...adamState('value', value.layout),
      },
      copies: { oldActor: 'actor', targetValue: 'value' },
      policyState: ['actor', ...Object.keys(input.state)],
      discount: s.discount,
      noise: (rows) => ({ action: normalNoise(rows, action.size) }),

      policy: (state, obs, noise) => actor.act(state.actor!, input.apply(state, obs), noise),
      value: (state, obs, actions) => actionValue(state.critics!, input.apply(state, obs), actions),

      update(state, batch, noise, progress) {
        const rate = rateAt(progress, s.learningRateDecay);
        const x = input.apply(state, batch.obs);
        const nextValue = valueAt(state.targetValue!, input.apply(state, batch.nextObs));
        const target = bellmanTarget(batch, nextValue);

        const critic = valueAndGradient((vector) => {
          const q = critics.value(vector, x, batch.action);
          return { loss: criticLoss(q, target), q: tf.mean(q) };
        }, state.critics!);

        const fresh = actor.sample(state.actor!, x, noise.action!);
        const freshQ = critics.value(state.critics!, x, fresh.action);
        const goal = valueTarget(freshQ, fresh.logProb, s.entropyWeight, index);
        const valued = valueAndGradient(
          (vector) => ({ loss: tf.mean(tf.squaredDifference(valueAt(vector, x), goal)) }),
          state.value!,
        );

        const improve = valueAndGradient((vector) => {
          const [mean, logStd] = actor.distribution(vector, x);
          const { action: own, logProb, unsquashed } = tanhGaussian(mean, logStd, noise.action!);
          const old = tanhGaussianLogProb(...actor.distribution(state.oldActor!, x), unsquashed);
          const q = actionValue(state.critics!, x, own);
          const penalty = tf.add(tf.mean(tf.square(mean)), tf.mean(tf.square(logStd)));
          const loss = tf.add(
            mirrorDescentLoss(logProb, old, q, { ...s, index }),
            tf.mul(penalty, s.outputPenalty),
          );
          return { loss, divergence: tf.mean(tf.sub(logProb, old)) };
        }, state.actor!);

        const actorStep = adam(state, 'actor', improve.gradient, rate(s.actorLearningRate));
        const valueStep = adam(state, 'value', valued.gradient, rate(s.criticLearningRate));
        const due = tf.greaterEqual(tf.add(state.oldActorAge!, 1), s.oldPolicyUpdates);
        return {
          state: {
            ...adam(state, 'critics', critic.gradient, rate(s.criticLearningRate)),
            ...valueStep,
            targetValue: moveToward(state.targetValue!, valueStep.value!, s.targetRate),
            ...actorStep,
            oldActor: tf.where(due, actorStep.actor!, state.oldActor!),
            oldActorAge: tf.where(due, tf.zerosLike(state.oldActorAge!), tf.add(state.oldActorAge!, 1)),
            ...input.observe(state, batch.obs),
          },
          metrics: {
            critic_loss: critic.loss,
            value_loss: valued.loss,
            actor_loss: improve.loss,
            approx_kl: improve.divergence,
            entropy: tf.neg(tf.mean(fresh.logProb)),
            q: critic.q,
          },
        };
      },
    };
  },
};
