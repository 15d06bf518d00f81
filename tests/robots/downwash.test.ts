/** The air below a quadrotor, against the formula. */
import { expect, test } from 'vitest';
import { addDownwash, QuadrotorFleet, racketIris } from '../../robots/quadrotor/index.ts';
import { rollPitchYaw } from '../../src/physics/math.ts';
import { PackedWorld } from '../../src/physics/packed-world.ts';

const THRUST = [12, 15, 18];

/** Three aircraft in each of two scenes, with thrusts of 12, 15 and 18 N. @returns what each of them feels, N */
function forces(places: readonly (readonly number[])[], tilt = 0): number[][] {
  const world = new PackedWorld({ scenes: 2, spacing: 24, timestep: 0.005 });
  const fleet = new QuadrotorFleet(world, racketIris, 'rotors', 3);
  for (let i = 0; i < 6; i++) {
    fleet.bodies.position.set(places[i % 3]!, 3 * i);
    fleet.bodies.rotation.set(rollPitchYaw(0, tilt, 0), 4 * i);
    fleet.thrust[i] = THRUST[i % 3]!;
  }
  addDownwash(fleet);
  const felt = Array.from({ length: 6 }, (_, i) => [...fleet.bodies.force.subarray(3 * i, 3 * i + 3)]);
  world.free();
  return felt;
}

const strength = (above: number, aside: number): number =>
  Math.exp(-0.5 * ((2 * aside) / above) ** 2) / (1 + 0.3 * above) ** 2;

test('pushes down who is below, by the thrust of who is above', () => {
  const felt = forces([
    [0, 0, 3],
    [0, 0, 2],
    [5, 5, 0],
  ]);
  expect(felt[0]).toEqual([0, 0, 0]);
  expect(felt[1]![2]).toBeCloseTo(-12 * strength(1, 0), 4);
  // Far aside, and still the same in the other scene.
  expect(felt[2]![2]).toBeCloseTo(
    -12 * strength(3, Math.hypot(5, 5)) - 15 * strength(2, Math.hypot(5, 5)),
    4,
  );
  expect(felt.slice(3)).toEqual(felt.slice(0, 3));
});

test('adds up, and fades to the side', () => {
  const felt = forces([
    [0.2, 0, 3],
    [-0.3, 0, 2.5],
    [0, 0, 1.5],
  ]);
  expect(felt[2]![2]).toBeCloseTo(-12 * strength(1.5, 0.2) - 15 * strength(1, 0.3), 4);
  expect(felt[1]![2]).toBeCloseTo(-12 * strength(0.5, 0.5), 4);
});

test('leaves along the axis of who makes it', () => {
  const tilt = 0.4;
  const [x, z] = [Math.sin(tilt), Math.cos(tilt)];
  // The second one is one metre down the first one's axis.
  const felt = forces(
    [
      [x, 0, 3 + z],
      [0, 0, 3],
      [20, 0, 0],
    ],
    tilt,
  );
  const force = -12 * strength(1, 0);
  expect(felt[1]![0]).toBeCloseTo(force * x, 4);
  expect(felt[1]![2]).toBeCloseTo(force * z, 4);
});
