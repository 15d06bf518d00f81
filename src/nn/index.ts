/** Layers, distributions and optimisers as pure functions over named parameter vectors. */
export { type Activation, activate, activations } from './activation.ts';
export { type AdamOptions, adam, adamState, clipGradients, moveToward } from './adam.ts';
export { type BatchRenormNetwork, type BatchRenormOptions, batchRenormMlp } from './batch-renorm-mlp.ts';
export { diagonalGaussian, gaussianDivergence } from './diagonal-gaussian.ts';
export {
  type ApplyOptions,
  type Initialization,
  initializations,
  type MlpOptions,
  mlp,
  type Network,
} from './mlp.ts';
export { type ObservationInput, observationInput, scaleToUnit } from './observation-input.ts';
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
export { type RunningStatistics, runningStatistics } from './running-statistics.ts';
export { type SquashedSample, tanhGaussian, tanhGaussianLogProb } from './tanh-gaussian.ts';
export { type SequenceNetwork, type TransformerOptions, transformer } from './transformer.ts';
