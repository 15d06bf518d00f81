/** From the definition of an agent to something that acts, learns, is saved and is exported. */
export { type Actor, createActor } from './actor.ts';
export { estimateAdvantages } from './advantage.ts';
export {
  type Classifier,
  type ClassifierSettings,
  classifierSettings,
  createClassifier,
  viceSettings,
} from './classifier.ts';
export type {
  AgentDefinition,
  BatchTensors,
  OffPolicyDefinition,
  OffPolicyMaths,
  OnPolicyDefinition,
  OnPolicyMaths,
  Phase,
  PolicyMaths,
  Tensors,
  UpdateResult,
  Vectors,
} from './definition.ts';
export { describePolicy, exportPolicy, type PolicyDescription } from './export.ts';
export { type ExportedPolicy, loadPolicy } from './exported-policy.ts';
export {
  createLearner,
  type Learner,
  type LearnerBase,
  type LearnerOptions,
  type OffPolicyLearnerOptions,
  type RolloutLearner,
} from './learner.ts';
export { dropoutMask, type NoiseSpec, noiseSize, normalNoise, uniformNoise } from './noise.ts';
export { createOnPolicyLearner } from './on-policy-learner.ts';
export { inParts } from './parts.ts';
export type { PlanExecution } from './plans.ts';
export { inFrameOf } from './relative-frame.ts';
export { twoAgents } from './two-agents.ts';
export { offPolicyProgram, type UpdateProgram } from './update-program.ts';
export {
  type ActionValueFunction,
  createActionValue,
  createValue,
  type ValueFunction,
} from './value.ts';
export { variantOf } from './variant.ts';
