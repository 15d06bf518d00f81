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

/** Uniform in ±√(6/(fanIn + fanOut)) (Glorot and Bengio 2010). */
export const xavierUniform = (fanIn: number, fanOut: number): Initializer => {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return (values, rng) => {
    for (let i = 0; i < values.length; i++) values[i] = rng.uniform(-limit, limit);
  };
};

/**
 * A matrix `[rows, columns]` whose rows or columns, whichever are fewer, are orthogonal and of length `gain` (Saxe et al.
 * 2014, arXiv:1312.6120): normal numbers, made orthogonal by Gram and Schmidt. Further leading axes hold one matrix each.
 */
export const orthogonal =
  (rows: number, columns: number, gain: number): Initializer =>
  (values, rng) => {
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
    const [step, stride] = rows < columns ? [columns, 1] : [1, columns];
    for (let offset = 0; offset < values.length; offset += rows * columns) {
      const vectors = Array.from({ length: count }, () => Float64Array.from({ length }, () => rng.normal()));
      vectors.forEach((vector, i) => {
        for (const before of vectors.slice(0, i)) {
          const along = dot(vector, before);
          for (let k = 0; k < length; k++) vector[k]! -= along * before[k]!;
        }
        const scale = 1 / Math.sqrt(dot(vector, vector));
        for (let k = 0; k < length; k++) {
          vector[k]! *= scale;
          values[offset + i * step + k * stride] = gain * vector[k]!;
        }
      });
    }
  };

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

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
