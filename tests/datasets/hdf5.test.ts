/** HDF5 files of others: where episodes end, and what of them can be learnt from. The files are made by h5wasm itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as h5wasm from 'h5wasm/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { ConfigurationError, MissingError, ProprioError } from '../../src/core/errors.ts';
import { readHdf5 } from '../../src/datasets/hdf5.ts';
import { readDataSet } from '../../src/datasets/read.ts';
import { temporaryFolder } from '../support/temporary.ts';

beforeAll(() => h5wasm.ready);

/** Six steps of one number: an episode that ends, one that is cut, and one that breaks off. */
const flat = {
  observations: [0, 1, 10, 11, 20, 21],
  actions: [0.5, 0.25, -0.5, -0.25, 1, -1],
  rewards: [0, 1, 0, 0, 2, 3],
  terminals: [0, 1, 0, 0, 0, 0],
  timeouts: [0, 0, 0, 1, 0, 0],
} as const;
type Table = Readonly<Record<string, readonly number[]>>;

/** Vectors have one column, as D4RL's have, the others no second dimension. */
function fileOf(tables: Table, types: Readonly<Record<string, string>> = {}): string {
  const path = join(temporaryFolder(), 'data.hdf5');
  const file = new h5wasm.File(path, 'w');
  for (const [name, values] of Object.entries(tables)) {
    const shape = /observations|actions/.test(name) ? [values.length, 1] : [values.length];
    file.create_dataset({ name, data: [...values], shape, dtype: types[name] ?? '<f4' });
  }
  file.close();
  return path;
}

describe('flat files of D4RL', () => {
  test('without next observations: the step before a timeout is left out, and the last step of what breaks off', async () => {
    const { header, episodes, notes } = await readHdf5(fileOf(flat));
    expect(
      episodes.map(({ observations, actions, rewards, terminated, truncated }) => ({
        observations: [...observations],
        actions: [...actions],
        rewards: [...rewards],
        ends: [terminated, truncated],
      })),
    ).toEqual([
      // Nothing is learnt of what follows an end: the next row belongs to another episode.
      { observations: [0, 1, 1], actions: [0.5, 0.25], rewards: [0, 1], ends: [true, false] },
      { observations: [10, 11], actions: [-0.5], rewards: [0], ends: [false, true] },
      { observations: [20, 21], actions: [1], rewards: [2], ends: [false, false] },
    ]);
    expect(header).toMatchObject({ fps: 0, observation: [{ name: 'observation.0' }], rewarded: true });
    expect(notes).toEqual([
      'The last step of 2 episodes is left out: they did not end by themselves, and what it led to was not recorded.',
      'What 1 episodes ended with was not recorded; nothing is learnt of what follows an end, so the observation before it stands there.',
    ]);
  });

  test('with next observations: every step is kept', async () => {
    const { episodes, notes } = await readHdf5(
      fileOf({ ...flat, next_observations: [1, 2, 11, 12, 21, 22] }),
    );
    expect(episodes.map(({ observations }) => [...observations])).toEqual([
      [0, 1, 2],
      [10, 11, 12],
      [20, 21, 22],
    ]);
    expect(episodes.map(({ length }) => length)).toEqual([2, 2, 2]);
    expect(notes).toEqual([]);
  });

  test('what ends in its last possible step has ended; an episode of one cut step is gone', async () => {
    const tables = { ...flat, terminals: [0, 1, 1, 0, 0, 0], timeouts: [0, 1, 0, 1, 0, 0] };
    const { episodes, notes } = await readHdf5(fileOf(tables, { terminals: '<i1', timeouts: '<i1' }));
    expect(episodes.map(({ length, terminated }) => [length, terminated])).toEqual([
      [2, true],
      [1, true],
      [1, false],
    ]);
    expect(notes.at(-1)).toBe('1 episodes had no other step, and are left out.');
  });

  test('numbers of another size are read as ours', async () => {
    const path = fileOf(flat, { observations: '<f8', rewards: '<f8' });
    expect(await readHdf5(path)).toEqual(await readHdf5(fileOf(flat)));
    expect(await readDataSet(path)).toEqual(await readHdf5(path));
  });
});

test('episodes of Minari have one observation more than actions', async () => {
  const path = join(temporaryFolder(), 'main_data.hdf5');
  const file = new h5wasm.File(path, 'w');
  // As numbers, not as names, they are in order.
  for (const index of [10, 2]) {
    const group = file.create_group(`episode_${index}`);
    const table = (name: string, data: number[], shape: number[], dtype = '<f8') =>
      group.create_dataset({ name, data, shape, dtype });
    table('observations', [index, 1, 2, 3, 4, 5], [3, 2]);
    table('actions', [0.5, -0.5], [2, 1]);
    table('rewards', [0, 1], [2]);
    table('terminations', [0, index === 2 ? 1 : 0], [2], '<i1');
    table('truncations', [0, 1], [2], '<i1');
  }
  file.close();
  const { episodes, notes } = await readHdf5(path);
  expect(episodes.map(({ observations }) => [...observations])).toEqual([
    [2, 1, 2, 3, 4, 5],
    [10, 1, 2, 3, 4, 5],
  ]);
  expect(episodes.map(({ terminated, truncated }) => [terminated, truncated])).toEqual([
    [true, false],
    [false, true],
  ]);
  expect(notes).toEqual([]);
});

describe('a file that cannot be learnt from', () => {
  const without = (name: keyof typeof flat): Table =>
    Object.fromEntries(Object.entries(flat).filter(([other]) => other !== name));

  test.each([
    [without('actions'), /there is no array "actions" of numbers; it holds .*observations/],
    [without('timeouts'), /there is no array "timeouts", so where episodes were cut is not known/],
    [without('observations'), /there are neither "observations" as D4RL has them nor groups "episode_0"/],
    [{ ...flat, rewards: [1, 2] }, /"rewards" has 2 rows where 6 belong/],
    [
      { observations: [1], actions: [1], rewards: [1], terminals: [0], timeouts: [1] },
      /holds no episode that can be learnt from/,
    ],
  ] as readonly [Table, RegExp][])('is refused with what is missing (%#)', async (tables, message) => {
    const reading = readHdf5(fileOf(tables));
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toBeInstanceOf(ProprioError);
  });

  test('is none, or not there', async () => {
    const path = join(temporaryFolder(), 'data.hdf5');
    await expect(readHdf5(path)).rejects.toThrow(`There is no file ${path}.`);
    await expect(readDataSet(path)).rejects.toThrow(/There is no data set at .*: "proprio demos <env> --out/);
    writeFileSync(path, 'text');
    await expect(readHdf5(path)).rejects.toThrow(/is no HDF5 file\.$/);
    await expect(readHdf5(path)).rejects.toBeInstanceOf(ConfigurationError);
  });

  test('needs a library, which is named with the command that installs it', async () => {
    const missing = () => Promise.reject(new Error("Cannot find package 'h5wasm'"));
    const reading = readHdf5(fileOf(flat), missing);
    await expect(reading).rejects.toThrow(/the package h5wasm is needed.*: npm install h5wasm$/);
    await expect(reading).rejects.toBeInstanceOf(MissingError);
  });
});
