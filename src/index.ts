/** The public names of the framework. Environments, agents and robots have entries of their own: `proprio/envs`, … */
export { type Batch, createBatch } from './core/batch.ts';
export type { EnvDefinition, EnvSpec, StepBatch, StepInfo, VectorEnv } from './core/env.ts';
export { ConfigurationError, MissingError, ProprioError, UsageError } from './core/errors.ts';
export type { Episode, Frame } from './core/frame.ts';
export type { ActMode, Metrics, OffPolicyLearner, Policy, Spaces } from './core/policy.ts';
export { createRng, type Rng, type RngState } from './core/rng.ts';
export {
  choice,
  flag,
  integer,
  number,
  parseSettings,
  type SettingsSchema,
  settings,
  widths,
} from './core/settings.ts';
export { type Component, type Space, space, symmetric, type Unit, vector } from './core/space.ts';
export { createVectorEnv, type Task } from './core/vector-env.ts';
export {
  type AgentDefinition,
  type AgentMaths,
  type BatchTensors,
  createLearner,
  type ExportedPolicy,
  exportPolicy,
  type Learner,
  loadPolicy,
  type Tensors,
} from './learner/index.ts';
export {
  adam,
  adamState,
  type Layout,
  mlp,
  moveToward,
  type Network,
  scaleToUnit,
  tanhGaussian,
} from './nn/index.ts';
export { ReplayBuffer } from './replay/replay-buffer.ts';
export { type Evaluation, evaluate } from './rollout/evaluate.ts';
export { trainOffPolicy } from './rollout/off-policy.ts';
export { type Rollout, type RolloutOptions, rollout } from './rollout/rollout.ts';
export {
  compile,
  type Device,
  type Program,
  type Tensor,
  tf,
  trace,
  valueAndGradient,
} from './tensor/index.ts';
