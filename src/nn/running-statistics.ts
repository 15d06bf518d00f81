/** Mean and variance of everything that has been seen, as state of an agent: updates move them, and acting only reads them. */
import { type Tensor, tf } from '../tensor/index.ts';
import { constant, type Layout, unflatten, zeros } from './parameters.ts';

export interface RunningStatistics {
  readonly layout: Layout;
  /** Of each component, `[1, size]`. */
  moments(vector: Tensor): { readonly mean: Tensor; readonly variance: Tensor };
  /** Once the rows of `x` `[B, size]` have been counted in. @returns the vector */
  observe(vector: Tensor, x: Tensor): Tensor;
}

export function runningStatistics(size: number): RunningStatistics {
  const layout: Layout = [
    { name: 'count', shape: [1, 1], initialize: zeros },
    { name: 'mean', shape: [1, size], initialize: zeros },
    { name: 'variance', shape: [1, size], initialize: constant(1) },
  ];
  const read = (vector: Tensor): Statistics => unflatten(vector, layout) as unknown as Statistics;
  return {
    layout,
    moments: read,
    observe(vector, x) {
      const { count, mean, variance } = merge(read(vector), x);
      return tf.concat([count, mean, variance].map((part) => tf.reshape(part, [-1])));
    },
  };
}

interface Statistics {
  /** `[1, 1]` */
  readonly count: Tensor;
  /** `[1, size]` */
  readonly mean: Tensor;
  /** `[1, size]` */
  readonly variance: Tensor;
}

/** Of all rows so far and those of `x` `[B, size]` together (Chan, Golub and LeVeque 1979). */
function merge({ count, mean, variance }: Statistics, x: Tensor): Statistics {
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
