/**
 * Truncated Quantile Critics (Kuznetsov et al. 2020, arXiv:2005.04269; constants as in
 * github.com/SamsungLabs/tqc_pytorch): the pooled quantiles of all critics, without the greatest, make the target.
 *
 * Shapes: B batch, A action size, E critics, M quantiles of a critic, K quantiles of the target, G critic updates.
 */
import { ConfigurationError } from '../src/core/errors.ts';
import { oneOf } from '../src/core/search.ts';
import { integer, settings, widths } from '../src/core/settings.ts';
import { normalNoise, type OffPolicyDefinition } from '../src/learner/index.ts';
import { adam, adamState, moveToward, observationInput } from '../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../src/tensor/index.ts';
import { actionValueCritics } from './parts/critics.ts';
import { bellmanTarget } from './parts/losses.ts';
import { noiseFor, noiseOf, updateInTurn } from './parts/minibatches.ts';
import { quantileHuberLoss } from './parts/quantiles.ts';
import { layerNormSearch, offPolicySearch, targetSearch, temperatureSearch } from './parts/search.ts';
import { offPolicySettings } from './parts/settings.ts';
import { softPolicyStep } from './parts/soft-policy.ts';
import { squashedActor } from './parts/squashed-actor.ts';
import { learnedTemperature, temperatureSettings } from './parts/temperature.ts';

export const tqcSettings = settings({
  ...offPolicySettings,
  ...temperatureSettings,
  criticHidden: widths([512, 512, 512], 'units of the hidden layers of the critics'),
  critics: integer(5, 1, 64, 'ensemble size E'),
  quantiles: integer(25, 1, 200, 'quantiles M of each critic'),
  droppedQuantiles: integer(2, 0, 199, 'greatest quantiles that targets leave out, for each critic'),
  policyDelay: integer(1, 1, 64, 'critic updates for each update of actor and temperature, in one call'),
});

/** The `count` least of each row, the least first. @param z `[E, B, M]` @returns `[B, count]` */
export function leastQuantiles(z: Tensor, count: number): Tensor {
  const [critics, rows, quantiles] = z.shape as [number, number, number];
  const pooled = tf.reshape(tf.transpose(z, [1, 0, 2]), [rows, critics * quantiles]);
  return tf.neg(tf.topk(tf.neg(pooled), count).values);
}

export const tqc: OffPolicyDefinition<ReturnType<typeof tqcSettings.parse>> = {
  kind: 'off-policy',
  name: 'tqc',
  description: 'Truncated Quantile Critics: distributional critics without their optimism (arXiv:2005.04269)',
  settings: tqcSettings,
  search: {
    ...offPolicySearch,
    ...targetSearch,
    ...layerNormSearch,
    ...temperatureSearch,
    critics: oneOf([2, 3, 5]),
    droppedQuantiles: oneOf([0, 2, 5]),
  },

  build({ observation, action }, s) {
    if (s.droppedQuantiles >= s.quantiles) {
      throw new ConfigurationError(
        `Setting agent.droppedQuantiles=${s.droppedQuantiles} leaves nothing of agent.quantiles=${s.quantiles}: make it less.`,
      );
    }
    const input = observationInput(observation, s.normalizeObservations);
    const sizes = { inputs: observation.size, actions: action.size };
    const actor = squashedActor({ ...sizes, hidden: s.hidden });
    const critics = actionValueCritics({
      ...sizes,
      hidden: s.criticHidden,
      critics: s.critics,
      outputs: s.quantiles,
      layerNorm: s.criticLayerNorm,
    });
    const temperature = learnedTemperature(action.size, s);
    const kept = s.critics * (s.quantiles - s.droppedQuantiles);

    return {
      state: {
        actor: actor.layout,
        critics: critics.layout,
        targetCritics: critics.layout,
        ...input.state,
        ...adamState('actor', actor.layout),
        ...adamState('critics', critics.layout),
        ...temperature.state,
      },
      copies: { targetCritics: 'critics' },
      policyState: ['actor', ...Object.keys(input.state)],
      discount: s.discount,
      minibatches: s.policyDelay,
      noise: (rows) => ({
        ...noiseFor('critic', { nextAction: normalNoise(s.policyDelay * rows, action.size) }),
        ...noiseFor('actor', { action: normalNoise(rows, action.size) }),
      }),

      policy: (state, obs, noise) => actor.act(state.actor!, input.apply(state, obs), noise),

      update(before, batch, noise) {
        const alpha = temperature.of(before);

        const improved = updateInTurn(before, batch, noise, s.policyDelay, (state, rows, random) => {
          const next = input.apply(state, rows.nextObs);
          const { action: nextAction, logProb } = actor.sample(state.actor!, next, random.nextAction!);
          const z = leastQuantiles(critics.value(state.targetCritics!, next, nextAction), kept);
          const target = bellmanTarget(rows, tf.sub(z, tf.expandDims(tf.mul(alpha, logProb), 1)));
          const critic = valueAndGradient((vector) => {
            const present = critics.value(vector, input.apply(state, rows.obs), rows.action);
            return { loss: quantileHuberLoss(present, target), q: tf.mean(present) };
          }, state.critics!);
          const step = adam(state, 'critics', critic.gradient, s.criticLearningRate);
          const targetCritics = moveToward(state.targetCritics!, step.critics!, s.targetRate);
          return {
            state: { ...step, targetCritics },
            metrics: { critic_loss: critic.loss, q: critic.q },
          };
        });

        const { state, last } = improved;
        const x = input.apply(state, last.obs);
        const policy = softPolicyStep(state, {
          actor,
          temperature,
          learningRate: s.actorLearningRate,
          alpha,
          x,
          noise: noiseOf(noise, 'actor').action!,
          value: (action) => tf.mean(critics.value(state.critics!, x, action), [0, 2]),
        });
        return {
          state: { ...state, ...policy.state, ...input.observe(state, last.obs) },
          metrics: { ...improved.metrics, ...policy.metrics },
        };
      },
    };
  },
};
