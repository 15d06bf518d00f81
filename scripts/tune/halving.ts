/**
 * Successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943): all trials train for a part of the steps, the best
 * third goes on to three times as many, until the last ones have trained for all of them. Each rung waits for its last run.
 * The asynchronous form (arXiv:1810.05934) spares that wait, which matters with hundreds of workers and costs here at most the
 * length of one run a rung; in exchange which trials go on depends on nothing but the seeds.
 */
import { compareScores, type Score } from './objective.ts';

/** One in so many trials goes on, to so many times the steps: the authors' η. */
export const REDUCTION = 3;

/** The trial with the settings that hold without tuning. */
export const DEFAULTS = 0;

export interface Rung {
  /** Control steps of each of its runs, from the start of training. */
  readonly steps: number;
  /** Trials that have a place on it. */
  readonly trials: number;
}

/** What a trial came to on a rung; null where it failed or diverged. */
export interface Standing {
  readonly trial: number;
  readonly score: Score | null;
}

/** Rungs until one trial is left. */
export function usualRungs(trials: number, limit = 3): number {
  let rungs = 1;
  for (let left = trials; left >= REDUCTION && rungs < limit; rungs++) left = Math.floor(left / REDUCTION);
  return rungs;
}

/** @param steps of the last rung */
export function rungsOf(trials: number, steps: number, count: number): Rung[] {
  return Array.from({ length: count }, (_, i) => ({
    steps: Math.floor(steps / REDUCTION ** (count - 1 - i)),
    trials: Math.max(1, Math.floor(trials / REDUCTION ** i)),
  }));
}

/** The best first; of equal ones that with the lower number, so the defaults before others. Those that failed come last. */
export function ranked(standings: readonly Standing[]): Standing[] {
  return [...standings].sort((a, b) => {
    if (a.score === null || b.score === null) {
      return a.score === b.score ? a.trial - b.trial : Number(a.score === null) - Number(b.score === null);
    }
    return compareScores(b.score, a.score) || a.trial - b.trial;
  });
}

/**
 * Trials that go on, the best first: as many as there are places, and the defaults beside them whatever their rank, so that
 * at the end whatever is better has been better at full length. What failed never goes on.
 */
export function promoted(standings: readonly Standing[], places: number): number[] {
  const sound = ranked(standings).filter(({ score }) => score !== null);
  return sound.filter(({ trial }, rank) => rank < places || trial === DEFAULTS).map(({ trial }) => trial);
}
