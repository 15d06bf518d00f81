/** Fin rays: an elastic strip in a stream as data, its actuators, and the dynamics of it with the fluid. */

export {
  ACTUATORS,
  type ActuatorLimit,
  type ActuatorLimits,
  type ActuatorName,
  Actuators,
  actuatorNames,
} from './actuators.ts';
export { FAST_WORLD_OPTIONS, FinRayFleet, WORLD_OPTIONS } from './fleet.ts';
export { FinRayFlowFleet, type FlowFleetOptions } from './flow-fleet.ts';
export type { FlowMeans } from './ledger.ts';
export { type FinRayModel, type FlowModel, finFoil, finRay } from './model.ts';
export { type OffsetMode, offsetModes } from './offset.ts';
export { type FlowGrid, finRayInFlow, trainingGrid } from './ray-in-flow.ts';
