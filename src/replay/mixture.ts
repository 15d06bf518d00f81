/** Minibatches that come in fixed parts from experience and from demonstrations (symmetric sampling, arXiv:2302.02948). */
import type { Batch } from '../core/batch.ts';
import type { Rng } from '../core/rng.ts';
import type { Experience } from './experience.ts';

export interface Demonstrations {
  readonly transitions: Experience;
  /** Part of each minibatch that they make up, as long as there are both. */
  readonly fraction: number;
}

/** What a minibatch is drawn from. */
export interface Source {
  readonly experience: Experience;
  readonly demonstrations?: Demonstrations | undefined;
}

/** Whether anything can be drawn. */
export const isFilled = ({ experience, demonstrations }: Source): boolean =>
  experience.teams > 0 || (demonstrations?.transitions.teams ?? 0) > 0;

/**
 * Fills `batch`, which holds `minibatches` minibatches one after another; in each of them the demonstrations come first.
 * @param sources one for all of them, or several that take turns
 * @throws RangeError when nothing is stored
 */
export function sampleMixture(batch: Batch, minibatches: number, sources: readonly Source[], rng: Rng): void {
  const rows = batch.size / minibatches;
  for (let i = 0; i < minibatches; i++) {
    const { experience, demonstrations } = sources[i % sources.length]!;
    const [start, end] = [rows * i, rows * (i + 1)];
    const shown = start + shownRows(rows, experience, demonstrations);
    if (start < shown) demonstrations!.transitions.sample(batch, rng, start, shown);
    if (shown < end) experience.sample(batch, rng, shown, end);
  }
}

/** Of a minibatch of `rows`, those that are demonstrations. */
function shownRows(
  rows: number,
  { teams, teamSize }: Experience,
  demonstrations: Demonstrations | undefined,
): number {
  if (!demonstrations || demonstrations.transitions.teams === 0) return 0;
  return teams === 0 ? rows : teamSize * Math.round((rows / teamSize) * demonstrations.fraction);
}
