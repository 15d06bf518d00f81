/**
 * Statistics over the seeds of one variant: few runs, some of them far off. The interquartile mean with bootstrap
 * intervals is what Agarwal et al. 2021 recommend (arXiv:2108.13264, section 4.3). They resample within each of many
 * tasks; here every task stands alone.
 */
import { createRng } from '../../src/core/rng.ts';

const CONFIDENCE = 0.95;
const RESAMPLES = 2_000;

/** A statistic of the runs, and the 95 % interval that it lies in. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A statistic of values in any order. */
export type Statistic = (values: readonly number[]) => number;

export const mean: Statistic = (values) => {
  needsValues(values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
};

/** Of a sample: divided by n − 1. NaN for a single value. */
export const standardDeviation: Statistic = (values) => {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
};

export const median: Statistic = (values) => quantile(ascending(values), 0.5);

/**
 * Mean of the middle half: a quarter of the values is dropped at each end, rounded down, as `scipy.stats.trim_mean` and so
 * rliable do. With three values or fewer it is the mean, with five that of the middle three.
 */
export const interquartileMean: Statistic = (values) => {
  const dropped = Math.floor(values.length / 4);
  return mean(ascending(values).slice(dropped, values.length - dropped));
};

/**
 * The value that a fraction `at` of the values lies below, with linear interpolation between neighbours. Values may be
 * +∞.
 * @param sorted ascending
 */
export function quantile(sorted: readonly number[], at: number): number {
  needsValues(sorted);
  const position = at * (sorted.length - 1);
  const below = Math.floor(position);
  const [low, high] = [sorted[below]!, sorted[Math.ceil(position)]!];
  // Where both are the same there is nothing to add, and with infinities the difference would not be a number.
  return low === high ? low : low + (position - below) * (high - low);
}

/** The statistic with its 95 % percentile bootstrap interval. The same values always give the same interval. */
export function estimate(values: readonly number[], statistic: Statistic): Estimate {
  needsValues(values);
  const rng = createRng(0).split('bootstrap');
  const statistics = Array.from({ length: RESAMPLES }, () =>
    statistic(values.map(() => values[rng.integer(values.length)]!)),
  );
  const sorted = ascending(statistics);
  const tail = (1 - CONFIDENCE) / 2;
  return { value: statistic(values), low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

/** When runs reached something, in the unit of the times given. */
export interface TimeToReach extends Estimate {
  /** Runs that reached it. */
  readonly reached: number;
  readonly runs: number;
}

/**
 * Median of the times with its interval. A run that never got there counts as infinitely late, not as missing: a median
 * of the others alone would flatter. So each of the three numbers may be infinite.
 * @param times null for a run that never got there
 */
export function timeToReach(times: readonly (number | null)[]): TimeToReach {
  return {
    ...estimate(
      times.map((time) => time ?? Number.POSITIVE_INFINITY),
      median,
    ),
    reached: times.filter((time) => time !== null).length,
    runs: times.length,
  };
}

/** The x of the first point whose y is at least `threshold`; null where there is none. */
export function firstReached(
  points: readonly (readonly [x: number, y: number])[],
  threshold: number,
): number | null {
  return points.find(([, y]) => y >= threshold)?.[0] ?? null;
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

function needsValues(values: readonly number[]): void {
  if (values.length === 0) throw new RangeError('There is no statistic of no values.');
}
