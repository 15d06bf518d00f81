/** Tensors: write tfjs maths, run one compiled graph. */
export {
  type CompileOptions,
  checkDevice,
  compile,
  type Device,
  type DeviceReport,
  deviceHelp,
  devices,
  fastestDevice,
  probeDevice,
} from './compile.ts';
export { stopGradient, valueAndGradient } from './gradient.ts';
export type { Arrays, InputSpec, Program, TensorFunction, TypedArray } from './program.ts';
export { loadModel } from './runtime.ts';
export { type DataType, type Tensor, tf } from './tf.ts';
export { type Trace, trace, UnsupportedOperationError } from './trace.ts';
