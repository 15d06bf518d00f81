/** Writes data sets as LeRobotDataset v3.0. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ProprioError, UsageError } from '../core/errors.ts';
import { type DataSet, summaryOf } from './data-set.ts';
import {
  CHUNK_SIZE,
  type Feature,
  FILE_SIZE,
  type FilePlace,
  featuresOf,
  filePath,
  INFO,
  type OwnKeys,
  STATS,
  TASKS,
  VERSION,
} from './lerobot-layout.ts';
import { episodeColumns, frameColumn, overallStatistics } from './lerobot-tables.ts';
import { type Column, writeParquet, writeThrough } from './parquet.ts';

export interface WriteOptions {
  /** Size that a file has at most, unless one episode is larger, MB; 100 unless told. */
  readonly fileSize?: number;
  /** Files of a chunk; 1000 unless told. */
  readonly chunkSize?: number;
}

const MEGABYTE = 1024 ** 2;
/** Of one component: nine numbers. */
const STATISTICS_BYTES = 72;
const bytesOf = { float32: 4, bool: 1, int64: 8 } as const;

/**
 * Writes to `<path>.tmp` and renames, so that `path` is a whole data set or is not there.
 * @throws UsageError where there is something at `path` already, and ProprioError for no episodes, a number that is not
 *   finite, or a disk that cannot be written to
 */
export function writeDataSet(path: string, dataSet: DataSet, options: WriteOptions = {}): void {
  if (existsSync(path))
    throw new UsageError(`${path} exists already; a data set is not written over: name another folder.`);
  if (dataSet.episodes.length === 0) throw new ProprioError('There is no episode to write.');
  assertFinite(dataSet);
  const target = resolve(path); // Without a slash at its end.
  const temporary = `${target}.tmp`;
  try {
    rmSync(temporary, { recursive: true, force: true });
    writeFiles(temporary, dataSet, options);
    renameSync(temporary, target);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary, { recursive: true });
    throw new ProprioError(`Cannot write ${path}: ${(error as Error).message}.`, 1, { cause: error });
  }
}

function writeFiles(root: string, dataSet: DataSet, options: WriteOptions): void {
  const { header, episodes } = dataSet;
  const { fileSize = FILE_SIZE, chunkSize = CHUNK_SIZE } = options;
  const features = featuresOf(header, summaryOf(dataSet).successes !== null);
  const frameBytes = features.reduce((sum, { dtype, width }) => sum + bytesOf[dtype] * width, 0);
  const share = <T>(items: readonly T[], bytes: (item: T) => number) =>
    inFiles(items, bytes, fileSize * MEGABYTE, chunkSize);

  let from = 0;
  const entries = episodes.map((episode, index) => {
    const entry = { episode, index, from };
    from += episode.length;
    return entry;
  });
  const files = share(entries, ({ episode }) => frameBytes * episode.length);
  for (const { place, items } of files) {
    const columns = features.map((feature) => frameColumn(feature, items));
    writeTable(join(root, filePath('data', place)), columns);
  }
  const all = files.flatMap(({ place, items }) => items.map((entry) => ({ ...entry, data: place })));

  const statisticsBytes = features.reduce((sum, { width }) => sum + STATISTICS_BYTES * width, 0);
  for (const { items, place } of share(all, () => statisticsBytes)) {
    const columns = episodeColumns(items, features, header.task, place);
    writeTable(join(root, filePath('meta/episodes', place)), columns);
  }

  writeTable(
    join(root, TASKS),
    [
      { name: 'task_index', type: 'int64', rows: [0] },
      { name: 'task', type: 'string', rows: [header.task] },
    ],
    { pandas: JSON.stringify(pandasIndex) },
  );
  writeJson(join(root, STATS), overallStatistics(features, all));
  writeJson(join(root, INFO), infoOf(dataSet, features, fileSize, chunkSize));
}

const pandasColumn = (name: string, pandas: string, numpy: string) => ({
  ...{ name, field_name: name, pandas_type: pandas, numpy_type: numpy },
  metadata: null,
});
/** Without it, pandas would number the tasks instead of naming them. */
const pandasIndex = {
  index_columns: ['task'],
  column_indexes: [],
  columns: [pandasColumn('task_index', 'int64', 'int64'), pandasColumn('task', 'unicode', 'object')],
  pandas_version: '2.0.0',
};

/** Shares what comes one after another among files of at most `limit` bytes, one item at least in each. */
function inFiles<T>(items: readonly T[], bytes: (item: T) => number, limit: number, chunkSize: number) {
  const files: { readonly place: FilePlace; readonly items: T[] }[] = [];
  let used = Infinity;
  for (const item of items) {
    if (used + bytes(item) > limit) {
      const place = { chunk: Math.floor(files.length / chunkSize), file: files.length % chunkSize };
      files.push({ place, items: [] });
      used = 0;
    }
    used += bytes(item);
    files.at(-1)!.items.push(item);
  }
  return files;
}

function infoOf(dataSet: DataSet, features: readonly Feature[], fileSize: number, chunkSize: number): object {
  const { header } = dataSet;
  const { episodes, frames, successes } = summaryOf(dataSet);
  const own: OwnKeys = {
    format: 1,
    task: header.task,
    ...(header.env ? { env: { id: header.env.id, settings: { ...header.env.settings } } } : {}),
    agents: header.agents,
    rewarded: header.rewarded,
    observation: [...header.observation],
    action: [...header.action],
    ...(header.origin ? { origin: { ...header.origin, dials: { ...header.origin.dials } } } : {}),
    successRate: successes === null ? null : successes / episodes,
  };
  return {
    codebase_version: VERSION,
    robot_type: header.robotType ?? null,
    total_episodes: episodes,
    total_frames: frames,
    total_tasks: 1,
    chunks_size: chunkSize,
    data_files_size_in_mb: fileSize,
    video_files_size_in_mb: 200,
    fps: header.fps,
    splits: { train: `0:${episodes}` },
    data_path: 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet',
    video_path: null,
    features: Object.fromEntries(
      features.map(({ key, dtype, width, names }) => [key, { dtype, shape: [width], names }]),
    ),
    proprio: own,
  };
}

function writeTable(path: string, columns: readonly Column[], metadata?: Record<string, string>): void {
  mkdirSync(dirname(path), { recursive: true });
  writeParquet(path, columns, metadata);
}

const writeJson = (path: string, value: object): void =>
  writeThrough(path, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));

function assertFinite({ episodes, header }: DataSet): void {
  episodes.forEach((episode, index) => {
    for (const name of ['observations', 'actions', 'rewards'] as const) {
      const at = episode[name].findIndex((value) => !Number.isFinite(value));
      if (at < 0) continue;
      const fields = name === 'observations' ? header.observation : header.action;
      const width = name === 'rewards' ? 1 : fields.length;
      const component = name === 'rewards' ? '' : ` ("${fields[at % width]!.name}")`;
      throw new ProprioError(
        `Episode ${index} has ${episode[name][at]} among its ${name}${component} at step ${Math.floor(at / width)}; only finite numbers can be learnt from.`,
      );
    }
  });
}
