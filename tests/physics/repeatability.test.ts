import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { tiltThenYaw } from '../../src/physics/math.ts';
import { PackedWorld } from '../../src/physics/packed-world.ts';

const DT = 0.005;
const SCENES = 9;
const properties = { mass: 1.52, inertia: [0.0347563, 0.0458929, 0.0977] } as const;
const body = { radius: 0.26, halfHeight: 0.055 };

function createWorld(): { world: PackedWorld; fleet: BodyFleet } {
  const world = new PackedWorld({ scenes: SCENES, spacing: 14, timestep: DT, ground: true });
  return { world, fleet: world.addBodies(properties, { solids: [body] }) };
}

/** Throws every body at the floor, tumbling. */
function placeAll(fleet: BodyFleet, seed: number): void {
  const rng = createRng(seed);
  const around = (limit: number): number => rng.uniform(-limit, limit);
  for (let scene = 0; scene < SCENES; scene++) {
    fleet.position.set([around(1), around(1), rng.uniform(0.4, 1)], 3 * scene);
    const heading = around(Math.PI);
    const axis = [Math.cos(heading), Math.sin(heading), 0] as const;
    fleet.rotation.set(tiltThenYaw(axis, rng.uniform(0, 2), around(Math.PI)), 4 * scene);
    fleet.linearVelocity.set([around(2), around(2), around(2)], 3 * scene);
    fleet.angularVelocity.set([around(4), around(4), around(4)], 3 * scene);
    fleet.place(scene);
  }
}

/** The bodies' state after each of `steps` steps, one after the other. */
function record(world: PackedWorld, fleet: BodyFleet, steps: number): Float32Array {
  const rows: number[] = [];
  for (let step = 0; step < steps; step++) {
    fleet.push();
    world.step();
    fleet.pull();
    for (const array of fleet.state) rows.push(...array);
  }
  return Float32Array.from(rows);
}

const lowest = (fleet: BodyFleet): number => Math.min(...fleet.position.filter((_, i) => i % 3 === 2));

describe('a body on the ground', () => {
  test('rests: neither sinks nor creeps over 5 s', () => {
    const { world, fleet } = createWorld();
    for (let scene = 0; scene < SCENES; scene++) {
      fleet.position.set([0, 0, body.halfHeight + 0.02 * scene], 3 * scene);
      fleet.rotation[4 * scene + 3] = 1;
      fleet.place(scene);
    }
    record(world, fleet, 1 / DT);
    const settled = fleet.position.slice();
    // The engine lets contacts overlap, or stand apart, by up to 1 mm.
    for (let scene = 0; scene < SCENES; scene++)
      expect(Math.abs(settled[3 * scene + 2]! - body.halfHeight)).toBeLessThan(1e-3);
    record(world, fleet, 5 / DT);
    // What speed remains is float32 noise of 1e-7 m/s, which makes 0.5 µm in 5 s; coordinates resolve 1 µm at 14 m.
    for (const [i, at] of fleet.position.entries()) expect(Math.abs(at - settled[i]!)).toBeLessThan(5e-6);
    world.free();
  });

  test('does not fall through, even at 20 m/s', () => {
    const { world, fleet } = createWorld();
    placeAll(fleet, 3);
    for (let scene = 0; scene < SCENES; scene++) {
      fleet.linearVelocity.set([0, 0, -20], 3 * scene);
      fleet.place(scene);
    }
    const heights = record(world, fleet, 200).filter((_, i) => i % (13 * SCENES) < 3 * SCENES && i % 3 === 2);
    expect(Math.min(...heights)).toBeGreaterThan(-body.radius);
    expect(lowest(fleet)).toBeGreaterThan(0);
    world.free();
  });
});

describe('snapshot and restore', () => {
  test('continue exactly for 200 steps, in this world and in another, from the midst of a crash', () => {
    const { world, fleet } = createWorld();
    placeAll(fleet, 1);
    record(world, fleet, 60);
    // The cylinders reach 0.27 m at most, so one below that touches the floor or is about to.
    expect(lowest(fleet)).toBeLessThan(0.2);
    const snapshot = world.snapshot();
    const onwards = record(world, fleet, 200);

    world.restore(snapshot);
    expect(record(world, fleet, 200)).toEqual(onwards);

    const other = createWorld();
    other.world.restore(snapshot);
    expect(record(other.world, other.fleet, 200)).toEqual(onwards);
    world.free();
    other.world.free();
  });

  test('carry the mass of each scene', () => {
    const { world, fleet } = createWorld();
    placeAll(fleet, 1);
    fleet.setMass(0, { mass: 3.04, inertia: properties.inertia });
    world.restore(world.snapshot());
    placeAll(fleet, 1);
    const before = fleet.linearVelocity[0]!;
    fleet.force[0] = 3.04;
    record(world, fleet, 20);
    // 3.04 N on 3.04 kg for 0.1 s.
    expect(fleet.linearVelocity[0]! - before).toBeCloseTo(0.1, 4);
    world.free();
  });

  test('refuse bytes that are no snapshot', () => {
    const { world } = createWorld();
    expect(() => world.restore(Uint8Array.of(1, 2, 3))).toThrow(/cannot read this snapshot/);
    world.free();
  });
});

describe('clear', () => {
  test('makes a repeated run byte-equal, also after crashes', () => {
    const { world, fleet } = createWorld();
    const run = (): Float32Array => {
      world.clear();
      placeAll(fleet, 2);
      return record(world, fleet, 300);
    };
    const first = run();
    placeAll(fleet, 7);
    record(world, fleet, 137);
    expect(run()).toEqual(first);
    world.free();
  });

  test('makes a world that was restored from a crash as good as a new one', () => {
    const crashed = createWorld();
    placeAll(crashed.fleet, 7);
    record(crashed.world, crashed.fleet, 137);

    const runs = [createWorld(), createWorld()].map(({ world, fleet }, i) => {
      if (i === 1) world.restore(crashed.world.snapshot());
      world.clear();
      placeAll(fleet, 2);
      const trajectory = record(world, fleet, 300);
      world.free();
      return trajectory;
    });
    expect(runs[1]).toEqual(runs[0]);
    crashed.world.free();
  });
});

test('freeing a world twice does no harm', () => {
  const { world } = createWorld();
  world.free();
  expect(() => world.free()).not.toThrow();
});
