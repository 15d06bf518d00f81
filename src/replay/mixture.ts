/** Minibatches that come in fixed parts from experience and from demonstrations (symmetric sampling, arXiv:2302.02948). */
import type { Batch } from '../core/batch.ts';
import type { Rng } from '../core/rng.ts';
import type { Experience, ReplayBuffer } from './replay-buffer.ts';

export interface Demonstrations {
  readonly transitions: ReplayBuffer;
  /** Part of each minibatch that they make up. */
  readonly fraction: number;
}

/**
 * Fills `batch`, which holds `minibatches` minibatches one after another; in each of them the demonstrations come first.
 */
export function sampleMixture(
  batch: Batch,
  minibatches: number,
  experience: Experience,
  demonstrations: Demonstrations | undefined,
  rng: Rng,
): void {
  if (!demonstrations) {
    experience.sample(batch, rng);
    return;
  }
  const rows = batch.size / minibatches;
  const { teamSize } = experience;
  const shown = teamSize * Math.round((rows / teamSize) * demonstrations.fraction);
  for (let start = 0; start < batch.size; start += rows) {
    demonstrations.transitions.sample(batch, rng, start, start + shown);
    experience.sample(batch, rng, start + shown, start + rows);
  }
}
