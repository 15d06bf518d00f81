/**
 * Distributional Soft Actor-Critic with three refinements, DSAC-T (Duan et al. 2023, arXiv:2310.05858; constants and
 * losses as in the authors' code, github.com/Jingliang-Duan/DSAC-v2). A critic gives mean μ and deviation σ of the return.
 * With the three switched off this is DSAC (arXiv:2001.02811), its loss in the later form. The actor learns from critics
 * that have made their step, and the temperature by SAC's loss.
 *
 * Shapes: B batch, A action size, E critics, G critic updates of a call.
 */
import { flag, integer, number, settings, widths } from '../src/core/settings.ts';
import { normalNoise, type OffPolicyDefinition } from '../src/learner/index.ts';
import { type Layout, zeros } from '../src/nn/index.ts';
import { stopGradient, type Tensor, tf } from '../src/tensor/index.ts';
import { actionValueCritics } from './parts/critics.ts';
import { bellmanTarget } from './parts/losses.ts';
import {
  leastMean,
  meanDeviation,
  type ReturnDistribution,
  returnLoss,
  sampledReturn,
} from './parts/return-distribution.ts';
import { layerNormSearch, offPolicySearch, targetSearch, temperatureSearch } from './parts/search.ts';
import { offPolicySettings } from './parts/settings.ts';
import { softActorCritic } from './parts/soft-actor-critic.ts';
import { squashedActor } from './parts/squashed-actor.ts';
import { temperatureSettings } from './parts/temperature.ts';

export const dsacTSettings = settings({
  ...offPolicySettings,
  actorLearningRate: number(1e-4, 0, 1, 'Adam step size of the actor'),
  criticLearningRate: number(1e-4, 0, 1, 'Adam step size of the critics'),
  ...temperatureSettings,
  initialTemperature: number(Math.E, 1e-8, 1e3, 'α before the first update'),
  hidden: widths([256, 256, 256], 'units of the hidden layers of actor and critics'),
  policyDelay: integer(
    2,
    1,
    64,
    'critic updates for each update of actor, temperature and targets, in one call',
  ),
  expectedValueSubstitution: flag(true, 'the mean learns from the expected target instead of a sampled one'),
  twinCritics: flag(true, 'two critics, of which the one with the lower mean gives the target'),
  varianceAdjustment: flag(
    true,
    'clipping and weight of the errors follow the running mean of σ; otherwise they are fixed',
  ),
  fixedBound: number(10, 0, 1e6, 'bound of a sampled error where varianceAdjustment is off'),
  deviationRate: number(0.005, 0, 1, 'rate τ_b of the running mean of σ'),
});

/** Bounds of log σ of the policy. */
const LOG_STD = [-20, 0.5] as const;

export const dsacT: OffPolicyDefinition<ReturnType<typeof dsacTSettings.parse>> = {
  kind: 'off-policy',
  name: 'dsac-t',
  description: 'Distributional Soft Actor-Critic with three refinements (arXiv:2310.05858)',
  settings: dsacTSettings,
  // The untrained policy explores at first, not uniform noise.
  training: { randomSteps: 0, learningStarts: 10_000 },
  search: { ...offPolicySearch, ...targetSearch, ...layerNormSearch, ...temperatureSearch },

  build({ observation, action }, s) {
    const members = s.twinCritics ? 2 : 1;
    const network = {
      inputs: observation.size,
      actions: action.size,
      hidden: s.hidden,
      activation: 'gelu',
    } as const;
    const critics = actionValueCritics({
      ...network,
      critics: members,
      outputs: 2,
      layerNorm: s.criticLayerNorm,
    });
    /** Running mean of σ, one for each critic; zero before the first batch. */
    const deviations: Layout = [{ name: 'mean', shape: [members], initialize: zeros }];

    const returns = (vector: Tensor, x: Tensor, actions: Tensor): ReturnDistribution => {
      const [mean, raw] = tf.split(critics.value(vector, x, actions), 2, 2);
      return { mean: tf.squeeze(mean!, [2]), deviation: tf.softplus(tf.squeeze(raw!, [2])) };
    };

    return softActorCritic({ observation, action }, s, {
      actor: squashedActor({ ...network, logStd: LOG_STD }),
      layout: critics.layout,
      state: { deviations },
      targetActor: true,
      criticNoise: (rows) => ({ nextReturn: normalNoise(s.policyDelay * members, rows) }),

      target(state, batch, next, noise) {
        const following = returns(state.targetCritics!, next.x, next.action);
        const sample = sampledReturn(following, noise.nextReturn!);
        const { mean, chosen } = leastMean(following.mean, sample);
        const sampled = bellmanTarget(batch, tf.add(chosen, next.entropyBonus));
        return {
          sampled,
          expected: s.expectedValueSubstitution
            ? bellmanTarget(batch, tf.add(mean, next.entropyBonus))
            : sampled,
        };
      },

      loss(vector, { state, x, action, target }) {
        const present = returns(vector, x, action);
        const running = meanDeviation(state.deviations!, stopGradient(present.deviation), s.deviationRate);
        const scale = s.varianceAdjustment ? { running } : { bound: s.fixedBound };
        return {
          loss: returnLoss(present, target.expected, target.sampled, scale),
          deviations: running,
          q: tf.mean(present.mean),
          q_std: tf.mean(present.deviation),
        };
      },

      value: (vector, x, action) => tf.min(returns(vector, x, action).mean, 0),
    });
  },
};
