/**
 * Multi-layer perceptron with batch renormalisation (Ioffe 2017, arXiv:1702.03275) of its inputs and after each
 * activation, as CrossQ uses it (arXiv:1902.05605; placement as in github.com/adityab/CrossQ).
 *
 * Shapes: B batch, I inputs, U units, O outputs, E members.
 */
import { type Tensor, tf } from '../tensor/index.ts';
import { type Activation, activate } from './activation.ts';
import { product } from './mlp.ts';
import { constant, type Layout, type ParameterArray, unflatten, uniformFanIn, zeros } from './parameters.ts';
import { type Moments, momentsOf, standardize } from './standardize.ts';

export interface BatchRenormOptions {
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly outputs: number;
  /** Members of an ensemble; without it the network has no member axis. */
  readonly members?: number;
  readonly activation?: Activation;
  /** Decay of the running statistics, per update. */
  readonly momentum: number;
  /** Updates of plain batch normalisation before the running statistics correct it. */
  readonly warmUp: number;
}

export interface BatchRenormNetwork {
  readonly layout: Layout;
  /** Running statistics of every normalised layer and the number of updates so far. */
  readonly statistics: Layout;
  /** With the running statistics alone, as a policy acts. @param x `[B, I]` @returns `[B, O]` or `[E, B, O]` */
  apply(vector: Tensor, statistics: Tensor, x: Tensor): Tensor;
  /** With the statistics of `x` themselves, corrected towards the running ones. */
  train(
    vector: Tensor,
    statistics: Tensor,
    x: Tensor,
  ): { readonly output: Tensor; readonly statistics: Tensor };
}

/** Limits of the correction, and what keeps variances from zero: those of CrossQ's code. */
const MAX_SCALE = 3;
const MAX_SHIFT = 5;
const EPSILON = 1e-3;

type Arrays = Readonly<Record<string, Tensor>>;
/** Values of mean zero and variance one, roughly; and r and d, which correct them. */
type Normalization = (
  x: Tensor,
  layer: number,
) => { readonly standardized: Tensor; readonly ratio?: Tensor; readonly offset?: Tensor };

export function batchRenormMlp(options: BatchRenormOptions): BatchRenormNetwork {
  const { inputs, hidden, outputs, members, activation = 'relu', momentum, warmUp } = options;
  const widths = [inputs, ...hidden, outputs];
  const last = widths.length - 2;
  const stack = members === undefined ? [] : [members];

  const layout: ParameterArray[] = [];
  const statistics: ParameterArray[] = [{ name: 'updates', shape: [1], initialize: zeros }];
  for (let layer = 0; layer <= last; layer++) {
    const [fanIn, units] = [widths[layer]!, widths[layer + 1]!];
    const initialize = uniformFanIn(fanIn);
    const row = [...stack, 1, fanIn];
    // All members see the same inputs, so these have one set of statistics.
    const seen = layer === 0 ? [1, fanIn] : row;
    layout.push({ name: `layers.${layer}.norm.scale`, shape: row, initialize: constant(1) });
    layout.push({ name: `layers.${layer}.norm.shift`, shape: row, initialize: zeros });
    layout.push({ name: `layers.${layer}.kernel`, shape: [...stack, fanIn, units], initialize });
    layout.push({ name: `layers.${layer}.bias`, shape: [...stack, 1, units], initialize });
    statistics.push({ name: `layers.${layer}.mean`, shape: seen, initialize: zeros });
    statistics.push({ name: `layers.${layer}.variance`, shape: seen, initialize: constant(1) });
  }

  function forward(p: Arrays, x: Tensor, normalization: Normalization): Tensor {
    let h = x;
    for (let layer = 0; layer <= last; layer++) {
      const name = `layers.${layer}`;
      const [scale, shift] = [p[`${name}.norm.scale`]!, p[`${name}.norm.shift`]!];
      const { standardized, ratio, offset } = normalization(h, layer);
      // (x̂·r + d)·scale + shift, in two passes over the batch.
      const gain = ratio ? tf.mul(ratio, scale) : scale;
      h = tf.add(tf.mul(standardized, gain), offset ? tf.add(tf.mul(offset, scale), shift) : shift);
      h = tf.add(product(h, p[`${name}.kernel`]!), p[`${name}.bias`]!);
      if (layer < last) h = activate(activation, h);
    }
    return h;
  }

  return {
    layout,
    statistics,
    apply(vector, running, x) {
      const known = unflatten(running, statistics);
      return forward(unflatten(vector, layout), x, (h, layer) => {
        const { mean, deviation } = runningOf(known, layer);
        return { standardized: tf.div(tf.sub(h, mean), deviation) };
      });
    },
    train(vector, running, x) {
      const known = unflatten(running, statistics);
      const updates = known.updates!;
      const warm = tf.cast(tf.greaterEqual(updates, warmUp), 'float32');
      const next: Tensor[] = [tf.add(updates, 1)];
      const output = forward(unflatten(vector, layout), x, (h, layer) => {
        const moments = momentsOf(h, -2);
        const name = `layers.${layer}`;
        const follow = (value: Tensor, seen: Tensor): Tensor =>
          tf.add(tf.mul(value, momentum), tf.mul(seen, 1 - momentum));
        next.push(follow(known[`${name}.mean`]!, moments.mean));
        next.push(follow(known[`${name}.variance`]!, moments.variance));
        const standardized = standardize(h, moments, -2, EPSILON);
        return { standardized, ...correction(runningOf(known, layer), moments, warm) };
      });
      return { output, statistics: tf.concat(next.map((part) => tf.reshape(part, [-1]))) };
    },
  };
}

function runningOf(known: Arrays, layer: number): { mean: Tensor; deviation: Tensor } {
  const variance = known[`layers.${layer}.variance`]!;
  return { mean: known[`layers.${layer}.mean`]!, deviation: tf.sqrt(tf.add(variance, EPSILON)) };
}

/** r and d of the paper; 1 and 0 before the running statistics are warm. */
function correction(
  running: { mean: Tensor; deviation: Tensor },
  { mean, variance }: Moments,
  warm: Tensor,
): { ratio: Tensor; offset: Tensor } {
  const deviation = tf.sqrt(tf.add(variance, EPSILON));
  const ratio = tf.clipByValue(tf.div(deviation, running.deviation), 1 / MAX_SCALE, MAX_SCALE);
  const offset = tf.clipByValue(tf.div(tf.sub(mean, running.mean), running.deviation), -MAX_SHIFT, MAX_SHIFT);
  return { ratio: tf.add(1, tf.mul(warm, tf.sub(ratio, 1))), offset: tf.mul(warm, offset) };
}
