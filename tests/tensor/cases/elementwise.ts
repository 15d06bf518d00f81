/** Cases of src/tensor/lowerings/elementwise.ts. */
import fc from 'fast-check';
import { type DataType, tf } from '../../../src/tensor/index.ts';
import {
  binary,
  bool,
  broadcastable,
  broadcastShapes,
  differentiable,
  type Elements,
  float,
  type Input,
  int,
  type KernelCase,
  nonZero,
  shapes,
  tensorOf,
  unary,
} from './sample.ts';

const real = float(-4, 4);
const whole = int(-5, 5);
const floats = [real];
const numbers = [real, whole];
/** The domain [-1, 1] and a little outside, where results are NaN. */
const unit = [float(-1.25, 1.25)];
const special: Elements = {
  dtype: 'float32',
  value: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1.5),
};

const unaries: readonly KernelCase[] = [
  unary('Abs', numbers, tf.abs),
  unary('Acos', unit, tf.acos),
  unary('Acosh', [float(0.5, 4)], tf.acosh),
  unary('Asin', unit, tf.asin),
  unary('Asinh', floats, tf.asinh),
  unary('Atan', floats, tf.atan),
  unary('Atanh', unit, tf.atanh),
  unary('Ceil', floats, tf.ceil),
  unary('Cos', floats, tf.cos),
  unary('Cosh', floats, tf.cosh),
  unary('Elu', floats, tf.elu),
  unary('Erf', floats, tf.erf),
  unary('Exp', floats, tf.exp),
  unary('Expm1', floats, tf.expm1),
  unary('Floor', floats, tf.floor),
  unary('Identity', [...numbers, bool], tf.clone),
  unary('IsInf', [special], tf.isInf, { gradient: false }),
  unary('IsNan', [special], tf.isNaN, { gradient: false }),
  unary('Log', floats, tf.log),
  unary('Log1p', floats, tf.log1p),
  unary('LogicalNot', [bool], tf.logicalNot, { gradient: false }),
  unary('Neg', numbers, tf.neg),
  unary('OnesLike', [...numbers, bool], tf.onesLike),
  unary('Reciprocal', floats, tf.reciprocal),
  unary('Relu', numbers, tf.relu),
  unary('Relu6', [float(-4, 9), int(-4, 9)], tf.relu6),
  unary('Round', floats, tf.round),
  unary('Rsqrt', floats, tf.rsqrt),
  unary('Selu', floats, tf.selu),
  unary('Sigmoid', floats, tf.sigmoid),
  unary('Sign', numbers, tf.sign),
  unary('Sin', floats, tf.sin),
  unary('Sinh', floats, tf.sinh),
  unary('Softplus', [float(-20, 20)], tf.softplus),
  unary('Sqrt', floats, tf.sqrt),
  unary('Square', numbers, tf.square),
  unary('Tan', floats, tf.tan),
  unary('Tanh', floats, tf.tanh),
  unary('ZerosLike', [...numbers, bool], tf.zerosLike),
];

const bothFloat = [real, real] as const;
const bothWhole = [whole, whole] as const;
const bothBool = [bool, bool] as const;
const both = [bothFloat, bothWhole];

/** tfjs differentiates some kernels as if nothing had been broadcast. */
const sameShapes = (a: Input, b: Input): boolean => a.shape.join() === b.shape.join();

const binaries: readonly KernelCase[] = [
  binary('Add', both, tf.add),
  binary('Sub', both, tf.sub),
  binary('Multiply', both, tf.mul),
  binary('RealDiv', [bothFloat], tf.div),
  binary('Maximum', both, tf.maximum, sameShapes),
  binary('Minimum', both, tf.minimum, sameShapes),
  binary('SquaredDifference', both, tf.squaredDifference, sameShapes),
  binary(
    'Pow',
    [
      [float(0, 4), float(-2, 2)],
      [int(-3, 3), int(0, 3)],
    ],
    tf.pow,
  ),
  // A quotient by zero has no int32 value: JavaScript stores 0 and C++ what it likes. So divisors are not zero here,
  // except float32 ones of Mod, where both give NaN.
  binary(
    'FloorDiv',
    [
      [real, nonZero(real)],
      [whole, nonZero(whole)],
    ],
    tf.floorDiv,
    false,
  ),
  binary('Mod', [bothFloat, [whole, nonZero(whole)]], tf.mod),
  binary('Equal', [...both, bothBool], tf.equal, false),
  binary('NotEqual', [...both, bothBool], tf.notEqual, false),
  binary('Greater', both, tf.greater, false),
  binary('GreaterEqual', both, tf.greaterEqual, false),
  binary('Less', both, tf.less, false),
  binary('LessEqual', both, tf.lessEqual, false),
  binary('LogicalAnd', [bothBool], tf.logicalAnd, false),
  binary('LogicalOr', [bothBool], tf.logicalOr, false),
];

const others: readonly KernelCase[] = [
  {
    kernel: 'Prelu', // Its slope broadcasts to x, never the other way round.
    gradient: true,
    sample: shapes()
      .chain((shape) => fc.tuple(fc.constant(shape), broadcastable(shape)))
      .chain(([x, alpha]) => fc.tuple(tensorOf(x, real), tensorOf(alpha, real)))
      .map(([x, alpha]) => ({
        call: 'prelu',
        inputs: { x, alpha },
        fn: ({ x, alpha }) => tf.prelu(x!, alpha!),
        gradient: differentiable(x, alpha),
      })),
  },
  {
    kernel: 'LeakyRelu',
    gradient: true,
    sample: fc
      .tuple(
        shapes().chain((shape) => tensorOf(shape, real)),
        fc.constantFrom(0, 0.2, 1.5),
      )
      .map(([x, alpha]) => ({
        call: `leakyRelu alpha ${alpha}`,
        inputs: { x },
        fn: ({ x }) => tf.leakyRelu(x!, alpha),
      })),
  },
  {
    kernel: 'ClipByValue',
    gradient: true,
    sample: fc
      .tuple(
        fc.tuple(shapes(), fc.constantFrom(...numbers)).chain(([shape, kind]) => tensorOf(shape, kind)),
        fc.constantFrom([-1, 2], [0, 0], [-3, -1], [0.5, 1.5], [Number.NEGATIVE_INFINITY, 1]),
      )
      // int32 has no infinity to clip at.
      .filter(([x, [low]]) => x.dtype === 'float32' || Number.isFinite(low))
      .map(([x, [low, high]]) => ({
        call: `clipByValue ${low}, ${high}`,
        inputs: { x },
        fn: ({ x }) => tf.clipByValue(x!, low!, high!),
        gradient: low !== high, // tfjs makes a constant of such a range, and finds no way back from it.
      })),
  },
  {
    kernel: 'EluGrad', // Has no operation of its own: it is what differentiating elu calls.
    gradient: false,
    sample: shapes()
      .chain((shape) => fc.tuple(tensorOf(shape, real), tensorOf(shape, real)))
      .map(([x, dy]) => ({
        call: 'gradient of elu',
        inputs: { x, dy },
        fn: ({ x, dy }) => tf.grad((t: tf.Tensor) => tf.elu(t))(x!, dy!),
      })),
  },
  {
    kernel: 'Step',
    gradient: true,
    sample: fc
      .tuple(
        fc.tuple(shapes(), fc.constantFrom(...numbers)).chain(([shape, kind]) => tensorOf(shape, kind)),
        fc.constantFrom(0, 2, -1),
        fc.boolean(),
      )
      // Beside a rectifier of the same input, its lowering reads the rectifier's output.
      .map(([x, alpha, beside]) => ({
        call: `step alpha ${alpha}${beside ? ' beside relu' : ''}`,
        inputs: { x },
        fn: ({ x }) => (beside ? [tf.relu(x!), tf.step(x!, alpha)] : tf.step(x!, alpha)),
      })),
  },
  {
    kernel: 'Cast',
    gradient: false, // Conversions between two kinds have no float32 on both sides.
    sample: fc
      .tuple(
        shapes(),
        fc.constantFrom(real, whole, bool),
        fc.constantFrom<DataType>('float32', 'int32', 'bool'),
      )
      .filter(([, { dtype }, to]) => dtype !== to)
      .chain(([shape, kind, to]) => fc.tuple(tensorOf(shape, kind), fc.constant(to)))
      .map(([x, to]) => ({ call: `cast to ${to}`, inputs: { x }, fn: ({ x }) => tf.cast(x!, to) })),
  },
  {
    // Left out: a vector that selects rows, for which tfjs's cpu kernel reads the wrong ones, and empty dimensions, to
    // which tf.where does not broadcast a 1.
    kernel: 'Select',
    gradient: true,
    sample: fc
      .tuple(broadcastShapes(3, { empty: false }), fc.constantFrom(...numbers))
      .chain(([[c, t, e], kind]) => fc.tuple(tensorOf(c!, bool), tensorOf(t!, kind), tensorOf(e!, kind)))
      .map(([c, t, e]) => ({
        call: 'where',
        inputs: { c, t, e },
        fn: ({ c, t, e }) => tf.where(c!, t!, e!),
      })),
  },
  {
    kernel: 'AddN',
    gradient: true,
    sample: fc
      .tuple(shapes(), fc.constantFrom(...numbers), fc.integer({ min: 1, max: 4 }))
      .chain(([shape, kind, count]) =>
        fc.array(tensorOf(shape, kind), { minLength: count, maxLength: count }),
      )
      .map((terms) => ({
        call: 'addN',
        inputs: Object.fromEntries(terms.map((term, i) => [`x${i}`, term])),
        fn: (tensors) => tf.addN(Object.values(tensors)),
      })),
  },
];

export const elementwiseCases: readonly KernelCase[] = [...unaries, ...binaries, ...others];
