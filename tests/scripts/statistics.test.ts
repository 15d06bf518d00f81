/** Statistics over seeds: by hand, and as properties. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  estimate,
  firstReached,
  interquartileMean,
  mean,
  median,
  quantile,
  standardDeviation,
  timeToReach,
} from '../../scripts/bench/statistics.ts';

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 12 });
const ROUNDING = 1e-9;

describe('by hand', () => {
  it('mean, median and standard deviation of a sample', () => {
    expect(mean([2, 4, 4, 6])).toBe(4);
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 2])).toBe(3.5);
    // Deviations −2, 0, 0, 2: √(8 / 3).
    expect(standardDeviation([2, 4, 4, 6])).toBeCloseTo(1.632993, 6);
    expect(standardDeviation([2])).toBeNaN();
  });

  it('the interquartile mean drops a quarter at each end, rounded down', () => {
    expect(interquartileMean([1, 2, 6])).toBe(3);
    expect(interquartileMean([100, 3, 1, 2])).toBe(2.5);
    expect(interquartileMean([100, 3, 1, -50, 2])).toBe(2);
    // Of nine values two go at each end: (2 + 3 + 10 + 20 + 30) / 5.
    expect(interquartileMean([1000, 40, 30, 20, 10, 3, 2, 1, 0])).toBe(13);
  });

  it('quantiles lie between neighbours, and infinite values are allowed', () => {
    expect(quantile([10, 20, 30, 40], 0.5)).toBe(25);
    expect(quantile([10, 20, 30, 40], 0.1)).toBeCloseTo(13, 12);
    expect([0, 1].map((at) => quantile([10, 20], at))).toEqual([10, 20]);
    const late = Number.POSITIVE_INFINITY;
    expect([0, 0.25, 0.5, 1].map((at) => quantile([1, 2, late], at))).toEqual([1, 1.5, 2, late]);
    expect(quantile([late, late], 0.3)).toBe(late);
  });

  it('the bootstrap of two values has a quarter of its resamples at each of them', () => {
    expect(estimate([0, 1], mean)).toEqual({ value: 0.5, low: 0, high: 1 });
  });

  it('the interval of the mean of many values is that of the normal distribution', () => {
    // 0, 1, …, 99: σ / √n = 28.866 / 10.
    const hundred = Array.from({ length: 100 }, (_, i) => i);
    const { value, low, high } = estimate(hundred, mean);
    expect(value).toBe(49.5);
    expect(Math.abs(low - (49.5 - 1.96 * 2.8866))).toBeLessThan(0.5);
    expect(Math.abs(high - (49.5 + 1.96 * 2.8866))).toBeLessThan(0.5);
  });

  it('steps to a threshold: the first point that reaches it', () => {
    const points = [
      [10, 0.2],
      [20, 0.95],
      [30, 0.5],
    ] as const;
    expect(firstReached(points, 0.95)).toBe(20);
    expect(firstReached(points, 0.2)).toBe(10);
    expect(firstReached(points, 0.96)).toBeNull();
  });

  it('runs that never got there are late, not missing', () => {
    expect(timeToReach([30, null, 10])).toMatchObject({ value: 30, high: Infinity, reached: 2, runs: 3 });
    expect(timeToReach([30, null, null])).toMatchObject({ value: Infinity, low: 30, reached: 1 });
    expect(timeToReach([null])).toEqual({
      value: Infinity,
      low: Infinity,
      high: Infinity,
      reached: 0,
      runs: 1,
    });
    expect(timeToReach([7, 7, 7, 7, 7])).toEqual({ value: 7, low: 7, high: 7, reached: 5, runs: 5 });
  });

  it('there is no statistic of no values', () => {
    for (const statistic of [
      mean,
      median,
      interquartileMean,
      (none: readonly number[]) => estimate(none, mean),
    ])
      expect(() => statistic([])).toThrow(RangeError);
  });
});

describe('as properties', () => {
  it('the interquartile mean lies between the outermost values that it keeps, and does not know the order', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const sorted = [...sample].sort((a, b) => a - b);
        const dropped = Math.floor(sample.length / 4);
        const value = interquartileMean(sample);
        expect(value).toBeGreaterThanOrEqual(sorted[dropped]! - ROUNDING);
        expect(value).toBeLessThanOrEqual(sorted.at(-1 - dropped)! + ROUNDING);
        expect(interquartileMean([...sample].reverse())).toBe(value);
      }),
    );
  });

  it('one run in four may be anything', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 1e4, max: 1e9, noNaN: true }), (sample, outlier) => {
        const good = [...sample, ...sample, ...sample].slice(0, 3 * sample.length);
        const bad = Array.from({ length: Math.floor(sample.length / 4) }, () => outlier);
        expect(interquartileMean([...good, ...bad])).toBeLessThanOrEqual(Math.max(...sample) + ROUNDING);
      }),
    );
  });

  it('intervals hold their statistic, lie within the values, and are the same every time', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(interquartileMean, median, mean), (sample, statistic) => {
        const { value, low, high } = estimate(sample, statistic);
        expect(value).toBe(statistic(sample));
        expect(low).toBeLessThanOrEqual(value + ROUNDING);
        expect(high).toBeGreaterThanOrEqual(value - ROUNDING);
        expect(low).toBeGreaterThanOrEqual(Math.min(...sample) - ROUNDING);
        expect(high).toBeLessThanOrEqual(Math.max(...sample) + ROUNDING);
        expect(estimate(sample, statistic)).toEqual({ value, low, high });
      }),
      { numRuns: 40 },
    );
  });

  it('moving and stretching the values does the same to the estimate', () => {
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: -9, max: 9 }),
        fc.integer({ min: 1, max: 8 }),
        (sample, by, times) => {
          const before = estimate(sample, interquartileMean);
          const after = estimate(
            sample.map((value) => times * value + by),
            interquartileMean,
          );
          for (const end of ['value', 'low', 'high'] as const)
            expect(after[end]).toBeCloseTo(times * before[end] + by, 6);
        },
      ),
      { numRuns: 40 },
    );
  });
});
