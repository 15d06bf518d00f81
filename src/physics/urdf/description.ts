/**
 * What a URDF file says, in its own words and order (ROS's specification, wiki.ros.org/urdf/XML): links with a frame each,
 * and joints of all kinds, the fixed ones too. SI units. Whether it makes sense as a whole is for `tree.ts` to say.
 */
import type { Vector3 } from '../../core/appearance.ts';
import type { Place } from './findings.ts';

export interface UrdfDescription extends Place {
  readonly name: string;
  readonly links: readonly UrdfLink[];
  readonly joints: readonly UrdfJoint[];
}

export interface UrdfLink extends Place {
  readonly name: string;
  readonly inertial?: UrdfInertial;
  readonly visuals: readonly UrdfVisual[];
  readonly collisions: readonly UrdfShape[];
}

/** Where a frame is in another one. */
export interface UrdfOrigin {
  /** m */
  readonly xyz: Vector3;
  /** Roll about x, then pitch about y, then yaw about z, all about the axes of the other frame, rad. */
  readonly rpy: Vector3;
}

export interface UrdfInertial extends Place {
  /** Of the centre of mass, and of the axes that `inertia` is along. */
  readonly origin: UrdfOrigin;
  /** kg */
  readonly mass: number;
  /** xx, xy, xz, yy, yz, zz about the centre of mass, kg·m². */
  readonly inertia: readonly number[];
}

export type UrdfGeometry =
  /** Edges. */
  | { readonly type: 'box'; readonly size: Vector3 }
  | { readonly type: 'sphere'; readonly radius: number }
  /** Along z. */
  | { readonly type: 'cylinder'; readonly radius: number; readonly length: number }
  | { readonly type: 'mesh'; readonly filename: string; readonly scale: Vector3 };

export interface UrdfShape extends Place {
  readonly origin: UrdfOrigin;
  readonly geometry: UrdfGeometry;
}

export interface UrdfVisual extends UrdfShape {
  /** Red, green, blue and opacity from 0 to 1; absent where the file gives none. */
  readonly color?: readonly number[];
}

export const jointTypes = ['fixed', 'revolute', 'continuous', 'prismatic'] as const;
export type MovingKind = Exclude<(typeof jointTypes)[number], 'fixed'>;

export interface UrdfJoint extends Place {
  readonly name: string;
  readonly type: (typeof jointTypes)[number];
  /** Names of links; empty where the file has none, which is refused. */
  readonly parent: string;
  readonly child: string;
  /** Of the child's frame at position 0, in the parent's. */
  readonly origin: UrdfOrigin;
  /** In the child's frame, of any length but 0. */
  readonly axis: Vector3;
  /** Absent of fixed joints, and where a continuous one has none. */
  readonly limit?: UrdfLimit;
  readonly dynamics?: { readonly damping: number; readonly friction: number };
  readonly mimic?: UrdfMimic;
}

/** Of a hinge in rad, rad/s and N·m; of a slide in m, m/s and N. */
export interface UrdfLimit extends Place {
  readonly lower: number;
  readonly upper: number;
  readonly effort: number;
  readonly velocity: number;
}

/** Follows another joint: position = multiplier · that one's + offset. */
export interface UrdfMimic extends Place {
  readonly joint: string;
  readonly multiplier: number;
  readonly offset: number;
}
