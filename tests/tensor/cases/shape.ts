/** Cases of the kernels of src/tensor/lowerings/shape.ts that rearrange or join whole tensors. */
import fc from 'fast-check';
import { type Tensor, tf } from '../../../src/tensor/index.ts';
import { axisOf, bool, float, int, type KernelCase, shapes, sizeOf, tensorOf } from './sample.ts';

const real = float(-4, 4);
const kinds = fc.constantFrom(real, real, int(-5, 5), bool);

type Tensors = Readonly<Record<string, Tensor>>;

/** A generated tensor `x`, and a call on it whose arguments depend on its shape. */
const onShape = <Arguments>(
  kernel: string,
  options: { minRank?: number; maxRank?: number },
  argumentsOf: (shape: readonly number[]) => fc.Arbitrary<Arguments>,
  fn: (x: Tensor, args: Arguments) => Tensor | Tensor[],
  /** Where tfjs differentiates it. */
  differentiable: (shape: readonly number[], args: Arguments) => boolean = () => true,
): KernelCase => ({
  kernel,
  gradient: true,
  sample: shapes(options)
    .chain((shape) => fc.tuple(kinds, argumentsOf(shape), fc.constant(shape)))
    .chain(([kind, args, shape]) =>
      tensorOf(shape, kind).map((x) => ({
        call: `${kernel} ${JSON.stringify(args)}`,
        inputs: { x },
        fn: ({ x }: Tensors) => fn(x!, args),
        gradient: differentiable(shape, args),
      })),
    ),
});

/** Shapes with as many elements as `shape`: dimensions exchanged, merged, added, or left for tfjs to infer. */
function reshapes(shape: readonly number[]): fc.Arbitrary<number[]> {
  const shuffled = fc.shuffledSubarray([...shape], { minLength: shape.length });
  const ways = [
    shuffled,
    shuffled.map((dims) => [1, ...dims, 1]),
    fc.nat(shape.length).map((at) => [sizeOf(shape.slice(0, at)), sizeOf(shape.slice(at))]),
  ];
  // With an empty dimension there is no telling what −1 stands for.
  if (sizeOf(shape) > 0) ways.push(fc.constant([-1]), fc.constant([1, -1]));
  return fc.oneof(...ways);
}

/** How to cut `size` elements into consecutive pieces: a count that divides it, or sizes of which one may be −1. */
const splits = (size: number): fc.Arbitrary<number | number[]> =>
  fc.oneof(
    fc.integer({ min: 1, max: 4 }).filter((count) => size % count === 0),
    fc
      .array(fc.nat(size), { maxLength: 3 })
      .map((cuts) => [0, ...cuts.sort((a, b) => a - b), size])
      .map((at) => at.slice(1).map((end, i) => end - at[i]!)),
    fc.nat(size).map((first) => [first, -1]),
  );

const sublist = (shape: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .subarray([...shape.keys()])
    .chain((axes) => fc.tuple(...axes.map((axis) => fc.constantFrom(axis, axis - shape.length))));

const perDimension = <T>(
  shape: readonly number[],
  value: (size: number) => fc.Arbitrary<T>,
): fc.Arbitrary<T[]> => fc.tuple(...shape.map(value));

/** Tensors that agree in all axes but one. */
const concat: KernelCase = {
  kernel: 'Concat',
  gradient: true,
  sample: shapes({ minRank: 1 })
    .chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        axisOf(shape.length),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
        kinds,
      ),
    )
    .chain(([shape, axis, sizes, kind]) => {
      const along = axis < 0 ? axis + shape.length : axis;
      return fc.tuple(...sizes.map((size) => tensorOf(shape.with(along, size), kind))).map((parts) => ({
        call: `concat axis ${axis}`,
        inputs: Object.fromEntries(parts.map((part, i) => [`x${i}`, part])),
        fn: (tensors: Tensors) => tf.concat(Object.values(tensors), axis),
      }));
    }),
};

const pack: KernelCase = {
  kernel: 'Pack',
  gradient: true,
  sample: shapes({ maxRank: 3 })
    .chain((shape) =>
      fc.tuple(fc.constant(shape), axisOf(shape.length + 1), fc.integer({ min: 1, max: 3 }), kinds),
    )
    .chain(([shape, axis, count, kind]) =>
      fc.array(tensorOf(shape, kind), { minLength: count, maxLength: count }).map((parts) => ({
        call: `stack axis ${axis}`,
        inputs: Object.fromEntries(parts.map((part, i) => [`x${i}`, part])),
        fn: (tensors: Tensors) => tf.stack(Object.values(tensors), axis),
      })),
    ),
};

export const shapeCases: readonly KernelCase[] = [
  onShape('Reshape', {}, reshapes, tf.reshape),
  onShape('ExpandDims', { maxRank: 3 }, (shape) => axisOf(shape.length + 1), tf.expandDims),
  onShape(
    'Transpose',
    {},
    (shape) => fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
    // A fresh copy: tfjs keeps the list, and its gradient sorts it.
    (x, perm) => tf.transpose(x, [...perm]),
  ),
  onShape('Reverse', { minRank: 1 }, sublist, tf.reverse),
  onShape(
    'Tile',
    { minRank: 1, maxRank: 3 },
    (shape) => perDimension(shape, () => fc.integer({ min: 1, max: 3 })),
    tf.tile,
  ),
  onShape(
    'PadV2',
    { minRank: 1, maxRank: 3 },
    (shape) =>
      fc.record({
        paddings: perDimension(shape, () => fc.tuple(fc.nat(2), fc.nat(2))),
        value: fc.constantFrom(0, 1),
      }),
    (x, { paddings, value }) => tf.pad(x, paddings, value),
  ),
  onShape(
    'Slice',
    { minRank: 1 },
    (shape) =>
      perDimension(shape, (size) =>
        fc
          .nat(size)
          .chain((begin) => fc.tuple(fc.constant(begin), fc.integer({ min: -1, max: size - begin }))),
      ),
    (x, cuts) =>
      tf.slice(
        x,
        cuts.map(([begin]) => begin),
        cuts.map(([, size]) => size),
      ),
  ),
  onShape(
    'SplitV',
    { minRank: 1 },
    (shape) => axisOf(shape.length).chain((axis) => fc.tuple(splits(shape.at(axis)!), fc.constant(axis))),
    (x, [sizes, axis]) => tf.split(x, sizes, axis),
    // tfjs's gradient fails for one piece, which it gets as a tensor and not as a list.
    (_, [sizes]) => (Array.isArray(sizes) ? sizes.length : sizes) > 1,
  ),
  onShape(
    'Unpack',
    { minRank: 1 },
    // Along an empty axis there would be nothing to return.
    (shape) => axisOf(shape.length).map((axis) => (shape.at(axis) === 0 ? null : axis)),
    (x, axis) => (axis === null ? x : tf.unstack(x, axis)),
    (shape, axis) => axis !== null && shape.at(axis)! > 1, // As of one piece.
  ),
  concat,
  pack,
];
