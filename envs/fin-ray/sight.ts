/** What a ray's policy sees: the actuators, the bending, the force of the fluid, and what was done last. */
import { ACTUATORS, actuatorNames, type FinRayModel } from '../../robots/fin-ray/index.ts';
import { type Component, symmetric } from '../../src/core/space.ts';
import type { FinRays } from './rays.ts';

/** With lengths in L, times in L/U: the stream's units stand for metres and seconds. */
const UNITS = {
  heave: ['m', 'm/s'],
  pitch: ['rad', 'rad/s'],
  offset: ['1', '1'],
} as const;

/** Bounds of what is observed: about the most that sinusoids within the limits come to, and random actions seldom. */
const MAX_BEND = 0.4;
const MAX_BEND_RATE = 5;
const MAX_FORCE = 10;
const MAX_MEAN_THRUST = 4;

/** Components that `observeRay` writes. @param moving indices of the actuators that move @param driven of those that actions drive */
export function rayComponents(
  { links, limits }: Pick<FinRayModel, 'links' | 'limits'>,
  moving: readonly number[],
  driven: readonly number[],
): Component[] {
  const named = (indices: readonly number[]) => indices.map((i) => actuatorNames[i]!);
  const joints = Array.from({ length: links }, (_, joint) => joint);
  return [
    ...named(moving).flatMap((name) => [
      symmetric(name, UNITS[name][0], Math.fround(limits[name].position)),
      symmetric(`${name}.rate`, UNITS[name][1], limits[name].rate),
    ]),
    ...joints.map((joint) => symmetric(`bend.${joint}`, 'rad', MAX_BEND)),
    ...joints.map((joint) => symmetric(`bend.${joint}.rate`, 'rad/s', MAX_BEND_RATE)),
    ...['thrust', 'side', 'moment'].map((name) => symmetric(`force.${name}`, '1', MAX_FORCE)),
    symmetric('force.thrust.mean', '1', MAX_MEAN_THRUST),
    ...named(driven).map((name) => symmetric(`last.${name}`, '1', 1)),
  ];
}

/** What is observed beside the ray's own state. */
export interface Memory {
  /** Running mean of c_T. */
  readonly meanThrust: number;
  /** `[A]`, in the order of the actuators that actions drive. */
  readonly lastAction: Float32Array;
}

/** @param obs written from its beginning @returns how much of it */
export function observeRay(
  rays: FinRays,
  i: number,
  moving: readonly number[],
  { meanThrust, lastAction }: Memory,
  obs: Float32Array,
): number {
  const { actuators, joints, means, model } = rays;
  let at = 0;
  for (const actuator of moving) {
    obs[at++] = actuators.position[ACTUATORS * i + actuator]!;
    obs[at++] = actuators.rate[ACTUATORS * i + actuator]!;
  }
  const { links: n, span } = model;
  for (let k = n * i; k < n * (i + 1); k++) obs[at++] = joints.angle[k]!;
  for (let k = n * i; k < n * (i + 1); k++) obs[at++] = joints.rate[k]!;
  for (const values of [means.thrust, means.sideForce, means.moment]) obs[at++] = (2 * values[i]!) / span;
  obs[at++] = meanThrust;
  obs.set(lastAction, at);
  return at + lastAction.length;
}
