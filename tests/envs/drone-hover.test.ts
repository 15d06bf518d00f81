import { describe, expect, test } from 'vitest';
import { tiltThenYaw, upright } from '../../src/physics/math.ts';
import { createEnv, truth } from '../support/env-runs.ts';
import { HOVER, type Situation, situate } from '../support/situations.ts';

const TARGET_HEIGHT = 3;
const EPISODE = 250;
const TERMS = ['position', 'precision', 'upright', 'spin', 'crash'];

/** One control step of hovering from `situation`. */
function stepFrom(situation: Situation, settings: Record<string, unknown> = {}) {
  const env = createEnv('drone-hover', 1, settings);
  env.reset(1);
  situate(env, situation);
  const { reward, terminated, truncated, info } = env.step(Float32Array.from(HOVER));
  env.close();
  const terms = Object.fromEntries(TERMS.map((name, i) => [name, info.rewardTerms[i]!]));
  return { reward: reward[0]!, terminated: terminated[0]!, truncated: truncated[0]!, terms };
}

describe('the start', () => {
  const scenes = 3000;
  const env = createEnv('drone-hover', scenes);
  env.reset(1);
  const { position, rotation, velocity, spin } = truth(env);
  env.close();
  const axis = (values: Float32Array, at: number): number[] => [...values.filter((_, i) => i % 3 === at)];
  const tilts = Array.from({ length: scenes }, (_, scene) => Math.acos(upright(rotation, 4 * scene)));

  /** Uniform in [-limit, limit]: within it, and with the mean square of it, limit²/3 ± five deviations of a mean. */
  function expectUniform(values: readonly number[], limit: number): void {
    const meanOf = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b) / numbers.length;
    // Float32 may round a value at the limit up.
    for (const value of values) expect(Math.abs(value)).toBeLessThanOrEqual(limit * (1 + 2 ** -20));
    expect(Math.abs(meanOf(values)) / limit).toBeLessThan(5 * Math.sqrt(1 / 3 / values.length));
    const square = meanOf(values.map((value) => (value / limit) ** 2));
    expect(Math.abs(square - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / values.length));
  }

  test('is anywhere in a box of 2 m around the target', () => {
    expectUniform(axis(position, 0), 1);
    expectUniform(axis(position, 1), 1);
    expectUniform(
      axis(position, 2).map((z) => z - TARGET_HEIGHT),
      1,
    );
  });

  test('is at up to 1 m/s along and 2 rad/s about each axis of the world', () => {
    for (const at of [0, 1, 2]) {
      expectUniform(axis(velocity, at), 1);
      expectUniform(axis(spin, at), 2);
    }
  });

  test('is tilted by up to 60°, evenly', () => {
    const limit = Math.PI / 3;
    expectUniform(
      tilts.map((tilt) => 2 * tilt - limit),
      limit,
    );
  });

  test('faces every way', () => {
    const yaws = Array.from({ length: scenes }, (_, scene) => {
      const [x, y, z, w] = rotation.subarray(4 * scene, 4 * scene + 4) as unknown as number[];
      // The x axis of the body, seen from above; a tilt moves it by little.
      return Math.atan2(2 * (x! * y! + w! * z!), 1 - 2 * (y! ** 2 + z! ** 2));
    });
    expectUniform(yaws, Math.PI);
  });
});

describe('the reward', () => {
  test('at rest half a metre above the target is 1/2 + 1.5/6 + 0.2/1.5', () => {
    const { reward, terms } = stepFrom({ position: [0, 0, 3.5] });
    expect(terms.position).toBeCloseTo(0.5, 5);
    expect(terms.precision).toBeCloseTo(0.25, 5);
    expect(terms.upright).toBeCloseTo(0.2 / 1.5, 5);
    expect(terms.spin).toBeCloseTo(0, 5);
    expect(terms.crash).toBe(0);
    expect(reward).toBeCloseTo(0.88333, 4);
  });

  test('at rest at the target is the most there is, 2.7', () => {
    expect(stepFrom({ position: [0, 0, 3] }).reward).toBeCloseTo(2.7, 3);
  });

  test('halves its upright part at a tilt of 60°', () => {
    const tilted = stepFrom({ position: [0, 0, 3], rotation: tiltThenYaw([1, 0, 0], Math.PI / 3, 0) });
    // In 20 ms it falls sideways by at most ½·9.81·0.02², 2 mm, and turns back by as little.
    expect(Math.abs(tilted.terms.upright! - 0.1)).toBeLessThan(0.001);
  });

  test('has no upright part upside down, rather than a negative one', () => {
    const { terms } = stepFrom({ position: [0, 0, 3], rotation: [1, 0, 0, 0] });
    expect(terms.upright).toBe(0);
  });

  test('takes 0.02 for each rad/s of spin, about any axis', () => {
    const { terms } = stepFrom({ position: [0, 0, 3], spin: [0, 0, 4] });
    // Drag and yaw control take 0.46 1/s of it, 1 % in 20 ms.
    expect(Math.abs(terms.spin! + 0.08)).toBeLessThan(0.001);
  });

  test('has the weights of the settings', () => {
    const weights = {
      positionReward: 3,
      precisionReward: 5,
      uprightReward: 7,
      spinReward: -0.5,
      crashReward: -20,
    };
    const standard = stepFrom({ position: [0, 0, 3.5], spin: [0, 0, 4] }).terms;
    const { terms } = stepFrom({ position: [0, 0, 3.5], spin: [0, 0, 4] }, weights);
    expect(terms.position! / standard.position!).toBeCloseTo(3, 5);
    expect(terms.precision! / standard.precision!).toBeCloseTo(5 / 1.5, 5);
    expect(terms.upright! / standard.upright!).toBeCloseTo(7 / 0.2, 4);
    expect(terms.spin! / standard.spin!).toBeCloseTo(0.5 / 0.02, 4);
    expect(stepFrom({ position: [0, 0, 0.05] }, weights).terms.crash).toBe(-20);
  });
});

describe('an episode', () => {
  const alive = { terminated: 0, truncated: 0 };
  const lost = { terminated: 1, truncated: 0 };

  test('lasts 5 s at 50 Hz', () => {
    const { spec } = createEnv('drone-hover', 1);
    expect([spec.maxEpisodeSteps, spec.controlDt]).toEqual([EPISODE, 0.02]);
  });

  test('goes on at 3.9 m from the target, and ends, with 10 off, beyond 4 m', () => {
    expect(stepFrom({ position: [0, 0, 6.9] })).toMatchObject(alive);
    const out = stepFrom({ position: [0, 0, 6.99], velocity: [0, 0, 1] });
    expect(out).toMatchObject(lost);
    expect(out.terms.crash).toBe(-10);
    expect(out.reward).toBeCloseTo(-10 + 1 / 9 + 1.5 / 41 + 0.2 / 5, 1);
  });

  test('that crashes in its very last step is terminated, not truncated', () => {
    const env = createEnv('drone-hover', 1);
    env.reset(1);
    situate(env, { position: [0, 0, TARGET_HEIGHT] });
    for (let step = 1; step < EPISODE; step++) env.step(Float32Array.from(HOVER));
    situate(env, { position: [0, 0, 0.05] });
    const { terminated, truncated, info } = env.step(Float32Array.from(HOVER));
    expect([terminated[0], truncated[0], info.success[0]]).toEqual([1, 0, 0]);
    env.close();
  });

  test('ends beyond 4 m to the side as well', () => {
    expect(stepFrom({ position: [4.1, 0, 3] })).toMatchObject(lost);
    expect(stepFrom({ position: [0, -4.1, 3] })).toMatchObject(lost);
  });

  test('ends, with 10 off, where the airframe of 5.5 cm half height reaches the floor', () => {
    expect(stepFrom({ position: [0, 0, 0.065] })).toMatchObject(alive);
    const crash = stepFrom({ position: [0, 0, 0.07], velocity: [0, 0, -1] });
    expect(crash).toMatchObject(lost);
    expect(crash.terms.crash).toBe(-10);
  });

  test('ends at a height of 20 cm where a tilt of 45° lowers the rim of 26 cm to the floor, but not where level', () => {
    const rotation = tiltThenYaw([0, 1, 0], Math.PI / 4, 0);
    expect(stepFrom({ position: [0, 0, 0.2], rotation })).toMatchObject(lost);
    expect(stepFrom({ position: [0, 0, 0.2] })).toMatchObject(alive);
    expect(stepFrom({ position: [0, 0, 0.3], rotation })).toMatchObject(alive);
  });
});

describe('success', () => {
  /** Success of an episode that hovers at `distances(step)` m beside the target. */
  function outcome(distances: (step: number) => number): number {
    const env = createEnv('drone-hover', 1);
    env.reset(1);
    let last = Number.NaN;
    for (let step = 0; step < EPISODE; step++) {
      const distance = distances(step);
      if (distance !== last) situate(env, { position: [0.6 * distance, 0.8 * distance, TARGET_HEIGHT] });
      last = distance;
      const { truncated, terminated, info } = env.step(Float32Array.from(HOVER));
      expect([truncated[0], terminated[0]]).toEqual([step === EPISODE - 1 ? 1 : 0, 0]);
      if (step < EPISODE - 1) expect(info.success[0]).toBe(0);
      else {
        env.close();
        return info.success[0]!;
      }
    }
    throw new Error('The episode did not end.');
  }

  test('is to stay within 10 cm', () => {
    expect(outcome(() => 0)).toBe(1);
    expect(outcome(() => 0.095)).toBe(1);
    expect(outcome(() => 0.105)).toBe(0);
  });

  test('is to arrive one second before the end; a step later is too late', () => {
    expect(outcome((step) => (step < EPISODE - 50 ? 0.5 : 0.05))).toBe(1);
    expect(outcome((step) => (step < EPISODE - 49 ? 0.5 : 0.05))).toBe(0);
  });

  test('is lost by leaving for a single step of the last second', () => {
    expect(outcome((step) => (step === EPISODE - 30 ? 0.2 : 0.05))).toBe(0);
    expect(outcome((step) => (step === EPISODE - 1 ? 0.2 : 0.05))).toBe(0);
    expect(outcome((step) => (step === EPISODE - 51 ? 0.2 : 0.05))).toBe(1);
  });
});
