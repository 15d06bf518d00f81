/** Frames as 4×4 matrices, multiplied out: what the quaternions of the library are compared with. */
import type { UrdfOrigin } from '../../../src/physics/urdf/description.ts';
import type { Pose } from '../../../src/physics/urdf/pose.ts';

export type Matrix = readonly (readonly number[])[];

export const IDENTITY: Matrix = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0)));

export const product = (...factors: readonly Matrix[]): Matrix =>
  factors.reduce((a, b) =>
    a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0))),
  );

export const transposed = (m: Matrix): Matrix => m[0]!.map((_, j) => m.map((row) => row[j]!));

export const translation = ([x, y, z]: readonly number[]): Matrix => [
  [1, 0, 0, x!],
  [0, 1, 0, y!],
  [0, 0, 1, z!],
  [0, 0, 0, 1],
];

/** Rodrigues' formula about a unit axis. */
export function rotation([x, y, z]: readonly number[], angle: number): Matrix {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const k = [
    [0, -z!, y!],
    [z!, 0, -x!],
    [-y!, x!, 0],
  ];
  const kk = product(k, k);
  return IDENTITY.map((row, i) =>
    row.map((one, j) => (i < 3 && j < 3 ? one + s * k[i]![j]! + (1 - c) * kk[i]![j]! : one)),
  );
}

export const originMatrix = ({ xyz, rpy: [roll, pitch, yaw] }: UrdfOrigin): Matrix =>
  product(translation(xyz), rotation([0, 0, 1], yaw), rotation([0, 1, 0], pitch), rotation([1, 0, 0], roll));

export function poseMatrix({ position, rotation: [x, y, z, w] }: Pose): Matrix {
  const sine = Math.hypot(x, y, z);
  const axis = sine > 0 ? [x / sine, y / sine, z / sine] : [1, 0, 0];
  return product(translation(position), rotation(axis, 2 * Math.atan2(sine, w)));
}

/** Greatest difference of any two entries. */
export const difference = (a: Matrix, b: Matrix): number =>
  Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i]![j]!))));
