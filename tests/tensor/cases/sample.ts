/** Building blocks of the kernel cases: generated tensors, shapes, axes. */
import fc from 'fast-check';
import type { DataType, Tensor } from '../../../src/tensor/index.ts';

export interface Input {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly values: readonly number[];
}

/** One call of an operation on generated inputs. */
export interface Sample {
  /** How it is called, for the report of a counterexample. */
  readonly call: string;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly fn: (tensors: Readonly<Record<string, Tensor>>) => Tensor | Tensor[];
  /** Whether the gradient is compared too, for each float32 input; the case's `gradient` unless told. */
  readonly gradient?: boolean;
}

export interface KernelCase {
  /** tfjs's name of the kernel. */
  readonly kernel: string;
  /** Whether tfjs differentiates it. */
  readonly gradient: boolean;
  readonly sample: fc.Arbitrary<Sample>;
}

/** What the elements of a tensor are drawn from. */
export interface Elements {
  readonly dtype: DataType;
  readonly value: fc.Arbitrary<number>;
}

/**
 * Multiples of 1/8, which float32 holds exactly, so that ties and boundaries occur. NaN occurs among results only:
 * JavaScript and ONNX Runtime agree on it in arithmetic, but not in extrema along an axis, sorting, signs and integers.
 */
export const float = (low: number, high: number): Elements => ({
  dtype: 'float32',
  value: fc.integer({ min: low * 8, max: high * 8 }).map((eighths) => eighths / 8),
});
export const int = (low: number, high: number): Elements => ({
  dtype: 'int32',
  value: fc.integer({ min: low, max: high }),
});
export const bool: Elements = { dtype: 'bool', value: fc.integer({ min: 0, max: 1 }) };
/** Leaves out zero, for divisors. */
export const nonZero = ({ dtype, value }: Elements): Elements => ({
  dtype,
  value: value.filter((x) => x !== 0),
});

export const sizeOf = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 1);

export const tensorOf = (shape: readonly number[], { dtype, value }: Elements): fc.Arbitrary<Input> =>
  fc
    .array(value, { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((values) => ({ shape, dtype, values }));

interface ShapeOptions {
  readonly minRank?: number;
  readonly maxRank?: number;
  /** Whether dimensions may be 0. */
  readonly empty?: boolean;
}

/** Shapes of rank 0 to 4; one in five may have dimensions of size 0. */
export function shapes({
  minRank = 0,
  maxRank = 4,
  empty = true,
}: ShapeOptions = {}): fc.Arbitrary<number[]> {
  const dims = (min: number, max: number) =>
    fc.array(fc.integer({ min, max }), { minLength: minRank, maxLength: maxRank, size: 'max' });
  return empty
    ? fc.oneof({ arbitrary: dims(1, 4), weight: 4 }, { arbitrary: dims(0, 3), weight: 1 })
    : dims(1, 4);
}

/** A shape that broadcasts to `shape`: leading dimensions left out, others set to 1. */
export const broadcastable = (shape: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .tuple(
      fc.oneof(fc.constant(0), fc.nat(shape.length)),
      fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
    )
    .map(([dropped, ones]) => shape.map((size, i) => (ones[i] ? 1 : size)).slice(dropped));

/** `count` shapes that broadcast together. */
export const broadcastShapes = (count: number, options?: ShapeOptions): fc.Arbitrary<number[][]> =>
  shapes(options).chain((shape) => fc.tuple(...Array.from({ length: count }, () => broadcastable(shape))));

/** An axis of `rank`, counted from either end. */
export const axisOf = (rank: number): fc.Arbitrary<number> => fc.integer({ min: -rank, max: rank - 1 });

/** Axes to reduce: all (undefined), one number, or a list, which may be empty. */
export const axesOf = (rank: number): fc.Arbitrary<number | number[] | undefined> => {
  const list = fc
    .subarray([...Array(rank).keys()])
    .chain((axes) => fc.tuple(...axes.map((axis) => fc.constantFrom(axis, axis - rank))));
  const kinds: fc.Arbitrary<number | number[] | undefined>[] = [fc.constant(undefined), list, list];
  if (rank > 0) kinds.push(axisOf(rank));
  return fc.oneof(...kinds);
};

/** A case of one float32 or int32 input `x` of any shape. */
export const unary = (
  kernel: string,
  elements: readonly Elements[],
  fn: (x: Tensor) => Tensor,
  { gradient = true, call = kernel }: { gradient?: boolean; call?: string } = {},
): KernelCase => ({
  kernel,
  gradient,
  sample: fc
    .tuple(shapes(), fc.constantFrom(...elements))
    .chain(([shape, kind]) => tensorOf(shape, kind))
    .map((x) => ({ call, inputs: { x }, fn: ({ x }) => fn(x!) })),
});

/** tfjs's gradients do not undo a broadcast of 1 to an empty dimension. */
export const differentiable = (a: Input, b: Input): boolean =>
  a.shape.join() === b.shape.join() || sizeOf(a.shape) * sizeOf(b.shape) > 0;

/** A case of two inputs that broadcast. */
export const binary = (
  kernel: string,
  elements: readonly (readonly [a: Elements, b: Elements])[],
  fn: (a: Tensor, b: Tensor) => Tensor,
  gradient: boolean | ((a: Input, b: Input) => boolean) = true,
): KernelCase => ({
  kernel,
  gradient: gradient !== false,
  sample: fc
    .tuple(broadcastShapes(2), fc.constantFrom(...elements))
    .chain(([[a, b], [kindA, kindB]]) => fc.tuple(tensorOf(a!, kindA), tensorOf(b!, kindB)))
    .map(([a, b]) => ({
      call: kernel,
      inputs: { a, b },
      fn: ({ a, b }) => fn(a!, b!),
      gradient: differentiable(a, b) && (typeof gradient === 'function' ? gradient(a, b) : gradient),
    })),
});
