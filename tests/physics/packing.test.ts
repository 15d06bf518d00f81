import { describe, expect, test } from 'vitest';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { tiltThenYaw } from '../../src/physics/math.ts';
import { PackedWorld } from '../../src/physics/packed-world.ts';

const DT = 0.005;
const SPACING = 14;
const properties = { mass: 1.52, inertia: [0.0347563, 0.0458929, 0.0977] } as const;
const shape = { solids: [{ radius: 0.26, halfHeight: 0.055 }] };

describe('origins', () => {
  test.each([1, 2, 5, 64, 100])('of %i scenes are a spacing apart or more', (scenes) => {
    const world = new PackedWorld({ scenes, spacing: SPACING, timestep: DT });
    let nearest = Number.POSITIVE_INFINITY;
    for (let a = 0; a < scenes; a++) {
      for (let b = 0; b < a; b++) {
        const dx = world.origins[2 * a]! - world.origins[2 * b]!;
        const dy = world.origins[2 * a + 1]! - world.origins[2 * b + 1]!;
        nearest = Math.min(nearest, Math.hypot(dx, dy));
      }
    }
    expect(nearest).toBe(scenes === 1 ? Number.POSITIVE_INFINITY : SPACING);
    world.free();
  });

  test.each([1, 4, 64])('of %i scenes, a full square, have their mean at zero', (scenes) => {
    const world = new PackedWorld({ scenes, spacing: SPACING, timestep: DT });
    for (const axis of [0, 1]) {
      const mean = world.origins.filter((_, i) => i % 2 === axis).reduce((a, b) => a + b) / scenes;
      expect(mean).toBe(0);
    }
    world.free();
  });

  test.each([2, 3, 50])('of %i scenes stay within the square that the floor covers', (scenes) => {
    const world = new PackedWorld({ scenes, spacing: SPACING, timestep: DT });
    const half = (Math.ceil(Math.sqrt(scenes)) * SPACING) / 2;
    for (const at of world.origins) expect(Math.abs(at) + SPACING / 2).toBeLessThanOrEqual(half);
    world.free();
  });
});

function placeTumbling(fleet: BodyFleet, scene: number): void {
  fleet.position.set([0.3, -0.7, 2], 3 * scene);
  fleet.rotation.set(tiltThenYaw([0.6, 0.8, 0], 0.5, 1), 4 * scene);
  fleet.linearVelocity.set([1.3, -0.7, 2], 3 * scene);
  fleet.angularVelocity.set([1, -0.5, 2], 3 * scene);
  fleet.place(scene);
}

/** One second of free flight under a constant force and torque, the same in every scene. */
function fly(scenes: number): { fleet: BodyFleet; origins: Float64Array } {
  const world = new PackedWorld({ scenes, spacing: SPACING, timestep: DT });
  const fleet = world.addBodies(properties, shape);
  for (let scene = 0; scene < scenes; scene++) placeTumbling(fleet, scene);
  for (let step = 0; step < 1 / DT; step++) {
    for (let scene = 0; scene < scenes; scene++) {
      fleet.force.set([0.3, 0.2, 14], 3 * scene);
      fleet.torque.set([0.01, -0.02, 0.005], 3 * scene);
    }
    fleet.push();
    world.step();
  }
  fleet.pull();
  world.free();
  return { fleet, origins: world.origins };
}

describe('a scene in a pack of 64', () => {
  const alone = fly(1).fleet;
  const { fleet: packed, origins } = fly(64);
  const scenes = Array.from({ length: 64 }, (_, scene) => scene);

  test('has, in every scene, exactly the height, attitude and velocities that it has alone', () => {
    for (const scene of scenes) {
      expect(packed.position[3 * scene + 2]).toBe(alone.position[2]);
      expect(packed.rotation.subarray(4 * scene, 4 * scene + 4)).toEqual(alone.rotation);
      expect(packed.linearVelocity.subarray(3 * scene, 3 * scene + 3)).toEqual(alone.linearVelocity);
      expect(packed.angularVelocity.subarray(3 * scene, 3 * scene + 3)).toEqual(alone.angularVelocity);
    }
  });

  test('is, in every scene, where it is alone, but for the rounding of coordinates', () => {
    for (const scene of scenes) {
      for (const axis of [0, 1]) {
        // A coordinate at up to 53 m is a float32 with steps of 2⁻¹⁸ m. Each of 800 sub-steps rounds by half a step,
        // to either side: errors add as in a random walk, and five of its deviations bound them.
        const reach = Math.abs(origins[2 * scene + axis]!) + 4;
        const resolution = 2 ** (Math.floor(Math.log2(reach)) - 23);
        const tolerance = 5 * Math.sqrt(800 / 12) * resolution;
        const difference = packed.position[3 * scene + axis]! - alone.position[axis]!;
        expect(Math.abs(difference)).toBeLessThan(tolerance);
      }
    }
  });
});

describe('place and pull', () => {
  test('round-trip poses and velocities within the resolution of float32', () => {
    const world = new PackedWorld({ scenes: 64, spacing: SPACING, timestep: DT });
    const fleet = world.addBodies(properties, shape);
    for (let scene = 0; scene < 64; scene++) placeTumbling(fleet, scene);
    const before = fleet.state.map((array) => array.slice());
    for (const array of fleet.state) array.fill(Number.NaN);
    fleet.pull();
    const [position, rotation, linear, angular] = before;
    // Half a step of 2⁻¹⁸ m on adding the origin, and as much of the scene's own coordinates on taking it away.
    for (const [i, at] of position!.entries())
      expect(Math.abs(fleet.position[i]! - at)).toBeLessThan(2 ** -18);
    // The engine normalises quaternions.
    for (const [i, part] of rotation!.entries())
      expect(Math.abs(fleet.rotation[i]! - part)).toBeLessThan(2 ** -22);
    expect(fleet.linearVelocity).toEqual(linear);
    expect(fleet.angularVelocity).toEqual(angular);
    world.free();
  });

  test('place moves one scene and leaves the others', () => {
    const world = new PackedWorld({ scenes: 3, spacing: SPACING, timestep: DT });
    const fleet = world.addBodies(properties, shape);
    for (let scene = 0; scene < 3; scene++) placeTumbling(fleet, scene);
    fleet.position.set([9, 9, 9, 1, 1, 1, 9, 9, 9]);
    fleet.place(1);
    fleet.pull();
    expect([...fleet.position.subarray(3, 6)]).toEqual([1, 1, 1]);
    for (const scene of [0, 2]) expect(fleet.position[3 * scene + 2]).toBe(2);
    world.free();
  });

  test('a step without place goes on from where the last one ended', () => {
    const world = new PackedWorld({ scenes: 1, spacing: SPACING, timestep: DT, gravity: 0 });
    const fleet = world.addBodies(properties);
    placeTumbling(fleet, 0);
    fleet.position.fill(99);
    world.step();
    fleet.pull();
    expect(fleet.position[0]!).toBeCloseTo(0.3 + 1.3 * DT, 6);
    world.free();
  });
});
