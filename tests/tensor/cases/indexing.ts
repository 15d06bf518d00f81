/** Cases of the kernels of src/tensor/lowerings/shape.ts that pick by position or make tensors of their own. */
import fc from 'fast-check';
import { type DataType, type Tensor, tf } from '../../../src/tensor/index.ts';
import { axisOf, bool, float, int, type KernelCase, type Sample, shapes, tensorOf } from './sample.ts';

const real = float(-4, 4);
const kinds = fc.constantFrom(real, real, int(-5, 5), bool);

type Tensors = Readonly<Record<string, Tensor>>;

/** Where a cut of an axis begins and ends, counted from either end, and its step. Never backwards: tfjs fails on that. */
const cut = (size: number) =>
  fc
    .tuple(fc.nat(size), fc.nat(size), fc.constantFrom(1, 1, 2, 3, -1, -2), fc.boolean())
    .map(([one, other, stride, fromBack]) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      const counted = (at: number): number => (fromBack && at < size ? at - size : at);
      return {
        begin: counted(stride > 0 ? low : high),
        end: counted(stride > 0 ? high : low),
        stride,
      };
    });

const stridedSlice: KernelCase = {
  kernel: 'StridedSlice',
  gradient: false, // tfjs does not differentiate it.
  sample: shapes({ minRank: 1, maxRank: 3 })
    .chain((shape) => {
      const mask = fc.nat(2 ** shape.length - 1);
      return fc.tuple(
        kinds.chain((kind) => tensorOf(shape, kind)),
        fc.tuple(...shape.map(cut)),
        fc.record({ begin: mask, end: mask, newAxis: fc.constantFrom(0, 0, 1), shrink: fc.boolean() }),
      );
    })
    .map(([x, cuts, masks]) => {
      // Leaving out an axis of which one element is meant; beside strides, tfjs's cpu kernel reads the wrong elements.
      const simple = cuts.every(({ stride }) => stride === 1) && masks.newAxis === 0;
      const shrink = masks.shrink && simple && x.shape[0]! > 0 ? 1 : 0;
      return {
        call: `stridedSlice ${JSON.stringify({ cuts, ...masks, shrink })}`,
        inputs: { x },
        fn: ({ x }: Tensors) =>
          tf.stridedSlice(
            x!,
            cuts.map(({ begin }, i) => (shrink && i === 0 ? 0 : begin)),
            cuts.map(({ end }) => end),
            cuts.map(({ stride }) => stride),
            masks.begin,
            masks.end,
            0,
            masks.newAxis,
            shrink,
          ),
      };
    }),
};

const gather: KernelCase = {
  kernel: 'GatherV2',
  gradient: true,
  sample: fc
    .tuple(shapes({ minRank: 1, maxRank: 3 }), shapes({ maxRank: 2 }), kinds)
    .chain(([shape, picked, kind]) =>
      axisOf(shape.length).chain((axis) =>
        fc.tuple(
          tensorOf(shape, kind),
          tensorOf(picked, int(0, Math.max(0, shape.at(axis)! - 1))),
          fc.constant(axis),
        ),
      ),
    )
    // In an empty axis there is nothing to pick.
    .filter(([x, , axis]) => x.shape.at(axis) !== 0)
    .map(([x, indices, axis]) => ({
      call: `gather axis ${axis}`,
      inputs: { x, indices },
      fn: ({ x, indices }: Tensors) => tf.gather(x!, indices!, axis),
    })),
};

const segmentSum: KernelCase = {
  kernel: 'UnsortedSegmentSum',
  gradient: true,
  sample: fc
    .tuple(shapes({ minRank: 1, maxRank: 3 }), fc.integer({ min: 1, max: 4 }))
    .chain(([shape, segments]) =>
      // Of int32 tensors tfjs's cpu kernel makes float32 sums, by multiplying with a float32 mask.
      fc.tuple(tensorOf(shape, real), tensorOf([shape[0]!], int(0, segments - 1)), fc.constant(segments)),
    )
    .map(([x, ids, segments]) => ({
      call: `unsortedSegmentSum into ${segments}`,
      inputs: { x, ids },
      fn: ({ x, ids }: Tensors) => tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, segments),
    })),
};

const oneHot: KernelCase = {
  kernel: 'OneHot',
  gradient: false,
  sample: fc
    .record({
      // Some positions lie outside: their rows are all off.
      indices: shapes({ maxRank: 3 }).chain((shape) => tensorOf(shape, int(-2, 5))),
      depth: fc.integer({ min: 2, max: 4 }), // tfjs asks for two at least.
      on: fc.constantFrom(1, 5),
      off: fc.constantFrom(0, -2),
      dtype: fc.constantFrom<'float32' | 'int32'>('float32', 'int32'),
    })
    .map(({ indices, depth, on, off, dtype }) => ({
      call: `oneHot depth ${depth} on ${on} off ${off} ${dtype}`,
      inputs: { indices },
      fn: ({ indices }: Tensors) => tf.oneHot(indices!, depth, on, off, dtype),
    })),
};

/** A program without inputs. */
const constant = (call: string, fn: () => Tensor): Sample => ({ call, inputs: {}, fn });

const fill: KernelCase = {
  kernel: 'Fill',
  gradient: false,
  sample: fc
    .tuple(
      shapes(),
      fc.constantFrom<[number, DataType | undefined]>(
        [1.5, 'float32'],
        [-2.5, undefined],
        [3, 'int32'],
        [1, 'bool'],
      ),
    )
    .map(([shape, [value, dtype]]) =>
      constant(`fill ${shape} with ${value} ${dtype}`, () => tf.fill(shape, value, dtype)),
    ),
};

const range: KernelCase = {
  kernel: 'Range',
  gradient: false,
  sample: fc
    .constantFrom<[number, number, number | undefined, 'float32' | 'int32']>(
      [0, 5, 1, 'float32'],
      [0, 5, undefined, 'int32'],
      [2, -7, -3, 'int32'],
      [1, 2, 0.25, 'float32'],
      [0.1, 1, 0.3, 'float32'],
      [4, 1, undefined, 'float32'], // tfjs counts down by itself.
      [4, 1, 2, 'float32'],
      [1, 4, -1, 'float32'],
      [3, 3, 1, 'float32'],
    )
    .map(([start, stop, step, dtype]) =>
      constant(`range ${start} to ${stop} by ${step}`, () => tf.range(start, stop, step, dtype)),
    ),
};

const linspace: KernelCase = {
  kernel: 'LinSpace',
  gradient: false,
  sample: fc
    .tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), fc.integer({ min: 1, max: 7 }))
    .map(([start, stop, count]) =>
      constant(`linspace ${start} to ${stop} in ${count}`, () => tf.linspace(start, stop, count)),
    ),
};

export const indexingCases: readonly KernelCase[] = [
  stridedSlice,
  gather,
  segmentSum,
  oneHot,
  fill,
  range,
  linspace,
];
