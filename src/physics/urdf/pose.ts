/** Where a frame is in another one: quaternions (x, y, z, w), m. */
import type { Quaternion, Vector3 } from '../../core/appearance.ts';
import { multiply, rollPitchYaw, rotate } from '../math.ts';

export interface Pose {
  readonly position: Vector3;
  readonly rotation: Quaternion;
}

export const NO_POSE: Pose = { position: [0, 0, 0], rotation: [0, 0, 0, 1] };

/** Of what a URDF file calls an origin. @param rpy rad */
export const poseOf = ({ xyz, rpy }: { readonly xyz: Vector3; readonly rpy: Vector3 }): Pose => ({
  position: xyz,
  rotation: rollPitchYaw(...rpy),
});

/** Where `inner`, given in the frame that is at `outer`, is in the frame that `outer` is given in. */
export function compose(outer: Pose, inner: Pose): Pose {
  const rotation = new Float64Array(4);
  multiply(rotation, 0, Float64Array.from(outer.rotation), 0, Float64Array.from(inner.rotation), 0);
  return { position: toOuter(outer, inner.position), rotation: [...rotation] as unknown as Quaternion };
}

/** A point of the frame that is at `pose`, in the frame that `pose` is given in. */
export function toOuter({ position, rotation }: Pose, point: Vector3): Vector3 {
  const turned = turn(rotation, point);
  return [turned[0] + position[0], turned[1] + position[1], turned[2] + position[2]];
}

export function turn(rotation: Quaternion, vector: Vector3): Vector3 {
  const out = Float64Array.from(vector);
  rotate(out, 0, Float64Array.from(rotation), 0, out, 0);
  return [...out] as unknown as Vector3;
}
