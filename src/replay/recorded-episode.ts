/** Whole episodes as they were played, and how they come into a replay buffer. Shapes: T control steps, O observation, A action. */
import type { Frame } from '../core/frame.ts';
import type { ReplayBuffer } from './replay-buffer.ts';

/** One agent's. */
export interface RecordedEpisode {
  /** Control steps, T. */
  readonly length: number;
  /** `[T + 1, O]`; the last row is what the last action led to. */
  readonly observations: Float32Array;
  /** As they were meant, before limits, `[T, A]`. */
  readonly actions: Float32Array;
  /** `[T]` */
  readonly rewards: Float32Array;
  /** The task itself ended with the last step. */
  readonly terminated: boolean;
  /** The time limit ended it; with neither, its end was not recorded. */
  readonly truncated: boolean;
  /** Absent where that is not known. */
  readonly success?: boolean;
  /** 1 where a person acted instead of a policy, `[T]`. */
  readonly interventions: Uint8Array;
  /** What a demonstrator drew for it, by name. */
  readonly drawn?: Readonly<Record<string, number>>;
}

export const returnOf = ({ rewards }: RecordedEpisode): number =>
  rewards.reduce((sum, reward) => sum + reward, 0);

/**
 * Stores transitions one episode after another, with actions as an environment applies them.
 * @param agents of a team, whose episodes stand one after another
 */
export function pushEpisodes(
  buffer: ReplayBuffer,
  episodes: readonly RecordedEpisode[],
  agents: number,
): void {
  for (let first = 0; first < episodes.length; first += agents)
    pushTeam(buffer, episodes.slice(first, first + agents));
}

function pushTeam(buffer: ReplayBuffer, team: readonly RecordedEpisode[]): void {
  const [{ length, observations, actions }] = team as [RecordedEpisode];
  const [O, A] = [observations.length / (length + 1), actions.length / length];
  const numEnvs = team.length;
  const frame = {
    time: 0,
    numEnvs,
    obs: new Float32Array(numEnvs * O),
    action: new Float32Array(numEnvs * A),
    reward: new Float32Array(numEnvs),
    rewardTerms: new Float32Array(0),
    nextObs: new Float32Array(numEnvs * O),
    terminated: new Uint8Array(numEnvs),
    truncated: new Uint8Array(numEnvs),
    intervened: new Uint8Array(numEnvs),
  } satisfies Omit<Frame, 'step'>;
  for (let t = 0; t < length; t++) {
    team.forEach((episode, row) => {
      frame.obs.set(episode.observations.subarray(t * O, (t + 1) * O), row * O);
      frame.nextObs.set(episode.observations.subarray((t + 1) * O, (t + 2) * O), row * O);
      for (let i = 0; i < A; i++)
        frame.action[row * A + i] = Math.max(-1, Math.min(1, episode.actions[t * A + i]!));
      frame.reward[row] = episode.rewards[t]!;
      frame.intervened[row] = episode.interventions[t]!;
      frame.terminated[row] = t === length - 1 && episode.terminated ? 1 : 0;
      // Where a recording breaks off, no step of another episode continues it either.
      frame.truncated[row] = t === length - 1 && !episode.terminated ? 1 : 0;
    });
    buffer.push({ ...frame, step: (t + 1) * numEnvs });
  }
}
