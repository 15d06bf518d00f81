/**
 * Truncated Quantile Critics (Kuznetsov et al. 2020, arXiv:2005.04269; constants as in
 * github.com/SamsungLabs/tqc_pytorch): the pooled quantiles of all critics, without the greatest, make the target.
 *
 * Shapes: B batch, A action size, E critics, M quantiles of a critic, K quantiles of the target, G critic updates.
 */
import { ConfigurationError } from '../src/core/errors.ts';
import { oneOf } from '../src/core/search.ts';
import { integer, settings, widths } from '../src/core/settings.ts';
import type { OffPolicyDefinition } from '../src/learner/index.ts';
import { type Tensor, tf } from '../src/tensor/index.ts';
import { actionValueCritics } from './parts/critics.ts';
import { bellmanTarget } from './parts/losses.ts';
import { quantileHuberLoss } from './parts/quantiles.ts';
import { layerNormSearch, offPolicySearch, targetSearch, temperatureSearch } from './parts/search.ts';
import { offPolicySettings } from './parts/settings.ts';
import { softActorCritic } from './parts/soft-actor-critic.ts';
import { squashedActor } from './parts/squashed-actor.ts';
import { temperatureSettings } from './parts/temperature.ts';

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
    const sizes = { inputs: observation.size, actions: action.size };
    const critics = actionValueCritics({
      ...sizes,
      hidden: s.criticHidden,
      critics: s.critics,
      outputs: s.quantiles,
      layerNorm: s.criticLayerNorm,
    });
    const kept = s.critics * (s.quantiles - s.droppedQuantiles);

    return softActorCritic({ observation, action }, s, {
      actor: squashedActor({ ...sizes, hidden: s.hidden }),
      layout: critics.layout,

      target(state, batch, next) {
        const z = leastQuantiles(critics.value(state.targetCritics!, next.x, next.action), kept);
        return bellmanTarget(batch, tf.add(z, tf.expandDims(next.entropyBonus, 1)));
      },

      loss(vector, { x, action, target }) {
        const z = critics.value(vector, x, action);
        return { loss: quantileHuberLoss(z, target), q: tf.mean(z) };
      },

      value: (vector, x, action) => tf.mean(critics.value(vector, x, action), [0, 2]),
    });
  },
};
