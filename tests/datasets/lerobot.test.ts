/** Data sets in LeRobot's layout: what is written is read back bit for bit, and what LeRobot itself wrote is read. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigurationError, ProprioError, UsageError } from '../../src/core/errors.ts';
import { summaryOf } from '../../src/datasets/data-set.ts';
import { readLeRobot } from '../../src/datasets/lerobot-reader.ts';
import { writeDataSet } from '../../src/datasets/lerobot-writer.ts';
import { readParquet, writeParquet } from '../../src/datasets/parquet.ts';
import type { RecordedEpisode } from '../../src/replay/recorded-episode.ts';
import { dataSetOf, episodeOf, headerOf } from '../support/episodes.ts';
import { contentsOf, temporaryFolder } from '../support/temporary.ts';

const golden = join(dirname(fileURLToPath(import.meta.url)), '../golden/lerobot');
const freshPath = (): string => join(temporaryFolder(), 'data');
const info = (folder: string) => JSON.parse(readFileSync(join(folder, 'meta/info.json'), 'utf8'));

/** Numbers as bits, which tell −0 from 0. */
const bits = (episode: RecordedEpisode) => ({
  ...episode,
  observations: [...new Uint32Array(episode.observations.slice().buffer)],
  actions: [...new Uint32Array(episode.actions.slice().buffer)],
  rewards: [...new Uint32Array(episode.rewards.slice().buffer)],
});

describe('what is written', () => {
  test('is read back bit for bit, whatever the shapes and lengths', async () => {
    const endings = fc.constantFrom(
      { terminated: true, truncated: false, success: true },
      { terminated: true, truncated: false, success: false },
      { terminated: false, truncated: true, success: true },
      { terminated: false, truncated: false, success: false },
    );
    const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), endings), {
      minLength: 1,
      maxLength: 5,
    });
    const size = fc.integer({ min: 1, max: 6 });
    await fc.assert(
      fc.asyncProperty(size, size, lengths, fc.nat(), async (observation, action, shapes, seed) => {
        const episodes = shapes.map(([length, ending], i) =>
          episodeOf({ length, observation, action, seed: seed + i }, { ...ending, drawn: { error: i / 3 } }),
        );
        const path = freshPath();
        const header = headerOf(observation, action, {
          robotType: 'point',
          env: { id: 'toy', settings: { reward: 'sparse', goal: [1, 2] } },
          origin: { actor: 'scripted controller', seed, grade: 'mixed', dials: { bias: [0.5, 0] } },
        });
        writeDataSet(path, dataSetOf(episodes, header));
        const read = await readLeRobot(path);
        expect(read.header).toEqual(header);
        expect(read.episodes.map(bits)).toEqual(episodes.map(bits));
        expect(read.notes).toEqual([]);
      }),
      { numRuns: 15, seed: 1 },
    );
  });

  test('is shared among files by their size, and among chunks by the number of files', async () => {
    const episodes = [3, 5, 2, 4].map((length, seed) =>
      episodeOf({ length, observation: 50, action: 2, seed }),
    );
    const path = freshPath();
    // A frame takes 4 (50 + 2 + 50) bytes of vectors, 4 truth values, 2 floats and 4 integers: 452 bytes.
    const fileSize = (8 * 452 + 1) / 1024 ** 2;
    writeDataSet(path, dataSetOf(episodes, headerOf(50, 2)), { fileSize, chunkSize: 2 });
    const files = Object.keys(contentsOf(path)).filter((name) => name.startsWith('data/'));
    expect(files).toEqual(['data/chunk-000/file-000.parquet', 'data/chunk-000/file-001.parquet']);
    const lengths = await Promise.all(
      files.map(async (file) => (await readParquet(join(path, file))).length),
    );
    expect(lengths).toEqual([8, 6]);
    const rows = await readParquet(join(path, 'meta/episodes/chunk-000/file-000.parquet'));
    expect(rows.length).toBe(1); // Statistics of 117 numbers are larger than a file.
    const places = readdirSync(join(path, 'meta/episodes'), { recursive: true, encoding: 'utf8' }).sort();
    expect(places.filter((name) => name.endsWith('.parquet'))).toEqual([
      'chunk-000/file-000.parquet',
      'chunk-000/file-001.parquet',
      'chunk-001/file-000.parquet',
      'chunk-001/file-001.parquet',
    ]);
    const third = (await readParquet(join(path, 'meta/episodes/chunk-001/file-000.parquet')))[0]!;
    expect([third.dataset_from_index, third.dataset_to_index, third['data/file_index']]).toEqual([
      8n,
      10n,
      1n,
    ]);
    expect((await readLeRobot(path)).episodes.map(bits)).toEqual(episodes.map(bits));
  });

  test('tells statistics by hand', () => {
    const episode = episodeOf(
      { length: 4, observation: 1, action: 1 },
      { actions: Float32Array.of(1, 4, 2, 3), rewards: Float32Array.of(0, 0, 0, 8), success: true },
    );
    const path = freshPath();
    writeDataSet(path, dataSetOf([{ ...episode, observations: new Float32Array(5) }], headerOf(1, 1)));
    const stats = JSON.parse(readFileSync(join(path, 'meta/stats.json'), 'utf8'));
    expect(stats.action).toEqual({
      ...{ min: [1], max: [4], mean: [2.5], std: [Math.sqrt(1.25)], count: [4] },
      // Between neighbours: part · 3 steps of 1 above 1.
      ...{ q01: [1.03], q10: [1.3], q50: [2.5], q90: [3.7], q99: [3.9699999999999998] },
    });
    expect(stats['next.reward'].std).toEqual([Math.sqrt(12)]);
    expect(stats['next.success']).toMatchObject({ min: [false], max: [true], mean: [0.25] });
    expect(stats['next.done'].max).toEqual([true]);
    expect(info(path)).toMatchObject({
      ...{ codebase_version: 'v3.0', fps: 10, total_episodes: 1, total_frames: 4, splits: { train: '0:1' } },
      features: { action: { dtype: 'float32', shape: [1], names: ['done.0'] } },
      proprio: { format: 1, successRate: 1 },
    });
  });

  test('leaves nothing half, and overwrites nothing', () => {
    const path = freshPath();
    const good = dataSetOf([episodeOf({ length: 2, observation: 1, action: 1 })], headerOf(1, 1));
    mkdirSync(`${path}.tmp`, { recursive: true });
    writeFileSync(join(`${path}.tmp`, 'rest of a crash'), '');
    writeDataSet(`${path}/`, good);
    expect(existsSync(`${path}.tmp`)).toBe(false);
    expect(Object.keys(contentsOf(path))).not.toContain('rest of a crash');
    const before = contentsOf(path);
    expect(() => writeDataSet(path, good)).toThrow(UsageError);
    expect(() => writeDataSet(path, good)).toThrow(/exists already; a data set is not written over/);
    expect(contentsOf(path)).toEqual(before);
  });

  test('holds finite numbers, and episodes', () => {
    const path = freshPath();
    const episode = episodeOf({ length: 3, observation: 2, action: 2 });
    const broken = { ...episode, actions: Float32Array.of(0, 0, 0, Number.NaN, 0, 0) };
    const write = (...episodes: RecordedEpisode[]) => writeDataSet(path, dataSetOf(episodes, headerOf(2, 2)));
    expect(() => write(episode, broken)).toThrow(
      /Episode 1 has NaN among its actions \("done\.1"\) at step 1;/,
    );
    expect(() => write()).toThrow('There is no episode to write.');
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, '');
    expect(() => writeDataSet(join(path, 'below'), dataSetOf([episode], headerOf(2, 2)))).toThrow(
      /Cannot write .*below: ENOTDIR/,
    );
  });
});

describe('what LeRobot wrote', () => {
  test('is read: what is seen in one row, rewards, and the ends as far as they are known', async () => {
    const { header, episodes, notes } = await readLeRobot(golden);
    expect(header).toEqual({
      task: 'reach the goal; reach the far goal',
      fps: 10,
      observation: ['age', 'x', 'noise', 'goal.x', 'goal.y'].map((name) => ({ name })),
      action: [{ name: 'push' }, { name: 'burn' }],
      agents: 1,
      rewarded: true,
      robotType: 'point',
    });
    expect(episodes).toEqual([
      {
        length: 3,
        // The observation after the end was not recorded: the last one stands there.
        observations: Float32Array.of(
          ...[0, 0, -0, 0, 2],
          ...[1, 0.25, -0.5, 0, 2],
          ...[2, 0.5, -1, 0, 2],
          ...[2, 0.5, -1, 0, 2],
        ),
        actions: Float32Array.of(0, -1.5, 0.125, -1.5, 0.25, -1.5),
        rewards: Float32Array.of(0, 0.5, 1),
        ...{ terminated: true, truncated: false, success: true },
        interventions: new Uint8Array(3),
      },
      {
        // Its fourth step has no end that is known, and is left out.
        length: 3,
        observations: Float32Array.of(
          ...[0, 1, -0, 1, 2],
          ...[1, 1.25, -0.5, 1, 2],
          ...[2, 1.5, -1, 1, 2],
          ...[3, 1.75, -1.5, 1, 2],
        ),
        actions: Float32Array.of(0, -1.5, 0.125, -1.5, 0.25, -1.5),
        rewards: Float32Array.of(-1, -0.5, 0),
        ...{ terminated: false, truncated: true, success: false },
        interventions: new Uint8Array(3),
      },
    ]);
    expect(notes.map((note) => note.split(':')[0]!.split(';')[0])).toEqual([
      'The last step of 1 episodes is left out',
      'What 1 episodes ended with was not recorded',
    ]);
    expect(summaryOf({ episodes })).toMatchObject({ episodes: 2, frames: 6, successes: 1, returnMean: 0 });
  });
});

describe('what is no data set, or a damaged one', () => {
  /** A data set with a change in its info.json. */
  function changed(
    change: (info: Record<string, unknown> & { features: Record<string, unknown> }) => void,
  ): string {
    const path = freshPath();
    writeDataSet(path, dataSetOf([episodeOf({ length: 3, observation: 2, action: 1 })], headerOf(2, 1)));
    const value = info(path);
    change(value);
    writeFileSync(join(path, 'meta/info.json'), JSON.stringify(value));
    return path;
  }

  test.each([
    [
      'another version',
      (value) => Object.assign(value, { codebase_version: 'v2.1' }),
      /this is LeRobotDataset v2\.1, and v3\.0 is read: convert it with lerobot/,
    ],
    ['no rate', (value) => Object.assign(value, { fps: 0 }), /info\.json: fps: Too small/],
    [
      'no actions',
      ({ features }) => delete features.action,
      /there is no feature "action"; known are observation\.state/,
    ],
    [
      'pictures',
      ({ features }) => Object.assign(features, { action: { dtype: 'image', shape: [3, 4, 4] } }),
      /feature "action" has the shape \[3,4,4\]; a list of numbers is needed/,
    ],
    [
      'a width that is not described',
      ({ features }) => Object.assign(features, { action: { dtype: 'float32', shape: [5] } }),
      /it contradicts itself: features of 2 and 5 numbers, and 2 and 1 described/,
    ],
    [
      'frames missing',
      (value) => Object.assign(value, { total_frames: 9 }),
      /incomplete: it holds 3 frames, and its info\.json tells of 9/,
    ],
  ] as readonly [
    string,
    (value: Record<string, unknown> & { features: Record<string, unknown> }) => void,
    RegExp,
  ][])('is told: %s', async (_, change, message) => {
    await expect(readLeRobot(changed(change))).rejects.toThrow(message);
    await expect(readLeRobot(changed(change))).rejects.toBeInstanceOf(ProprioError);
  });

  test('is told: no info.json, one that is no JSON, a table that is none, rows that are too short', async () => {
    const empty = temporaryFolder();
    await expect(readLeRobot(empty)).rejects.toThrow(/is no data set: it has no meta\/info\.json\./);
    await expect(readLeRobot(empty)).rejects.toBeInstanceOf(ConfigurationError);
    const path = changed(() => {});
    const table = join(path, 'data/chunk-000/file-000.parquet');
    const rows = await readParquet(table);
    writeFileSync(table, 'PAR?');
    await expect(readLeRobot(path)).rejects.toThrow(
      /Cannot read .*file-000\.parquet: .* damaged or no Parquet file/,
    );
    writeParquet(table, [
      {
        name: 'observation.state',
        type: 'float',
        list: true,
        rows: rows.map((_, t) => (t === 1 ? [1] : [1, 2])),
      },
      { name: 'action', type: 'float', rows: rows.map(() => 0) },
      { name: 'episode_index', type: 'int64', rows: rows.map(() => 0) },
    ]);
    await expect(readLeRobot(path)).rejects.toThrow(
      'Frame 1 of episode 0: "observation.state" has 1 numbers, and info.json tells of 2.',
    );
    writeFileSync(join(path, 'meta/info.json'), '{');
    await expect(readLeRobot(path)).rejects.toThrow(/Cannot read .*info\.json: .*JSON/);
  });
});
