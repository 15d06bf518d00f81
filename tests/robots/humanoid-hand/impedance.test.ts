/** A wrist that springs hold: against the solution of its equation of motion, and against what stands in its way. */
import { describe, expect, test } from 'vitest';
import { envs } from '../../../envs/index.ts';
import { Spring } from '../../../robots/humanoid-hand/impedance.ts';
import { HandScenes, rightHand } from '../../../robots/humanoid-hand/index.ts';
import { crush } from '../../../scripts/bench/hands/crush.ts';
import type { EnvDefinition } from '../../../src/core/env.ts';
import { aboutAxis } from '../../../src/physics/math.ts';
import { evaluate } from '../../../src/rollout/evaluate.ts';

const TIMESTEP = 0.0025;
const { springs, speed, rate } = rightHand.wrist;
const { stiffness, inertia, reach } = springs.along;
const omega = Math.sqrt(stiffness / inertia);

describe('a spring', () => {
  /** Where it is after each of so many steps. @param goal m @param load N */
  function course(steps: number, goal: number, load = 0, fastest = 10): number[] {
    const spring = new Spring(1, springs.along, TIMESTEP);
    let x = 0;
    return Array.from({ length: steps }, () => {
      x += spring.advance(0, goal - x, load, fastest);
      return x;
    });
  }

  test('follows a goal within its reach as a critically damped mass does', () => {
    course(200, 0.01).forEach((x, step) => {
      const t = (step + 1) * TIMESTEP;
      expect(x).toBeCloseTo(0.01 * (1 - (1 + omega * t) * Math.exp(-omega * t)), 12);
    });
  });

  test('is damped as hard as SERL damps', () => {
    expect(2 * Math.sqrt(stiffness * inertia)).toBeCloseTo(89, 0);
    expect(2 * Math.sqrt(springs.about.stiffness * springs.about.inertia)).toBeCloseTo(7, 1);
  });

  test.each([5, -12])('gives way to %d N by as much as its stiffness says', (load) => {
    expect(course(400, 0, load).at(-1)).toBeCloseTo(load / stiffness, 9);
  });

  test('pulls with no more than its reach allows, however far the goal is', () => {
    // Held back by that force it stays where it is, and by less it comes on.
    const most = stiffness * reach;
    expect(course(400, 1, -most).at(-1)).toBeCloseTo(0, 9);
    expect(course(400, 1, -0.9 * most).at(-1)).toBeGreaterThan(0.01);
    expect(course(400, 1, -1.1 * most).at(-1)).toBeLessThan(-0.001);
  });

  test('comes to the speed at which damping takes that force up', () => {
    const way = course(400, 10);
    const terminal = (way.at(-1)! - way.at(-2)!) / TIMESTEP;
    // k Δ / d; in steps of finite length, within a few parts in a hundred.
    expect(Math.abs(terminal / ((stiffness * reach) / 89) - 1)).toBeLessThan(0.08);
    const limited = course(400, 10, 0, 0.1);
    expect((limited.at(-1)! - limited.at(-2)!) / TIMESTEP).toBeCloseTo(0.1, 9);
  });
});

describe('a wrist on springs', () => {
  const still = { angles: new Float32Array(20), position: [0, 0, 0.5], rotation: [0, 0, 0, 1] } as const;
  function createHand(): HandScenes {
    const scenes = new HandScenes(1, { hands: [{ model: rightHand, movingWrist: true, impedance: true }] });
    scenes.hands[0]!.place(0, still);
    scenes.build(0);
    return scenes;
  }

  test('comes to rest at its goal, and turned as it is told, no faster than its limits', () => {
    const scenes = createHand();
    const { wrist } = scenes.hands[0]!;
    wrist.goalPosition.set([0.03, -0.02, 0.52]);
    wrist.goalRotation.set(aboutAxis([0.6, 0, 0.8], 0.3));
    for (let step = 0; step < 60; step++) {
      scenes.advance(8);
      expect(Math.hypot(...wrist.velocity)).toBeLessThan(Math.sqrt(3) * speed);
      expect(Math.hypot(...wrist.angularVelocity)).toBeLessThan(Math.sqrt(3) * rate);
    }
    for (const [axis, goal] of [0.03, -0.02, 0.52].entries())
      expect(wrist.position[axis]).toBeCloseTo(goal, 6);
    for (const [i, part] of aboutAxis([0.6, 0, 0.8], 0.3).entries())
      expect(wrist.rotation[i]).toBeCloseTo(part, 6);
    scenes.worlds.free();
  });

  test('goes on from a copy of its state as if nothing had been', () => {
    const [one, other] = [createHand(), createHand()];
    for (const scenes of [one, other]) scenes.hands[0]!.wrist.goalPosition.set([0.05, 0, 0.5]);
    one.advance(8);
    other.advance(8);
    const saved = one.hands[0]!.wrist.state.map((values) => values.slice());
    one.hands[0]!.wrist.rest(0);
    for (const [i, values] of one.hands[0]!.wrist.state.entries())
      (values as Float64Array).set(saved[i] as Float64Array);
    one.advance(8);
    other.advance(8);
    expect([...one.hands[0]!.wrist.position]).toEqual([...other.hands[0]!.wrist.position]);
    one.worlds.free();
    other.worlds.free();
  });

  test.each([false, true])(
    'presses on a table with no more than its springs have (cube under it: %s)',
    (cube) => {
      const led = crush({ speed: 0.1, cube });
      const sprung = crush({ speed: 0.1, cube, impedance: true });
      console.log(cube, led, sprung);
      expect(sprung.force).toBeLessThan(led.force + 1);
      expect(sprung.depth).toBeLessThan(0.005);
    },
  );
});

test('a scripted player grasps and lifts on springs as it does without', async () => {
  const definition = envs['hand-grasp-lift'] as EnvDefinition;
  const settings = definition.settings.parse({ reward: 'sparse', wrist: 'impedance' });
  const env = definition.create(6, settings);
  const { successRate } = await evaluate(env, definition.scripted!(env, settings), 6, 4);
  env.close();
  expect(successRate).toBe(1);
});
