import { describe, expect, test } from 'vitest';
import { iris, noVariation } from '../../robots/quadrotor/index.ts';
import { tiltThenYaw } from '../../src/physics/math.ts';
import { GRAVITY } from '../../src/physics/packed-world.ts';
import { createFlight, FULL_THRUST, PHYSICS_DT } from '../support/flight.ts';

const RATE = 0.2;
const STILL = [-1, -1, -1, -1];

/**
 * A decay by a factor of 1 − k·Δt in each step is faster than exp(−k·t) by k²·Δt·t/2: 5·10⁻⁴ at 5 s. Float32 adds 4000
 * roundings of one part in 2²⁴.
 */
const tolerance = (time: number): number => (RATE ** 2 * PHYSICS_DT * time) / 2 + 4000 / 2 ** 24;

describe('linear drag', () => {
  test.each([0.5, 1, 2, 5])('leaves exp(−0.2·t) of the horizontal speed after %f s', (time) => {
    const { fleet, fly, world } = createFlight('rotors');
    fleet.bodies.linearVelocity.set([6, -3, 0]);
    fleet.place(0, 0);
    fly(STILL, time);
    const left = Math.exp(-RATE * time);
    expect(Math.abs(fleet.bodies.linearVelocity[0]! / (6 * left) - 1)).toBeLessThan(tolerance(time));
    expect(Math.abs(fleet.bodies.linearVelocity[1]! / (-3 * left) - 1)).toBeLessThan(tolerance(time));
    world.free();
  });

  test('brings a fall towards a terminal speed of g/0.2', () => {
    const { fleet, fly, world } = createFlight('rotors');
    fly(STILL, 20);
    const expected = -(GRAVITY / RATE) * (1 - Math.exp(-RATE * 20));
    expect(expected).toBeLessThan(-48);
    // The steps' error of the decay, k²·Δt·t/2 of the 2 % that are still missing, and float32 on the whole.
    expect(Math.abs(fleet.bodies.linearVelocity[2]! / expected - 1)).toBeLessThan(16_000 / 2 ** 24);
    world.free();
  });

  test('acts the same in every attitude', () => {
    const { fleet, fly, world } = createFlight('rotors', 2);
    fleet.bodies.rotation.set(tiltThenYaw([0.6, 0.8, 0], 1, 2), 4);
    for (const scene of [0, 1]) {
      fleet.bodies.linearVelocity.set([4, 1, 0], 3 * scene);
      fleet.place(scene, 0);
    }
    fly(STILL, 1);
    expect(fleet.bodies.linearVelocity.subarray(3)).toEqual(fleet.bodies.linearVelocity.subarray(0, 3));
    world.free();
  });

  test('is against the air, so wind carries an aircraft along', () => {
    const { fleet, fly, world } = createFlight('rotors', 2);
    fleet.vary(1, { ...noVariation, wind: [5, -2, 0] });
    fly(STILL, 3);
    const carried = 1 - Math.exp(-RATE * 3);
    const [x, y] = fleet.bodies.linearVelocity.subarray(3);
    // As above, but of the remaining 55 %: below twice the tolerance of the decay itself.
    expect(Math.abs(x! / (5 * carried) - 1)).toBeLessThan(2 * tolerance(3));
    expect(Math.abs(y! / (-2 * carried) - 1)).toBeLessThan(2 * tolerance(3));
    expect([...fleet.bodies.linearVelocity.subarray(0, 2)]).toEqual([0, 0]);
    world.free();
  });
});

describe('angular drag', () => {
  test.each([0, 1, 2])('leaves exp(−0.2·t) of the spin about axis %i', (axis) => {
    const { fleet, fly, world } = createFlight('rotors');
    fleet.bodies.angularVelocity[axis] = 3;
    fleet.place(0, 0);
    fly(STILL, 2);
    const expected = 3 * Math.exp(-RATE * 2);
    expect(Math.abs(fleet.bodyRates[axis]! / expected - 1)).toBeLessThan(tolerance(2));
    world.free();
  });
});

describe('a varied aircraft', () => {
  /** Changes of speed and spin of scene 0, varied, and scene 1, the model, in one step from the same thrusts. */
  function compare(variation: Partial<typeof noVariation>) {
    const { fleet, fly, world } = createFlight('rotors', 2);
    fleet.vary(0, { ...noVariation, ...variation });
    for (const scene of [0, 1]) fleet.place(scene, 0.25);
    // A command that holds rotors 1, 2 and 3 and speeds rotor 0 up.
    fly([1, -0.5, -0.5, -0.5], PHYSICS_DT);
    const { linearVelocity: v } = fleet.bodies;
    const lift = [0, 1].map((scene) => v[3 * scene + 2]! + GRAVITY * PHYSICS_DT);
    const roll = [0, 1].map((scene) => fleet.bodyRates[3 * scene]!);
    const spedUp = [0, 1].map((scene) => fleet.throttle[4 * scene]! - 0.5);
    world.free();
    return { lift: lift[0]! / lift[1]!, roll: roll[0]! / roll[1]!, spedUp: spedUp[0]! / spedUp[1]! };
  }

  test('without variation is the model', () => {
    expect(compare({})).toEqual({ lift: 1, roll: 1, spedUp: 1 });
  });

  test('of 1.25 times the mass is lifted 1.25 times less, and turns as before', () => {
    const { lift, roll } = compare({ mass: 1.25 });
    expect(lift).toBeCloseTo(1 / 1.25, 5);
    expect(roll).toBe(1);
  });

  test('of 0.8 times the inertia turns 1.25 times as fast, and is lifted as before', () => {
    const { lift, roll } = compare({ inertia: 0.8 });
    expect(roll).toBeCloseTo(1.25, 5);
    expect(lift).toBe(1);
  });

  test('of 0.9 times the thrust is lifted and turned 0.9 times as much', () => {
    const { lift, roll } = compare({ thrust: 0.9 });
    expect(lift).toBeCloseTo(0.9, 5);
    expect(roll).toBeCloseTo(0.9, 5);
  });

  test('of twice the motor time constant follows the command by 1 − exp(−t/2T)', () => {
    const gain = (factor: number): number => 1 - Math.exp(-PHYSICS_DT / (factor * iris.motorTimeConstant));
    expect(compare({ motorTimeConstant: 2 }).spedUp).toBeCloseTo(gain(2) / gain(1), 5);
  });

  test('has the drag per mass and inertia of the model, so it slows down as fast', () => {
    const { fleet, fly, world } = createFlight('rotors', 2);
    fleet.vary(0, { ...noVariation, mass: 1.5, inertia: 1.5 });
    for (const scene of [0, 1]) {
      fleet.bodies.linearVelocity.set([3, 0, 0], 3 * scene);
      fleet.bodies.angularVelocity.set([0, 0, 3], 3 * scene);
      fleet.place(scene, 0);
    }
    fly(STILL, 1);
    const { linearVelocity: v } = fleet.bodies;
    expect(v[0]! / v[3]!).toBeCloseTo(1, 4);
    expect(fleet.bodyRates[2]! / fleet.bodyRates[5]!).toBeCloseTo(1, 4);
    world.free();
  });

  test('can be varied back to the model exactly', () => {
    const { fleet, world } = createFlight('rotors', 2);
    fleet.vary(0, { mass: 2, inertia: 2, motorTimeConstant: 2, thrust: 0.5, wind: [1, 1, 1] });
    fleet.vary(0, noVariation);
    const actions = Float32Array.of(0.4, 0.2, 0.3, 0.1, 0.4, 0.2, 0.3, 0.1);
    for (let step = 0; step < 100; step++) fleet.fly(actions, 1);
    // The engine's order of summing inertias leaves no trace, so every digit is the same.
    expect(fleet.bodies.linearVelocity.subarray(0, 3)).toEqual(fleet.bodies.linearVelocity.subarray(3));
    expect(fleet.bodyRates.subarray(0, 3)).toEqual(fleet.bodyRates.subarray(3));
    expect(fleet.throttle.subarray(0, 4)).toEqual(fleet.throttle.subarray(4));
    world.free();
  });

  test('lifts at most its own share of the full thrust', () => {
    const { fleet, fly, world } = createFlight('rotors');
    fleet.vary(0, { ...noVariation, thrust: 0.5, inertia: 1000 });
    fleet.place(0, 1);
    fly([1, 1, 1, 1], PHYSICS_DT);
    const lift = (4 * 0.5 * FULL_THRUST) / iris.mass;
    expect(fleet.bodies.linearVelocity[2]! / ((lift - GRAVITY) * PHYSICS_DT)).toBeCloseTo(1, 4);
    world.free();
  });
});
