/** Recorded episodes for tests of data sets: any numbers that fit together. */
import { createRng } from '../../src/core/rng.ts';
import type { DataSet, DataSetHeader, Field } from '../../src/datasets/data-set.ts';
import type { RecordedEpisode } from '../../src/replay/recorded-episode.ts';

export const fields = (name: string, size: number): Field[] =>
  Array.from({ length: size }, (_, i) => ({ name: `${name}.${i}`, unit: 'm', low: -1, high: 1 }));

export interface EpisodeShape {
  readonly length: number;
  readonly observation: number;
  readonly action: number;
  readonly seed?: number;
}

/** Its numbers have float32's whole range of exponents, −0 among them. */
export function episodeOf(
  { length, observation, action, seed = 1 }: EpisodeShape,
  changes: Partial<RecordedEpisode> = {},
): RecordedEpisode {
  const rng = createRng(seed);
  const numbers = (count: number): Float32Array =>
    Float32Array.from({ length: count }, (_, i) =>
      i % 7 === 3 ? -0 : rng.normal() * 10 ** rng.uniform(-38, 37),
    );
  return {
    length,
    observations: numbers((length + 1) * observation),
    actions: numbers(length * action),
    rewards: numbers(length),
    terminated: false,
    truncated: true,
    success: false,
    interventions: Uint8Array.from({ length }, () => rng.integer(2)),
    ...changes,
  };
}

export const headerOf = (
  observation: number,
  action: number,
  changes: Partial<DataSetHeader> = {},
): DataSetHeader => ({
  task: 'move the point',
  fps: 10,
  observation: fields('seen', observation),
  action: fields('done', action),
  agents: 1,
  rewarded: true,
  ...changes,
});

export const dataSetOf = (episodes: readonly RecordedEpisode[], header: DataSetHeader): DataSet => ({
  header,
  episodes,
  notes: [],
});
