import { describe, expect, test } from 'vitest';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import type { Vector3 } from '../../src/physics/math.ts';
import { GRAVITY, PackedWorld } from '../../src/physics/packed-world.ts';

const DT = 0.005;
/** Rapier makes four solver sub-steps of every step, each semi-implicit Euler. */
const SUBSTEPS = 4;
const SUBSTEP = DT / SUBSTEPS;
/** Relative error of a speed after 1 s: 800 sub-steps with two roundings each, of at most one part in 2²⁴. */
const ROUNDING = 1e-4;

/** Distance between neighbouring float32 values at `x`. */
const ulp = (x: number): number => 2 ** (Math.floor(Math.log2(Math.abs(x))) - 23);

function singleBody(
  mass: number,
  inertia: Vector3,
  gravity: number,
): { world: PackedWorld; body: BodyFleet } {
  const world = new PackedWorld({ scenes: 1, spacing: 14, timestep: DT, gravity });
  const body = world.addBodies({ mass, inertia });
  body.rotation[3] = 1;
  return { world, body };
}

/** Steps `seconds` under a constant force and torque, then reads the state. */
function advance(world: PackedWorld, body: BodyFleet, seconds: number): void {
  for (let i = 0; i < Math.round(seconds / DT); i++) {
    body.push();
    world.step();
  }
  body.pull();
}

describe('free fall', () => {
  test.each([0.5, 1, 1.5, 2])('after %f s is −½gt² and the error of the integrator, −gt·Δt/8', (t) => {
    const { world, body } = singleBody(1.52, [1, 2, 3], -GRAVITY);
    body.place(0);
    advance(world, body, t);
    // Each of the n sub-steps rounds speed and height, by half a unit in the last place at most.
    const n = (t / DT) * SUBSTEPS;
    const fallen = (GRAVITY * t * t) / 2;
    const speedTolerance = (n * ulp(GRAVITY * t)) / 2;
    const tolerance = (n * ulp(fallen)) / 2 + speedTolerance * t;
    expect(Math.abs(body.linearVelocity[2]! + GRAVITY * t)).toBeLessThan(speedTolerance);
    expect(Math.abs(body.position[2]! + fallen + (GRAVITY * t * SUBSTEP) / 2)).toBeLessThan(tolerance);
    // The tolerance is small enough to see the integrator's error.
    expect(tolerance).toBeLessThan((GRAVITY * t * SUBSTEP) / 2);
    world.free();
  });

  test('gravity can be set, and leaves horizontal motion alone', () => {
    const { world, body } = singleBody(1, [1, 1, 1], -1.62);
    body.linearVelocity.set([2, -1, 0]);
    body.place(0);
    advance(world, body, 1);
    // 800 roundings at speeds and distances of at most 2: 800 · 1.2e-7.
    expect(Math.abs(body.linearVelocity[2]! + 1.62)).toBeLessThan(1e-4);
    expect([...body.linearVelocity.subarray(0, 2)]).toEqual([2, -1]);
    expect(Math.abs(body.position[0]! - 2)).toBeLessThan(1e-4);
    expect(Math.abs(body.position[1]! + 1)).toBeLessThan(1e-4);
    world.free();
  });
});

describe('mass properties', () => {
  test.each([0.5, 1.52, 20])('a force of 3 N gives %f kg a speed of F·t/m', (mass) => {
    const { world, body } = singleBody(mass, [1, 1, 1], 0);
    body.place(0);
    body.force.set([3, 0, 0]);
    advance(world, body, 1);
    expect(Math.abs(body.linearVelocity[0]! / (3 / mass) - 1)).toBeLessThan(ROUNDING);
    expect([...body.linearVelocity.subarray(1)]).toEqual([0, 0]);
    world.free();
  });

  test.each([0, 1, 2])('a torque about axis %i gives a spin of τ·t/I about this axis only', (axis) => {
    const inertia: Vector3 = [0.0347563, 0.0458929, 0.0977];
    const { world, body } = singleBody(1.52, inertia, 0);
    body.place(0);
    body.torque[axis] = 0.02;
    advance(world, body, 1);
    expect(Math.abs(body.angularVelocity[axis]! / (0.02 / inertia[axis]!) - 1)).toBeLessThan(ROUNDING);
    const others = [0, 1, 2].filter((other) => other !== axis);
    for (const other of others) expect(Math.abs(body.angularVelocity[other]!)).toBeLessThan(1e-9);
    world.free();
  });

  test('the moments are about the axes of the body, not those of the world', () => {
    const { world, body } = singleBody(1.52, [0.01, 1, 1], 0);
    // A quarter turn about z lays the light x axis along the world's y.
    body.rotation.set([0, 0, Math.SQRT1_2, Math.SQRT1_2]);
    body.place(0);
    body.torque.set([0, 0.02, 0]);
    advance(world, body, 0.5);
    expect(Math.abs(body.angularVelocity[1]! - 1)).toBeLessThan(ROUNDING);
    world.free();
  });

  test('setMass changes one scene only, from the next step on', () => {
    const world = new PackedWorld({ scenes: 2, spacing: 14, timestep: DT, gravity: 0 });
    const fleet = world.addBodies({ mass: 1, inertia: [1, 1, 1] });
    fleet.rotation.set([0, 0, 0, 1, 0, 0, 0, 1]);
    for (const scene of [0, 1]) fleet.place(scene);
    fleet.setMass(1, { mass: 2, inertia: [4, 4, 4] });
    fleet.force.set([1, 0, 0, 1, 0, 0]);
    fleet.torque.set([0, 0, 1, 0, 0, 1]);
    advance(world, fleet, 0.5);
    const { linearVelocity: linear, angularVelocity: angular } = fleet;
    expect(Math.abs(linear[0]! / 0.5 - 1)).toBeLessThan(ROUNDING);
    expect(Math.abs(linear[3]! / 0.25 - 1)).toBeLessThan(ROUNDING);
    expect(Math.abs(angular[2]! / 0.5 - 1)).toBeLessThan(ROUNDING);
    expect(Math.abs(angular[5]! / 0.125 - 1)).toBeLessThan(ROUNDING);
    world.free();
  });
});
