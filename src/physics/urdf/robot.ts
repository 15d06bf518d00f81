/**
 * A robot as it comes out of a URDF file: a base, links that joints move, and what each of them weighs, touches with and
 * looks like. What fixed joints hold together is one link. SI units, angles in rad, quaternions (x, y, z, w).
 */
import type { Geometry, Material } from '../../core/appearance.ts';
import type { Vector3 } from '../math.ts';
import { aboutAxis } from '../math.ts';
import type { MovingKind } from './description.ts';
import type { PrincipalInertia } from './inertia.ts';
import { compose, NO_POSE, type Pose } from './pose.ts';

export interface Robot {
  readonly name: string;
  /** The base, then one for each joint: joint j moves link j + 1. What a link hangs on comes before it. */
  readonly links: readonly RobotLink[];
  /** J of them. */
  readonly joints: readonly RobotJoint[];
  /** Pairs of links that pass through each other, the lower index first: those with a joint between them, and more. */
  readonly passing: readonly (readonly [number, number])[];
}

export interface RobotLink {
  readonly name: string;
  /** Absent of a base that says nothing about it. */
  readonly inertia?: PrincipalInertia;
  readonly collisions: readonly RobotShape[];
  readonly visuals: readonly RobotVisual[];
  /** Links of the file that fixed joints hold on it: fingertips, mounts of sensors. */
  readonly frames: readonly (Pose & { readonly name: string })[];
}

/** In the frame of its link. */
export interface RobotShape extends Pose {
  readonly geometry: Extract<Geometry, { type: 'box' | 'sphere' | 'cylinder' | 'capsule' | 'mesh' }>;
}

export interface RobotVisual extends RobotShape {
  readonly material: Material;
}

export interface RobotJoint {
  readonly name: string;
  /** Hinges with and without an end, or a slide. */
  readonly kind: MovingKind;
  /** Index of the link that it hangs on. */
  readonly parent: number;
  /** Where the frame of the link that it moves is in the parent's at position 0. */
  readonly origin: Pose;
  /** Unit vector in the frame of the link that it moves. */
  readonly axis: Vector3;
  /** rad, or m of a slide; infinite of a continuous one. */
  readonly range: readonly [low: number, high: number];
  /** N·m, or N of a slide; infinite where nothing is known of it. */
  readonly maxEffort: number;
  /** rad/s, or m/s of a slide; infinite where nothing is known of it. */
  readonly maxSpeed: number;
  /** N·m·s/rad, or N·s/m of a slide. */
  readonly damping: number;
  /** Coulomb's, N·m, or N of a slide. */
  readonly friction: number;
  readonly mimic?: Mimic;
}

/** Position = multiplier · that of another joint + offset. */
export interface Mimic {
  /** Index of a joint that follows none itself. */
  readonly joint: number;
  readonly multiplier: number;
  readonly offset: number;
}

/** Sets the joints that follow others to where these put them. @param positions `[J]` rad or m */
export function followMimics({ joints }: Robot, positions: Float64Array): void {
  joints.forEach(({ mimic }, i) => {
    if (mimic) positions[i] = mimic.multiplier * positions[mimic.joint]! + mimic.offset;
  });
}

/** Where a joint stands when left alone: 0, or what of its range is nearest to it. */
export const restOf = ({ range: [low, high] }: RobotJoint): number => Math.max(low, Math.min(high, 0));

/** Forward kinematics. @param positions `[J]` rad or m, as they are @returns where all links are in the base's frame */
export function poseRobot({ joints }: Robot, positions: ArrayLike<number>): Pose[] {
  const poses = [NO_POSE];
  joints.forEach((joint, i) => {
    const moved = compose(joint.origin, displacement(joint, positions[i]!));
    poses.push(compose(poses[joint.parent]!, moved));
  });
  return poses;
}

function displacement({ kind, axis }: RobotJoint, position: number): Pose {
  if (kind !== 'prismatic') return { position: [0, 0, 0], rotation: aboutAxis(axis, position) };
  return { position: axis.map((part) => part * position) as unknown as Vector3, rotation: [0, 0, 0, 1] };
}
