/**
 * LeRobotDataset v3.0 (github.com/huggingface/lerobot, lerobot/datasets): its files, and the features of a frame.
 *
 * The observation that an episode ends with has a place in a feature of our own, `next.observation.state`, filled in every
 * frame. An extra frame at the end would be learnt from by everyone who takes each frame for a step, with an action that
 * was never taken; a column of the episodes would be lost by LeRobot's tools, which write those anew. Features are kept by
 * all of them, and what begins with `next.` is neither observation nor action to LeRobot's policies.
 */
import { z } from 'zod';
import type { RecordedEpisode } from '../replay/recorded-episode.ts';
import type { DataSetHeader } from './data-set.ts';

export const VERSION = 'v3.0';
export const INFO = 'meta/info.json';
export const STATS = 'meta/stats.json';
export const TASKS = 'meta/tasks.parquet';
/** Before the names of what was drawn for an episode, among its columns. */
export const DRAWN = 'proprio/';
/** Files of a chunk. */
export const CHUNK_SIZE = 1000;
/** Size that a file of frames has at most, unless one episode is larger, MB. */
export const FILE_SIZE = 100;

const digits = (index: number): string => String(index).padStart(3, '0');

/** @param folder `data` or `meta/episodes` */
export const filePath = (folder: string, { chunk, file }: FilePlace): string =>
  `${folder}/chunk-${digits(chunk)}/file-${digits(file)}.parquet`;

export interface FilePlace {
  readonly chunk: number;
  readonly file: number;
}

export type Dtype = 'float32' | 'bool' | 'int64';

/** As info.json has it. */
export interface FeatureInfo {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly names?: unknown;
}

export const keys = {
  observation: 'observation.state',
  environment: 'observation.environment_state',
  action: 'action',
  reward: 'next.reward',
  done: 'next.done',
  truncated: 'next.truncated',
  success: 'next.success',
  intervention: 'complementary_info.is_intervention',
  nextObservation: 'next.observation.state',
} as const;

/** Where an episode is in a data set. */
export interface EpisodePlace {
  readonly index: number;
  /** Of its first frame. */
  readonly from: number;
}

/** What is written of each frame. */
export interface Feature {
  readonly key: string;
  readonly dtype: Dtype;
  readonly width: number;
  readonly names: readonly string[] | null;
  /** Of all frames of an episode, `[T, width]`. */
  values(episode: RecordedEpisode, place: EpisodePlace): ArrayLike<number>;
}

/** @param success whether the task knows it */
export function featuresOf({ observation, action, fps }: DataSetHeader, success: boolean): Feature[] {
  const [O, A] = [observation.length, action.length];
  const names = (fields: DataSetHeader['action']): string[] => fields.map(({ name }) => name);
  const vector = (key: string, fields: DataSetHeader['action'], values: Feature['values']): Feature => ({
    key,
    dtype: 'float32',
    width: fields.length,
    names: names(fields),
    values,
  });
  const scalar = (key: string, dtype: Dtype, values: Feature['values']): Feature => ({
    key,
    dtype,
    width: 1,
    names: null,
    values,
  });
  /** True in the last frame where the episode is so. */
  const atEnd =
    (is: (episode: RecordedEpisode) => boolean | undefined): Feature['values'] =>
    (episode) =>
      counted(episode, (t) => (t === episode.length - 1 && is(episode) ? 1 : 0));
  return [
    vector(keys.observation, observation, ({ observations, length }) => observations.subarray(0, length * O)),
    vector(keys.action, action, ({ actions, length }) => actions.subarray(0, length * A)),
    scalar(keys.reward, 'float32', ({ rewards }) => rewards),
    scalar(
      keys.done,
      'bool',
      atEnd(({ terminated, truncated }) => terminated || truncated),
    ),
    scalar(
      keys.truncated,
      'bool',
      atEnd(({ truncated }) => truncated),
    ),
    ...(success
      ? [
          scalar(
            keys.success,
            'bool',
            atEnd((episode) => episode.success),
          ),
        ]
      : []),
    scalar(keys.intervention, 'bool', ({ interventions }) => interventions),
    vector(keys.nextObservation, observation, ({ observations }) => observations.subarray(O)),
    scalar('timestamp', 'float32', (episode) => counted(episode, (t) => Math.fround(t / fps))),
    scalar('frame_index', 'int64', (episode) => counted(episode, (t) => t)),
    scalar('episode_index', 'int64', (episode, { index }) => counted(episode, () => index)),
    scalar('index', 'int64', (episode, { from }) => counted(episode, (t) => from + t)),
    scalar('task_index', 'int64', (episode) => counted(episode, () => 0)),
  ];
}

const counted = ({ length }: RecordedEpisode, value: (t: number) => number): number[] =>
  Array.from({ length }, (_, t) => value(t));

const field = z.strictObject({
  name: z.string(),
  unit: z.string().exactOptional(),
  low: z.number().exactOptional(),
  high: z.number().exactOptional(),
});
const anything = z.record(z.string(), z.unknown());

/** What stands under `proprio` in info.json. */
export const ownKeys = z.object({
  /** Version of these keys. */
  format: z.literal(1),
  task: z.string(),
  env: z.object({ id: z.string(), settings: anything }).exactOptional(),
  agents: z.int().min(1),
  rewarded: z.boolean(),
  observation: z.array(field),
  action: z.array(field),
  origin: z
    .object({ actor: z.string(), seed: z.int(), grade: z.string().exactOptional(), dials: anything })
    .exactOptional(),
  /** Null where the task does not know success. */
  successRate: z.number().nullable(),
});
export type OwnKeys = z.output<typeof ownKeys>;
