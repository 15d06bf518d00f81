/**
 * The hand "H20" as data: five digits of four joints each, of the size of a man's hand. A design of our own, not a copy of a
 * product. SI units, angles in rad. Frame: origin in the middle of the wrist, x to the fingertips, z out of the palm; the
 * thumb of a right hand is at −y, and a left hand is its mirror image.
 *
 * Lengths of digits: Binvignat et al. 2012, Int. J. Morphology, give means of 104, 115, 109 and 88 mm for fingers and 73 mm
 * for thumbs of men; these have 99, 109, 104, 84 and 70 mm to the fingertip. Torques and stiffnesses are in the range of
 * hands that are built (LEAP Hand: 0.2 to 0.95 N·m; Allegro Hand in IsaacGymEnvs: 3 N·m/rad, 0.5 N·m).
 */

import type { Vector3 } from '../../src/core/appearance.ts';
import type { MassProperties } from '../../src/physics/body-fleet.ts';
import type { SpringModel } from './impedance.ts';

export type Side = 'right' | 'left';

export interface DigitJoint {
  readonly name: string;
  /** Unit vector in the frame of the link that it moves. */
  readonly axis: Vector3;
  readonly range: readonly [low: number, high: number];
}

/** A chain of a knuckle without extent and three phalanges along x; of a thumb, the first of them is its metacarpal. */
export interface Digit {
  readonly name: string;
  /** Where its first two joints are, m. */
  readonly position: Vector3;
  /** Where it points when stretched, counter-clockwise from x about z. */
  readonly yaw: number;
  /** From joint to joint, and from the last one to the middle of the fingertip's cap, m. */
  readonly lengths: Vector3;
  /** m */
  readonly radii: Vector3;
  readonly joints: readonly [DigitJoint, DigitJoint, DigitJoint, DigitJoint];
}

export interface HandModel {
  readonly name: string;
  readonly side: Side;
  readonly palm: {
    /** Edges, m. */
    readonly size: Vector3;
    /** Of the middle, m. */
    readonly position: Vector3;
    /** kg; told for completeness, as nothing moves a palm but its wrist. */
    readonly mass: number;
  };
  /** What is between the first two joints of each digit. */
  readonly knuckle: MassProperties;
  /** Of the phalanges, kg/m³. */
  readonly density: number;
  /** Coefficient. */
  readonly friction: number;
  /** Of each motor, N·m/rad. */
  readonly stiffness: number;
  /** Of each motor, N·m. */
  readonly maxTorque: number;
  /** Force that reads as a full signal of touch, N. */
  readonly touchRange: number;
  readonly wrist: WristLimits;
  /** Index, middle, ring and little finger, then the thumb: the order of all vectors. */
  readonly digits: readonly Digit[];
}

/** Of a wrist that moves. */
export interface WristLimits {
  /** m/s */
  readonly speed: number;
  /** rad/s */
  readonly rate: number;
  /** Force of its surroundings at which it gives way, N. */
  readonly guardForce: number;
  /** At which it gives way, m/s. */
  readonly retreatSpeed: number;
  /** Of the low-pass filter on that force, s. */
  readonly guardTimeConstant: number;
  /** Under impedance control, along and about each axis. */
  readonly springs: { readonly along: SpringModel; readonly about: SpringModel };
}

const mm = (...values: [number, number, number]): Vector3 =>
  values.map((value) => value / 1000) as unknown as Vector3;

/** Abduction, and flexion of the metacarpophalangeal, proximal and distal interphalangeal joints. */
const fingerJoints: Digit['joints'] = [
  { name: 'abduction', axis: [0, 0, 1], range: [-0.35, 0.35] },
  { name: 'mcp', axis: [0, -1, 0], range: [-0.3, 1.6] },
  { name: 'pip', axis: [0, -1, 0], range: [0, 1.75] },
  { name: 'dip', axis: [0, -1, 0], range: [0, 1.4] },
];

/** Opposition, about the metacarpal, and flexion of the carpometacarpal, metacarpophalangeal and interphalangeal joints. */
const thumbJoints: Digit['joints'] = [
  { name: 'rotation', axis: [1, 0, 0], range: [-0.2, 2] },
  { name: 'cmc', axis: [0, -1, 0], range: [-0.4, 1.2] },
  { name: 'mcp', axis: [0, 0, 1], range: [-0.2, 1.3] },
  { name: 'ip', axis: [0, 0, 1], range: [-0.2, 1.4] },
];

const finger = (name: string, position: Vector3, lengths: Vector3, radii: Vector3): Digit => ({
  name,
  position,
  yaw: 0,
  lengths,
  radii,
  joints: fingerJoints,
});

export const rightHand: HandModel = {
  name: 'h20-right',
  side: 'right',
  palm: { size: mm(90, 84, 24), position: mm(47, 1, 0), mass: 0.2 },
  knuckle: { mass: 0.02, inertia: [2e-5, 2e-5, 2e-5] },
  density: 1100,
  friction: 1,
  stiffness: 3,
  maxTorque: 0.6,
  touchRange: 20,
  wrist: {
    ...{ speed: 0.5, rate: 2, guardForce: 30, retreatSpeed: 0.05, guardTimeConstant: 0.005 },
    // Stiffnesses and, by critical damping of 89 N·s/m and 7 N·m·s/rad, inertias of SERL's arm; the reach makes 30 N of it.
    springs: {
      along: { stiffness: 2000, inertia: 0.99, reach: 0.015 },
      about: { stiffness: 150, inertia: 0.0817, reach: 0.1 },
    },
  },
  digits: [
    finger('index', mm(90, -30, 0), mm(45, 26, 20), mm(9.5, 8.5, 8)),
    finger('middle', mm(94, -9, 0), mm(49, 31, 21), mm(9.5, 8.5, 8)),
    finger('ring', mm(88, 12, 0), mm(46, 29, 21), mm(9.5, 8.5, 8)),
    finger('little', mm(80, 32, 0), mm(38, 21, 18), mm(8.5, 7.5, 7)),
    {
      name: 'thumb',
      position: mm(22, -36, 10),
      yaw: -0.75,
      lengths: mm(42, 34, 26),
      radii: mm(12, 10.5, 9.5),
      joints: thumbJoints,
    },
  ],
};

export const leftHand: HandModel = mirrored(rightHand, 'h20-left');

/**
 * The mirror image in the x-z plane: equal angles are then mirrored postures. A mirrored rotation turns the other way, so
 * that an axis is mirrored and reversed.
 */
function mirrored(model: HandModel, name: string): HandModel {
  const point = ([x, y, z]: Vector3): Vector3 => [x, -y, z];
  const axis = ([x, y, z]: Vector3): Vector3 => [-x, y, -z];
  const digits = model.digits.map((digit) => ({
    ...digit,
    position: point(digit.position),
    yaw: -digit.yaw,
    joints: digit.joints.map((joint) => ({ ...joint, axis: axis(joint.axis) })) as unknown as Digit['joints'],
  }));
  const palm = { ...model.palm, position: point(model.palm.position) };
  return { ...model, name, side: model.side === 'right' ? 'left' : 'right', palm, digits };
}

/** Of every hand of this kind, in the order of all vectors: `index.mcp`. */
export const jointNames = (model: HandModel): readonly string[] =>
  model.digits.flatMap(({ name, joints }) => joints.map((joint) => `${name}.${joint.name}`));

/** `[2]` of each joint: its lowest and its highest angle. */
export const jointRanges = (model: HandModel): readonly (readonly [low: number, high: number])[] =>
  model.digits.flatMap(({ joints }) => joints.map(({ range }) => range));
