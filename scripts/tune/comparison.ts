/**
 * Whether one set of runs is better than another, beyond what seeds alone do: the probability that a run of the one beats a
 * run of the other (Agarwal et al. 2021, arXiv:2108.13264, section 4.3), with its bootstrap interval.
 */
import { createRng } from '../../src/core/rng.ts';
import { type Estimate, mean, quantile } from '../bench/statistics.ts';

const CONFIDENCE = 0.95;
const RESAMPLES = 2_000;

/**
 * P(X > Y) + ½ P(X = Y) over all pairs of a run of `candidate` and one of `reference`; both are resampled for the interval.
 * @param compare above zero where its first argument is better
 */
export function probabilityOfImprovement<T>(
  candidate: readonly T[],
  reference: readonly T[],
  compare: (a: T, b: T) => number,
): Estimate {
  const wins = candidate.map((x) => reference.map((y) => (Math.sign(compare(x, y)) + 1) / 2));
  const rng = createRng(0).split('improvement');
  const resampled = (length: number): number[] => Array.from({ length }, () => rng.integer(length));
  const meanOf = (rows: readonly number[], columns: readonly number[]): number =>
    mean(rows.flatMap((row) => columns.map((column) => wins[row]![column]!)));
  const means = Array.from({ length: RESAMPLES }, () =>
    meanOf(resampled(candidate.length), resampled(reference.length)),
  ).sort((a, b) => a - b);
  const tail = (1 - CONFIDENCE) / 2;
  return {
    value: meanOf([...candidate.keys()], [...reference.keys()]),
    low: quantile(means, tail),
    high: quantile(means, 1 - tail),
  };
}

/** `noise`: seeds alone can make the difference. `too-few-seeds`: no difference whatever could be more than that. */
export type Verdict = 'better' | 'worse' | 'noise' | 'too-few-seeds';

/**
 * Fewer runs than these are never enough: of three against three, all of one side beat all of the other by chance in 2 of 20
 * cases, and the bootstrap, which knows nothing but the values that it has, calls that certain. Of four it is 2 in 70.
 */
const LEAST_SEEDS = 4;

export function verdictOf({ low, high }: Estimate, seeds: number): Verdict {
  if (seeds < LEAST_SEEDS) return 'too-few-seeds';
  if (low > 0.5) return 'better';
  return high < 0.5 ? 'worse' : 'noise';
}
