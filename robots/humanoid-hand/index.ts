/** Humanoid hands: one of twenty joints as data, and scenes in which such hands handle things. */

export { GRAVITY } from '../../src/physics/packed-world.ts';
export { type HandAppearance, handAppearance, writePoses, writeTouch } from './appearance.ts';
export { HandFleet, type HandOptions, type HandPose } from './fleet.ts';
export {
  createFingertipKinematics,
  type Fingertip,
  fingertips,
  handArticulation,
  touchPlaces,
} from './links.ts';
export { type HandModel, jointNames, jointRanges, leftHand, rightHand, type Side } from './model.ts';
export { loose, still } from './objects.ts';
export {
  faultLimits,
  HandScenes,
  type HandScenesOptions,
  type PhysicsFault,
  WORLD_OPTIONS,
} from './scenes.ts';
export { curlOf, flexionOf, synergyNames, writeSynergy } from './synergy.ts';
