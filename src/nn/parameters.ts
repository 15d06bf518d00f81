/**
 * Parameters as named flat vectors. A network's weights are one vector whose layout says where each named array lies,
 * so an optimiser step is a dozen operations whatever the depth, and a gradient is one concatenation.
 */
import type { Rng } from '../core/rng.ts';
import { type Tensor, tf } from '../tensor/index.ts';

/** How an array starts. `fanIn` counts the inputs of one unit. */
export type Initializer = (values: Float32Array, rng: Rng) => void;

export interface ParameterArray {
  /** Dotted, such as `layers.0.kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialize: Initializer;
}

/** The arrays of one flat vector, in order. */
export type Layout = readonly ParameterArray[];

export const zeros: Initializer = (values) => values.fill(0);

export const constant =
  (value: number): Initializer =>
  (values) =>
    values.fill(value);

/** Uniform in ±1/√fanIn: PyTorch's default for linear layers, weights and biases alike. */
export const uniformFanIn =
  (fanIn: number): Initializer =>
  (values, rng) => {
    const limit = 1 / Math.sqrt(fanIn);
    for (let i = 0; i < values.length; i++) values[i] = rng.uniform(-limit, limit);
  };

export const arraySize = ({ shape }: Pick<ParameterArray, 'shape'>): number =>
  shape.reduce((n, size) => n * size, 1);

export const layoutSize = (layout: Layout): number =>
  layout.reduce((sum, array) => sum + arraySize(array), 0);

/** A fresh vector `[layoutSize]`. Each array draws from a stream of its own, so adding one changes no other. */
export function initialVector(layout: Layout, rng: Rng): Float32Array {
  const vector = new Float32Array(layoutSize(layout));
  let offset = 0;
  for (const array of layout) {
    const end = offset + arraySize(array);
    array.initialize(vector.subarray(offset, end), rng.split(array.name));
    offset = end;
  }
  return vector;
}

/** The named arrays within `vector` `[layoutSize]`. */
export function unflatten(vector: Tensor, layout: Layout): Readonly<Record<string, Tensor>> {
  const pieces = tf.split(vector as tf.Tensor1D, layout.map(arraySize));
  return Object.fromEntries(layout.map(({ name, shape }, i) => [name, tf.reshape(pieces[i]!, [...shape])]));
}

/** The named arrays of a vector on the host, as views. */
export function views(
  vector: Float32Array,
  layout: Layout,
): { array: ParameterArray; values: Float32Array }[] {
  let offset = 0;
  return layout.map((array) => {
    const start = offset;
    offset += arraySize(array);
    return { array, values: vector.subarray(start, offset) };
  });
}
