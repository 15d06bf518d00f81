/** Several replay buffers, each written by one actor, sampled as one. */
import type { Batch } from '../core/batch.ts';
import type { Rng } from '../core/rng.ts';
import type { Experience, ReplayBuffer } from './replay-buffer.ts';

/** @param buffers at least one, with the same options */
export function partitioned(buffers: readonly ReplayBuffer[]): Experience {
  const { teamSize } = buffers[0]!;
  return {
    teamSize,
    sample(batch: Batch, rng: Rng, from = 0, to = batch.size): Batch {
      const teams = buffers.map((buffer) => buffer.teams);
      const total = teams.reduce((sum, count) => sum + count, 0);
      if (total === 0) throw new RangeError('No actor has stored a transition yet: wait before sampling.');
      const copy = (row: number): boolean => {
        let team = rng.integer(total);
        let partition = 0;
        while (team >= teams[partition]!) team -= teams[partition++]!;
        return buffers[partition]!.copyTeam(team, batch, row);
      };
      for (let row = from; row < to; row += teamSize) while (!copy(row));
      return batch;
    },
  };
}
