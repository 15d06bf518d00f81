/** The spring with which a person pulls at a body. */
import type { Vector3 } from '../../../core/appearance.ts';

/** Of a body that is held one metre away, m/s². */
const ACCELERATION_PER_METRE = 20;

/** @param mass kg @param from where the body is held, m @param to where it is pulled, m @returns N */
export function springForce(mass: number, from: Vector3, to: Vector3): [x: number, y: number, z: number] {
  const stiffness = ACCELERATION_PER_METRE * mass;
  return [stiffness * (to[0] - from[0]), stiffness * (to[1] - from[1]), stiffness * (to[2] - from[2])];
}
