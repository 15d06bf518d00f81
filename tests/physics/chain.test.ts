/** Elastic chains in a packed world. */
import { describe, expect, test } from 'vitest';
import type { ChainFleet } from '../../src/physics/chain-fleet.ts';
import { PackedWorld, type PackedWorldOptions } from '../../src/physics/packed-world.ts';

const LINKS = 4;
const LENGTH = 0.25;
const DT = 0.002;
const link = { mass: 0.05, inertia: [3e-4, 3e-4, 3e-4], stiffness: 3, damping: 0.003 } as const;

function create(scenes: number, options: Partial<PackedWorldOptions> = {}) {
  const world = new PackedWorld({
    scenes,
    spacing: 0,
    timestep: DT,
    gravity: 0,
    solverIterations: 8,
    solverSweeps: 2,
    ...options,
  });
  const chains = world.addChains({ linkLength: LENGTH, links: Array(LINKS).fill(link) });
  return { world, chains };
}

/** Shakes, loads and bends every chain. @returns what is read after each of `steps` steps */
function shake(world: PackedWorld, chains: ChainFleet, steps: number, from = 0): Float64Array {
  const rows: number[] = [];
  for (let step = from; step < from + steps; step++) {
    const time = step * DT;
    for (let scene = 0; scene < chains.count; scene++) {
      chains.base.set(
        [0.1 * Math.sin(3 * time), 0.2 * Math.sin(5 * time), 0.3 * Math.sin(4 * time)],
        3 * scene,
      );
      for (let i = LINKS * scene; i < LINKS * (scene + 1); i++) {
        chains.force[2 * i + 1] = 0.1 * Math.cos(7 * time);
        chains.torque[i] = 0.01 * Math.sin(11 * time);
        chains.restAngle[i] = 0.1 * Math.sin(6 * time);
        chains.restRate[i] = 0.6 * Math.cos(6 * time);
      }
    }
    chains.push();
    world.step();
    chains.pull();
    for (const values of chains.state) rows.push(...values);
  }
  return Float64Array.from(rows);
}

/** Start and end of a link. */
function ends(chains: ChainFleet, i: number): readonly [number, number, number, number] {
  const [x, y] = [chains.position[2 * i]!, chains.position[2 * i + 1]!];
  const [c, s] = [(LENGTH / 2) * Math.cos(chains.angle[i]!), (LENGTH / 2) * Math.sin(chains.angle[i]!)];
  return [x - c, y - s, x + c, y + s];
}

describe('a chain', () => {
  test('hangs on its base and holds together, however it is shaken', () => {
    const { world, chains } = create(1);
    for (let step = 0; step < 500; step++) {
      shake(world, chains, 1, step);
      let [x, y] = [chains.base[0]!, chains.base[1]!];
      for (let i = 0; i < LINKS; i++) {
        const [startX, startY, endX, endY] = ends(chains, i);
        expect(Math.hypot(startX - x, startY - y)).toBeLessThan(2e-4);
        [x, y] = [endX, endY];
      }
    }
    expect(Math.max(...chains.angle.map(Math.abs))).toBeGreaterThan(0.05);
    world.free();
  });

  test('is drawn where it is, in the plane', () => {
    const { world, chains } = create(1);
    shake(world, chains, 100);
    const row = new Float32Array(9).fill(9);
    chains.writePose(0, 2, row, 1);
    expect([...row.subarray(1, 4)]).toEqual([chains.position[4], chains.position[5], 0]);
    expect([...row.subarray(4, 6)]).toEqual([0, 0]);
    expect(2 * Math.atan2(row[6]!, row[7]!)).toBeCloseTo(chains.angle[2]!, 6);
    expect([row[0], row[8]]).toEqual([9, 9]);
    world.free();
  });

  test('settles where springs and a load at the end are in balance', () => {
    const { world, chains } = create(1);
    const load = 0.1;
    for (let step = 0; step < 5000; step++) {
      for (let k = 0; k < 2 * LINKS; k++) chains.force[k] = -0.5 * chains.velocity[k]!;
      chains.force[2 * LINKS - 1]! += load;
      chains.push();
      world.step();
      chains.pull();
    }
    // The load is at the last link's middle: each joint carries its moment about itself.
    const middle = chains.position[2 * LINKS - 2]!;
    for (let i = 0; i < LINKS; i++) {
      const bend = chains.angle[i]! - (i === 0 ? 0 : chains.angle[i - 1]!);
      expect(Math.abs((link.stiffness * bend) / (load * (middle - ends(chains, i)[0])) - 1)).toBeLessThan(
        0.01,
      );
    }
    world.free();
  });

  test('goes to the rest angles of its joints', () => {
    const { world, chains } = create(1);
    chains.restAngle.fill(0.2);
    for (let step = 0; step < 5000; step++) {
      for (let k = 0; k < 2 * LINKS; k++) chains.force[k] = -0.5 * chains.velocity[k]!;
      chains.push();
      world.step();
      chains.pull();
    }
    for (const [i, angle] of chains.angle.entries()) expect(angle).toBeCloseTo(0.2 * (i + 1), 4);
    world.free();
  });
});

describe('repeatability', () => {
  test('a chain that is placed anew, and one in a cleared world, make the same digits again', () => {
    const { world, chains } = create(2);
    const start = (): void => {
      for (const scene of [0, 1]) {
        chains.base.fill(0, 3 * scene, 3 * scene + 3);
        chains.angle.fill(0, LINKS * scene, LINKS * (scene + 1));
        chains.place(scene);
      }
    };
    const first = shake(world, chains, 200);
    start();
    expect(shake(world, chains, 200)).toEqual(first);
    world.clear();
    start();
    expect(shake(world, chains, 200)).toEqual(first);
    world.free();
  });

  test('a snapshot goes on exactly, in this world and in another with another solver', () => {
    const { world, chains } = create(2);
    shake(world, chains, 50);
    const [snapshot, arrays] = [world.snapshot(), chains.state.map((values) => values.slice())];
    const onwards = shake(world, chains, 100, 50);
    world.restore(snapshot);
    expect(shake(world, chains, 100, 50)).toEqual(onwards);
    const other = create(2, { solverIterations: 2, solverSweeps: 1 });
    other.world.restore(snapshot);
    other.chains.state.forEach((values, i) => {
      values.set(arrays[i]!);
    });
    expect(shake(other.world, other.chains, 100, 50)).toEqual(onwards);
    expect(other.world.solverTimestep).toBe(world.solverTimestep);
    world.free();
    other.world.free();
  });

  test('scenes that are all in one place have the same digits', () => {
    const { world, chains } = create(9);
    shake(world, chains, 200);
    for (const values of chains.state) {
      const size = values.length / 9;
      for (let scene = 1; scene < 9; scene++)
        expect(values.slice(size * scene, size * (scene + 1))).toEqual(values.slice(0, size));
    }
    world.free();
  });
});

test('a scene elsewhere moves as one at the centre does, but for the rounding of coordinates', () => {
  const [centre, apart] = [create(1), create(4, { spacing: 8 })];
  shake(centre.world, centre.chains, 200);
  shake(apart.world, apart.chains, 200);
  for (let scene = 0; scene < 4; scene++)
    for (let i = 0; i < LINKS; i++) {
      expect(apart.chains.angle[LINKS * scene + i]).toBeCloseTo(centre.chains.angle[i]!, 3);
      expect(apart.chains.position[2 * (LINKS * scene + i)]).toBeCloseTo(centre.chains.position[2 * i]!, 3);
    }
  centre.world.free();
  apart.world.free();
});
