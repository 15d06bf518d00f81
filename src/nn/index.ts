/** Layers, distributions and optimisers as pure functions over named parameter vectors. */
export { adam, adamState, moveToward } from './adam.ts';
export { type MlpOptions, mlp, type Network } from './mlp.ts';
export {
  arraySize,
  constant,
  type Initializer,
  initialVector,
  type Layout,
  layoutSize,
  type ParameterArray,
  unflatten,
  uniformFanIn,
  views,
  zeros,
} from './parameters.ts';
export { scaleToUnit } from './scale.ts';
export { type SquashedSample, tanhGaussian } from './tanh-gaussian.ts';
