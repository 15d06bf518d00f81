import { describe, expect, test } from 'vitest';
import type { VectorEnv } from '../../src/core/env.ts';
import { rotate } from '../../src/physics/math.ts';
import { advance, componentReader, createEnv, pilotActions, truth } from '../support/env-runs.ts';
import { HOVER } from '../support/situations.ts';

const AMPLITUDE = 2;
const HEIGHT = 3;
/** Steps between two points of the preview, 0.1 s. */
const PREVIEW_STEPS = 5;

/** Where the points of the preview of one scene are in the world, from the true pose and the observation. */
function previewOf(env: VectorEnv, rows: Float32Array, scene = 0): number[][] {
  const { position, rotation } = truth(env);
  const read = componentReader(env);
  return [0, 1, 2, 3, 4].map((i) => {
    const point = Float64Array.from(['x', 'y', 'z'], (axis) => read(rows, scene, `preview.${i}.${axis}`));
    rotate(point, 0, rotation, 4 * scene, point, 0);
    return [...point].map((value, axis) => value + position[3 * scene + axis]!);
  });
}

/** Preview points at the start and after each step but the last of one lap. */
function flyLap(speed: number) {
  const env = createEnv('drone-track', 1, { speed });
  const obs = env.reset(2);
  const previews = [previewOf(env, obs)];
  const lap = env.spec.maxEpisodeSteps;
  advance(env, obs, pilotActions(env), lap - 1, ({ obs: seen, terminated }) => {
    expect(terminated[0]).toBe(0);
    previews.push(previewOf(env, seen));
  });
  env.close();
  return { previews, lap };
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, i) => value - b[i]!));

// Float32: offsets of up to 4 m through float32 quaternions, and positions of up to 5 m.
const RESOLUTION = 5e-6;

/** Length of the curve by the trapezoid rule, which converges for periodic functions faster than any power. */
function lapLength(): number {
  const n = 1000;
  const speeds = Array.from({ length: n }, (_, i) => {
    const angle = (2 * Math.PI * i) / n;
    return Math.hypot(Math.cos(angle), Math.cos(2 * angle));
  });
  return (AMPLITUDE * 2 * Math.PI * speeds.reduce((a, b) => a + b)) / n;
}

describe('the moving point', () => {
  const { previews, lap } = flyLap(1.5);

  test('is on a lemniscate of Gerono, 4 m long, at a height of 3 m, with its preview', () => {
    for (const [x, y, z] of previews.flat()) {
      const [u, v] = [x! / AMPLITUDE, y! / AMPLITUDE];
      // v² = u²·(1 − u²); the gradient is at most 4, so errors grow by as much.
      expect(Math.abs(v * v - u * u * (1 - u * u))).toBeLessThan(4 * RESOLUTION);
      expect(Math.abs(z! - HEIGHT)).toBeLessThan(RESOLUTION);
    }
    const xs = previews.map(([now]) => now![0]!);
    expect(Math.max(...xs)).toBeCloseTo(AMPLITUDE, 2);
    expect(Math.min(...xs)).toBeCloseTo(-AMPLITUDE, 2);
  });

  test('comes to where the preview shows it, 0.1 s for each of the points', () => {
    for (let step = 0; step + 4 * PREVIEW_STEPS < previews.length; step++) {
      previews[step]!.forEach((point, i) => {
        expect(distance(point, previews[step + i * PREVIEW_STEPS]![0]!)).toBeLessThan(RESOLUTION);
      });
    }
  });

  test('moves smoothly, never faster than √2 of the amplitude times the phase rate', () => {
    const rate = (2 * Math.PI * 1.5) / lapLength();
    for (let step = 1; step < previews.length; step++) {
      const moved = distance(previews[step]![0]!, previews[step - 1]![0]!);
      expect(moved).toBeLessThan(Math.SQRT2 * AMPLITUDE * rate * 0.02 + RESOLUTION);
      expect(moved).toBeGreaterThan(0);
    }
  });

  test('closes its lap at the end of the episode, to within half a step', () => {
    const [start, beforeLast] = [previews[0]![0]!, previews[lap - 1]![0]!];
    const stepLength = distance(previews[1]![0]!, start);
    // One step is missing to the lap of 406.5; rounding may leave half a one.
    expect(distance(start, beforeLast)).toBeLessThan(1.5 * stepLength * 1.01);
    expect(distance(start, beforeLast)).toBeGreaterThan(0.5 * stepLength * 0.99);
  });
});

describe('the speed setting', () => {
  test.each([0.5, 1, 1.5])('of %f m/s is the mean speed over the lap', (speed) => {
    const { previews } = flyLap(speed);
    let length = 0;
    for (let step = 1; step < previews.length; step++)
      length += distance(previews[step]![0]!, previews[step - 1]![0]!);
    const mean = length / (0.02 * (previews.length - 1));
    // Chords are shorter than arcs by (κ·ds)²/24, 10⁻⁴ here; one step of 400 is missing, at up to 1.46 times the speed.
    expect(Math.abs(mean / speed - 1)).toBeLessThan(0.46 / (previews.length - 1) + 3e-4);
  });

  test('makes the episode one lap: 12.194 m at that speed', () => {
    // Length of the curve with amplitude 1, as the environment has it: 6.097223.
    expect(lapLength() / AMPLITUDE).toBeCloseTo(6.097223, 6);
    for (const speed of [0.1, 1, 1.5, 4]) {
      const { spec } = createEnv('drone-track', 1, { speed });
      expect(spec.maxEpisodeSteps).toBe(Math.round(lapLength() / speed / 0.02));
    }
  });
});

describe('an episode', () => {
  test('starts within 10 cm of the point and 10 cm/s of its velocity along each axis, almost level', () => {
    const scenes = 500;
    const env = createEnv('drone-track', scenes);
    const obs = env.reset(1);
    const { velocity, position, rotation, spin } = truth(env);
    const rate = (2 * Math.PI * 1.5) / lapLength();
    const read = componentReader(env);
    const phases: number[] = [];
    for (let scene = 0; scene < scenes; scene++) {
      const point = Float64Array.from(['x', 'y', 'z'], (axis) => read(obs, scene, `preview.0.${axis}`));
      rotate(point, 0, rotation, 4 * scene, point, 0);
      for (const offset of point) expect(Math.abs(offset)).toBeLessThan(0.1 + RESOLUTION);
      // sin θ and sin θ·cos θ give the phase, and with it the velocity of the point.
      const [sine, product] = [0, 1].map((i) => (point[i]! + position[3 * scene + i]!) / AMPLITUDE);
      const phase = Math.atan2(sine!, product! / sine!);
      phases.push(phase);
      const moving = [Math.cos(phase), Math.cos(2 * phase), 0].map((v) => AMPLITUDE * rate * v);
      for (let axis = 0; axis < 3; axis++) {
        // Near the crossing, where both are 0, the phase is known ten times worse.
        if (Math.abs(sine!) > 0.1)
          expect(Math.abs(velocity[3 * scene + axis]! - moving[axis]!)).toBeLessThan(0.1 + 1e-3);
        expect(Math.abs(spin[3 * scene + axis]!)).toBeLessThanOrEqual(0.1 + 1e-6);
      }
      expect(read(obs, scene, 'up.z')).toBeGreaterThan(Math.cos(0.1) - 1e-6);
    }
    // Starts are all along the curve: in each eighth of it some 62 of 500, within five deviations of √(500·7/64).
    for (let eighth = 0; eighth < 8; eighth++) {
      const low = -Math.PI + (eighth * Math.PI) / 4;
      const count = phases.filter((phase) => phase >= low && phase < low + Math.PI / 4).length;
      expect(Math.abs(count - 62.5)).toBeLessThan(5 * Math.sqrt((500 * 7) / 64));
    }
    env.close();
  });

  test('has rewards by the distance to the point, and by the spin', () => {
    const env = createEnv('drone-track', 4);
    const read = componentReader(env);
    advance(env, env.reset(3), pilotActions(env), 50, ({ finalObs, info }) => {
      for (let scene = 0; scene < 4; scene++) {
        const length = (name: string) =>
          Math.hypot(...['x', 'y', 'z'].map((axis) => read(finalObs, scene, `${name}.${axis}`)));
        const [d, spin] = [length('preview.0'), length('rate')];
        const expected = [1 / (1 + 2 * d), 1.5 / (1 + 10 * d), -0.02 * spin, 0];
        // The steepest is 15 per metre.
        expected.forEach((term, i) => {
          expect(Math.abs(info.rewardTerms[4 * scene + i]! - term)).toBeLessThan(15 * RESOLUTION);
        });
      }
    });
    env.close();
  });

  test('ends, with 10 off, more than 2 m from the point', () => {
    const env = createEnv('drone-track', 8);
    const read = componentReader(env);
    let losses = 0;
    // Hover where it started, level or nearly: the point leaves.
    const hover = (actions: Float32Array) => {
      for (let scene = 0; scene < 8; scene++) actions.set(HOVER, 4 * scene);
    };
    advance(env, env.reset(4), hover, 200, ({ finalObs, terminated, info }) => {
      for (let scene = 0; scene < 8; scene++) {
        const d = Math.hypot(...['x', 'y', 'z'].map((axis) => read(finalObs, scene, `preview.0.${axis}`)));
        expect(terminated[scene]).toBe(d > 2 ? 1 : 0);
        expect(info.rewardTerms[4 * scene + 3]).toBe(d > 2 ? -10 : 0);
        losses += terminated[scene]!;
      }
    });
    expect(losses).toBeGreaterThan(8);
    env.close();
  });

  test('is a success where the mean distance over the lap is below 15 cm', () => {
    // Pilots that hold 0 to 30 cm above the point, for two laps each.
    const scenes = 31;
    const env = createEnv('drone-track', scenes);
    const read = componentReader(env);
    const sums = new Float64Array(scenes);
    const lap = env.spec.maxEpisodeSteps;
    const outcomes: { mean: number; success: number }[] = [];
    const act = pilotActions(env, (scene) => ({ above: 0.01 * scene }));
    advance(env, env.reset(5), act, 2 * lap, ({ finalObs, truncated, info }, step) => {
      for (let scene = 0; scene < scenes; scene++) {
        sums[scene]! += Math.hypot(
          ...['x', 'y', 'z'].map((axis) => read(finalObs, scene, `preview.0.${axis}`)),
        );
        expect(truncated[scene]).toBe((step + 1) % lap === 0 ? 1 : 0);
        if (!truncated[scene]) {
          expect(info.success[scene]).toBe(0);
          continue;
        }
        outcomes.push({ mean: sums[scene]! / lap, success: info.success[scene]! });
        sums[scene] = 0;
      }
    });
    for (const { mean, success } of outcomes) expect(success).toBe(mean < 0.15 ? 1 : 0);
    // The threshold is met closely from both sides.
    expect(outcomes.some(({ mean }) => mean > 0.15 && mean < 0.165)).toBe(true);
    expect(outcomes.some(({ mean }) => mean < 0.15 && mean > 0.135)).toBe(true);
    env.close();
  });
});
