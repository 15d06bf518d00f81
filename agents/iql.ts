/**
 * Implicit Q-learning (Kostrikov et al. 2021, arXiv:2110.06169; constants and order of updates as in
 * github.com/ikostrikov/implicit_q_learning): values of states are an upper expectile of what recorded actions are worth, so no
 * action beyond the data is ever valued, and the policy copies recorded actions by how much better than that they are.
 *
 * Shapes: B batch, A action size, E critics.
 */
import { logUniform, oneOf } from '../src/core/search.ts';
import { number, settings } from '../src/core/settings.ts';
import type { BatchTensors, OffPolicyDefinition, Tensors } from '../src/learner/index.ts';
import {
  adam,
  adamState,
  diagonalGaussian,
  type Layout,
  mlp,
  moveToward,
  observationInput,
  zeros,
} from '../src/nn/index.ts';
import { stopGradient, type Tensor, tf, valueAndGradient } from '../src/tensor/index.ts';
import { actionValueCritics } from './parts/critics.ts';
import { rateAt } from './parts/learning-rate.ts';
import { bellmanTarget, criticLoss } from './parts/losses.ts';
import { layerNormSearch, offPolicySearch } from './parts/search.ts';
import { offPolicySettings } from './parts/settings.ts';

/** Of log σ, as in the authors' code. */
const LOG_STD = [-10, 2] as const;

export const iqlSettings = settings({
  ...offPolicySettings,
  valueLearningRate: number(3e-4, 0, 1, 'Adam step size of the value network'),
  expectile: number(
    0.7,
    0.5,
    0.999,
    'τ of the values: 0.5 for the mean of recorded actions, towards 1 for the best of them',
  ),
  advantageWeight: number(3, 0, 1000, 'β of the weights exp(β·advantage) by which actions are copied'),
  weightLimit: number(100, 1, 1e6, 'greatest of those weights'),
});

/** |τ − 1(u < 0)|·u² of every element, Eq. 5. */
function expectileLoss(u: Tensor, expectile: number): Tensor {
  const isBelow = tf.less(stopGradient(u), 0);
  return tf.mul(tf.where(isBelow, tf.fill([1], 1 - expectile), tf.fill([1], expectile)), tf.square(u));
}

export const iql: OffPolicyDefinition<ReturnType<typeof iqlSettings.parse>> = {
  kind: 'off-policy',
  offline: 'first',
  name: 'iql',
  description:
    'Implicit Q-learning: offline, without a value of any action beyond the data (arXiv:2110.06169)',
  settings: iqlSettings,
  search: {
    ...offPolicySearch,
    ...layerNormSearch,
    expectile: oneOf([0.6, 0.7, 0.8, 0.9]),
    advantageWeight: logUniform(0.5, 10),
  },

  build({ observation, action }, s) {
    const input = observationInput(observation, s.normalizeObservations);
    const network = { inputs: observation.size, hidden: s.hidden };
    const actor = mlp({ ...network, outputs: action.size });
    const deviation: Layout = [{ name: 'log', shape: [1, action.size], initialize: zeros }];
    const value = mlp({ ...network, outputs: 1 });
    const critics = actionValueCritics({
      ...{ ...network, actions: action.size, critics: 2 },
      layerNorm: s.criticLayerNorm,
    });

    const meanOf = (vector: Tensor, x: Tensor): Tensor => tf.tanh(actor.apply(vector, x));
    const logStdOf = (vector: Tensor): Tensor =>
      tf.clipByValue(tf.reshape(vector, [1, action.size]), ...LOG_STD);
    const stateValue = (vector: Tensor, x: Tensor): Tensor => tf.squeeze(value.apply(vector, x), [1]);
    const leastOf = (vector: Tensor, x: Tensor, actions: Tensor): Tensor =>
      tf.min(critics.value(vector, x, actions), 0);

    /** One after another, each with what the ones before have come to. */
    function improve(state: Tensors, batch: BatchTensors, progress: Tensor) {
      const rate = rateAt(progress, s.learningRateDecay);
      const x = input.apply(state, batch.obs);
      const worth = leastOf(state.targetCritics!, x, batch.action);

      const valued = valueAndGradient((vector) => {
        const v = stateValue(vector, x);
        return { loss: tf.mean(expectileLoss(tf.sub(worth, v), s.expectile)), v: tf.mean(v) };
      }, state.value!);
      const values = adam(state, 'value', valued.gradient, rate(s.valueLearningRate));

      const advantage = tf.sub(worth, stateValue(values.value!, x));
      const weight = tf.minimum(tf.exp(tf.mul(advantage, s.advantageWeight)), s.weightLimit);
      const copyLoss = (mean: Tensor, logStd: Tensor): Tensor =>
        tf.neg(tf.mean(tf.mul(weight, diagonalGaussian(mean, logStd, batch.action))));
      const [mean, logStd] = [meanOf(state.actor!, x), logStdOf(state.deviation!)];
      const acted = valueAndGradient(
        (vector) => ({ loss: copyLoss(meanOf(vector, x), logStd) }),
        state.actor!,
      );
      const spread = valueAndGradient(
        (vector) => ({ loss: copyLoss(mean, logStdOf(vector)) }),
        state.deviation!,
      );

      const target = bellmanTarget(batch, stateValue(values.value!, input.apply(state, batch.nextObs)));
      const judged = valueAndGradient((vector) => {
        const q = critics.value(vector, x, batch.action);
        return { loss: criticLoss(q, target), q: tf.mean(q) };
      }, state.critics!);
      const judges = adam(state, 'critics', judged.gradient, rate(s.criticLearningRate));

      return {
        state: {
          ...values,
          ...adam(state, 'actor', acted.gradient, rate(s.actorLearningRate)),
          ...adam(state, 'deviation', spread.gradient, rate(s.actorLearningRate)),
          ...judges,
          targetCritics: moveToward(state.targetCritics!, judges.critics!, s.targetRate),
        },
        metrics: {
          ...{ critic_loss: judged.loss, q: judged.q, value_loss: valued.loss, value: valued.v },
          ...{ actor_loss: acted.loss, advantage: tf.mean(advantage) },
        },
      };
    }

    return {
      state: {
        actor: actor.layout,
        deviation,
        value: value.layout,
        critics: critics.layout,
        targetCritics: critics.layout,
        ...input.state,
        ...adamState('actor', actor.layout),
        ...adamState('deviation', deviation),
        ...adamState('value', value.layout),
        ...adamState('critics', critics.layout),
      },
      copies: { targetCritics: 'critics' },
      policyState: ['actor', 'deviation', ...Object.keys(input.state)],
      discount: s.discount,
      noise: () => ({}),

      policy(state, obs, noise) {
        const mean = meanOf(state.actor!, input.apply(state, obs));
        return noise ? tf.add(mean, tf.mul(noise, tf.exp(logStdOf(state.deviation!)))) : mean;
      },

      value: (state, obs, actions) => leastOf(state.critics!, input.apply(state, obs), actions),

      update(state, batch, _, progress) {
        const { state: improved, metrics } = improve(state, batch, progress);
        return { state: { ...improved, ...input.observe(state, batch.obs) }, metrics };
      },
    };
  },
};
