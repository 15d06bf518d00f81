/** Adam against its algorithm in float64, and numbers by hand. */
import { describe, expect, test } from 'vitest';
import { adam, adamState, type Layout, layoutSize, moveToward, zeros } from '../../src/nn/index.ts';
import type { Device, InputSpec } from '../../src/tensor/index.ts';
import { runOn } from '../support/tensors.ts';

const layout: Layout = [{ name: 'value', shape: [1], initialize: zeros }];
const devices: readonly Device[] = ['cpu', 'reference'];

interface Scalars {
  readonly p: number;
  readonly step: number;
  readonly first: number;
  readonly second: number;
}

/** One step of the one parameter `p`. */
async function step(device: Device, before: Scalars, gradient: number, rate: number): Promise<Scalars> {
  const specs: Record<string, InputSpec> = { p: [1], gradient: [1] };
  for (const name of Object.keys(adamState('p', layout))) specs[name] = [1];
  const results = await runOn(
    device,
    ({ gradient, ...state }) => {
      const next = adam(state, 'p', gradient!, rate);
      return Object.fromEntries(Object.entries(next).map(([name, value]) => [`next.${name}`, value]));
    },
    specs,
    {
      p: Float32Array.of(before.p),
      gradient: Float32Array.of(gradient),
      'p.adam.step': Float32Array.of(before.step),
      'p.adam.first': Float32Array.of(before.first),
      'p.adam.second': Float32Array.of(before.second),
    },
  );
  return {
    p: results['next.p']![0]!,
    step: results['next.p.adam.step']![0]!,
    first: results['next.p.adam.first']![0]!,
    second: results['next.p.adam.second']![0]!,
  };
}

/** The paper's algorithm 1, in float64. */
function paperStep({ p, step, first, second }: Scalars, gradient: number, rate: number): Scalars {
  const t = step + 1;
  const m = 0.9 * first + 0.1 * gradient;
  const v = 0.999 * second + 0.001 * gradient ** 2;
  const corrected = { m: m / (1 - 0.9 ** t), v: v / (1 - 0.999 ** t) };
  return { p: p - (rate * corrected.m) / (Math.sqrt(corrected.v) + 1e-8), step: t, first: m, second: v };
}

const start: Scalars = { p: 1, step: 0, first: 0, second: 0 };

describe.each(devices)('adam on %s', (device) => {
  test('takes two steps as computed by hand', async () => {
    // t = 1, g = 0.5: m = 0.1·0.5 = 0.05, v = 0.001·0.25 = 0.00025; m̂ = 0.05/0.1 = 0.5, v̂ = 0.00025/0.001 = 0.25;
    // p = 1 − 0.1·0.5/(0.5 + 1e-8) = 0.900000002.
    const one = await step(device, start, 0.5, 0.1);
    expect(one.p).toBeCloseTo(0.900000002, 6);
    expect(one.step).toBe(1);
    expect(one.first).toBeCloseTo(0.05, 8);
    expect(one.second).toBeCloseTo(0.00025, 10);
    // t = 2, g = −1: m = 0.9·0.05 − 0.1 = −0.055, v = 0.999·0.00025 + 0.001 = 0.00124975;
    // m̂ = −0.055/0.19 = −0.2894737, v̂ = 0.00124975/0.001999 = 0.6251876, √v̂ = 0.7906881;
    // p = 0.900000002 + 0.1·0.2894737/0.7906881 = 0.9366104.
    const two = await step(device, one, -1, 0.1);
    expect(two.p).toBeCloseTo(0.9366104, 6);
    expect(two.step).toBe(2);
    expect(two.first).toBeCloseTo(-0.055, 8);
    expect(two.second).toBeCloseTo(0.00124975, 9);
  });

  test('corrects its bias to 1e-6 at any age', async () => {
    for (const age of [1, 2, 3, 10, 100, 1000, 10_000, 1e6]) {
      // The parameter starts at 0, so that all digits of the move are kept.
      const before = { p: 0, step: age - 1, first: age === 1 ? 0 : 0.02, second: age === 1 ? 0 : 0.003 };
      const [actual, expected] = [await step(device, before, 0.7, 1), paperStep(before, 0.7, 1)];
      expect(Math.abs(actual.p / expected.p - 1), `t = ${age}`).toBeLessThan(1e-6);
      expect(actual.step).toBe(age);
    }
  });

  test('moves by the learning rate at first, whatever the size of the gradient', async () => {
    // g/(|g| + ε): for g = 1e-4, 1/(1 + 1e-4) with ε = 1e-8.
    expect((await step(device, { ...start, p: 0 }, 1000, 0.01)).p).toBeCloseTo(-0.01, 8);
    expect((await step(device, { ...start, p: 0 }, -1e-4, 0.01)).p).toBeCloseTo(0.01 / (1 + 1e-4), 8);
  });

  test('stays where it is without a gradient', async () => {
    expect(await step(device, start, 0, 0.1)).toEqual({ p: 1, step: 1, first: 0, second: 0 });
  });

  test('moveToward goes a fraction of the way', async () => {
    const moved = async (rate: number) => {
      const { y } = await runOn(
        device,
        ({ target, source }) => ({ y: moveToward(target!, source!, rate) }),
        { target: [2], source: [2] },
        { target: Float32Array.of(1, -4), source: Float32Array.of(3, 4) },
      );
      return [...y!];
    };
    expect(await moved(0.25)).toEqual([1.5, -2]);
    expect(await moved(0)).toEqual([1, -4]);
    expect(await moved(1)).toEqual([3, 4]);
  });
});

test('the state of adam has both moments in the layout of what it trains, and starts at zero', () => {
  const trained: Layout = [
    { name: 'a', shape: [2, 3], initialize: (values) => values.fill(9) },
    { name: 'b', shape: [4], initialize: (values) => values.fill(9) },
  ];
  const state = adamState('actor', trained);
  expect(Object.fromEntries(Object.entries(state).map(([name, array]) => [name, layoutSize(array)]))).toEqual(
    {
      'actor.adam.step': 1,
      'actor.adam.first': 10,
      'actor.adam.second': 10,
    },
  );
  for (const array of Object.values(state).flat()) expect(array.initialize).toBe(zeros);
});
