/** Search spaces: what is drawn lies where it should, as often as it should, and again for the same seed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import { type Domain, draw, drawSettings, logUniform, oneOf, uniform } from '../../src/core/search.ts';

const DRAWS = 4_000;

const draws = (domain: Domain, count = DRAWS, seed = 1): number[] => {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => draw(domain, rng) as number);
};

/**
 * Kolmogorov and Smirnov's distance between the values and a distribution, times √n: above 1.63 in one of a hundred
 * samples that follow it.
 */
function distance(values: readonly number[], distribution: (value: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const gaps = sorted.map((value, i) => {
    const expected = distribution(value);
    return Math.max(Math.abs(expected - i / sorted.length), Math.abs(expected - (i + 1) / sorted.length));
  });
  return Math.sqrt(sorted.length) * Math.max(...gaps);
}
const LIMIT = 1.63;

const bounds = fc
  .tuple(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.double({ min: 1.001, max: 1e6, noNaN: true }))
  .map(([low, factor]) => [low, low * factor] as const);

describe('ranges', () => {
  it('are kept, bounds included, on either scale', () => {
    fc.assert(
      fc.property(bounds, fc.integer(), ([low, high], seed) => {
        for (const domain of [uniform(low, high), logUniform(low, high)]) {
          for (const value of draws(domain, 20, seed)) {
            expect(value).toBeGreaterThanOrEqual(low);
            expect(value).toBeLessThanOrEqual(high);
          }
        }
      }),
    );
  });

  it('are uniform in the number', () => {
    const linear = (low: number, high: number) => (x: number) => (x - low) / (high - low);
    expect(distance(draws(uniform(-3, 5)), linear(-3, 5))).toBeLessThan(LIMIT);
    expect(distance(draws(uniform(0.95, 0.999)), linear(0.95, 0.999))).toBeLessThan(LIMIT);
  });

  it('are uniform in the logarithm where they are logarithmic, and only there', () => {
    const logarithmic = (x: number): number => Math.log(x / 1e-4) / Math.log(30);
    expect(distance(draws(logUniform(1e-4, 3e-3)), logarithmic)).toBeLessThan(LIMIT);
    expect(distance(draws(uniform(1e-4, 3e-3)), logarithmic)).toBeGreaterThan(10);
  });

  it('print as what they are', () => {
    for (const value of draws(logUniform(1e-4, 3e-3), 100)) expect(String(value).length).toBeLessThan(10);
    for (const value of draws(uniform(0.9, 0.99), 100)) expect(String(value).length).toBeLessThan(8);
  });
});

describe('ranges of whole numbers', () => {
  const share = (values: readonly number[], value: number): number =>
    values.filter((each) => each === value).length / values.length;

  it('give each number its share', () => {
    const values = draws(uniform(1, 4, { whole: true }));
    expect(new Set(values)).toEqual(new Set([1, 2, 3, 4]));
    // Four standard errors of a share of ¼.
    for (const value of [1, 2, 3, 4]) expect(Math.abs(share(values, value) - 0.25)).toBeLessThan(0.028);
  });

  it('give k the share log((k + 1)/k) where they are logarithmic', () => {
    const values = draws(logUniform(1, 64, { whole: true }));
    expect(values.every(Number.isInteger)).toBe(true);
    for (const k of [1, 2, 3]) {
      const expected = Math.log((k + 1) / k) / Math.log(65);
      expect(Math.abs(share(values, k) - expected)).toBeLessThan(0.028);
    }
    expect(Math.max(...values)).toBeLessThanOrEqual(64);
  });
});

describe('choices', () => {
  it('give each value as often', () => {
    const values = draws(oneOf([[64, 64], [128], []]) as Domain).map((value) => JSON.stringify(value));
    for (const value of ['[64,64]', '[128]', '[]']) {
      const share = values.filter((each) => each === value).length / DRAWS;
      // Four standard errors of a share of ⅓.
      expect(Math.abs(share - 1 / 3)).toBeLessThan(0.03);
    }
  });
});

describe('the settings of a space', () => {
  const space = { rate: logUniform(1e-4, 1e-2), discount: uniform(0.9, 0.99), clip: oneOf([true, false]) };

  it('are the same for the same seed, and others for another one', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const drawn = drawSettings(space, createRng(seed));
        expect(drawSettings(space, createRng(seed))).toEqual(drawn);
        expect(drawSettings(space, createRng(seed + 1))).not.toEqual(drawn);
        expect(Object.keys(drawn)).toEqual(Object.keys(space));
      }),
    );
  });

  it('do not depend on the domains of the others', () => {
    const { rate, discount } = drawSettings(space, createRng(3));
    const other = drawSettings(
      { more: uniform(0, 1), discount: uniform(0, 1), rate: space.rate },
      createRng(3),
    );
    expect(other.rate).toBe(rate);
    expect(other.discount).not.toBe(discount);
  });

  it('are drawn independently of each other', () => {
    const pair = { a: uniform(-1, 1), b: uniform(-1, 1) };
    const drawn = Array.from({ length: DRAWS }, (_, seed) => drawSettings(pair, createRng(seed)));
    const covariance = drawn.reduce((sum, { a, b }) => sum + (a as number) * (b as number), 0) / DRAWS;
    // Four standard errors of a product with variance (1/3)².
    expect(Math.abs(covariance)).toBeLessThan(4 / 3 / Math.sqrt(DRAWS));
  });
});

describe('domains that hold nothing to search', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['an empty range', () => uniform(2, 1), /from 2 to 1 is empty/],
    ['a range of one number', () => uniform(1, 1), /empty/],
    ['a bound that is no number', () => uniform(0, Number.NaN), /finite/],
    ['an infinite bound', () => logUniform(1, Number.POSITIVE_INFINITY), /finite/],
    ['a logarithm of zero', () => logUniform(0, 1), /above zero/],
    ['whole numbers between fractions', () => uniform(0.5, 2, { whole: true }), /whole bounds/],
    ['a choice of one', () => oneOf([1]), /two different values/],
    ['a choice of none', () => oneOf([]), /two different values/],
    ['a value twice', () => oneOf([1, 2, 1]), /each value once/],
  ])('are refused: %s', (_, make, message) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(message);
  });
});
