/** The Kuramoto-Sivashinsky task: against closed forms, against a spectral solution, and its costs by hand. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFlow, LENGTH, POINTS } from '../../envs/ks/flow.ts';
import { ks } from '../../envs/ks/index.ts';
import { createRng } from '../../src/core/rng.ts';

const golden: {
  readonly start: number[];
  readonly force: number[];
  readonly fields: Record<string, number[]>;
} = JSON.parse(readFileSync(new URL('../golden/ks.json', import.meta.url), 'utf8'));

const unforced = new Float64Array(POINTS);
const wave = (number: number, phase = 0): Float64Array =>
  Float64Array.from({ length: POINTS }, (_, i) => Math.cos((2 * Math.PI * number * i) / POINTS + phase));
const meanOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe('the equation', () => {
  test.each([1, 2, 3, 4, 5])('a faint wave of number %i grows as k² − k⁴ says', (number) => {
    const { field, advance } = createFlow();
    const size = 1e-6;
    field.set(wave(number).map((value) => size * value));
    advance(unforced, 1_000, 0.001);
    const k = (2 * Math.PI * number) / LENGTH;
    // Of one unit of time; stencils of 64 points are a little off for short waves.
    expect(Math.log(field[0]! / size)).toBeCloseTo(k ** 2 - k ** 4, 2);
  });

  test.each(Object.keys(golden.fields))('is as a spectral method has it after %s', (time) => {
    const { field, advance } = createFlow();
    field.set(golden.start);
    advance(Float64Array.from(golden.force), Number(time) / 0.001, 0.001);
    const scale = Math.sqrt(meanOf(field.map((value) => value ** 2)));
    const error = Math.sqrt(meanOf(field.map((value, i) => (value - golden.fields[time]![i]!) ** 2)));
    expect(error / scale).toBeLessThan(2e-3);
  });

  test('keeps its mean, and gains in energy what slope and force feed less what curvature takes', () => {
    const { field, advance } = createFlow();
    field.set(golden.start);
    const force = Float64Array.from(golden.force);
    const energy = (): number => meanOf(field.map((value) => value ** 2)) / 2;
    const [mean, before] = [meanOf(field), energy()];
    const means = advance(force, 2_000, 0.001);
    expect(meanOf(field) - mean).toBeCloseTo(2 * meanOf(force), 9);
    expect(energy() - before).toBeCloseTo(2 * (means.slope + means.power - means.curvature), 2);
  });

  test('means are those of a wave, by hand', () => {
    const { field, advance } = createFlow();
    const size = 1e-4;
    field.set(wave(3).map((value) => size * value));
    const means = advance(wave(3), 1, 1e-9);
    const k = (6 * Math.PI) / LENGTH;
    expect(means.slope / size ** 2).toBeCloseTo(k ** 2 / 2, 3);
    expect(means.curvature / size ** 2).toBeCloseTo(k ** 4 / 2, 3);
    expect(means.power / size).toBeCloseTo(1 / 2, 6);
  });
});

describe('the task', () => {
  test('pays what curvature, slope and power cost, and the force is that of the four actuators', () => {
    const env = ks.create(1, { stepDelay: 0 });
    const obs = env.reset(5).slice();
    const actions = Float32Array.of(1, -0.5, 0, 0.25);
    const { reward, info } = env.step(actions);
    const { field, advance } = createFlow();
    field.set(obs);
    const force = Float64Array.from({ length: POINTS }, (_, i) => {
      const place = (i * LENGTH) / POINTS;
      return [...actions].reduce((sum, action, actuator) => {
        const away = Math.abs(place - (actuator * LENGTH) / 4);
        const distance = Math.min(away, LENGTH - away);
        return sum + (0.5 * action * Math.exp(-(distance ** 2) / 2)) / Math.sqrt(2 * Math.PI);
      }, 0);
    });
    const { curvature, slope, power } = advance(force, 125, 0.002);
    expect(info.rewardTerms[0]).toBeCloseTo(-curvature, 4);
    expect(info.rewardTerms[1]).toBeCloseTo(-slope, 4);
    expect(info.rewardTerms[2]).toBeCloseTo(-power, 4);
    expect(reward[0]).toBeCloseTo(-(curvature + slope + power), 4);
    env.close();
  });

  test('begins in the chaos, in many ways', () => {
    const env = ks.create(200, { stepDelay: 0 });
    const obs = env.reset(1);
    const rows = Array.from({ length: 200 }, (_, i) => obs.subarray(i * POINTS, (i + 1) * POINTS));
    for (const row of rows) {
      expect(meanOf(row)).toBeCloseTo(0, 1);
      const size = Math.sqrt(meanOf(row.map((value) => value ** 2)));
      expect(size).toBeGreaterThan(0.5);
      expect(size).toBeLessThan(2.5);
    }
    expect(new Set(rows.map((row) => row.join())).size).toBeGreaterThan(180);
    env.close();
  });

  test('a delay holds up every scene', () => {
    const [rng, actions] = [createRng(0), new Float32Array(12)];
    for (let i = 0; i < 12; i++) actions[i] = rng.uniform(-1, 1);
    const [quick, slow] = [0, 0.05].map((stepDelay) => {
      const env = ks.create(3, { stepDelay });
      env.reset(2);
      const start = performance.now();
      const obs = env.step(actions).obs.slice();
      return { obs, duration: performance.now() - start };
    });
    expect(slow!.obs).toEqual(quick!.obs);
    expect(slow!.duration).toBeGreaterThan(150);
  });
});
