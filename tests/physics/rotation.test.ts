/**
 * Torque-free rotation of a body with three different moments, against a float64 Runge–Kutta reference.
 *
 * Rapier integrates the gyroscopic term to first order, with a sub-step h of Δt/4. Three consequences, with α the angular
 * acceleration, give the tolerances here:
 * - energy: explicit Euler gains h²/2·αᵀIα in each sub-step, so h/2·∫αᵀIα dt in all, and Rapier no more than that;
 * - momentum: attitude and velocity are staggered by up to a sub-step, an error of h·|α|/|ω|;
 * - attitude: spin grows with the root of the energy, so the angle runs ahead by about |ω|·t/4 times the relative gain.
 * At 3.7 rad/s these make 1.3 % of energy and 3.4° in 5 s; at 11 rad/s they would make 10 % and 87°.
 */
import { describe, expect, test } from 'vitest';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { rotate, unrotate, type Vector3 } from '../../src/physics/math.ts';
import { PackedWorld } from '../../src/physics/packed-world.ts';

const DT = 0.005;
const SUBSTEP = DT / 4;
const SECONDS = 5;
/** The Iris's. */
const INERTIA: Vector3 = [0.0347563, 0.0458929, 0.0977];
/** Float32: 4000 sub-steps that round to one part in 2²⁴, both in the attitude and in the velocity. */
const FLOAT32_FLOOR = (2 * 4000) / 2 ** 24;
/** Least angle, rad, that float32 quaternions tell from none: the arc cosine of 1 − 2⁻²⁴, twice. */
const LEAST_ANGLE = 7e-4;

const spins: readonly Vector3[] = [
  [0.5, 1, 0.25],
  [1, 2, 3],
  // About the middle axis, where rotation is unstable.
  [0.1, 2, 0.1],
  [2, 2, 2],
];

type State = readonly number[];

const angularAcceleration = (w: State): Vector3 => [
  ((INERTIA[1] - INERTIA[2]) * w[1]! * w[2]!) / INERTIA[0],
  ((INERTIA[2] - INERTIA[0]) * w[2]! * w[0]!) / INERTIA[1],
  ((INERTIA[0] - INERTIA[1]) * w[0]! * w[1]!) / INERTIA[2],
];

/** Time derivative of quaternion and body rates, Euler's equations. */
function derivative([x, y, z, w, a, b, c]: State): State {
  return [
    (w! * a! + y! * c! - z! * b!) / 2,
    (w! * b! + z! * a! - x! * c!) / 2,
    (w! * c! + x! * b! - y! * a!) / 2,
    (-x! * a! - y! * b! - z! * c!) / 2,
    ...angularAcceleration([a!, b!, c!]),
  ];
}

const along = (s: State, d: State, h: number): State => s.map((value, i) => value + h * d[i]!);

function rungeKutta4(s: State, h: number): State {
  const k1 = derivative(s);
  const k2 = derivative(along(s, k1, h / 2));
  const k3 = derivative(along(s, k2, h / 2));
  const k4 = derivative(along(s, k3, h));
  return s.map((value, i) => value + (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!));
}

const quadratic = (v: ArrayLike<number>): number =>
  INERTIA.reduce((sum, moment, i) => sum + moment * v[i]! ** 2, 0);

/** World-frame angular momentum and kinetic energy of the body in the engine. */
function invariants(body: BodyFleet): { momentum: Float64Array; energy: number } {
  const rates = new Float64Array(3);
  unrotate(rates, 0, body.rotation, 0, body.angularVelocity, 0);
  const momentum = rates.map((rate, i) => rate * INERTIA[i]!);
  rotate(momentum, 0, body.rotation, 0, momentum, 0);
  return { momentum, energy: quadratic(rates) / 2 };
}

const length = (v: Iterable<number>): number => Math.hypot(...v);

function angleBetween(q: ArrayLike<number>, p: ArrayLike<number>): number {
  const dot = Math.abs(q[0]! * p[0]! + q[1]! * p[1]! + q[2]! * p[2]! + q[3]! * p[3]!);
  return 2 * Math.acos(Math.min(1, dot));
}

describe.each(spins)('torque-free rotation from (%f, %f, %f) rad/s over 5 s', (...spin) => {
  const world = new PackedWorld({ scenes: 1, spacing: 14, timestep: DT, gravity: 0 });
  const body = world.addBodies({ mass: 1.52, inertia: INERTIA });
  body.rotation[3] = 1;
  body.angularVelocity.set(spin);
  body.place(0);
  const start = invariants(body);

  let reference: State = [0, 0, 0, 1, ...spin];
  let eulerEnergy = 0;
  let greatestAcceleration = 0;
  const seconds = Array.from({ length: SECONDS }, (_, second) => {
    for (let i = 0; i < 1 / DT; i++) {
      reference = rungeKutta4(reference, DT);
      const acceleration = angularAcceleration(reference.slice(4));
      eulerEnergy += (SUBSTEP / 2) * quadratic(acceleration) * DT;
      greatestAcceleration = Math.max(greatestAcceleration, length(acceleration));
      body.push();
      world.step();
    }
    body.pull();
    const { momentum, energy } = invariants(body);
    return {
      time: second + 1,
      eulerGain: eulerEnergy / start.energy,
      gain: energy / start.energy - 1,
      momentumError: length(momentum.map((part, i) => part - start.momentum[i]!)) / length(start.momentum),
      attitudeError: angleBetween(reference, body.rotation),
    };
  });
  world.free();

  test('the reference itself keeps the energy', () => {
    expect(quadratic(reference.slice(4)) / 2 / start.energy).toBeCloseTo(1, 8);
  });

  test('keeps the energy: loses none, and gains no more than explicit Euler', () => {
    for (const { gain, eulerGain } of seconds) {
      expect(gain).toBeGreaterThan(-FLOAT32_FLOOR);
      expect(gain).toBeLessThan(eulerGain + FLOAT32_FLOOR);
    }
  });

  test('keeps the angular momentum in the world frame', () => {
    const bound = (2 * SUBSTEP * greatestAcceleration) / length(spin) + FLOAT32_FLOOR;
    for (const { momentumError } of seconds) expect(momentumError).toBeLessThan(bound);
  });

  test('keeps to the attitude of the reference', () => {
    for (const { time, attitudeError, eulerGain } of seconds) {
      const ahead = (length(spin) * time * (eulerGain + FLOAT32_FLOOR)) / 4;
      expect(attitudeError).toBeLessThan(ahead + LEAST_ANGLE);
    }
  });
});
