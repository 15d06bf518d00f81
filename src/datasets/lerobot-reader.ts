/** Reads LeRobotDataset v3.0: our own data sets, and those of others with what they tell. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ProprioError } from '../core/errors.ts';
import type { RecordedEpisode } from '../replay/recorded-episode.ts';
import type { DataSet } from './data-set.ts';
import { type LastStep, type RawEpisode, recordedFrom } from './endings.ts';
import { type LeRobotInfo, readInfo } from './lerobot-info.ts';
import { DRAWN, keys, TASKS } from './lerobot-layout.ts';
import { readParquet } from './parquet.ts';

type Row = Readonly<Record<string, unknown>>;

/** @throws ConfigurationError where it is none, and ProprioError where it is damaged */
export async function readLeRobot(folder: string): Promise<DataSet> {
  const info = readInfo(folder);
  const wanted = new Set<string>([...Object.values(keys), 'episode_index']);
  const frames = new Map<number, Row[]>();
  let count = 0;
  for (const path of tablesIn(join(folder, 'data'))) {
    for (const row of await readParquet(path, (column) => wanted.has(column))) {
      const episode = Number(row.episode_index);
      if (!frames.has(episode)) frames.set(episode, []);
      frames.get(episode)!.push(row);
      count++;
    }
  }
  if (count !== info.frames)
    throw new ProprioError(
      `${folder} is incomplete: it holds ${count} frames, and its info.json tells of ${info.frames}. Copy it again.`,
    );
  const drawn = await readDrawn(folder);
  const raw = [...frames].map(([index, rows]) => episodeOf(info, index, rows, drawn.get(index)));
  const { episodes, notes } = recordedFrom(raw);
  const task = info.header.task || (await readTasks(folder));
  return { header: { ...info.header, task }, episodes, notes };
}

function episodeOf(
  { header, observed, has }: LeRobotInfo,
  index: number,
  rows: readonly Row[],
  drawn: RecordedEpisode['drawn'],
): RawEpisode {
  const last = rows.at(-1)!;
  const success = has(keys.success) ? rows.some((row) => row[keys.success] === true) : undefined;
  const numbers = (columns: readonly (readonly [key: string, width: number])[]): Float32Array =>
    Float32Array.from(
      rows.flatMap((row, t) =>
        columns.flatMap(([key, width]) => valuesOf(row[key], { key, width, index, t })),
      ),
    );
  const observations = numbers(observed);
  const next = has(keys.nextObservation)
    ? valuesOf(last[keys.nextObservation], {
        key: keys.nextObservation,
        width: header.observation.length,
        index,
        t: rows.length - 1,
      })
    : undefined;
  return {
    observations,
    actions: numbers([[keys.action, header.action.length]]),
    rewards: has(keys.reward) ? numbers([[keys.reward, 1]]) : new Float32Array(rows.length),
    interventions: Uint8Array.from(rows, (row) => (row[keys.intervention] === true ? 1 : 0)),
    last: lastStepOf(last, { has, success }),
    ...(next ? { final: Float32Array.from(next) } : {}),
    ...(success === undefined ? {} : { success }),
    ...(drawn ? { drawn } : {}),
  };
}

/** LeRobot's `next.done` does not tell why: without `next.truncated`, what succeeded has ended, and no more is known. */
function lastStepOf(
  last: Row,
  { has, success }: { has: LeRobotInfo['has']; success: boolean | undefined },
): LastStep {
  if (!has(keys.truncated)) return success ? 'terminated' : 'truncated';
  if (last[keys.truncated] === true) return 'truncated';
  return last[keys.done] === true ? 'terminated' : 'unfinished';
}

interface Cell {
  readonly key: string;
  readonly width: number;
  readonly index: number;
  readonly t: number;
}

function valuesOf(value: unknown, { key, width, index, t }: Cell): number[] {
  const values =
    Array.isArray(value) || ArrayBuffer.isView(value)
      ? Array.from(value as number[], Number)
      : [Number(value ?? Number.NaN)];
  if (values.length === width) return values;
  throw new ProprioError(
    `Frame ${t} of episode ${index}: "${key}" has ${values.length} numbers, and info.json tells of ${width}.`,
  );
}

/** What a demonstrator drew for each episode, by its index; empty in data of others. */
async function readDrawn(folder: string): Promise<Map<number, Record<string, number>>> {
  const drawn = new Map<number, Record<string, number>>();
  for (const path of tablesIn(join(folder, 'meta/episodes'))) {
    const rows = await readParquet(path, (name) => name === 'episode_index' || name.startsWith(DRAWN));
    for (const { episode_index, ...values } of rows) {
      const entries = Object.entries(values).map(([name, value]) => [name.slice(DRAWN.length), value]);
      if (entries.length > 0) drawn.set(Number(episode_index), Object.fromEntries(entries));
    }
  }
  return drawn;
}

/** The index of pandas may have a name, or none. */
async function readTasks(folder: string): Promise<string> {
  const path = join(folder, TASKS);
  if (!existsSync(path)) return '';
  const rows = await readParquet(path);
  return rows.map((row) => row.task ?? row.__index_level_0__ ?? '').join('; ');
}

/** Paths of the tables in the chunks of a folder, in order. */
function tablesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith('chunk-'))
    .flatMap((chunk) => readdirSync(join(folder, chunk)).map((file) => join(folder, chunk, file)))
    .filter((path) => path.endsWith('.parquet'))
    .sort();
}
