/**
 * Multi-layer perceptron, alone or as an ensemble that is one batched product a layer.
 *
 * Shapes: B batch, I inputs, U units, O outputs, E members.
 */
import { type Tensor, tf } from '../tensor/index.ts';
import { constant, type Layout, type ParameterArray, unflatten, uniformFanIn, zeros } from './parameters.ts';

export interface MlpOptions {
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly outputs: number;
  /** Members of an ensemble; without it the network has no member axis. */
  readonly members?: number;
  /** Layer normalisation after each hidden product, before the rectifier (arXiv:1607.06450). */
  readonly layerNorm?: boolean;
}

export interface Network {
  readonly layout: Layout;
  /**
   * @param vector flat parameters, `[layoutSize(layout)]`
   * @param x `[B, I]`
   * @returns `[B, O]`, or `[E, B, O]` of an ensemble
   */
  apply(vector: Tensor, x: Tensor): Tensor;
}

/** Rectified hidden layers and a linear last one; weights and biases start uniform in ±1/√fanIn. */
export function mlp({ inputs, hidden, outputs, members, layerNorm = false }: MlpOptions): Network {
  const widths = [inputs, ...hidden, outputs];
  const last = widths.length - 2;
  const stack = members === undefined ? [] : [members];
  const normalised = (layer: number): boolean => layerNorm && layer < last;

  const layout: ParameterArray[] = [];
  for (let layer = 0; layer <= last; layer++) {
    const [fanIn, units] = [widths[layer]!, widths[layer + 1]!];
    const initialize = uniformFanIn(fanIn);
    const row = [...stack, 1, units];
    layout.push({ name: `layers.${layer}.kernel`, shape: [...stack, fanIn, units], initialize });
    layout.push({ name: `layers.${layer}.bias`, shape: row, initialize });
    if (!normalised(layer)) continue;
    layout.push({ name: `layers.${layer}.norm.scale`, shape: row, initialize: constant(1) });
    layout.push({ name: `layers.${layer}.norm.shift`, shape: row, initialize: zeros });
  }

  return {
    layout,
    apply(vector, x) {
      const p = unflatten(vector, layout);
      let h = x;
      for (let layer = 0; layer <= last; layer++) {
        const name = `layers.${layer}`;
        h = tf.add(product(h, p[`${name}.kernel`]!), p[`${name}.bias`]!);
        if (normalised(layer)) h = normalize(h, p[`${name}.norm.scale`]!, p[`${name}.norm.shift`]!);
        if (layer < last) h = tf.relu(h);
      }
      return h;
    },
  };
}

/** x·kernel; rows `[B, I]` that all members of a kernel `[E, I, U]` share are not copied for each. */
function product(x: Tensor, kernel: Tensor): Tensor {
  return x.rank < kernel.rank ? sharedProduct(x, kernel) : tf.matMul(x, kernel);
}

// tfjs multiplies with broadcasting but differentiates as if there were none, so the gradient is spelled out.
const sharedProduct = tf.customGrad(((x: Tensor, kernel: Tensor, save: tf.GradSaveFunc) => {
  save([x, kernel]);
  return {
    value: tf.matMul(tf.expandDims(x, 0), kernel),
    gradFunc: (dy: Tensor, [x, kernel]: Tensor[]) => [
      tf.sum(tf.matMul(dy, kernel!, false, true), 0),
      tf.matMul(tf.expandDims(x!, 0), dy, true, false),
    ],
  };
}) as never) as (x: Tensor, kernel: Tensor) => Tensor;

const NORM_EPSILON = 1e-5;

/** (x - mean) / √(variance + ε) · scale + shift over the last axis. */
function normalize(x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, NORM_EPSILON))), scale), shift);
}
