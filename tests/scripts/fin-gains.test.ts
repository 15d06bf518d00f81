/** Gains over sinusoids, their bounds and their targets, worked out by hand. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestSinusoids } from '../../envs/fin-ray/best-sinusoids.ts';
import { finBase } from '../../envs/fin-ray/tasks.ts';
import { compare, gainOver, summarize } from '../../scripts/bench/fin-compare/comparison.ts';
import { frontOf, measuredFront, thrustAt } from '../../scripts/bench/fin-compare/equal-power.ts';
import type { Played } from '../../scripts/bench/fin-compare/play.ts';
import { comparisonTable } from '../../scripts/bench/fin-compare/report.ts';
import { lowerBound, studentQuantile } from '../../scripts/bench/fin-compare/student.ts';
import { temporaryFolder } from '../support/temporary.ts';

describe('the bound of a mean', () => {
  // Of any table of Student's t, 0.975.
  test.each([
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [4, 2.7764],
    [9, 2.2622],
    [19, 2.093],
    [120, 1.9799],
  ])('has the t of %i degrees of freedom that tables have', (freedom, expected) => {
    expect(studentQuantile(0.95, freedom)).toBeCloseTo(expected, 3);
  });

  test('is the mean less t·s/√n', () => {
    // Mean 6, s² = (4 + 1 + 0 + 1 + 4)/4 = 2.5.
    expect(lowerBound([4, 5, 6, 7, 8])).toBeCloseTo(6 - (2.7764 * Math.sqrt(2.5)) / Math.sqrt(5), 3);
    expect(lowerBound([7])).toBeNull();
    expect(lowerBound([3, 3, 3])).toBe(3);
  });
});

test('a gain is above 0 where more was reached, also below 0', () => {
  expect(gainOver(2, 2.1)).toBeCloseTo(5, 10);
  expect(gainOver(2, 1)).toBeCloseTo(-50, 10);
  expect(gainOver(-0.5, -0.4)).toBeCloseTo(20, 10);
  expect(gainOver(-0.5, -0.6)).toBeCloseTo(-20, 10);
});

const played = (objective: number[], efficiency: number[], failures = 0): Played => ({
  scores: { objective, efficiency, thrust: objective.map((value) => 2 * value), power: [8, 8, 8] },
  failures,
});

describe('a comparison', () => {
  const sinusoid = played([1, 2, 3], [0.2, 0.3, 0.4]);
  const policy = played([1.25, 2.125, 3.375], [0.125, 0.25, 0.375], 1);

  test('is of pairs of episodes', () => {
    const { compared, gain, difference, ...figures } = compare('thrust', sinusoid, policy);
    expect(compared).toBe('objective');
    expect(gain).toBeCloseTo(12.5, 10);
    // Differences 0.25, 0.125, 0.375: mean 0.25, s 0.125, t 4.3027 of two degrees of freedom.
    expect(difference.mean).toBeCloseTo(0.25, 10);
    expect(difference.lower).toBeCloseTo(0.25 - (4.3027 * 0.125) / Math.sqrt(3), 4);
    expect(figures.policy).toEqual({ objective: 2.25, thrust: 4.5, power: 8, efficiency: 0.25, failures: 1 });
    expect(figures.sinusoid.failures).toBe(0);
  });

  test('under efficiency is of the efficiency, and not of what the objective charges', () => {
    const { compared, gain } = compare('efficiency', sinusoid, policy);
    expect(compared).toBe('efficiency');
    expect(gain).toBeCloseTo((100 * (0.25 - 0.3)) / 0.3, 10);
  });
});

const about = {
  ...{ run: 'r', task: 'fin-base', playedIn: 'fin-base', settings: { ...finBase.settings.parse({}) } },
  ...{ objective: 'thrust', agent: 'sac', steps: 1, equalPower: null, commit: null, episodes: 3 },
  wave: bestSinusoids['fin-base'].thrust.wave,
  waveOf: 'fin-base',
} as const;
const comparisons = (objective: 'thrust' | 'efficiency', gains: readonly number[]) =>
  gains.map((gain, seed) => {
    const result = compare(objective, played([1, 1, 1], [1, 1, 1]), played([2, 2, 2], [2, 2, 2]));
    return { ...about, ...result, objective, seed, gain };
  });

describe('seeds', () => {
  test('are told by their mean and its bound', () => {
    const summary = summarize(comparisons('thrust', [4, 5, 6, 7, 8]));
    expect(summary.gain).toBeCloseTo(6, 10);
    expect(summary.lower).toBeCloseTo(6 - 2.7764 * Math.sqrt(0.5), 3);
    expect([summary.seeds, summary.target, summary.met]).toEqual([[0, 1, 2, 3, 4], 5, true]);
  });

  test.each([
    ['thrust', [4.8, 4.9, 5], false, 'too little'],
    ['thrust', [0, 30], false, 'with a bound below 0'],
    ['thrust', [5, 5.2], true, 'enough'],
    ['efficiency', [3, 3.2], true, 'enough, of which less is asked'],
    ['efficiency', [2.9, 3], false, 'too little'],
    ['thrust', [50], null, 'of one seed, which has no bound'],
  ] as const)('%s %j is met: %s, %s', (objective, gains, met, _) => {
    expect(summarize(comparisons(objective, gains)).met).toBe(met);
  });

  test('are a table that says what is not known', () => {
    const runs = comparisons('thrust', [4, -5.5]).map((run) => ({ ...run, waveOf: 'fin-offset' }));
    const table = comparisonTable(runs, summarize(runs), 'nowhere');
    expect(table).toContain('−5.50 %');
    expect(table).toMatch(/2 seeds: gain −0\.75 %.*MISSED/);
    expect(table).toContain('this is the best one of fin-offset');
    expect(table).toContain('nothing is said about equal power');
  });
});

describe('the best thrust for a power', () => {
  const points = [
    { power: 4, thrust: 1 },
    { power: 2, thrust: 0.5 },
    { power: 3, thrust: 0.4 },
    { power: 6, thrust: 0.9 },
    { power: 4, thrust: 0.7 },
  ];

  test('is of waves that thrust more than all with less power', () => {
    expect(frontOf(points)).toEqual([
      { power: 2, thrust: 0.5 },
      { power: 4, thrust: 1 },
    ]);
  });

  test('is linear between them, and no more beyond them', () => {
    const front = frontOf(points);
    expect([2, 3, 4, 100].map((power) => thrustAt(front, power))).toEqual([0.5, 0.75, 1, 1]);
    expect(thrustAt(front, 1.9)).toBeUndefined();
    expect(thrustAt([], 3)).toBeUndefined();
  });

  test('is never below what a wave with no more power does', () => {
    const point = fc.record({
      power: fc.double({ min: 0, max: 9, noNaN: true }),
      thrust: fc.double({ min: -2, max: 5, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1 }), (all) => {
        const front = frontOf(all);
        for (const { power, thrust } of all) expect(thrustAt(front, power)).toBeGreaterThanOrEqual(thrust);
      }),
    );
  });

  test('is read from the measurements of a search', () => {
    const folder = temporaryFolder();
    const lines = points.map((scores) => JSON.stringify({ wave: {}, scores }));
    writeFileSync(join(folder, 'fin-base.jsonl'), lines.join('\n'));
    expect(measuredFront(folder, 'fin-base')).toEqual(frontOf(points));
    expect(measuredFront(folder, 'fin-offset')).toEqual([]);
    // What the base does alone, the whole ray can do.
    writeFileSync(join(folder, 'fin-full.jsonl'), JSON.stringify({ scores: { power: 3, thrust: 0.9 } }));
    const whole = [...points, { power: 3, thrust: 0.9 }];
    expect(measuredFront(folder, 'fin-full')).toEqual(frontOf(whole));
    writeFileSync(join(folder, 'fin-base.jsonl'), '{"scores":{"power":1}}\n');
    expect(() => measuredFront(folder, 'fin-base')).toThrow(
      /fin-base\.jsonl: record 1 is no measurement: scores\.thrust/,
    );
  });
});
