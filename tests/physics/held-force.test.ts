/** Forces that are held on a body from outside, against closed forms. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { rotate, unrotate, type Vector3 } from '../../src/physics/math.ts';
import { PackedWorld } from '../../src/physics/packed-world.ts';

const DT = 0.005;
const MASS = 1.52;
const INERTIA: Vector3 = [0.0347563, 0.0458929, 0.0977];
const HERE: Vector3 = [0.3, -0.7, 2];

/** Level bodies without weight, at rest at `HERE`. */
function create(scenes = 1): { world: PackedWorld; fleet: BodyFleet } {
  const world = new PackedWorld({ scenes, spacing: 14, timestep: DT, gravity: 0 });
  const fleet = world.addBodies({ mass: MASS, inertia: INERTIA });
  for (let scene = 0; scene < scenes; scene++) {
    fleet.position.set(HERE, 3 * scene);
    fleet.rotation[4 * scene + 3] = 1;
    fleet.place(scene);
  }
  return { world, fleet };
}

function step(world: PackedWorld, fleet: BodyFleet, steps = 1): void {
  for (let i = 0; i < steps; i++) {
    fleet.push();
    world.step();
    fleet.pull();
  }
}

const speedOf = (fleet: BodyFleet, scene = 0): number =>
  Math.hypot(...fleet.linearVelocity.subarray(3 * scene, 3 * scene + 3));

const finite = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
const vectors = (limit: number) => fc.tuple(finite(limit), finite(limit), finite(limit));

test('at the centre of mass, a force makes a speed of F·t/m, and no spin', () => {
  const { world, fleet } = create();
  fleet.hold(0, [3, -2, 1], HERE);
  step(world, fleet);
  // Rapier makes four sub-steps of every step, each with two roundings of at most one part in 2²⁴.
  [3, -2, 1].forEach((force, axis) => {
    expect(Math.abs(fleet.linearVelocity[axis]! / ((force * DT) / MASS) - 1)).toBeLessThan(8 / 2 ** 24);
  });
  // The point and the position are rounded apart by 2⁻²⁴ m at most.
  for (const spin of fleet.angularVelocity) expect(Math.abs(spin)).toBeLessThan(1e-7);
  world.free();
});

test('off the centre, it makes in one step a spin of I⁻¹·(r × F)·t in the axes of the body', () => {
  fc.assert(
    fc.property(vectors(10), vectors(0.3), (force, lever) => {
      const { world, fleet } = create();
      fleet.hold(0, force, [HERE[0] + lever[0], HERE[1] + lever[1], HERE[2] + lever[2]]);
      step(world, fleet);
      const torque = [
        lever[1] * force[2] - lever[2] * force[1],
        lever[2] * force[0] - lever[0] * force[2],
        lever[0] * force[1] - lever[1] * force[0],
      ];
      // A torque of at most 6 N·m and its acceleration of at most 173 rad/s² turn the body by up to 2 mrad
      // within the step, at up to 0.9 rad/s: gyroscopic terms and turned axes make 1 % of the largest spin.
      // The lever loses 2⁻²³ m · 10 N.
      const largest = Math.max(...torque.map((part, axis) => Math.abs(part / INERTIA[axis]!))) * DT;
      torque.forEach((part, axis) => {
        const spin = (part / INERTIA[axis]!) * DT;
        expect(Math.abs(fleet.angularVelocity[axis]! - spin)).toBeLessThan(0.01 * largest + 1e-6);
      });
      world.free();
    }),
    { numRuns: 50 },
  );
});

test('it acts on the same point of the body while that turns, so that energy is kept', () => {
  const { world, fleet } = create();
  const [force, lever] = [Float64Array.of(0.5, 0.2, -0.4), Float64Array.of(0.2, 0.1, 0.05)];
  fleet.hold(0, [...force] as unknown as Vector3, [HERE[0] + 0.2, HERE[1] + 0.1, HERE[2] + 0.05]);
  const point = new Float64Array(3);
  const spin = new Float64Array(3);
  /** Motion of the centre, spin about it, and −F·p of the point that is held. */
  const energies = (): [kinetic: number, potential: number] => {
    unrotate(spin, 0, fleet.rotation, 0, fleet.angularVelocity, 0);
    rotate(point, 0, fleet.rotation, 0, lever, 0);
    const turning = INERTIA.reduce((sum, moment, axis) => sum + moment * spin[axis]! ** 2, 0) / 2;
    const work = force.reduce((sum, part, axis) => sum + part * (point[axis]! + fleet.position[axis]!), 0);
    return [turning + (MASS * speedOf(fleet) ** 2) / 2, -work];
  };
  const [, start] = energies();
  let largest = 0;
  for (let i = 0; i < 2 / DT; i++) {
    step(world, fleet);
    const [kinetic, potential] = energies();
    largest = Math.max(largest, kinetic);
    expect(Math.abs(kinetic + potential - start)).toBeLessThan(0.02 * largest + 1e-3);
  }
  // It has turned far: the lever would otherwise have stayed nearly where it was.
  expect(Math.abs(fleet.rotation[3]!)).toBeLessThan(0.9);
  world.free();
});

describe('a body is let go', () => {
  const letGo: Record<string, (world: PackedWorld, fleet: BodyFleet) => void> = {
    'with a force of zero': (_, fleet) => fleet.hold(0, [0, 0, 0], HERE),
    'when it is placed': (_, fleet) => fleet.place(0),
    'when the world is cleared': (world) => world.clear(),
  };
  test.each(Object.keys(letGo))('%s', (how) => {
    const { world, fleet } = create();
    fleet.hold(0, [5, 0, 0], HERE);
    step(world, fleet, 3);
    letGo[how]!(world, fleet);
    fleet.pull();
    const before = fleet.linearVelocity.slice();
    step(world, fleet, 5);
    expect(fleet.linearVelocity).toEqual(before);
    world.free();
  });

  test('not by another force, which takes the place of the first', () => {
    const { world, fleet } = create();
    fleet.hold(0, [5, 0, 0], HERE);
    fleet.hold(0, [0, 5, 0], HERE);
    step(world, fleet);
    expect(fleet.linearVelocity[0]).toBe(0);
    expect(fleet.linearVelocity[1]! / ((5 * DT) / MASS)).toBeCloseTo(1, 5);
    world.free();
  });

  test("not by a snapshot's restoring, of which a hand from outside is no part", () => {
    const { world, fleet } = create();
    const before = fleet.state.map((array) => array.slice());
    const snapshot = world.snapshot();
    fleet.hold(0, [5, 0, 0], HERE);
    expect(world.snapshot()).toEqual(snapshot);
    expect(fleet.state).toEqual(before);
    world.restore(snapshot);
    step(world, fleet);
    expect(fleet.linearVelocity[0]! / ((5 * DT) / MASS)).toBeCloseTo(1, 5);
    world.free();
  });
});

test('other scenes notice nothing', () => {
  const { world, fleet } = create(3);
  fleet.hold(1, [5, 0, 0], HERE);
  step(world, fleet, 10);
  expect([0, 1, 2].map((scene) => speedOf(fleet, scene) > 0)).toEqual([false, true, false]);
  world.free();
});
