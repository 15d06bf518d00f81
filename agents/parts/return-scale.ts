/**
 * What a value network's output means. Without normalisation it is the return itself. With it, outputs are returns less
 * their running mean, over their running deviation (Yu et al. 2021, arXiv:2103.01955, section 5.1; constants as in
 * github.com/marlbenchmark/on-policy), so that the size of the values to learn is about one whatever the task pays.
 *
 * Shapes: R rows.
 */
import { constant, type Layout, unflatten, zeros } from '../../src/nn/index.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';

type State = Readonly<Record<string, Tensor>>;

export interface ReturnScale {
  /** Vectors to keep; none without normalisation. */
  readonly state: Readonly<Record<string, Layout>>;
  /** The return that an output means. @param output `[R]` */
  toReturn(state: State, output: Tensor): Tensor;
  /** The output that means a return. @param returns `[R]` */
  toOutput(state: State, returns: Tensor): Tensor;
  /** The statistics once `returns` `[R]` have been counted in. */
  observe(state: State, returns: Tensor): Record<string, Tensor>;
}

const STATISTICS = 'returnStatistics';
/** Part of the running statistics that a minibatch leaves as it is. */
const DECAY = 0.99999;
const LEAST_VARIANCE = 0.01;

export function returnScale(normalize: boolean): ReturnScale {
  if (!normalize) {
    return { state: {}, toReturn: (_, output) => output, toOutput: (_, x) => x, observe: () => ({}) };
  }
  const layout: Layout = [
    // Weight of the minibatches so far in the decaying mean: 0 before the first, 1 in the limit.
    { name: 'weight', shape: [1], initialize: zeros },
    { name: 'mean', shape: [1], initialize: zeros },
    { name: 'variance', shape: [1], initialize: constant(1) },
  ];
  const statistics = (state: State) => {
    const { mean, variance } = unflatten(state[STATISTICS]!, layout);
    return { mean: mean!, deviation: tf.sqrt(tf.maximum(variance!, LEAST_VARIANCE)) };
  };
  return {
    state: { [STATISTICS]: layout },
    toReturn(state, output) {
      const { mean, deviation } = statistics(state);
      return tf.add(tf.mul(output, deviation), mean);
    },
    toOutput(state, returns) {
      const { mean, deviation } = statistics(state);
      return tf.div(tf.sub(returns, mean), deviation);
    },
    observe(state, returns) {
      const { weight, mean, variance } = unflatten(state[STATISTICS]!, layout);
      const total = tf.add(weight!, tf.mul(tf.sub(1, weight!), 1 - DECAY));
      const rate = tf.div(1 - DECAY, total);
      const batchMean = tf.mean(returns);
      const shift = tf.sub(batchMean, mean!);
      const batchVariance = tf.mean(tf.square(tf.sub(returns, batchMean)));
      // Equal to the decaying means of x and x², without the difference of large numbers.
      const inner = tf.add(tf.mul(variance!, tf.sub(1, rate)), tf.mul(batchVariance, rate));
      const spread = tf.mul(tf.square(shift), tf.mul(rate, tf.sub(1, rate)));
      return {
        [STATISTICS]: tf.concat([total, tf.add(mean!, tf.mul(shift, rate)), tf.add(inner, spread)]),
      };
    },
  };
}
