/** Stored transitions as learning sees them, whatever holds them. */
import type { Batch } from '../core/batch.ts';
import type { Rng } from '../core/rng.ts';

/**
 * `task`: the rewards of the environment. `interventions`: −1 for the last step of a policy before somebody else takes over
 * within the episode, and nothing else (RLIF; Luo et al. 2023, arXiv:2311.12996, section 4).
 */
export const rewardSources = ['task', 'interventions'] as const;
export type RewardSource = (typeof rewardSources)[number];

/** Stored teams, by number. */
export interface StoredTeams {
  /** Rows of each. */
  readonly teamSize: number;
  /** How many there are. */
  readonly teams: number;
  /**
   * Copies one to the rows of `batch` from `to` on.
   * @returns false where it was overwritten meanwhile, by the thread that writes
   */
  copyTeam(team: number, batch: Batch, to: number): boolean;
}

/** Stored transitions to sample from. */
export interface Experience extends StoredTeams {
  /**
   * Fills rows `from` to `to` (all of them unless told) of `batch` with teams drawn uniformly, with replacement.
   * @param from a multiple of `teamSize`, as `to` is
   * @throws RangeError when nothing is stored
   */
  sample(batch: Batch, rng: Rng, from?: number, to?: number): Batch;
}

/** Fills rows with teams drawn uniformly, with replacement. @throws RangeError when there are none */
export function sampleTeams(stored: StoredTeams, batch: Batch, rng: Rng, from = 0, to = batch.size): Batch {
  const { teams, teamSize } = stored;
  if (teams === 0) throw new RangeError('Nothing is stored yet: store transitions before sampling.');
  for (let i = from; i < to; i += teamSize) while (!stored.copyTeam(rng.integer(teams), batch, i));
  return batch;
}

/** What is stored, to sample from. */
export const experienceOf = (stored: StoredTeams): Experience => ({
  get teamSize() {
    return stored.teamSize;
  },
  get teams() {
    return stored.teams;
  },
  copyTeam: (team, batch, to) => stored.copyTeam(team, batch, to),
  sample: (batch, rng, from, to) => sampleTeams(stored, batch, rng, from, to),
});
