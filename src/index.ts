/** The public names of the framework. Environments, agents and robots have entries of their own: `proprio/envs`, … */
export {
  type Appearance,
  type Control,
  type EnvView,
  type ReadoutAppearance,
  type Teleoperation,
  viewLayout,
} from './core/appearance.ts';
export { type Batch, createBatch } from './core/batch.ts';
export { type CheckEnvOptions, checkEnv, type EnvProblem, type EnvRule } from './core/check-env.ts';
export type { EnvDefinition, EnvSpec, Score, StepBatch, StepInfo, VectorEnv } from './core/env.ts';
export { ConfigurationError, MissingError, ProprioError, UsageError } from './core/errors.ts';
export type { EnvEvent, Tell } from './core/events.ts';
export type { Episode, Frame } from './core/frame.ts';
export type { ActMode, Metrics, OffPolicyLearner, Policy, Spaces } from './core/policy.ts';
export { spacesOfEnv } from './core/policy.ts';
export { createRng, type Rng, type RngState } from './core/rng.ts';
export { logUniform, oneOf, type SearchSpace, uniform } from './core/search.ts';
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
export { agentsOf, wholeTeams } from './core/teams.ts';
export { directTeleoperation } from './core/teleoperation.ts';
export { createVectorEnv, type Task } from './core/vector-env.ts';
export type { DataSet, DataSetHeader } from './datasets/data-set.ts';
export { assertFits } from './datasets/fit.ts';
export { writeDataSet } from './datasets/lerobot-writer.ts';
export { readDataSet } from './datasets/read.ts';
export {
  type AgentDefinition,
  type BatchTensors,
  createLearner,
  createOnPolicyLearner,
  dropoutMask,
  type ExportedPolicy,
  exportPolicy,
  type Learner,
  loadPolicy,
  type NoiseSpec,
  normalNoise,
  type OffPolicyDefinition,
  type OffPolicyMaths,
  type OnPolicyDefinition,
  type OnPolicyMaths,
  type RolloutLearner,
  type Tensors,
  variantOf,
} from './learner/index.ts';
export {
  adam,
  adamState,
  type Layout,
  mlp,
  moveToward,
  type Network,
  observationInput,
  scaleToUnit,
  tanhGaussian,
} from './nn/index.ts';
export { ReplayBuffer } from './replay/replay-buffer.ts';
export { type Evaluation, evaluate } from './rollout/evaluate.ts';
export { trainOffPolicy } from './rollout/off-policy.ts';
export { trainOnPolicy } from './rollout/on-policy.ts';
export { recordEpisodes } from './rollout/record.ts';
export { type Rollout, type RolloutOptions, rollout } from './rollout/rollout.ts';
export {
  compile,
  type Device,
  type Program,
  stopGradient,
  type Tensor,
  tf,
  trace,
  valueAndGradient,
} from './tensor/index.ts';
