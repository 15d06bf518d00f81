/** Minibatches that come in fixed parts from experience and from demonstrations (symmetric sampling, arXiv:2302.02948). */
import type { Batch } from '../core/batch.ts';
import type { Rng } from '../core/rng.ts';
import type { Experience } from './experience.ts';

export interface Demonstrations {
  readonly transitions: Experience;
  /** Part of each minibatch that they make up, as long as there are both. */
  readonly fraction: number;
}

/**
 * Fills `batch`, which holds `minibatches` minibatches one after another; in each of them the demonstrations come first.
 * @throws RangeError when nothing is stored
 */
export function sampleMixture(
  batch: Batch,
  minibatches: number,
  experience: Experience,
  demonstrations: Demonstrations | undefined,
  rng: Rng,
): void {
  if (!demonstrations || demonstrations.transitions.teams === 0) {
    experience.sample(batch, rng);
    return;
  }
  const { transitions, fraction } = demonstrations;
  const { teamSize } = experience;
  const rows = batch.size / minibatches;
  const shown = experience.teams === 0 ? rows : teamSize * Math.round((rows / teamSize) * fraction);
  for (let start = 0; start < batch.size; start += rows) {
    if (shown > 0) transitions.sample(batch, rng, start, start + shown);
    if (shown < rows) experience.sample(batch, rng, start + shown, start + rows);
  }
}
