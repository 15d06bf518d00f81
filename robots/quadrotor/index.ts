/** Quadrotors: geometry and constants as data, and the dynamics that they share. */

export { quadrotorAppearance, rotorSignals } from './appearance.ts';
export { type Triple, vectorReader } from './cascade.ts';
export { addDownwash } from './downwash.ts';
export {
  type ActionMode,
  actionModes,
  actionNames,
  noVariation,
  QuadrotorFleet,
  type Variation,
} from './fleet.ts';
export { iris } from './iris.ts';
export {
  hoverAction,
  maxRotorThrust,
  type QuadrotorModel,
  type Rotor,
  thrustsOfWrench,
  wrenchOfThrusts,
} from './model.ts';
export { createPilot, type Pilot, type PilotOptions } from './pilot.ts';
export { racketHeight, racketIris } from './racket.ts';
export { quadrotorTeleoperation } from './teleoperation.ts';
export { drawVariation, type VariationSettings, variationSettings } from './variation.ts';
