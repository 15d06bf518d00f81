/**
 * The volleyball, as data (arXiv:2502.01932; the task files of github.com/thu-uav/VolleyBots): light, bouncy, without drag or spin.
 */
import type { Vector3 } from '../../src/core/appearance.ts';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import type { PackedWorld } from '../../src/physics/packed-world.ts';

const MASS = 0.005;
/** Of a thin shell it would be 2/3 instead of 2/5; without friction nothing turns the ball. */
const INERTIA = 0.4 * MASS * 0.1 ** 2;

export const ball = {
  /** m */
  radius: 0.1,
  /** kg */
  mass: MASS,
  inertia: [INERTIA, INERTIA, INERTIA] as Vector3,
  /** With a racket of the same restitution, 0.8 of the approach speed comes back; with the floor, half of that. */
  restitution: 0.8,
} as const;

/** A ball in every scene. */
export const addBalls = (world: PackedWorld): BodyFleet =>
  world.addBodies(ball, {
    solids: [{ radius: ball.radius, restitution: ball.restitution, friction: 0 }],
    fast: true,
  });
