/**
 * How the last step of a recorded episode is kept. To learn from a step that the time limit cut, one has to know what it led
 * to, and many formats do not store that: such a step is left out, and the observation before it ends the episode.
 */
import type { RecordedEpisode } from '../replay/recorded-episode.ts';

/** unfinished: the recording breaks off. */
export type LastStep = 'terminated' | 'truncated' | 'unfinished';

/** An episode of T steps as formats have it. */
export interface RawEpisode {
  /** What was acted on, `[T, O]`. */
  readonly observations: Float32Array;
  /** `[T, A]` */
  readonly actions: Float32Array;
  /** `[T]` */
  readonly rewards: Float32Array;
  /** `[T]` */
  readonly interventions: Uint8Array;
  readonly last: LastStep;
  /** What the last action led to, `[O]`, where it was recorded. */
  readonly final?: Float32Array;
  readonly success?: boolean;
  readonly drawn?: Readonly<Record<string, number>>;
}

/** @returns the episodes in order, and sentences on what was left out or taken for granted */
export function recordedFrom(raw: readonly RawEpisode[]): {
  readonly episodes: readonly RecordedEpisode[];
  readonly notes: readonly string[];
} {
  const episodes = raw.map(recorded);
  const left = raw.filter(({ last, final }) => !final && last !== 'terminated').length;
  const repeated = raw.filter(({ last, final }) => !final && last === 'terminated').length;
  const kept = episodes.filter(({ length }) => length > 0);
  const notes = [
    left > 0
      ? `The last step of ${left} episodes is left out: they did not end by themselves, and what it led to was not recorded.`
      : '',
    repeated > 0
      ? `What ${repeated} episodes ended with was not recorded; nothing is learnt of what follows an end, so the observation before it stands there.`
      : '',
    kept.length < episodes.length
      ? `${episodes.length - kept.length} episodes had no other step, and are left out.`
      : '',
  ];
  return { episodes: kept, notes: notes.filter((note) => note !== '') };
}

function recorded({ last, final, success, drawn, ...steps }: RawEpisode): RecordedEpisode {
  const known = final ?? (last === 'terminated' ? lastRow(steps) : undefined);
  const length = steps.rewards.length - (known ? 0 : 1);
  const A = steps.actions.length / steps.rewards.length;
  return {
    length,
    observations: known ? appended(steps.observations, known) : steps.observations,
    actions: steps.actions.subarray(0, A * length),
    rewards: steps.rewards.subarray(0, length),
    terminated: last === 'terminated',
    truncated: last === 'truncated',
    interventions: steps.interventions.subarray(0, length),
    ...(success === undefined ? {} : { success }),
    ...(drawn ? { drawn } : {}),
  };
}

function appended(rows: Float32Array, row: Float32Array): Float32Array {
  const all = new Float32Array(rows.length + row.length);
  all.set(rows);
  all.set(row, rows.length);
  return all;
}

function lastRow({ observations, rewards }: Pick<RawEpisode, 'observations' | 'rewards'>): Float32Array {
  const size = observations.length / rewards.length;
  return observations.subarray(observations.length - size);
}
