/**
 * CrossQ: batch renormalisation instead of target networks (Bhatt et al. 2024, arXiv:1902.05605; constants as in
 * github.com/adityab/CrossQ). Present and next states go through the critics in one batch, so that both are normalised
 * alike; the half of the next states is a constant of the differentiation.
 *
 * Shapes: B batch, A action size, E critics, G critic updates of a call.
 */
import { oneOf } from '../src/core/search.ts';
import { choice, integer, number, settings, widths } from '../src/core/settings.ts';
import { normalNoise, type OffPolicyDefinition, type Tensors } from '../src/learner/index.ts';
import { adam, adamState, batchRenormMlp, scaleToUnit, tanhGaussian } from '../src/nn/index.ts';
import { stopGradient, type Tensor, tf, valueAndGradient } from '../src/tensor/index.ts';
import { decaySetting, rateAt } from './parts/learning-rate.ts';
import { criticLoss, softActorLoss } from './parts/losses.ts';
import { noiseFor, noiseOf, updateInTurn } from './parts/minibatches.ts';
import { offPolicySearch, temperatureSearch } from './parts/search.ts';
import { discountSetting } from './parts/settings.ts';
import { meanAndLogStd } from './parts/squashed-actor.ts';
import { learnedTemperature, temperatureSettings } from './parts/temperature.ts';
import { softTarget } from './sac.ts';

export const crossQSettings = settings({
  discount: discountSetting,
  actorLearningRate: number(1e-3, 0, 1, 'Adam step size of the actor'),
  criticLearningRate: number(1e-3, 0, 1, 'Adam step size of the critics'),
  learningRateDecay: decaySetting,
  ...temperatureSettings,
  temperatureLearningRate: number(1e-3, 0, 1, 'Adam step size of log α; 0 keeps α fixed'),
  beta1: number(0.5, 0, 0.999, 'decay of Adam’s first moment, of actor and critics'),
  hidden: widths([256, 256], 'units of the hidden layers of the actor'),
  criticHidden: widths([2048, 2048], 'units of the hidden layers of the critics; the wider, the better'),
  critics: integer(2, 1, 64, 'ensemble size E, of which the least counts'),
  policyDelay: integer(3, 1, 64, 'critic updates for each update of actor and temperature, in one call'),
  momentum: number(0.99, 0, 1, 'decay of the running statistics, per update'),
  warmUpUpdates: integer(100_000, 0, 1e9, 'updates of plain batch normalisation before it is renormalised'),
  actorValue: choice('min', ['min', 'mean'], 'what of the ensemble the actor maximises'),
});

export const crossQ: OffPolicyDefinition<ReturnType<typeof crossQSettings.parse>> = {
  kind: 'off-policy',
  name: 'crossq',
  description: 'CrossQ: batch renormalisation, no target networks (arXiv:1902.05605)',
  settings: crossQSettings,
  search: {
    ...offPolicySearch,
    ...temperatureSearch,
    beta1: oneOf([0.5, 0.9]),
    criticHidden: oneOf([
      [256, 256],
      [512, 512],
    ]),
  },

  build({ observation, action }, s) {
    const normalization = { momentum: s.momentum, warmUp: s.warmUpUpdates };
    const actor = batchRenormMlp({
      inputs: observation.size,
      hidden: s.hidden,
      outputs: 2 * action.size,
      ...normalization,
    });
    const critics = batchRenormMlp({
      inputs: observation.size + action.size,
      hidden: s.criticHidden,
      outputs: 1,
      members: s.critics,
      ...normalization,
    });
    const temperature = learnedTemperature(action.size, s);
    const actorValue = s.actorValue === 'min' ? tf.min : tf.mean;
    const inputOf = (obs: Tensor): Tensor => scaleToUnit(obs, observation);
    /** What the actor maximises, `[B]`. @param x network input @param actions `[B, A]` */
    const actionValue = (state: Tensors, x: Tensor, actions: Tensor): Tensor => {
      const q = critics.apply(state.critics!, state.criticStatistics!, tf.concat([x, actions], 1));
      return actorValue(tf.squeeze(q, [2]), 0);
    };
    const optimizer = { beta1: s.beta1 };

    return {
      state: {
        actor: actor.layout,
        actorStatistics: actor.statistics,
        critics: critics.layout,
        criticStatistics: critics.statistics,
        ...adamState('actor', actor.layout),
        ...adamState('critics', critics.layout),
        ...temperature.state,
      },
      policyState: ['actor', 'actorStatistics'],
      discount: s.discount,
      minibatches: s.policyDelay,
      noise: (rows) => ({
        ...noiseFor('critic', { nextAction: normalNoise(s.policyDelay * rows, action.size) }),
        ...noiseFor('actor', { action: normalNoise(rows, action.size) }),
      }),

      policy(state, obs, noise) {
        const output = actor.apply(state.actor!, state.actorStatistics!, inputOf(obs));
        const [mean, logStd] = meanAndLogStd(output);
        return noise ? tanhGaussian(mean, logStd, noise).action : tf.tanh(mean);
      },

      value: (state, obs, actions) => actionValue(state, inputOf(obs), actions),

      update(before, batch, noise, progress) {
        const alpha = temperature.of(before);
        const rate = rateAt(progress, s.learningRateDecay);

        const improved = updateInTurn(before, batch, noise, s.policyDelay, (state, rows, random) => {
          const next = inputOf(rows.nextObs);
          const output = actor.apply(state.actor!, state.actorStatistics!, next);
          const { action: nextAction, logProb } = tanhGaussian(...meanAndLogStd(output), random.nextAction!);
          const present = tf.concat([inputOf(rows.obs), rows.action], 1);
          const both = tf.concat([present, tf.concat([next, nextAction], 1)], 0);
          const critic = valueAndGradient((vector) => {
            const passed = critics.train(vector, state.criticStatistics!, both);
            const [q, nextQ] = tf.split(tf.squeeze(passed.output, [2]), 2, 1);
            const target = softTarget(rows, tf.min(stopGradient(nextQ!), 0), tf.mul(tf.neg(alpha), logProb));
            return { loss: criticLoss(q!, target), q: tf.mean(q!), statistics: passed.statistics };
          }, state.critics!);
          return {
            state: {
              ...adam(state, 'critics', critic.gradient, rate(s.criticLearningRate), optimizer),
              criticStatistics: critic.statistics,
            },
            metrics: { critic_loss: critic.loss, q: critic.q },
          };
        });

        const { state, last } = improved;
        const x = inputOf(last.obs);
        const random = noiseOf(noise, 'actor');
        const act = valueAndGradient((vector) => {
          const passed = actor.train(vector, state.actorStatistics!, x);
          const { action, logProb } = tanhGaussian(...meanAndLogStd(passed.output), random.action!);
          const loss = softActorLoss(actionValue(state, x, action), logProb, alpha);
          return { loss, logProb, statistics: passed.statistics };
        }, state.actor!);
        const steered = temperature.update(state, act.logProb, progress);

        return {
          state: {
            ...state,
            ...adam(state, 'actor', act.gradient, rate(s.actorLearningRate), optimizer),
            actorStatistics: act.statistics,
            ...steered.state,
          },
          metrics: { ...improved.metrics, actor_loss: act.loss, ...steered.metrics },
        };
      },
    };
  },
};
