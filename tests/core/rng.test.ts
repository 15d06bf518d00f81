/** Seeded random numbers: the right generator, unbiased draws, independent streams. */
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.ts';

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Pearson correlation. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = mean(a.map((v, i) => (v - meanA) * (b[i]! - meanB)));
  const spread = (values: readonly number[], m: number): number =>
    Math.sqrt(mean(values.map((v) => (v - m) ** 2)));
  return covariance / (spread(a, meanA) * spread(b, meanB));
}

describe('createRng', () => {
  // python3 tests/golden/make-rng.py
  const golden: Readonly<Record<number, readonly number[]>> = {
    0: [3809008728, 1133695204, 53579671, 2891528803, 139681546, 2203266335],
    1: [2442144158, 3238099751, 3819917871, 2104621829, 2021136066, 4223536128],
    20260101: [3158187218, 2639814666, 266322181, 470685586, 3786765894, 2255428557],
    4294967295: [835879718, 1921286648, 2356205009, 1885780724, 980451116, 1053911718],
  };

  it.each(Object.keys(golden).map(Number))(
    'gives the reference sequence of xoshiro128** for seed %i',
    (seed) => {
      const rng = createRng(seed);
      expect(draws(6, rng.bits)).toEqual(golden[seed]);
    },
  );

  it('counts the low 32 bits of a seed', () => {
    expect(draws(6, createRng(-1).bits)).toEqual(golden[0xffffffff]);
    expect(draws(6, createRng(2 ** 32 + 1).bits)).toEqual(golden[1]);
  });

  it('draws uniform numbers with the mean, the variance and the range of [-3, 5)', () => {
    const rng = createRng(1);
    const values = draws(200_000, () => rng.uniform(-3, 5));
    // Standard errors: 8/√12/√200000 = 0.0052 of the mean, and 0.0107 of the variance 64/12. Four of each.
    expect(Math.abs(mean(values) - 1)).toBeLessThan(0.021);
    expect(Math.abs(mean(values.map((v) => (v - 1) ** 2)) - 64 / 12)).toBeLessThan(0.043);
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(-3);
    expect(Math.max(...values.slice(0, 50_000))).toBeLessThan(5);
  });

  it('draws normal numbers with the first four moments of the standard normal', () => {
    const values = Array.from(createRng(2).fillNormal(new Float32Array(200_000)));
    const moment = (power: number): number => mean(values.map((v) => v ** power));
    // Standard errors of the moments: √1, √2, √15 and √96 over √200000. Four of each.
    expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / 200_000));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / 200_000));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / 200_000));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / 200_000));
  });

  it('makes both normal numbers of a pair, independent of each other', () => {
    const values = createRng(3).fillNormal(new Float32Array(100_000));
    const even = Array.from(values).filter((_, i) => i % 2 === 0);
    const odd = Array.from(values).filter((_, i) => i % 2 === 1);
    expect(Math.abs(correlation(even, odd))).toBeLessThan(4 / Math.sqrt(50_000));
    expect(
      Math.abs(
        correlation(
          even.map((v) => v ** 2),
          odd.map((v) => v ** 2),
        ),
      ),
    ).toBeLessThan(4 / Math.sqrt(50_000));
  });

  it('fills an array of odd length without going beyond it', () => {
    const longer = createRng(4).fillNormal(new Float32Array(6));
    const memory = new Float32Array(6).fill(9);
    createRng(4).fillNormal(memory.subarray(0, 5));
    expect(Array.from(memory)).toEqual([...longer.subarray(0, 5), 9]);
    expect(createRng(4).normal()).toBe(longer[0]);
  });

  it('draws every integer below a bound equally often', () => {
    const rng = createRng(5);
    const counts = new Float64Array(7);
    for (let i = 0; i < 70_000; i++) counts[rng.integer(7)]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(22.46); // 0.999 quantile with 6 degrees of freedom
  });

  it('has no modulo bias where the bound does not divide 2³²', () => {
    // Taken modulo 3·2³⁰, the lowest quarter of 2³² would fall on the first third a second time: 1/2, not 1/3.
    const below = 3 * 2 ** 30;
    const rng = createRng(6);
    const values = draws(30_000, () => rng.integer(below));
    const firstThird = values.filter((v) => v < below / 3).length / values.length;
    expect(Math.abs(firstThird - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / 30_000));
    expect(Math.max(...values)).toBeLessThan(below);
  });
});

describe('Rng.split', () => {
  it('depends on the seed and the purpose, not on what has been drawn', () => {
    const [used, fresh] = [createRng(7), createRng(7)];
    draws(100, used.bits);
    expect(draws(5, used.split('noise').bits)).toEqual(draws(5, fresh.split('noise').bits));
  });

  it('draws nothing from its parent', () => {
    const [parent, alone] = [createRng(8), createRng(8)];
    draws(10, parent.split('child').bits);
    expect(parent.bits()).toBe(alone.bits());
  });

  it('gives streams that are not correlated with each other or with the parent', () => {
    const count = 50_000;
    const uniforms = (rng: ReturnType<typeof createRng>): number[] => draws(count, () => rng.uniform(0, 1));
    const streams = [
      createRng(9),
      createRng(9).split('sampling'),
      createRng(9).split('exploring'),
      createRng(10).split('sampling'),
    ].map(uniforms);
    for (let i = 0; i < streams.length; i++) {
      for (let j = 0; j < i; j++)
        expect(Math.abs(correlation(streams[i]!, streams[j]!))).toBeLessThan(4 / Math.sqrt(count));
    }
  });

  it('gives every scene of every seed a stream of its own', () => {
    const first = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      for (let scene = 0; scene < 256; scene++)
        first.add(createRng(seed).split(`scene ${scene}`).state().join());
    }
    expect(first.size).toBe(20 * 256);
  });
});

describe('Rng.split of neighbours', () => {
  it('does not meet where seed and purpose differ by one bit each', () => {
    expect(createRng(9).split('b').state()).not.toEqual(createRng(10).split('a').state());
    expect(createRng(0).split('b').state()).not.toEqual(createRng(3).split('a').state());
  });
});

describe('Rng.integer', () => {
  it.each([0, -1, 1.5, 2 ** 32 + 1, Number.NaN])('refuses %d', (below) => {
    expect(() => createRng(0).integer(below)).toThrow(RangeError);
  });

  it('takes 1 and 2^32', () => {
    expect(createRng(0).integer(1)).toBe(0);
    expect(createRng(0).integer(2 ** 32)).toBe(createRng(0).bits());
  });
});

describe('Rng.state', () => {
  it('continues the same sequence in another generator, after a trip through JSON too', () => {
    const rng = createRng(11);
    draws(17, rng.bits);
    const other = createRng(0);
    other.restore(JSON.parse(JSON.stringify(rng.state())));
    expect(draws(50, other.bits)).toEqual(draws(50, rng.bits));
  });

  it('holds four unsigned words, and restoring them changes none', () => {
    const rng = createRng(12);
    draws(1000, rng.bits);
    const state = rng.state();
    for (const word of state) expect(word).toBe(word >>> 0);
    rng.restore(state);
    expect(rng.state()).toEqual(state);
  });
});
