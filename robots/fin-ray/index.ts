/** Fin rays: an elastic strip in a stream as data, its actuators, and the dynamics of it with the fluid. */

export { ACTUATORS, type ActuatorLimit, type ActuatorLimits, Actuators, actuatorNames } from './actuators.ts';
export { FinRayFleet, WORLD_OPTIONS } from './fleet.ts';
export type { FlowMeans } from './ledger.ts';
export { type FinRayModel, type FlowModel, finFoil, finRay } from './model.ts';
export { type OffsetMode, offsetModes } from './offset.ts';
