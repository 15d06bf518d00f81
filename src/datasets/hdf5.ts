/**
 * Reads HDF5 files by h5wasm, which is loaded only then: D4RL's (flat arrays, arXiv:2004.07219) and Minari's (a group for
 * each episode, minari.farama.org).
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { ConfigurationError, MissingError, ProprioError } from '../core/errors.ts';
import type { DataSet, Field } from './data-set.ts';
import { type LastStep, type RawEpisode, recordedFrom } from './endings.ts';

type Library = typeof import('h5wasm/node');
type Group = InstanceType<Library['Group']>;

/** Control steps a second that files do not tell are 0. */
export const UNKNOWN_RATE = 0;

/**
 * @param load the library
 * @throws MissingError without the library, ConfigurationError for a file that is none of these, ProprioError for one that
 *   contradicts itself
 */
export async function readHdf5(
  path: string,
  load: () => Promise<Library> = () => import('h5wasm/node'),
): Promise<DataSet> {
  assertHdf5(path);
  const library = await load().catch((error: Error) => {
    throw new MissingError(
      `To read ${path}, the package h5wasm is needed, which is not installed: npm install h5wasm`,
      { cause: error },
    );
  });
  await library.ready;
  const file = new library.File(path, 'r');
  try {
    if (file.file_id < 0n) throw new ProprioError(`${path} is damaged.`);
    const reader = new Reader(path, library);
    const raw = reader.has(file, 'observations') ? flat(reader, file) : grouped(reader, file);
    const { episodes, notes } = recordedFrom(raw);
    if (episodes.length === 0) throw new ProprioError(`${path} holds no episode that can be learnt from.`);
    const [first] = episodes as [(typeof episodes)[number]];
    const header = {
      task: '',
      fps: UNKNOWN_RATE,
      observation: unnamed('observation', first.observations.length / (first.length + 1)),
      action: unnamed('action', first.actions.length / first.length),
      agents: 1,
      rewarded: true,
    };
    return { header, episodes, notes };
  } finally {
    file.close();
  }
}

/** Before the library looks, which is loud about it. */
function assertHdf5(path: string): void {
  if (!existsSync(path)) throw new ConfigurationError(`There is no file ${path}.`);
  const first = new Uint8Array(SIGNATURE.length);
  const file = openSync(path, 'r');
  readSync(file, first);
  closeSync(file);
  if (first.some((byte, i) => byte !== SIGNATURE[i]))
    throw new ConfigurationError(`${path} is no HDF5 file.`);
}

/** First bytes of such a file. */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] as const;

const unnamed = (name: string, size: number): Field[] =>
  Array.from({ length: size }, (_, i) => ({ name: `${name}.${i}` }));

interface Table {
  readonly rows: number;
  readonly width: number;
  /** `[rows, width]` */
  readonly values: Float32Array;
}

class Reader {
  readonly #path: string;
  readonly #library: Library;

  constructor(path: string, library: Library) {
    this.#path = path;
    this.#library = library;
  }

  has(group: Group, name: string): boolean {
    return group.keys().includes(name);
  }

  /** Whatever the type of its numbers. @throws ConfigurationError where it is missing or has another form */
  table(group: Group, name: string, rows?: number): Table {
    const found = this.has(group, name) ? group.get(name) : undefined;
    if (!(found instanceof this.#library.Dataset))
      throw new ConfigurationError(
        `${this.#path}: there is no array "${name}" of numbers; it holds ${group.keys().join(', ')}.`,
      );
    const shape = found.shape ?? [];
    const [count = 0, width = 1] = shape;
    if (shape.length < 1 || shape.length > 2)
      throw new ConfigurationError(
        `${this.#path}: "${name}" has the shape [${shape}]; rows of numbers are needed.`,
      );
    if (rows !== undefined && count !== rows)
      throw new ProprioError(`${this.#path}: "${name}" has ${count} rows where ${rows} belong.`);
    return { rows: count, width, values: Float32Array.from(found.value as ArrayLike<number>, Number) };
  }

  groups(group: Group): [name: string, group: Group][] {
    return group
      .keys()
      .map((name) => [name, group.get(name)] as const)
      .filter((entry): entry is [string, Group] => entry[1] instanceof this.#library.Group);
  }

  refuse(message: string): never {
    throw new ConfigurationError(`${this.#path}: ${message}`);
  }
}

const rowsOf = ({ values, width }: Table, from: number, to: number): Float32Array =>
  values.slice(from * width, to * width);

/** Episodes stand one after another; the last one may break off. */
function flat(reader: Reader, file: Group): RawEpisode[] {
  const observations = reader.table(file, 'observations');
  const { rows } = observations;
  const actions = reader.table(file, 'actions', rows);
  const rewards = reader.table(file, 'rewards', rows);
  const terminals = reader.table(file, 'terminals', rows).values;
  if (!reader.has(file, 'timeouts'))
    reader.refuse(
      'there is no array "timeouts", so where episodes were cut is not known, and steps would be joined that do not follow each other. Use a newer version of the file (v1, v2), which has it.',
    );
  const timeouts = reader.table(file, 'timeouts', rows).values;
  const next = reader.has(file, 'next_observations')
    ? reader.table(file, 'next_observations', rows)
    : undefined;
  const raw: RawEpisode[] = [];
  let from = 0;
  for (let row = 0; row < rows; row++) {
    // What has ended by itself in its last possible step has ended all the same.
    const ended: LastStep =
      terminals[row] !== 0 ? 'terminated' : timeouts[row] !== 0 ? 'truncated' : 'unfinished';
    if (ended === 'unfinished' && row < rows - 1) continue;
    const to = row + 1;
    raw.push({
      observations: rowsOf(observations, from, to),
      actions: rowsOf(actions, from, to),
      rewards: rowsOf(rewards, from, to),
      interventions: new Uint8Array(to - from),
      last: ended,
      ...(next ? { final: rowsOf(next, row, to) } : {}),
    });
    from = to;
  }
  return raw;
}

/** Groups `episode_0`, `episode_1`, …, each with one more observation than actions. */
function grouped(reader: Reader, file: Group): RawEpisode[] {
  const groups = reader
    .groups(file)
    .filter(([name]) => /^episode_\d+$/.test(name))
    .sort(([a], [b]) => Number(a.slice(8)) - Number(b.slice(8)));
  if (groups.length === 0)
    reader.refuse(
      `there are neither "observations" as D4RL has them nor groups "episode_0" as Minari has them; it holds ${file.keys().join(', ')}.`,
    );
  return groups.map(([, group]) => {
    const actions = reader.table(group, 'actions');
    const { rows } = actions;
    const observations = reader.table(group, 'observations', rows + 1);
    const ended = (name: string): boolean => reader.table(group, name, rows).values[rows - 1] !== 0;
    return {
      observations: rowsOf(observations, 0, rows),
      actions: actions.values,
      rewards: reader.table(group, 'rewards', rows).values,
      interventions: new Uint8Array(rows),
      last: ended('terminations') ? 'terminated' : ended('truncations') ? 'truncated' : 'unfinished',
      final: rowsOf(observations, rows, rows + 1),
    };
  });
}
