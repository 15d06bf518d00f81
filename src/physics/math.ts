/** Vectors and quaternions `(x, y, z, w)` in flat arrays, without allocation. */

import type { Vector3 } from '../core/appearance.ts';

export type { Vector3 };
export type NumberArray = Float32Array | Float64Array;

/** out = R(q)·v: from the body's frame to the world's. All arguments are arrays with an offset. */
export function rotate(
  out: NumberArray,
  o: number,
  q: NumberArray,
  qi: number,
  v: NumberArray,
  vi: number,
): void {
  transform(out, o, q, qi, v, vi, 1);
}

/** out = R(q)ᵀ·v: from the world's frame to the body's. */
export function unrotate(
  out: NumberArray,
  o: number,
  q: NumberArray,
  qi: number,
  v: NumberArray,
  vi: number,
): void {
  transform(out, o, q, qi, v, vi, -1);
}

// v + 2w(u × v) + 2u × (u × v), u the vector part; the inverse rotation has −u.
function transform(
  out: NumberArray,
  o: number,
  q: NumberArray,
  qi: number,
  v: NumberArray,
  vi: number,
  sign: number,
): void {
  const [ux, uy, uz, w] = [sign * q[qi]!, sign * q[qi + 1]!, sign * q[qi + 2]!, q[qi + 3]!];
  const [x, y, z] = [v[vi]!, v[vi + 1]!, v[vi + 2]!];
  const tx = 2 * (uy * z - uz * y);
  const ty = 2 * (uz * x - ux * z);
  const tz = 2 * (ux * y - uy * x);
  out[o] = x + w * tx + uy * tz - uz * ty;
  out[o + 1] = y + w * ty + uz * tx - ux * tz;
  out[o + 2] = z + w * tz + ux * ty - uy * tx;
}

/** out = a·b: the rotation b, then a. `out` may be one of them. */
export function multiply(
  out: NumberArray,
  o: number,
  a: NumberArray,
  ai: number,
  b: NumberArray,
  bi: number,
): void {
  const [ax, ay, az, aw] = [a[ai]!, a[ai + 1]!, a[ai + 2]!, a[ai + 3]!];
  const [bx, by, bz, bw] = [b[bi]!, b[bi + 1]!, b[bi + 2]!, b[bi + 3]!];
  out[o] = aw * bx + ax * bw + ay * bz - az * by;
  out[o + 1] = aw * by - ax * bz + ay * bw + az * bx;
  out[o + 2] = aw * bz + ax * by - ay * bx + az * bw;
  out[o + 3] = aw * bw - ax * bx - ay * by - az * bz;
}

/** Rotation by `angle` rad about a unit axis, as a quaternion. */
export function aboutAxis([x, y, z]: Vector3, angle: number): [number, number, number, number] {
  const [s, c] = [Math.sin(angle / 2), Math.cos(angle / 2)];
  return [x * s, y * s, z * s, c];
}

/** The z component of the body's z axis: cosine of the tilt. */
export const upright = (q: NumberArray, qi: number): number =>
  1 - 2 * (q[qi]! * q[qi]! + q[qi + 1]! * q[qi + 1]!);

/** Rotation by `angle` rad about a unit axis, then by `yaw` rad about the world's z axis, as a quaternion. */
export function tiltThenYaw(axis: Vector3, angle: number, yaw: number): [number, number, number, number] {
  const [s, c] = [Math.sin(angle / 2), Math.cos(angle / 2)];
  const [x, y, z, w] = [axis[0] * s, axis[1] * s, axis[2] * s, c];
  const [sz, cz] = [Math.sin(yaw / 2), Math.cos(yaw / 2)];
  return [cz * x - sz * y, cz * y + sz * x, cz * z + sz * w, cz * w - sz * z];
}

/** Rotation by roll about x, then pitch about y, then yaw about z, each about the world's axes, rad, as a quaternion. */
export function rollPitchYaw(roll: number, pitch: number, yaw: number): [number, number, number, number] {
  const [sr, cr] = [Math.sin(roll / 2), Math.cos(roll / 2)];
  const [sp, cp] = [Math.sin(pitch / 2), Math.cos(pitch / 2)];
  const [sy, cy] = [Math.sin(yaw / 2), Math.cos(yaw / 2)];
  return [
    sr * cp * cy - cr * sp * sy,
    cr * sp * cy + sr * cp * sy,
    cr * cp * sy - sr * sp * cy,
    cr * cp * cy + sr * sp * sy,
  ];
}
