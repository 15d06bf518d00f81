import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { packBytes, unpackBytes } from '../../src/core/bytes.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { componentReader, createEnv } from '../support/env-runs.ts';

interface Golden {
  readonly start: readonly [angle: number, speed: number];
  readonly steps: readonly { action: number; angle: number; speed: number; reward: number; ended: boolean }[];
}

/** Written by `tests/golden/make-pendulum.py` with Gymnasium's own Pendulum-v1. */
const golden = JSON.parse(
  readFileSync(new URL('../golden/pendulum.json', import.meta.url), 'utf8'),
) as Golden;

/** The pendulum's own arrays are the last two of a snapshot: angle and speed. */
function setState(env: VectorEnv, angle: number, speed: number): void {
  const parts = unpackBytes(env.snapshot!());
  env.restore!(packBytes([...parts.slice(0, -2), Float64Array.of(angle), Float64Array.of(speed)]));
}

function stateOf(env: VectorEnv): number[] {
  return unpackBytes(env.snapshot!())
    .slice(-2)
    .map(({ buffer }) => new Float64Array(buffer)[0]!);
}

describe("Gymnasium's Pendulum-v1", () => {
  const env = createEnv('pendulum', 1);
  env.reset(1);
  setState(env, ...golden.start);
  const read = componentReader(env);
  const course = golden.steps.map(({ action }) => {
    const { finalObs, reward, terminated, truncated } = env.step(Float32Array.of(action));
    const [angle, speed] = stateOf(env);
    const seen = ['cosine', 'sine', 'speed'].map((name) => read(finalObs, 0, name));
    return { angle, speed, seen, reward: reward[0]!, ended: terminated[0]! + truncated[0]! > 0 };
  });

  test('is repeated in angle and speed over 30 steps', () => {
    golden.steps.forEach(({ angle, speed }, step) => {
      // Both in float64; sums in another order, over 30 steps.
      expect(Math.abs(course[step]!.angle! - angle)).toBeLessThan(1e-11);
      expect(Math.abs(course[step]!.speed! - speed)).toBeLessThan(1e-11);
    });
  });

  test('is repeated in rewards, through the wrap of the angle and with clipped torques', () => {
    golden.steps.forEach(({ reward, ended }, step) => {
      // Rewards of at most 16.3 in float32: half a step of 2⁻¹⁹.
      expect(Math.abs(course[step]!.reward - reward)).toBeLessThan(2 ** -19);
      expect(course[step]!.ended).toBe(ended);
    });
    expect(golden.steps.some(({ action }) => Math.abs(action) > 1)).toBe(true);
    expect(golden.steps.some(({ angle }) => Math.abs(angle) > Math.PI)).toBe(true);
  });

  test('is repeated at its speed limit of 8 rad/s', () => {
    expect(golden.steps.map(({ speed }) => speed)).toContain(8);
    expect(Math.max(...course.map(({ speed }) => speed!))).toBe(8);
  });

  test('is observed as cosine, sine and speed', () => {
    golden.steps.forEach(({ angle, speed }, step) => {
      const expected = [Math.cos(angle), Math.sin(angle), speed];
      expected.forEach((value, i) => {
        expect(Math.abs(course[step]!.seen[i]! - value)).toBeLessThan(2 ** -21);
      });
    });
  });
});

describe('an episode of the pendulum', () => {
  test('is 200 steps of 0.05 s and never terminates', () => {
    const { spec } = createEnv('pendulum', 1);
    expect([spec.maxEpisodeSteps, spec.controlDt]).toEqual([200, 0.05]);
  });

  test('starts anywhere on the circle at up to 1 rad/s', () => {
    const scenes = 4000;
    const env = createEnv('pendulum', scenes);
    const obs = env.reset(3);
    const read = componentReader(env);
    const all = Array.from({ length: scenes }, (_, scene) => ({
      angle: Math.atan2(read(obs, scene, 'sine'), read(obs, scene, 'cosine')),
      speed: read(obs, scene, 'speed'),
    }));
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / scenes;
    for (const { speed } of all) expect(Math.abs(speed)).toBeLessThanOrEqual(1);
    // Uniform: mean 0 and mean square limit²/3; four deviations of a mean over 4000, √(1/3)·limit and √(4/45)·limit².
    for (const [limit, values] of [
      [Math.PI, all.map(({ angle }) => angle)],
      [1, all.map(({ speed }) => speed)],
    ] as const) {
      expect(Math.abs(mean(values) / limit)).toBeLessThan(4 * Math.sqrt(1 / 3 / scenes));
      expect(Math.abs(mean(values.map((v) => v * v)) / limit ** 2 - 1 / 3)).toBeLessThan(
        4 * Math.sqrt(4 / 45 / scenes),
      );
    }
  });
});
