/** Keeps whole episodes of a demonstrator. */
import type { Demonstrator } from '../core/demonstrator.ts';
import type { VectorEnv } from '../core/env.ts';
import type { RecordedEpisode } from '../replay/recorded-episode.ts';
import { rollout, runUntil } from './rollout.ts';

export interface RecordOptions {
  /** With the rows of one episode. */
  readonly env: VectorEnv;
  readonly demonstrator: Demonstrator;
  /** Episodes wanted, each of a whole team. */
  readonly episodes: number;
  readonly seed: number;
  /** Whether an episode, one entry for each agent, is kept; every one unless told. */
  readonly keep?: (team: readonly RecordedEpisode[]) => boolean;
  /** Ends after so many episodes, kept or not; never unless told. */
  readonly attempts?: number;
  /** Called after each episode that is kept, with their number so far. */
  readonly onEpisode?: (count: number) => void;
}

/** One episode after another, so that short ones are as frequent as they are. @returns those of a team one after another */
export async function recordEpisodes(options: RecordOptions): Promise<RecordedEpisode[]> {
  const { env, demonstrator, episodes, seed, keep = () => true, attempts = Infinity, onEpisode } = options;
  const { numEnvs, actionSpace, observationSpace, spec } = env;
  const [O, A] = [observationSpace.size, actionSpace.size];
  const kept: RecordedEpisode[] = [];
  const meant = new Float32Array(numEnvs * A);
  let [count, tried] = [0, 0];
  let drawn: (Readonly<Record<string, number>> | undefined)[] | undefined;
  let tracks: Track[] = [];
  let team: RecordedEpisode[] = [];

  /** What the dials leave out ends with its first step, and counts for nothing. */
  const begin = (obs: Float32Array): void => {
    tracks = Array.from({ length: numEnvs }, (_, row) => new Track(obs.subarray(row * O, (row + 1) * O)));
    drawn = tracks.map((_, row) => demonstrator.begin(row, obs.subarray(row * O, (row + 1) * O)));
    if (drawn.includes(undefined)) env.interrupt!(0);
  };
  const policy = {
    async act(...[obs, actions, mode]: Parameters<Demonstrator['act']>) {
      await demonstrator.act(obs, actions, mode);
      meant.set(actions);
    },
    get intervened() {
      return demonstrator.intervened!;
    },
  };
  const run = rollout(env, policy, {
    seed,
    steps: Infinity,
    mode: 'exploit',
    async beforeStep(obs) {
      if (!drawn) begin(obs);
      return true;
    },
  });
  run.frames$.subscribe(({ nextObs, reward, terminated, truncated, intervened }) => {
    tracks.forEach((track, row) => {
      track.observations.push(nextObs.slice(row * O, (row + 1) * O));
      track.actions.push(meant.slice(row * A, (row + 1) * A));
      track.rewards.push(reward[row]!);
      track.interventions.push(intervened[row]!);
      track.terminated = terminated[row] === 1;
      track.truncated = truncated[row] === 1;
    });
  });
  run.episodes$.subscribe(({ scene, success }) => {
    // The rows of a team end one after another in the same step.
    team.push(tracks[scene]!.episode(spec.success === undefined ? undefined : success, drawn![scene]));
    if (scene < numEnvs - 1) return;
    if (!drawn!.includes(undefined)) {
      tried++;
      if (keep(team)) {
        kept.push(...team);
        count++;
        onEpisode?.(count);
      }
    }
    team = [];
    drawn = undefined;
  });
  await runUntil(run, () => count >= episodes || tried >= attempts);
  return kept;
}

/** The episode under way of one row. */
class Track {
  readonly observations: Float32Array[];
  readonly actions: Float32Array[] = [];
  readonly rewards: number[] = [];
  readonly interventions: number[] = [];
  terminated = false;
  truncated = false;

  constructor(obs: Float32Array) {
    this.observations = [obs.slice()];
  }

  episode(
    success: boolean | undefined,
    drawn: Readonly<Record<string, number>> | undefined,
  ): RecordedEpisode {
    const { terminated, truncated } = this;
    return {
      length: this.rewards.length,
      observations: joined(this.observations),
      actions: joined(this.actions),
      rewards: Float32Array.from(this.rewards),
      terminated,
      truncated,
      ...(success === undefined ? {} : { success }),
      interventions: Uint8Array.from(this.interventions),
      ...(drawn && Object.keys(drawn).length > 0 ? { drawn } : {}),
    };
  }
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const size = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * size);
  rows.forEach((row, i) => {
    all.set(row, i * size);
  });
  return all;
}
