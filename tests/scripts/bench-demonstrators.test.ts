/** How demonstrators are measured, with one whose success is known: it pushes by 1 − w u, u uniform, and 2/3 arrives in time. */
import { describe, expect, test } from 'vitest';
import {
  benchDemonstrators,
  bisectDial,
  type DemonstratorRow,
  measureDemonstrator,
  wilson,
} from '../../scripts/bench/demonstrators.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { UsageError } from '../../src/core/errors.ts';
import { number, settings } from '../../src/core/settings.ts';
import { toyEnv } from '../support/toy-env.ts';

const definition: EnvDefinition = {
  id: 'toy',
  description: 'a point on a line',
  settings: settings({}),
  create: (numEnvs) => toyEnv(numEnvs),
  demonstrator: {
    dials: settings({ weakness: number(0, 0, 1, 'w') }),
    grades: () => ({ expert: {}, poor: { weakness: 1 } }),
    create(_, __, { weakness }, rng) {
      let push = 1;
      return {
        begin() {
          push = 1 - (weakness as number) * rng.uniform(0, 1);
          return {};
        },
        act: async (_, actions) => void actions.set([push, 0]),
      };
    },
  },
};
const bench = { definition, settings: {}, episodes: 400, seed: 1 };

test('Wilson’s interval, by hand', () => {
  // No success of ten: 3.8416 / (10 + 3.8416).
  expect(wilson(0, 10)[0]).toBeCloseTo(0, 12);
  expect(wilson(0, 10)[1]).toBeCloseTo(0.27754, 5);
  const [low, high] = wilson(50, 100);
  expect([low, high].map((rate) => rate.toFixed(4))).toEqual(['0.4038', '0.5962']);
});

describe('a demonstrator', () => {
  test('is measured: w u is at most 1/3 in a third of the episodes', async () => {
    const row = await measureDemonstrator(bench, { weakness: 1 });
    expect(row.episodes).toBe(400);
    expect(Math.abs(row.successes / 400 - 1 / 3)).toBeLessThan(5 * Math.sqrt(2 / 9 / 400));
    expect(row.interval).toEqual(wilson(row.successes, 400));
  });

  test('is measured grade by grade', async () => {
    const rows: [string, DemonstratorRow][] = [];
    const result = await benchDemonstrators(bench, (grade, row) => rows.push([grade, row]));
    expect(Object.fromEntries(rows)).toEqual(result);
    expect(result.expert).toMatchObject({ successes: 400, returnMean: 4, lengthMean: 4 });
    expect(Object.keys(result)).toEqual(['expert', 'poor']);
  });

  test('has its dial found for a success rate: half succeed at a weakness of 2/3', async () => {
    const tried: number[] = [];
    const search = { dial: 'weakness', target: 0.5, most: 1, rounds: 6, others: {} };
    const value = await bisectDial(bench, search, (at) => tried.push(at));
    expect(tried.slice(0, 2)).toEqual([0.5, 0.75]);
    // The rate is 1 / 3w, of slope −3/4 there; with 400 episodes it is known to 5 standard errors of 0.025.
    expect(Math.abs(value - 2 / 3)).toBeLessThan((5 * 0.025) / 0.75 + 1 / 64);
    await expect(bisectDial(bench, { ...search, dial: 'strength' }, () => {})).rejects.toThrow(UsageError);
  });
});
