/** The pendulum as it is drawn and pushed, by hand calculation. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Pendulum, pendulumView } from '../../envs/pendulum-view.ts';
import type { Vector3 } from '../../src/core/appearance.ts';
import { packBytes, unpackBytes } from '../../src/core/bytes.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { createEnv } from '../support/env-runs.ts';
import { pointOf, poseOf, rowOf, viewOf } from '../support/view-runs.ts';

const PIVOT = 1.3;
const DT = 0.05;

/**
 * A pendulum at rest at `angle` rad. The pendulum's own arrays are the last two of a snapshot: angle and
 * speed.
 */
function at(angle: number): VectorEnv {
  const env = createEnv('pendulum', 1);
  env.reset(1);
  const parts = unpackBytes(env.snapshot!());
  env.restore!(packBytes([...parts.slice(0, -2), Float64Array.of(angle), Float64Array.of(0)]));
  return env;
}

const speedOf = (env: VectorEnv): number => new Float64Array(unpackBytes(env.snapshot!()).at(-1)!.buffer)[0]!;
const end = (env: VectorEnv): Vector3 => pointOf(poseOf(env, 0), [0, 0, 0.5]);
const pivot = (env: VectorEnv): Vector3 => pointOf(poseOf(env, 0), [0, 0, -0.5]);
const still = Float32Array.of(0);

function expectNear(seen: Iterable<number>, wanted: readonly number[], digits = 6): void {
  [...seen].forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i]!, digits);
  });
}

describe('is drawn', () => {
  test.each<[string, number, Vector3]>([
    ['upright', 0, [0, 0, PIVOT + 1]],
    ['hanging', Math.PI, [0, 0, PIVOT - 1]],
    ['a quarter turn counter-clockwise: to the left', Math.PI / 2, [-1, 0, PIVOT]],
    [
      'an eighth turn clockwise, after three whole ones',
      -Math.PI / 4 - 6 * Math.PI,
      [Math.SQRT1_2, 0, PIVOT + Math.SQRT1_2],
    ],
  ])('%s', (_, angle, tip) => {
    const env = at(angle);
    expectNear(pivot(env), [0, 0, PIVOT]);
    expectNear(end(env), tip);
  });

  test('with its torque as an arrow across the end of the rod', () => {
    const env = at(Math.PI / 2);
    env.step(Float32Array.of(-0.5));
    const [begin, vector] = [rowOf(env).slice(7, 10), rowOf(env).slice(10, 13)];
    expectNear(begin, end(env));
    expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    // −1 N·m lifts the rod that leans to the left.
    expect(vector[2]!).toBeGreaterThan(0.99);
    env.reset(1);
    expectNear(rowOf(env).slice(10, 13), [0, 0, 0]);
  });
});

describe('is pushed', () => {
  // θ̈ = 15·sin θ + 3·τ for Gymnasium's rod of 1 kg and 1 m in a gravity of 10 m/s²; one step of 0.05 s from
  // rest.
  test.each<[string, number, Vector3, Vector3, number]>([
    ['at its end, to the left, upright: τ = 1 N · 1 m', 0, [-1, 0, 0], [0, 0, PIVOT + 1], 3 * 1],
    ['at its middle, to the right: τ = −2 N · 0.5 m', 0, [2, 0, 0], [0, 0, PIVOT + 0.5], 3 * -1],
    ['along itself, where nothing gives way', 0, [0, 0, -9], [0, 0, PIVOT + 1], 0],
    ['out of its plane, where nothing gives way', 0, [0, 5, 0], [0, 0, PIVOT + 1], 0],
    [
      'upwards, leaning to the left: τ = −4 N · 1 m, and the weight',
      Math.PI / 2,
      [0, 0, 4],
      [-1, 0, PIVOT],
      15 - 12,
    ],
    ['beside the rod: τ = −1 N · 0.2 m', 0, [0, 0, 1], [0.2, 0, PIVOT + 1], 3 * 0.2],
  ])('%s', (_, angle, force, point, acceleration) => {
    const env = at(angle);
    viewOf(env).push!(0, 0, force, point);
    env.step(still);
    expect(speedOf(env)).toBeCloseTo(acceleration * DT, 12);
  });

  test('beside its motor, whose torque alone costs', () => {
    const [env, free] = [at(0), at(0)];
    viewOf(env).push!(0, 0, [-1, 0, 0], [0, 0, PIVOT + 1]);
    const rewards = [env, free].map((each) => each.step(Float32Array.of(0.5)).reward[0]);
    // 2 N·m at most, so half of it is 1 N·m; the hand adds another.
    expect(speedOf(env)).toBeCloseTo(3 * 2 * DT, 12);
    expect(rewards[0]).toBe(rewards[1]);
  });

  test('on the same point of the rod while it turns, with τ = (r × F) about the axle, at any angle', () => {
    const finite = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
    fc.assert(
      fc.property(
        finite(4),
        finite(4),
        finite(5),
        finite(5),
        finite(1),
        finite(1),
        (from, to, fx, fz, px, pz) => {
          const state: Pendulum = {
            mass: 1,
            length: 1,
            angle: Float64Array.of(from),
            torque: new Float64Array(1),
          };
          const { view, heldTorque } = pendulumView(state);
          view.push!(0, 0, [fx, 0, fz], [px, 0, PIVOT + pz]);
          state.angle[0] = to;
          // A positive angle is a rotation about −y, so the lever (px, pz) has turned by it, from x towards z
          // reversed.
          const turn = to - from;
          const x = px * Math.cos(turn) - pz * Math.sin(turn);
          const z = px * Math.sin(turn) + pz * Math.cos(turn);
          expect(heldTorque(0)).toBeCloseTo(-(z * fx - x * fz), 10);
        },
      ),
    );
  });

  test('until its next episode', () => {
    const env = at(0);
    viewOf(env).push!(0, 0, [-1, 0, 0], [0, 0, PIVOT + 1]);
    for (let step = 0; step < env.spec.maxEpisodeSteps; step++) env.step(still);
    const free = createEnv('pendulum', 1);
    free.restore!(env.snapshot!());
    expect([...env.step(still).obs]).toEqual([...free.step(still).obs]);
  });
});
