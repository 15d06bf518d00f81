/** Cases of src/tensor/lowerings/reduce.ts and matmul.ts. */
import fc from 'fast-check';
import { type Tensor, tf } from '../../../src/tensor/index.ts';
import {
  axesOf,
  axisOf,
  bool,
  type Elements,
  float,
  int,
  type KernelCase,
  shapes,
  tensorOf,
} from './sample.ts';

const real = float(-2, 2);
const whole = int(-3, 3);

type Axes = number | number[] | undefined;

/** Whether reducing `axes` of `shape` folds no element at all into some element of the result. */
function foldsNothing(shape: readonly number[], axes: Axes): boolean {
  const list = axes === undefined ? [...shape.keys()] : [axes].flat();
  return list.some((axis) => shape.at(axis) === 0);
}

const reduction = (
  kernel: string,
  elements: readonly Elements[],
  fn: (x: Tensor, axes: Axes, keepDims: boolean) => Tensor,
  { gradient = true, ofNothing = true }: { gradient?: boolean; ofNothing?: boolean } = {},
): KernelCase => ({
  kernel,
  gradient,
  sample: shapes()
    .chain((shape) =>
      fc.tuple(fc.constant(shape), fc.constantFrom(...elements), axesOf(shape.length), fc.boolean()),
    )
    .filter(([shape, , axes]) => ofNothing || !foldsNothing(shape, axes))
    .chain(([shape, kind, axes, keepDims]) => {
      const call = `${kernel} axes ${JSON.stringify(axes)} keepDims ${keepDims}`;
      return tensorOf(shape, kind).map((x) => ({
        call,
        inputs: { x },
        fn: ({ x }: Readonly<Record<string, Tensor>>) => fn(x!, axes, keepDims),
      }));
    }),
});

const extremum = (kernel: string, fn: (x: Tensor, axis: number) => Tensor): KernelCase => ({
  kernel,
  gradient: false,
  sample: shapes({ minRank: 1 })
    .chain((shape) => fc.tuple(fc.constant(shape), fc.constantFrom(real, whole), axisOf(shape.length)))
    .filter(([shape, , axis]) => shape.at(axis) !== 0)
    .chain(([shape, kind, axis]) =>
      tensorOf(shape, kind).map((x) => ({
        call: `${kernel} axis ${axis}`,
        inputs: { x },
        fn: ({ x }: Readonly<Record<string, Tensor>>) => fn(x!, axis),
      })),
    ),
});

/** tfjs has it for the last axis only. */
const softmax: KernelCase = {
  kernel: 'Softmax',
  gradient: true,
  sample: shapes({ minRank: 1 })
    .chain((shape) => tensorOf(shape, float(-8, 8)))
    .map((x) => ({ call: 'softmax', inputs: { x }, fn: ({ x }) => tf.softmax(x!) })),
};

const cumsum: KernelCase = {
  kernel: 'Cumsum',
  gradient: true,
  sample: shapes({ minRank: 1 })
    .chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.constantFrom(real, whole),
        fc.nat(shape.length - 1), // tfjs permutes axes wrongly for a negative one.
        fc.boolean(),
        fc.boolean(),
      ),
    )
    .chain(([shape, kind, axis, exclusive, reverse]) =>
      tensorOf(shape, kind).map((x) => ({
        call: `cumsum axis ${axis} exclusive ${exclusive} reverse ${reverse}`,
        inputs: { x },
        fn: ({ x }: Readonly<Record<string, Tensor>>) => tf.cumsum(x!, axis, exclusive, reverse),
        gradient: axis === shape.length - 1, // tfjs transposes the gradient of any other axis once too often.
      })),
    ),
};

const topK: KernelCase = {
  kernel: 'TopK',
  gradient: false,
  sample: shapes({ minRank: 1 })
    .chain((shape) => fc.tuple(fc.constant(shape), fc.constantFrom(real, whole), fc.nat(shape.at(-1)!)))
    .chain(([shape, kind, k]) =>
      tensorOf(shape, kind).map((x) => ({
        call: `topk ${k}`,
        inputs: { x },
        fn: ({ x }: Readonly<Record<string, Tensor>>) => {
          const { values, indices } = tf.topk(x!, k);
          return [values, indices];
        },
      })),
    ),
};

/**
 * tfjs broadcasts a batch only by repeating the whole of the smaller one, and differentiates without broadcasting. ONNX
 * Runtime refuses to broadcast to an empty batch.
 */
const matMul: KernelCase = {
  kernel: 'BatchMatMul',
  gradient: true,
  sample: fc
    .tuple(
      shapes({ maxRank: 2, empty: false }),
      fc.constantFrom<'same' | 'left' | 'right'>('same', 'same', 'left', 'right'),
      fc.array(
        fc.oneof(
          { arbitrary: fc.integer({ min: 1, max: 4 }), weight: 6 },
          { arbitrary: fc.constant(0), weight: 1 },
        ),
        {
          minLength: 3,
          maxLength: 3,
        },
      ),
      fc.tuple(fc.boolean(), fc.boolean()),
      fc.constantFrom(real, real, whole),
    )
    .chain(([batch, full, [rows, inner, columns], [transposeA, transposeB], kind]) => {
      const a = [
        ...(full === 'right' ? batch.slice(1) : batch),
        ...(transposeA ? [inner!, rows!] : [rows!, inner!]),
      ];
      const b = [
        ...(full === 'left' ? batch.slice(1) : batch),
        ...(transposeB ? [columns!, inner!] : [inner!, columns!]),
      ];
      return fc.tuple(tensorOf(a, kind), tensorOf(b, kind)).map(([a, b]) => ({
        call: `matMul ${transposeA ? 'transposed ' : ''}${a.shape} by ${transposeB ? 'transposed ' : ''}${b.shape}`,
        inputs: { a, b },
        fn: ({ a, b }: Readonly<Record<string, Tensor>>) => tf.matMul(a!, b!, transposeA, transposeB),
        gradient: a.shape.length === b.shape.length,
      }));
    }),
};

export const reduceCases: readonly KernelCase[] = [
  reduction('Sum', [real, whole, bool], tf.sum),
  // Of no elements tfjs's cpu kernel says that the mean is 0, by adding up quotients; IEEE says 0/0.
  reduction('Mean', [real, whole], tf.mean, { ofNothing: false }),
  // For these five, tfjs's cpu kernels read past the end where there are no elements.
  reduction('Max', [real, whole], tf.max, { ofNothing: false }),
  reduction('Min', [real, whole], tf.min, { ofNothing: false }),
  // Its gradient takes tfjs's Cumprod, for which ONNX has no operator.
  reduction('Prod', [real, whole], tf.prod, { gradient: false }),
  reduction('All', [bool], tf.all, { gradient: false, ofNothing: false }),
  reduction('Any', [bool], tf.any, { gradient: false, ofNothing: false }),
  extremum('ArgMax', tf.argMax),
  extremum('ArgMin', tf.argMin),
  softmax,
  cumsum,
  topK,
  matMul,
];
