/**
 * Poses between two frames, and the matrices of what stands in them. A pose is seven numbers, position and quaternion
 * (x, y, z, w). Everything writes into arrays that it is given, so that drawing allocates nothing.
 */
import { POSE_SIZE, type Quaternion, type Vector3, type ViewLayout } from '../../../core/appearance.ts';

/** Numbers of a matrix, column by column. */
export const MATRIX_SIZE = 16;

/** Where something stands in the frame of a body or a scene. */
export interface Placement {
  readonly position: Vector3;
  readonly rotation: Quaternion;
}

export const ORIGIN: Vector3 = [0, 0, 0];
export const UNTURNED: Quaternion = [0, 0, 0, 1];

/**
 * Whether a body is somewhere else rather than having moved there: the episode began anew. Nothing crosses twice its
 * scene's square within a second.
 * @param seconds simulated, between the two poses
 * @param extent edge of the scene's square, m
 */
export function jumped(
  from: Float32Array,
  to: Float32Array,
  at: number,
  seconds: number,
  extent: number,
): boolean {
  const [x, y, z] = [to[at]! - from[at]!, to[at + 1]! - from[at + 1]!, to[at + 2]! - from[at + 2]!];
  const limit = extent * (0.02 + 2 * Math.max(0, seconds));
  return x * x + y * y + z * z > limit * limit;
}

/**
 * Writes the rows of a moment between two frames: positions, arrows and signals go straight, quaternions along the arc. A
 * body that jumped is where it is now. Fields are left out.
 * @param from rows `[N, W]`
 * @param to rows `[N, W]`
 * @param progress 0 at `from`, 1 at `to`
 * @param seconds simulated, between the two frames
 * @param out `[N, W]`
 */
export function interpolateRows(
  from: Float32Array,
  to: Float32Array,
  progress: number,
  layout: ViewLayout,
  seconds: number,
  extent: number,
  out: Float32Array,
): void {
  const fields = layout.fields[0] ?? layout.size;
  for (let row = 0; row < out.length; row += layout.size) {
    for (let at = row; at < row + layout.arrows; at += POSE_SIZE) {
      const t = jumped(from, to, at, seconds, extent) ? 1 : progress;
      for (let i = at; i < at + 3; i++) out[i] = from[i]! + t * (to[i]! - from[i]!);
      slerp(from, to, at + 3, t, out);
    }
    for (let i = row + layout.arrows; i < row + fields; i++)
      out[i] = from[i]! + progress * (to[i]! - from[i]!);
  }
}

/** Spherical interpolation of unit quaternions along the shorter arc (Shoemake 1985). */
function slerp(from: Float32Array, to: Float32Array, at: number, t: number, out: Float32Array): void {
  let cosine = 0;
  for (let i = at; i < at + 4; i++) cosine += from[i]! * to[i]!;
  const sign = cosine < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(1, sign * cosine));
  // Between nearly equal rotations the straight line is the arc, and the quotient below is 0/0.
  const straight = angle < 1e-4;
  const a = straight ? 1 - t : Math.sin((1 - t) * angle) / Math.sin(angle);
  const b = sign * (straight ? t : Math.sin(t * angle) / Math.sin(angle));
  for (let i = at; i < at + 4; i++) out[i] = a * from[i]! + b * to[i]!;
}

/**
 * Writes the matrix of a shape: the body's pose, then the shape's placement in it, then a turn about the shape's z axis.
 * @param pose `[7]` at `poseAt`
 * @param offset of the scene, m, x and y
 * @param turn rad
 * @param out `[16]` at `at`
 */
export function writeMatrix(
  pose: Float32Array,
  poseAt: number,
  placement: Placement,
  offset: readonly [x: number, y: number],
  turn: number,
  out: Float32Array,
  at: number,
): void {
  const qx = pose[poseAt + 3]!;
  const qy = pose[poseAt + 4]!;
  const qz = pose[poseAt + 5]!;
  const qw = pose[poseAt + 6]!;
  const { position, rotation } = placement;
  const s = Math.sin(turn / 2);
  const c = Math.cos(turn / 2);
  // placement ⊗ turn
  const px = rotation[0] * c + rotation[1] * s;
  const py = rotation[1] * c - rotation[0] * s;
  const pz = rotation[2] * c + rotation[3] * s;
  const pw = rotation[3] * c - rotation[2] * s;
  // pose ⊗ placement ⊗ turn
  const x = qw * px + qx * pw + qy * pz - qz * py;
  const y = qw * py - qx * pz + qy * pw + qz * px;
  const z = qw * pz + qx * py - qy * px + qz * pw;
  const w = qw * pw - qx * px - qy * py - qz * pz;
  out[at] = 1 - 2 * (y * y + z * z);
  out[at + 1] = 2 * (x * y + z * w);
  out[at + 2] = 2 * (x * z - y * w);
  out[at + 3] = 0;
  out[at + 4] = 2 * (x * y - z * w);
  out[at + 5] = 1 - 2 * (x * x + z * z);
  out[at + 6] = 2 * (y * z + x * w);
  out[at + 7] = 0;
  out[at + 8] = 2 * (x * z + y * w);
  out[at + 9] = 2 * (y * z - x * w);
  out[at + 10] = 1 - 2 * (x * x + y * y);
  out[at + 11] = 0;
  // v + 2 u × (u × v + w v), with u and w of the pose
  const tx = 2 * (qy * position[2] - qz * position[1]);
  const ty = 2 * (qz * position[0] - qx * position[2]);
  const tz = 2 * (qx * position[1] - qy * position[0]);
  out[at + 12] = pose[poseAt]! + offset[0] + position[0] + qw * tx + qy * tz - qz * ty;
  out[at + 13] = pose[poseAt + 1]! + offset[1] + position[1] + qw * ty + qz * tx - qx * tz;
  out[at + 14] = pose[poseAt + 2]! + position[2] + qw * tz + qx * ty - qy * tx;
  out[at + 15] = 1;
}
