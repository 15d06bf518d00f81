/** Ratings of two policies, against figures worked out by hand or published. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  eloDifference,
  eloRatings,
  expectedScore,
  type Points,
  wilsonInterval,
  winRate,
} from '../../src/rollout/ratings.ts';

const count = fc.nat(2000);
const games = fc.record({ wins: count, draws: count, losses: count });

describe('wilsonInterval', () => {
  test('of 8 in 10', () => {
    // z² = 3.841459: centre (0.8 + 0.192073)/1.384146, half √(0.016 + 0.00960365)·1.959964/1.384146.
    const { value, low, high } = wilsonInterval(8, 10);
    expect(value).toBe(0.8);
    expect(low).toBeCloseTo(0.490162, 5);
    expect(high).toBeCloseTo(0.943318, 5);
  });

  test('of none and of all: the other end is z²/(n + z²) away', () => {
    const reach = 3.841458820694124 / (20 + 3.841458820694124);
    expect(wilsonInterval(0, 20)).toEqual({ value: 0, low: 0, high: expect.closeTo(reach, 12) });
    expect(wilsonInterval(20, 20)).toEqual({ value: 1, low: expect.closeTo(1 - reach, 12), high: 1 });
  });

  test('of nothing is everything', () => {
    expect(wilsonInterval(0, 0)).toEqual({ value: null, low: 0, high: 1 });
  });

  test.each([
    [-1, 10],
    [11, 10],
    [Number.NaN, 10],
    [1, Number.POSITIVE_INFINITY],
  ])('of %d in %d is refused', (successes, trials) => {
    expect(() => wilsonInterval(successes, trials)).toThrow(/make no proportion/);
  });

  test('its ends are where the score test has its limit: |p − p₀| = z √(p₀(1 − p₀)/n)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, part) => {
          const successes = Math.round(part * n);
          const { value, low, high } = wilsonInterval(successes, n);
          for (const end of [low, high]) {
            const z = Math.abs(value! - end) / Math.sqrt((end * (1 - end)) / n);
            if (end > 0 && end < 1) expect(z).toBeCloseTo(1.959964, 5);
          }
          expect(low).toBeLessThanOrEqual(value!);
          expect(high).toBeGreaterThanOrEqual(value!);
        },
      ),
    );
  });
});

describe('winRate', () => {
  test('leaves draws out', () => {
    expect(winRate({ wins: 8, draws: 90, losses: 2 })).toEqual(wilsonInterval(8, 10));
  });

  test('of draws alone is unknown', () => {
    expect(winRate({ wins: 0, draws: 5, losses: 0 }).value).toBeNull();
  });
});

test('400 points more are expected to score ten times as much', () => {
  expect(expectedScore(0)).toBe(0.5);
  expect(expectedScore(400)).toBeCloseTo(10 / 11, 12);
  expect(expectedScore(-400)).toBeCloseTo(1 / 11, 12);
});

describe('eloRatings', () => {
  test('start at 1000', () => {
    expect(eloRatings([])).toEqual({ first: 1000, second: 1000 });
  });

  test('a first win moves half of 84 points, a draw none', () => {
    expect(eloRatings([1])).toEqual({ first: 1042, second: 958 });
    expect(eloRatings([0])).toEqual({ first: 958, second: 1042 });
    expect(eloRatings([0.5])).toEqual({ first: 1000, second: 1000 });
  });

  test('a second win moves what was not expected: 84 points ahead, 1 / (1 + 1.621810) of a point', () => {
    expect(eloRatings([1, 1]).first).toBeCloseTo(1042 + 84 / 2.62181, 3);
  });

  test('depend on the order: the last game counts most', () => {
    expect(eloRatings([0, 1]).first).toBeGreaterThan(1000);
    expect(eloRatings([1, 0]).first).toBeLessThan(1000);
  });

  test('mirror each other and keep their sum', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Points[]>(0, 0.5, 1)), (points) => {
        const { first, second } = eloRatings(points);
        expect(first + second).toBeCloseTo(2000, 6);
        expect(eloRatings(points.map((scored) => (1 - scored) as Points)).first).toBeCloseTo(second, 6);
      }),
    );
  });
});

describe('eloDifference', () => {
  test('of ten points to one is 400', () => {
    expect(eloDifference({ wins: 10, draws: 0, losses: 1 }).value).toBeCloseTo(400, 9);
    expect(eloDifference({ wins: 1, draws: 0, losses: 10 }).value).toBeCloseTo(-400, 9);
  });

  test('of 76 in 100 is 200.24, with the ends of Wilson’s interval', () => {
    // 400·log₁₀(0.76/0.24); Wilson: 0.667664 and 0.833087.
    const { value, low, high } = eloDifference({ wins: 70, draws: 12, losses: 18 });
    expect(value).toBeCloseTo(200.24, 2);
    expect(low).toBeCloseTo(400 * Math.log10(0.667664 / 0.332336), 1);
    expect(high).toBeCloseTo(400 * Math.log10(0.833087 / 0.166913), 1);
  });

  test('of all points is infinite, and still has a lower end', () => {
    const { value, low, high } = eloDifference({ wins: 20, draws: 0, losses: 0 });
    expect([value, high]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(low).toBeCloseTo(400 * Math.log10(20 / 3.841459), 3);
  });

  test('of no games is unknown', () => {
    expect(eloDifference({ wins: 0, draws: 0, losses: 0 })).toEqual({
      value: null,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
  });

  test('makes the games more probable than any other difference', () => {
    const logLikelihood = ({ wins, draws, losses }: Record<string, number>, difference: number): number =>
      (wins! + draws! / 2) * Math.log(expectedScore(difference)) +
      (losses! + draws! / 2) * Math.log(expectedScore(-difference));
    fc.assert(
      fc.property(games, fc.double({ min: 1, max: 400, noNaN: true }), (given, away) => {
        const { value } = eloDifference(given);
        fc.pre(value !== null && Number.isFinite(value));
        const best = logLikelihood(given, value!);
        expect(logLikelihood(given, value! + away)).toBeLessThan(best);
        expect(logLikelihood(given, value! - away)).toBeLessThan(best);
      }),
    );
  });

  test('turns its sign with the sides', () => {
    fc.assert(
      fc.property(games, ({ wins, draws, losses }) => {
        const [a, b] = [
          eloDifference({ wins, draws, losses }),
          eloDifference({ wins: losses, draws, losses: wins }),
        ];
        fc.pre(a.value !== null && Number.isFinite(a.value));
        expect(b.value).toBeCloseTo(-a.value!, 6);
        expect(b.low).toBeCloseTo(-a.high, 6);
        expect(b.high).toBeCloseTo(-a.low, 6);
      }),
    );
  });
});
