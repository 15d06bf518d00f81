/**
 * What a network sees of an observation: its components scaled by the bounds that the space declares or, where the agent
 * asks for it, standardised with running statistics. The statistics are state of the agent like its weights: updates move
 * them, acting and evaluation only read them, and an exported policy has them inside.
 */
import type { Space } from '../core/space.ts';
import { type Tensor, tf } from '../tensor/index.ts';
import { constant, type Layout, unflatten, zeros } from './parameters.ts';

type State = Readonly<Record<string, Tensor>>;

export interface ObservationInput {
  /** Vectors to keep; none without normalisation. */
  readonly state: Readonly<Record<string, Layout>>;
  /** @param obs `[B, O]` @returns `[B, O]` */
  apply(state: State, obs: Tensor): Tensor;
  /** The statistics once `obs` `[B, O]` have been counted in. */
  observe(state: State, obs: Tensor): Record<string, Tensor>;
}

const STATISTICS = 'observationStatistics';
/** Standardised components are clipped here, as in CleanRL's `ppo_continuous_action.py`. */
const LIMIT = 10;
const EPSILON = 1e-8;

export function observationInput(space: Space, normalize: boolean): ObservationInput {
  if (!normalize) return { state: {}, apply: (_, obs) => scaleToUnit(obs, space), observe: () => ({}) };
  const layout: Layout = [
    { name: 'count', shape: [1, 1], initialize: zeros },
    { name: 'mean', shape: [1, space.size], initialize: zeros },
    { name: 'variance', shape: [1, space.size], initialize: constant(1) },
  ];
  return {
    state: { [STATISTICS]: layout },
    apply(state, obs) {
      const { mean, variance } = unflatten(state[STATISTICS]!, layout);
      const scaled = tf.sub(scaleToUnit(obs, space), mean!);
      return tf.clipByValue(tf.mul(scaled, tf.rsqrt(tf.add(variance!, EPSILON))), -LIMIT, LIMIT);
    },
    observe(state, obs) {
      const before = unflatten(state[STATISTICS]!, layout);
      const after = mergeStatistics(before as never, scaleToUnit(obs, space));
      const flat = [after.count, after.mean, after.variance].map((part) => tf.reshape(part, [-1]));
      return { [STATISTICS]: tf.concat(flat) };
    },
  };
}

interface Statistics {
  /** `[1, 1]` */
  readonly count: Tensor;
  /** `[1, O]` */
  readonly mean: Tensor;
  /** `[1, O]` */
  readonly variance: Tensor;
}

/** Mean and variance of all rows so far and those of `x` `[B, O]` together (Chan, Golub and LeVeque 1979). */
function mergeStatistics({ count, mean, variance }: Statistics, x: Tensor): Statistics {
  const total = tf.add(count, x.shape[0]!);
  const rate = tf.div(x.shape[0]!, total);
  const batchMean = tf.mean(x, 0, true);
  const batchVariance = tf.mean(tf.square(tf.sub(x, batchMean)), 0, true);
  const shift = tf.sub(batchMean, mean);
  const spread = tf.mul(tf.square(shift), tf.mul(rate, tf.sub(1, rate)));
  return {
    count: total,
    mean: tf.add(mean, tf.mul(shift, rate)),
    variance: tf.add(tf.add(tf.mul(variance, tf.sub(1, rate)), tf.mul(batchVariance, rate)), spread),
  };
}

/** Maps each bounded component of `x` `[B, size]` from its bounds onto [-1, 1]; leaves unbounded ones as they are. */
export function scaleToUnit(x: Tensor, { components }: Space): Tensor {
  const bounded = (low: number, high: number): boolean => Number.isFinite(low) && Number.isFinite(high);
  const centre = components.map(({ low, high }) => (bounded(low, high) ? (low + high) / 2 : 0));
  const scale = components.map(({ low, high }) => (bounded(low, high) ? 2 / (high - low) : 1));
  return tf.mul(tf.sub(x, tf.tensor2d([centre])), tf.tensor2d([scale]));
}
