/**
 * What an aircraft of the volleyball tasks observes: of itself, and where things are from it. Each side may see the court as the
 * near one does: turned by half a turn about z.
 */
import type { QuadrotorFleet } from '../../robots/quadrotor/index.ts';
import { type Component, symmetric, vector } from '../../src/core/space.ts';
import { rotate } from '../../src/physics/math.ts';

/** Largest values that are observed; beyond them observations are clipped. */
const LIMIT = { length: 12, width: 8, height: 16, speed: 20, rate: 20 } as const;

/** A vector of positions or of differences of positions on a court, m. */
export const placeVector = (name: string): Component[] => [
  symmetric(`${name}.x`, 'm', LIMIT.length),
  symmetric(`${name}.y`, 'm', LIMIT.width),
  symmetric(`${name}.z`, 'm', LIMIT.height),
];
export const velocityVector = (name: string): Component[] => vector(name, 'm/s', LIMIT.speed);

/** What `Sight.observeSelf` writes: 23 components, in the frame of the court. */
export const selfComponents: readonly Component[] = [
  ...placeVector('position'),
  ...vector('rotation', '1', 1, ['x', 'y', 'z', 'w']),
  ...velocityVector('velocity'),
  ...vector('rate', 'rad/s', LIMIT.rate),
  ...vector('heading', '1', 1),
  ...vector('up', '1', 1),
  ...vector('throttle', '1', 1, ['0', '1', '2', '3']),
];

/** 1 as the near side sees it, −1 as the far side does. */
export type Facing = 1 | -1;

/** How the aircraft of a fleet see. What is written returns where the next number goes. */
export class Sight {
  readonly #fleet: QuadrotorFleet;

  constructor(fleet: QuadrotorFleet) {
    this.#fleet = fleet;
  }

  /** Writes the 23 numbers of aircraft `i` from `offset` on. */
  observeSelf(i: number, obs: Float32Array, offset: number, facing: Facing = 1): number {
    const { position, rotation, linearVelocity, angularVelocity } = this.#fleet.bodies;
    this.observeVector(position, 3 * i, obs, offset, facing);
    observeRotation(rotation, 4 * i, obs, offset + 3, facing);
    this.observeVector(linearVelocity, 3 * i, obs, offset + 7, facing);
    this.observeVector(angularVelocity, 3 * i, obs, offset + 10, facing);
    rotate(obs, offset + 13, obs, offset + 3, AHEAD, 0);
    rotate(obs, offset + 16, obs, offset + 3, UP, 0);
    for (let rotor = 0; rotor < 4; rotor++)
      obs[offset + 19 + rotor] = 2 * this.#fleet.throttle[4 * i + rotor]! - 1;
    return offset + 23;
  }

  /** Writes a vector of the scene's frame. @param obs `[3]` from `offset` on */
  observeVector(
    vector: ArrayLike<number>,
    at: number,
    obs: Float32Array,
    offset: number,
    facing: Facing = 1,
  ): number {
    obs[offset] = facing * vector[at]!;
    obs[offset + 1] = facing * vector[at + 1]!;
    obs[offset + 2] = vector[at + 2]!;
    return offset + 3;
  }

  /** Writes the position of aircraft `i` minus `point`, m. @param obs `[3]` from `offset` on */
  observeFrom(
    point: ArrayLike<number>,
    at: number,
    i: number,
    obs: Float32Array,
    offset: number,
    facing: Facing = 1,
  ): number {
    const p = this.#fleet.bodies.position;
    obs[offset] = facing * (p[3 * i]! - point[at]!);
    obs[offset + 1] = facing * (p[3 * i + 1]! - point[at + 1]!);
    obs[offset + 2] = p[3 * i + 2]! - point[at + 2]!;
    return offset + 3;
  }
}

/** Of the two quaternions of an attitude, the one with w ≥ 0; half a turn about z makes (−y, x, w, −z) of it. */
function observeRotation(
  q: Float32Array,
  at: number,
  obs: Float32Array,
  offset: number,
  facing: Facing,
): void {
  const [x, y, z, w] = [q[at]!, q[at + 1]!, q[at + 2]!, q[at + 3]!];
  if (facing === 1) setRotation(obs, offset, x, y, z, w);
  else setRotation(obs, offset, -y, x, w, -z);
}

function setRotation(obs: Float32Array, offset: number, x: number, y: number, z: number, w: number): void {
  const sign = w < 0 ? -1 : 1;
  obs[offset] = sign * x;
  obs[offset + 1] = sign * y;
  obs[offset + 2] = sign * z;
  obs[offset + 3] = sign * w;
}

const AHEAD = Float64Array.of(1, 0, 0);
const UP = Float64Array.of(0, 0, 1);
