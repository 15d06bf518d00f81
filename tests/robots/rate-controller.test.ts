/**
 * The body-rate controller in closed loop. About x, with K the gain, I the inertia, T the motor lag and k the drag:
 *   I·ω̇ = τ − k·I·ω,   T·τ̇ = K·(ω_ref − ω) − τ.
 * Steady state: ω/ω_ref = K/(K + k·I). Natural frequency √((K/I + k)/T), damping (1/T + k)/(2·that).
 */
import { describe, expect, test } from 'vitest';
import { hoverAction, iris } from '../../robots/quadrotor/index.ts';
import { GRAVITY } from '../../src/physics/packed-world.ts';
import {
  balancedThrusts,
  createFlight,
  PHYSICS_DT,
  setThrusts,
  thrustsOf,
  WEIGHT,
} from '../support/flight.ts';

/**
 * How far the true loop may be from the linear one, per rad/s. Motors lag in speed, not in thrust. For a change of up to
 * 1 N of a hover's 3.7 N the squares cancel between rotors that rise and fall; the cubes leave (1/(2·3.7))²/4, 0.5 %.
 */
const BEND = 0.005;

const HOVER = hoverAction(iris, GRAVITY);

/** Body rates about each axis at every physics step after a step of 1 rad/s about `axis`, from hover. */
function respond(axis: number, seconds: number): number[][] {
  const { fleet, fly, world } = createFlight('rates');
  setThrusts(fleet, 0, balancedThrusts(WEIGHT));
  const action = [0, 0, 0, HOVER];
  action[axis] = 1 / iris.maxBodyRate;
  const rows: number[][] = [];
  fly(action, seconds, () => rows.push([...fleet.bodyRates]));
  world.free();
  return rows;
}

/** The same loop, linear and with the controller's sampling, by recursion. */
function linearLoop(axis: number, seconds: number): number[] {
  const [gain, inertia, drag] = [iris.rateGains[axis]!, iris.inertia[axis]!, iris.angularDrag];
  const follow = 1 - Math.exp(-PHYSICS_DT / iris.motorTimeConstant);
  let [rate, torque] = [0, 0];
  return Array.from({ length: Math.round(seconds / PHYSICS_DT) }, () => {
    torque += follow * (gain * (1 - rate) - torque);
    rate += PHYSICS_DT * (torque / inertia - drag * rate);
    return rate;
  });
}

const steadyRate = (axis: number): number =>
  iris.rateGains[axis]! / (iris.rateGains[axis]! + iris.angularDrag * iris.inertia[axis]!);

/** Overshoot of the continuous second-order loop over its steady state. */
function overshoot(axis: number): number {
  const [gain, drag, lag] = [
    iris.rateGains[axis]! / iris.inertia[axis]!,
    iris.angularDrag,
    iris.motorTimeConstant,
  ];
  const damping = (1 / lag + drag) / (2 * Math.sqrt((gain + drag) / lag));
  return Math.exp((-Math.PI * damping) / Math.sqrt(1 - damping ** 2));
}

describe.each([
  { axis: 0, name: 'roll' },
  { axis: 1, name: 'pitch' },
])('a step of 1 rad/s in $name', ({ axis }) => {
  const response = respond(axis, 1);
  const rates = response.map((row) => row[axis]!);

  test('follows the linear loop', () => {
    linearLoop(axis, 1).forEach((expected, i) => {
      expect(Math.abs(rates[i]! - expected)).toBeLessThan(BEND);
    });
  });

  test('ends at 1 rad/s less what the drag takes, 1 % to 2 %', () => {
    expect(steadyRate(axis)).toBeGreaterThan(0.98);
    // After 1 s the loop's decay of 1/(2T) = 14 1/s leaves 10⁻⁶.
    expect(rates.at(-1)).toBeCloseTo(steadyRate(axis), 3);
  });

  test('overshoots as the second-order loop does, by 5 % in roll and 2 % in pitch', () => {
    const peak = Math.max(...rates) / steadyRate(axis) - 1;
    expect(Math.abs(peak - overshoot(axis))).toBeLessThan(BEND);
    expect(overshoot(axis)).toBeCloseTo(axis === 0 ? 0.052 : 0.018, 3);
  });

  test('is within 5 % of its end from 0.35 s on', () => {
    // Five time constants of the decay, 2T each.
    for (const rate of rates.slice(0.35 / PHYSICS_DT))
      expect(Math.abs(rate / steadyRate(axis) - 1)).toBeLessThan(0.05);
  });

  test('leaves the other axes alone', () => {
    for (const row of response) {
      for (const other of [0, 1, 2]) {
        if (other !== axis) expect(Math.abs(row[other]!)).toBeLessThan(BEND);
      }
    }
  });
});

describe('a step of 1 rad/s in yaw', () => {
  const rates = respond(2, 10).map((row) => row[2]!);

  test('ends at the 56 % that the drag leaves', () => {
    expect(steadyRate(2)).toBeCloseTo(0.561, 3);
    // After 10 s a decay of 0.456 1/s leaves 1 % of the way.
    expect(Math.abs(rates.at(-1)! / steadyRate(2) - 1)).toBeLessThan(0.011);
  });

  test('rises slowly, with K/I + k, like the linear loop', () => {
    linearLoop(2, 10).forEach((expected, i) => {
      expect(Math.abs(rates[i]! - expected)).toBeLessThan(BEND);
    });
    const decay = iris.rateGains[2] / iris.inertia[2] + iris.angularDrag;
    const timeTo63 = PHYSICS_DT * rates.findIndex((rate) => rate > steadyRate(2) * (1 - Math.exp(-1)));
    // The motors' lag T comes on top, once as such and once for the loop that it closes later.
    expect(timeTo63).toBeGreaterThan(1 / decay - iris.motorTimeConstant);
    expect(timeTo63).toBeLessThan(1 / decay + iris.motorTimeConstant);
  });

  test('is slower than one in roll', () => {
    const roll = respond(0, 1).map((row) => row[0]!);
    const halfway = (values: readonly number[]): number => values.findIndex((rate) => rate > 0.28);
    expect(halfway(rates)).toBeGreaterThan(10 * halfway(roll));
  });
});

describe('what a rate command does to the rotors', () => {
  /** Changes of the thrusts from hover in the first 50 ms. */
  function changes(action: readonly number[]): number[] {
    const { fleet, fly, world } = createFlight('rates');
    const hover = balancedThrusts(WEIGHT);
    setThrusts(fleet, 0, hover);
    fly(action, PHYSICS_DT);
    const after = thrustsOf(fleet).map((thrust, i) => Math.sign(Math.round(1e4 * (thrust - hover[i]!))));
    world.free();
    return after;
  }

  test('roll to the right moves thrust to the left rotors, 1 and 2', () => {
    expect(changes([0.2, 0, 0, HOVER])).toEqual([-1, 1, 1, -1]);
  });

  test('pitch down moves thrust to the rear rotors, 1 and 3', () => {
    expect(changes([0, 0.2, 0, HOVER])).toEqual([-1, 1, -1, 1]);
  });

  test('yaw to the left moves thrust to the rotors of negative spin, 2 and 3', () => {
    expect(changes([0, 0, 0.2, HOVER])).toEqual([-1, -1, 1, 1]);
  });

  test('more thrust raises every rotor', () => {
    expect(changes([0, 0, 0, HOVER + 0.2])).toEqual([1, 1, 1, 1]);
  });
});
