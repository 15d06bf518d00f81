/** From the definition of an agent to something that acts, learns, is saved and is exported. */
export type { AgentDefinition, AgentMaths, BatchTensors, Tensors, Vectors } from './definition.ts';
export { describePolicy, exportPolicy, type PolicyDescription } from './export.ts';
export { type ExportedPolicy, loadPolicy } from './exported-policy.ts';
export {
  createLearner,
  type Learner,
  type LearnerOptions,
  updateProgramOf,
} from './learner.ts';
