/** Which trials go on, by what score, and whether the outcome is more than noise. */
import { describe, expect, it } from 'vitest';
import type { EvaluationPoint } from '../../scripts/bench/agents/results.ts';
import { probabilityOfImprovement, verdictOf } from '../../scripts/tune/comparison.ts';
import { promoted, ranked, rungsOf, type Standing, usualRungs } from '../../scripts/tune/halving.ts';
import { compareScores, meanHeight, meanScore, scoreOf } from '../../scripts/tune/objective.ts';

const standings = (...scores: readonly (readonly number[] | null)[]): Standing[] =>
  scores.map((score, trial) => ({ trial, score }));
const order = (of: readonly Standing[]): number[] => ranked(of).map(({ trial }) => trial);

describe('rungs', () => {
  it('take three times the steps of the one before, for a third of the trials', () => {
    expect(rungsOf(9, 18_000, 3)).toEqual([
      { steps: 2_000, trials: 9 },
      { steps: 6_000, trials: 3 },
      { steps: 18_000, trials: 1 },
    ]);
    expect(rungsOf(4, 100, 3)).toEqual([
      { steps: 11, trials: 4 },
      { steps: 33, trials: 1 },
      { steps: 100, trials: 1 },
    ]);
    expect(rungsOf(5, 100, 1)).toEqual([{ steps: 100, trials: 5 }]);
  });

  it('are as many as it takes until one trial is left, up to a limit', () => {
    expect([1, 2, 3, 8, 9, 26, 27, 243].map((trials) => usualRungs(trials, 9))).toEqual([
      1, 1, 2, 2, 3, 3, 4, 6,
    ]);
    expect(usualRungs(243)).toBe(3);
  });
});

describe('promotion', () => {
  it('takes the best, and the defaults with them whatever their rank', () => {
    const nine = standings([1], [5], [3], [9], [2], [8], [4], [7], [6]);
    expect(order(nine)).toEqual([3, 5, 7, 8, 1, 6, 2, 4, 0]);
    expect(promoted(nine, 3)).toEqual([3, 5, 7, 0]);
    expect(promoted(standings([9], [5], [3]), 1)).toEqual([0]);
  });

  it('gives equal scores to the lower number, so the defaults win a tie', () => {
    expect(order(standings([2], [3], [3], [2], [3]))).toEqual([1, 2, 4, 0, 3]);
    expect(promoted(standings([2], [2], [2]), 2)).toEqual([0, 1]);
  });

  it('does not depend on the order in which trials ended', () => {
    const some = standings([2], [3], null, [3], [1]);
    expect(order([...some].reverse())).toEqual(order(some));
  });

  it('ranks what failed last and never lets it go on, the defaults neither', () => {
    const some = standings(null, [-5], null, [-9]);
    expect(order(some)).toEqual([1, 3, 0, 2]);
    expect(promoted(some, 3)).toEqual([1, 3]);
    expect(promoted(standings(null, null), 1)).toEqual([]);
  });

  it('looks at the second number where the first is the same', () => {
    expect(order(standings([0, -800], [0, -200], [0.1, -900]))).toEqual([2, 1, 0]);
  });
});

describe('scores', () => {
  const drone: EvaluationPoint[] = [
    [100, -10, 0, null],
    [200, 0, 0.5, null],
    [400, 20, 0.95, null],
    [500, 30, 0.9, null],
  ];
  const pendulum: EvaluationPoint[] = drone.map(([step, value]) => [step, value, null, null]);

  it('are success, then return, where the environment knows success', () => {
    expect(scoreOf('final', drone, 500)).toEqual([0.9, 30]);
    expect(scoreOf('final', pendulum, 500)).toEqual([30]);
  });

  it('by area are the mean height of the curve', () => {
    // Trapezia: 100·0.25 + 200·0.725 + 100·0.925 and −500 + 2000 + 2500, over 400 steps.
    const [success, height] = scoreOf('area', drone, 500)!;
    expect(success).toBeCloseTo(262.5 / 400, 12);
    expect(height).toBeCloseTo(4_000 / 400, 12);
    expect(scoreOf('area', pendulum, 500)).toEqual([height]);
    expect(meanHeight([[300, 7]])).toBe(7);
  });

  it('by steps to 95 % are better the sooner, and twice the steps where it never came', () => {
    expect(scoreOf('steps-to-95', drone, 500)![0]).toBe(-400);
    expect(scoreOf('steps-to-95', drone.slice(0, 2), 200)![0]).toBe(-400);
    // Of two that never got there the area decides.
    expect(scoreOf('steps-to-95', drone.slice(0, 2), 200)!.slice(1)).toEqual([0.25, -5]);
  });

  it('of a rung leave out what came later', () => {
    expect(scoreOf('final', drone, 200)).toEqual([0.5, 0]);
    // The scenes step together, so a run ends a little after its last step.
    expect(scoreOf('final', drone, 190)).toEqual([0.5, 0]);
    expect(scoreOf('area', drone, 200)).toEqual([0.25, -5]);
  });

  it('are none where a return is not finite', () => {
    expect(scoreOf('area', [[100, Number.NaN, null, null]], 100)).toBeNull();
  });

  it('are means over the seeds, and none where one of them has none', () => {
    expect(
      meanScore([
        [0.5, 10],
        [1, -20],
      ]),
    ).toEqual([0.75, -5]);
    expect(meanScore([[1], null])).toBeNull();
  });
});

describe('the probability of improvement', () => {
  const compare = (a: number, b: number): number => a - b;

  it('is the part of all pairs that the candidate wins, ties counted by half', () => {
    // Against 1, 2, 3: 2 wins one and ties one, 3 wins two and ties one, 0 wins none.
    expect(probabilityOfImprovement([2, 3, 0], [1, 2, 3], compare).value).toBeCloseTo(4 / 9, 12);
    expect(probabilityOfImprovement([1, 1], [1, 1, 1], compare)).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
    expect(probabilityOfImprovement([5, 6, 7, 8, 9], [1, 2, 3, 4, 4.5], compare)).toEqual({
      ...{ value: 1, low: 1, high: 1 },
    });
  });

  it('is the complement of that of the reference, with an interval around it', () => {
    const [a, b] = [
      [3, 1, 4, 1, 5, 9],
      [2, 6, 5, 3, 5],
    ];
    const [ahead, behind] = [
      probabilityOfImprovement(a, b, compare),
      probabilityOfImprovement(b, a, compare),
    ];
    expect(ahead.value + behind.value).toBeCloseTo(1, 12);
    expect(ahead.low).toBeLessThan(ahead.value);
    expect(ahead.high).toBeGreaterThan(ahead.value);
  });

  it('covers one half of samples that are the same but for chance', () => {
    const verdicts = Array.from({ length: 20 }, (_, i) => {
      const value = (seed: number): number => Math.sin(1_000 * Math.sin(seed + 20 * i));
      const runs = (from: number): number[] => Array.from({ length: 8 }, (_, k) => value(from + k));
      return verdictOf(probabilityOfImprovement(runs(0), runs(8), compare), 8);
    });
    expect(verdicts.filter((verdict) => verdict !== 'noise').length).toBeLessThanOrEqual(4);
  });

  it('is more than noise where its interval leaves one half out, with seeds enough', () => {
    expect(verdictOf({ value: 0.9, low: 0.6, high: 1 }, 5)).toBe('better');
    expect(verdictOf({ value: 0.1, low: 0, high: 0.4 }, 5)).toBe('worse');
    expect(verdictOf({ value: 0.7, low: 0.5, high: 0.9 }, 5)).toBe('noise');
    expect(verdictOf({ value: 1, low: 1, high: 1 }, 3)).toBe('too-few-seeds');
  });

  it('compares scores number by number', () => {
    expect(compareScores([1, 5], [1, 4])).toBeGreaterThan(0);
    expect(compareScores([0, 5], [1, 4])).toBeLessThan(0);
    expect(compareScores([1, 4], [1, 4])).toBe(0);
  });
});
