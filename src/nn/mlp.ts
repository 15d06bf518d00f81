/**
 * Multi-layer perceptron, alone or as an ensemble that is one batched product a layer.
 *
 * Shapes: B batch, I inputs, U units, O outputs, E members.
 */
import { type Tensor, tf } from '../tensor/index.ts';
import { type Activation, activate } from './activation.ts';
import {
  constant,
  type Initializer,
  type Layout,
  orthogonal,
  type ParameterArray,
  unflatten,
  uniformFanIn,
  xavierUniform,
  zeros,
} from './parameters.ts';
import { momentsOf, standardize } from './standardize.ts';

/** `fan-in`: weights and biases uniform in ±1/√fanIn, PyTorch's default. The others start with biases at zero. */
export const initializations = ['fan-in', 'xavier', 'orthogonal'] as const;
export type Initialization = (typeof initializations)[number];

export interface MlpOptions {
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly outputs: number;
  /** Members of an ensemble; without it the network has no member axis. */
  readonly members?: number;
  /** Layer normalisation after each hidden product, before the activation (arXiv:1607.06450). */
  readonly layerNorm?: boolean;
  readonly activation?: Activation;
  readonly initialization?: Initialization;
  /** Gain of the last layer where the initialisation is orthogonal; hidden layers have √2. */
  readonly lastGain?: number;
}

export interface Network {
  readonly layout: Layout;
  /**
   * @param vector flat parameters, `[layoutSize(layout)]`
   * @param x `[B, I]`, or `[E, B, I]` where each member has inputs of its own
   * @returns `[B, O]`, or `[E, B, O]` of an ensemble
   */
  apply(vector: Tensor, x: Tensor, options?: ApplyOptions): Tensor;
}

export interface ApplyOptions {
  /** Masks to multiply each hidden product with, `[B, U]` or `[E, B, U]`, before normalisation. */
  readonly dropout?: readonly Tensor[] | undefined;
  /** Members of the ensemble to compute, by index `[M]`; all of them without it. */
  readonly only?: tf.Tensor1D | undefined;
}

/** Activated hidden layers and a linear last one. */
export function mlp({
  inputs,
  hidden,
  outputs,
  members,
  layerNorm: normalizes = false,
  activation = 'relu',
  initialization = 'fan-in',
  lastGain = 1,
}: MlpOptions): Network {
  const widths = [inputs, ...hidden, outputs];
  const last = widths.length - 2;
  const stack = members === undefined ? [] : [members];
  const normalised = (layer: number): boolean => normalizes && layer < last;

  const layout: ParameterArray[] = [];
  for (let layer = 0; layer <= last; layer++) {
    const [fanIn, units] = [widths[layer]!, widths[layer + 1]!];
    const row = [...stack, 1, units];
    const initialize = initializers(initialization, fanIn, units, layer < last ? Math.SQRT2 : lastGain);
    layout.push({
      name: `layers.${layer}.kernel`,
      shape: [...stack, fanIn, units],
      initialize: initialize.kernel,
    });
    layout.push({ name: `layers.${layer}.bias`, shape: row, initialize: initialize.bias });
    if (!normalised(layer)) continue;
    layout.push({ name: `layers.${layer}.norm.scale`, shape: row, initialize: constant(1) });
    layout.push({ name: `layers.${layer}.norm.shift`, shape: row, initialize: zeros });
  }

  return {
    layout,
    apply(vector, x, { dropout, only } = {}) {
      const all = unflatten(vector, layout);
      const chosen = (array: Tensor): Tensor => (only ? tf.gather(array, only) : array);
      const p = Object.fromEntries(Object.entries(all).map(([name, array]) => [name, chosen(array)]));
      let h = x;
      for (let layer = 0; layer <= last; layer++) {
        const name = `layers.${layer}`;
        h = tf.add(product(h, p[`${name}.kernel`]!), p[`${name}.bias`]!);
        if (layer === last) break;
        if (dropout) h = tf.mul(h, chosen(dropout[layer]!));
        if (normalised(layer)) h = layerNorm(h, p[`${name}.norm.scale`]!, p[`${name}.norm.shift`]!);
        h = activate(activation, h);
      }
      return h;
    },
  };
}

function initializers(
  kind: Initialization,
  fanIn: number,
  units: number,
  gain: number,
): { kernel: Initializer; bias: Initializer } {
  switch (kind) {
    case 'fan-in':
      return { kernel: uniformFanIn(fanIn), bias: uniformFanIn(fanIn) };
    case 'xavier':
      return { kernel: xavierUniform(fanIn, units), bias: zeros };
    case 'orthogonal':
      return { kernel: orthogonal(fanIn, units, gain), bias: zeros };
  }
}

/** x·kernel; rows `[B, I]` that all members of a kernel `[E, I, U]` share are not copied for each. */
export function product(x: Tensor, kernel: Tensor): Tensor {
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
export const layerNorm = (x: Tensor, scale: Tensor, shift: Tensor): Tensor =>
  tf.add(tf.mul(standardize(x, momentsOf(x, -1), -1, NORM_EPSILON), scale), shift);
