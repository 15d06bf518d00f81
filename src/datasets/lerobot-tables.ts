/** The tables of a LeRobotDataset: what is told of each frame and of each episode. */
import type { RecordedEpisode } from '../replay/recorded-episode.ts';
import { DRAWN, type EpisodePlace, type Feature, type FilePlace } from './lerobot-layout.ts';
import type { Column } from './parquet.ts';
import { type Statistics, statisticsOf } from './statistics.ts';

/** An episode and where it is. */
interface Entry extends EpisodePlace {
  readonly episode: RecordedEpisode;
}

/** And the file that its frames are in. */
interface Placed extends Entry {
  readonly data: FilePlace;
}

const columnType = { float32: 'float', bool: 'bool', int64: 'int64' } as const;

/** Of the frames of one file. */
export function frameColumn({ key, dtype, width, values }: Feature, entries: readonly Entry[]): Column {
  const value: (number: number) => unknown = dtype === 'bool' ? Boolean : Number;
  const rows = entries.flatMap(({ episode, ...place }) => {
    const all = Array.from(values(episode, place), value);
    return width === 1
      ? all
      : Array.from({ length: episode.length }, (_, t) => all.slice(t * width, (t + 1) * width));
  });
  return { name: key, type: columnType[dtype], rows, ...(width === 1 ? {} : { list: true }) };
}

/** Of one file of `meta/episodes`. */
export function episodeColumns(
  entries: readonly Placed[],
  features: readonly Feature[],
  task: string,
  { chunk, file }: FilePlace,
): Column[] {
  const integers = (name: string, value: (entry: Placed) => number): Column => ({
    name,
    type: 'int64',
    rows: entries.map(value),
  });
  const statistics = features.flatMap(({ key, dtype, width, values }) => {
    const each = entries.map(({ episode, ...place }) =>
      shown(dtype, statisticsOf(values(episode, place), width)),
    );
    return Object.keys(each[0]!).map((name): Column => {
      const rows = each.map((entry) => entry[name]!);
      return { name: `stats/${key}/${name}`, type: statisticType(dtype, name), list: true, rows };
    });
  });
  const draws = entries.map(({ episode }) => episode.drawn).filter((values) => values !== undefined);
  const drawn = draws.length < entries.length ? [] : Object.keys(draws[0]!);
  return [
    integers('episode_index', ({ index }) => index),
    { name: 'tasks', type: 'string', list: true, rows: entries.map(() => [task]) },
    integers('length', ({ episode }) => episode.length),
    integers('data/chunk_index', ({ data }) => data.chunk),
    integers('data/file_index', ({ data }) => data.file),
    integers('dataset_from_index', ({ from }) => from),
    integers('dataset_to_index', ({ from, episode }) => from + episode.length),
    ...drawn.map((name): Column => {
      const rows = draws.map((values) => values[name]!);
      return { name: `${DRAWN}${name}`, type: 'double', rows };
    }),
    ...statistics,
    integers('meta/episodes/chunk_index', () => chunk),
    integers('meta/episodes/file_index', () => file),
  ];
}

/** LeRobot tells the extremes of a feature in the feature's own type. */
const statisticType = (dtype: Feature['dtype'], name: string): Column['type'] => {
  if (name === 'count') return 'int64';
  return (name === 'min' || name === 'max') && dtype !== 'float32' ? dtype : 'double';
};

function shown(dtype: Feature['dtype'], statistics: Statistics): Record<string, readonly unknown[]> {
  const { min, max, ...others } = statistics;
  return dtype === 'bool' ? { min: min.map(Boolean), max: max.map(Boolean), ...others } : { ...statistics };
}

/** Of all frames, by feature: what stands in stats.json. */
export const overallStatistics = (features: readonly Feature[], entries: readonly Entry[]) =>
  Object.fromEntries(
    features.map(({ key, dtype, width, values }) => {
      const frames = entries.reduce((sum, { episode }) => sum + episode.length, 0);
      const all = new Float64Array(frames * width);
      for (const { episode, ...place } of entries) all.set(values(episode, place), place.from * width);
      return [key, shown(dtype, statisticsOf(all, width))];
    }),
  );
