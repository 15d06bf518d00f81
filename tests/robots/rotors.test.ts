import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ActionMode, hoverAction, iris, wrenchOfThrusts } from '../../robots/quadrotor/index.ts';
import { GRAVITY } from '../../src/physics/packed-world.ts';
import {
  actionOf,
  balancedThrusts,
  createFlight,
  FULL_THRUST,
  PHYSICS_DT,
  setThrusts,
  thrustsOf,
  WEIGHT,
} from '../support/flight.ts';

/** Relative error of a closed form: drag of 0.2 1/s holds still within a step, half a step too old; and as much for the rest. */
const HALF_STEP = iris.linearDrag * PHYSICS_DT;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Flies `seconds` at thrusts that are there from the first step on. */
function flyAt(thrusts: readonly number[], seconds: number) {
  const flight = createFlight('rotors');
  setThrusts(flight.fleet, 0, thrusts);
  flight.fly(actionOf(thrusts), seconds);
  return flight;
}

/** Spin after `seconds` of a steady torque against the angular drag k: τ/(I·k)·(1 − exp(−k·t)). */
const spinUnder = (torque: number, inertia: number, seconds: number): number =>
  (torque / (inertia * iris.angularDrag)) * (1 - Math.exp(-iris.angularDrag * seconds));

describe('thrust differences', () => {
  const hover = balancedThrusts(WEIGHT);

  test('between front and rear pitch the nose up where the front lifts more', () => {
    const { fleet, world } = flyAt(
      [hover[0]! + 0.2, hover[1]! - 0.2, hover[2]! + 0.2, hover[3]! - 0.2],
      0.05,
    );
    // Rotors 22 cm ahead and 20 cm behind: τ = −(0.22 + 0.20)·0.4 N; −y turns the x axis up.
    const expected = spinUnder(-0.42 * 0.4, iris.inertia[1], 0.05);
    expect(Math.abs(fleet.bodyRates[1]! / expected - 1)).toBeLessThan(HALF_STEP);
    expect(Math.abs(fleet.bodyRates[0]!)).toBeLessThan(1e-4);
    world.free();
  });

  test('between left and right roll to the right where the left lifts more', () => {
    const { fleet, world } = flyAt(
      [hover[0]! - 0.2, hover[1]! + 0.2, hover[2]! + 0.2, hover[3]! - 0.2],
      0.05,
    );
    const expected = spinUnder(0.26 * 0.4, iris.inertia[0], 0.05);
    expect(Math.abs(fleet.bodyRates[0]! / expected - 1)).toBeLessThan(HALF_STEP);
    expect(Math.abs(fleet.bodyRates[1]!)).toBeLessThan(1e-4);
    world.free();
  });

  test('between the two spins yaw against those that lift more, by the torque constant', () => {
    const { fleet, world } = flyAt([hover[0]! + 1, hover[1]! + 1, hover[2]! - 1, hover[3]! - 1], 1);
    const torque = -4 * (iris.torqueConstant / iris.thrustConstant);
    const expected = spinUnder(torque, iris.inertia[2], 1);
    expect(Math.abs(fleet.bodyRates[2]! / expected - 1)).toBeLessThan(HALF_STEP);
    expect(Math.abs(fleet.bodyRates[0]!) + Math.abs(fleet.bodyRates[1]!)).toBeLessThan(1e-3);
    world.free();
  });
});

describe('thrust', () => {
  test('of 22.8 N accelerates by its excess over the weight', () => {
    // Near the most that lifts without pitching: the rear rotors, nearer to the centre of mass, are then full.
    const thrusts = balancedThrusts(22.8);
    expect(Math.max(...thrusts)).toBeLessThan(FULL_THRUST);
    const { fleet, world } = flyAt(thrusts, 0.1);
    const excess = 22.8 / iris.mass - GRAVITY;
    // Drag of 0.2 1/s takes 1 % by then.
    const expected = (excess / iris.linearDrag) * (1 - Math.exp(-0.1 * iris.linearDrag));
    expect(Math.abs(fleet.bodies.linearVelocity[2]! / expected - 1)).toBeLessThan(HALF_STEP);
    world.free();
  });

  test.each(['rates', 'rotors'] as const)('at hover holds the altitude for 5 s in mode %s', (mode) => {
    const { fleet, fly, world } = createFlight(mode);
    const thrusts = balancedThrusts(WEIGHT);
    setThrusts(fleet, 0, thrusts);
    const action = mode === 'rotors' ? actionOf(thrusts) : [0, 0, 0, hoverAction(iris, GRAVITY)];
    fly(action, 5);
    // Float32 leaves thrust wrong by a few parts in 2²⁴: 3 µm/s², which make 40 µm in 5 s.
    expect(Math.abs(fleet.bodies.position[2]!)).toBeLessThan(1e-4);
    expect(thrustsOf(fleet).reduce((a, b) => a + b)).toBeCloseTo(WEIGHT, 4);
    world.free();
  });

  test.each([-1, -0.5, 0, 0.5, 0.9])(
    'of a collective action of %f is the same in both modes',
    (collective) => {
      const [rates, rotors] = [createFlight('rates'), createFlight('rotors')];
      const wanted = ((collective + 1) / 2) * 4 * FULL_THRUST;
      // Rotors that are 1 cm farther ahead than behind need unequal thrusts to lift without pitching.
      rates.fly([0, 0, 0, collective], 1);
      rotors.fly(actionOf(balancedThrusts(wanted)), 1);
      expect(sum(thrustsOf(rates.fleet))).toBeCloseTo(wanted, 4);
      expect(sum(thrustsOf(rotors.fleet))).toBeCloseTo(wanted, 4);
      rates.world.free();
      rotors.world.free();
    },
  );

  test('equal at all rotors lifts the nose, for the rotors stand 1 cm ahead of the centre of mass', () => {
    const torque =
      wrenchOfThrusts(iris)
        .subarray(8, 12)
        .reduce((a, b) => a + b) * 3;
    const { fleet, world } = flyAt([3, 3, 3, 3], 0.05);
    expect(torque).toBeLessThan(0);
    expect(Math.abs(fleet.bodyRates[1]! / spinUnder(torque, iris.inertia[1], 0.05) - 1)).toBeLessThan(
      HALF_STEP,
    );
    world.free();
  });
});

describe('the motors', () => {
  test('follow a step of the command as 1 − exp(−t/T), 43 % of it in 20 ms', () => {
    const { fleet, fly, world } = createFlight('rotors');
    fleet.place(0, 0.25);
    const progress = new Map<number, number>();
    fly([1, 1, 1, 1], 0.2, (time) => progress.set(Math.round(1000 * time), (fleet.throttle[2]! - 0.5) / 0.5));
    for (const milliseconds of [5, 10, 20, 50, 100, 200]) {
      const expected = 1 - Math.exp(-milliseconds / 1000 / iris.motorTimeConstant);
      expect(progress.get(milliseconds)).toBeCloseTo(expected, 5);
    }
    expect(progress.get(20)).toBeCloseTo(0.43, 5);
    world.free();
  });

  test('slow down as fast as they speed up', () => {
    const { fleet, fly, world } = createFlight('rotors');
    fleet.place(0, 1);
    fly([-1, -1, -1, -1], 0.02);
    for (const throttle of fleet.throttle) expect(throttle).toBeCloseTo(0.57, 5);
    world.free();
  });

  test('are driven by the root of the thrust that is asked for', () => {
    const { fleet, fly, world } = createFlight('rotors');
    fly([-0.5, 0, 0.5, 1], 1);
    const thrusts = thrustsOf(fleet);
    [0.25, 0.5, 0.75, 1].forEach((fraction, rotor) => {
      expect(thrusts[rotor]).toBeCloseTo(fraction * FULL_THRUST, 4);
    });
    world.free();
  });

  test.each(['rates', 'rotors'] as const)('never push down nor exceed the full thrust in mode %s', (mode) => {
    const component = fc.constantFrom(-1, -0.3, 0.3, 1);
    const actions = fc.array(fc.tuple(component, component, component, component), {
      minLength: 5,
      maxLength: 20,
    });
    const limits = (sequence: readonly (readonly number[])[], actionMode: ActionMode): void => {
      const { fleet, fly, world } = createFlight(actionMode);
      for (const action of sequence) {
        fly(action, 4 * PHYSICS_DT, () => {
          for (const throttle of fleet.throttle) {
            expect(throttle).toBeGreaterThanOrEqual(0);
            expect(throttle).toBeLessThanOrEqual(1);
          }
        });
      }
      world.free();
    };
    fc.assert(
      fc.property(actions, (sequence) => limits(sequence, mode)),
      { numRuns: 30 },
    );
  });
});
