/** Contact forces, against Newton's laws. */
import { describe, expect, test } from 'vitest';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { tiltThenYaw } from '../../src/physics/math.ts';
import { GRAVITY, PackedWorld } from '../../src/physics/packed-world.ts';

const DT = 0.005;
const MASS = 1.52;
const WEIGHT = MASS * GRAVITY;
const body = { radius: 0.26, halfHeight: 0.055 };
const properties = { mass: MASS, inertia: [0.0347563, 0.0458929, 0.0977] } as const;

function create(scenes = 1): { world: PackedWorld; fleet: BodyFleet } {
  const world = new PackedWorld({ scenes, spacing: 14, timestep: DT, ground: true });
  return { world, fleet: world.addBodies(properties, { solids: [body] }) };
}

function put(fleet: BodyFleet, scene: number, height: number, tilt = 0): void {
  fleet.position.set([1, -2, height], 3 * scene);
  fleet.rotation.set(tiltThenYaw([1, 0, 0], tilt, 0), 4 * scene);
  fleet.linearVelocity.fill(0, 3 * scene, 3 * scene + 3);
  fleet.angularVelocity.fill(0, 3 * scene, 3 * scene + 3);
  fleet.place(scene);
}

function step(world: PackedWorld, fleet: BodyFleet, steps = 1): void {
  for (let i = 0; i < steps; i++) {
    fleet.push();
    world.step();
    fleet.pull();
  }
}

/** Rows of `[C, 6]`, as points and forces. */
const rowsOf = (contacts: Float32Array) =>
  Array.from({ length: contacts.length / 6 }, (_, i) => ({
    point: [...contacts.subarray(6 * i, 6 * i + 3)],
    force: [...contacts.subarray(6 * i + 3, 6 * i + 6)],
  }));

const sumOf = (contacts: Float32Array): number[] =>
  rowsOf(contacts).reduce((sum, { force }) => sum.map((part, axis) => part + force[axis]!), [0, 0, 0]);

describe('a body that rests on the ground', () => {
  const { world, fleet } = create(4);
  for (let scene = 0; scene < 4; scene++) put(fleet, scene, body.halfHeight);
  fleet.setMass(3, { mass: 2 * MASS, inertia: properties.inertia });
  step(world, fleet, 1 / DT);

  test.each([0, 1, 2])('is carried by its weight, straight up, in scene %i', (scene) => {
    const [x, y, z] = sumOf(world.contacts(scene));
    expect(Math.abs(z! / WEIGHT - 1)).toBeLessThan(0.02);
    expect(Math.hypot(x!, y!) / WEIGHT).toBeLessThan(1e-3);
  });

  test('is carried by twice that where it weighs twice as much', () => {
    expect(Math.abs(sumOf(world.contacts(3))[2]! / (2 * WEIGHT) - 1)).toBeLessThan(0.02);
  });

  test('touches at points of its lower rim, at the floor, in the frame of its scene', () => {
    for (let scene = 0; scene < 4; scene++) {
      const rows = rowsOf(world.contacts(scene));
      expect(rows.length).toBeGreaterThanOrEqual(3);
      for (const { point } of rows) {
        const [dx, dy] = [point[0]! - fleet.position[3 * scene]!, point[1]! - fleet.position[3 * scene + 1]!];
        // The engine lets contacts overlap, or stand apart, by up to 1 mm.
        expect(Math.hypot(dx, dy)).toBeCloseTo(body.radius, 3);
        expect(Math.abs(point[2]!)).toBeLessThan(1e-3);
      }
    }
  });

  test('is pressed by a force that is held on it, beside its weight', () => {
    fleet.hold(0, [0, 0, -10], [1, -2, 0]);
    step(world, fleet, 1 / DT);
    expect(Math.abs(sumOf(world.contacts(0))[2]! / (WEIGHT + 10) - 1)).toBeLessThan(0.02);
  });
});

test('an impact: what the ground gives is the change of momentum and of what gravity brings', () => {
  const { world, fleet } = create();
  put(fleet, 0, 0.4, 0.5);
  let touched = 0;
  for (let i = 0; i < 0.5 / DT; i++) {
    const before = fleet.linearVelocity[2]!;
    step(world, fleet);
    const given = sumOf(world.contacts(0))[2]! * DT;
    const taken = MASS * (fleet.linearVelocity[2]! - before + GRAVITY * DT);
    // Speeds of up to 3 m/s in float32, rounded in each of four sub-steps.
    expect(Math.abs(given - taken)).toBeLessThan(1e-4 + 0.02 * Math.abs(taken));
    if (given > 0) touched++;
  }
  expect(touched).toBeGreaterThan(5);
  world.free();
});

test('there are none in the air, of a body without a shape, and in a world that was cleared', () => {
  const { world, fleet } = create(2);
  const ghost = world.addBodies(properties);
  put(fleet, 0, body.halfHeight);
  put(fleet, 1, 2);
  put(ghost, 0, 0);
  step(world, fleet, 20);
  expect(rowsOf(world.contacts(0)).length).toBeGreaterThan(0);
  expect([...world.contacts(1)]).toEqual([]);
  world.clear();
  expect([...world.contacts(0)]).toEqual([]);
  world.free();
});

test('a body that was placed elsewhere has none until the next step', () => {
  const { world, fleet } = create();
  put(fleet, 0, body.halfHeight);
  step(world, fleet, 20);
  put(fleet, 0, 2);
  expect([...world.contacts(0)]).toEqual([]);
  put(fleet, 0, body.halfHeight);
  step(world, fleet);
  expect(rowsOf(world.contacts(0)).length).toBeGreaterThan(0);
  world.free();
});

test('a contact of two bodies is told once, as the force on the one that was added first', () => {
  const world = new PackedWorld({ scenes: 1, spacing: 14, timestep: DT, ground: true });
  const lower = world.addBodies(properties, { solids: [body] });
  const upper = world.addBodies(properties, { solids: [body] });
  put(lower, 0, body.halfHeight);
  put(upper, 0, 3 * body.halfHeight);
  for (let i = 0; i < 1 / DT; i++) {
    lower.push();
    upper.push();
    world.step();
  }
  const forces = rowsOf(world.contacts(0)).map(({ force }) => force[2]!);
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  // The ground carries both, and the upper one presses on the lower.
  expect(Math.abs(sum(forces.filter((z) => z > 0)) / (2 * WEIGHT) - 1)).toBeLessThan(0.02);
  expect(Math.abs(sum(forces.filter((z) => z < 0)) / -WEIGHT - 1)).toBeLessThan(0.02);
  world.free();
});

test('to ask changes nothing', () => {
  const runs = [false, true].map((asked) => {
    const { world, fleet } = create();
    put(fleet, 0, 0.4, 0.5);
    const heights: number[] = [];
    for (let i = 0; i < 200; i++) {
      step(world, fleet);
      if (asked) world.contacts(0);
      heights.push(...fleet.position, ...fleet.rotation);
    }
    world.free();
    return heights;
  });
  expect(runs[1]).toEqual(runs[0]);
});
