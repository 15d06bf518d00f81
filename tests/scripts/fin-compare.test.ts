/** Policies beside sinusoids: the episodes that both play, the runs that are taken, and a comparison from end to end. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { bestSinusoids } from '../../envs/fin-ray/best-sinusoids.ts';
import { sinusoidPlayer } from '../../envs/fin-ray/sinusoid-player.ts';
import { finBase } from '../../envs/fin-ray/tasks.ts';
import { finRay } from '../../robots/fin-ray/index.ts';
import { findEntrant } from '../../scripts/bench/fin-compare/entrant.ts';
import { benchFinCompare } from '../../scripts/bench/fin-compare/index.ts';
import { playEpisodes } from '../../scripts/bench/fin-compare/play.ts';
import { ConfigurationError, UsageError } from '../../src/core/errors.ts';
import { evaluate } from '../../src/rollout/evaluate.ts';
import { puppetEnv, STILL } from '../envs/fin-ray/puppet-flow.ts';
import { wellFormed } from '../support/svg.ts';
import { readLines, temporaryFolder } from '../support/temporary.ts';
import { createRun, trainRun } from '../support/training.ts';

describe('episodes', () => {
  const still = { act: async (_: Float32Array, actions: Float32Array) => void actions.fill(0) };

  test('are told one by one, and their failures counted', async () => {
    const { scores, failures } = await playEpisodes(
      puppetEnv({ ...STILL, thrust: 0.25, power: 0.5 }),
      still,
      1,
    );
    expect([scores.objective, scores.power]).toEqual([[1], [2]]);
    expect(failures).toBe(0);
    const bent = await playEpisodes(puppetEnv({ ...STILL, bend: 1.3 }), still, 1);
    expect(bent.failures).toBe(1);
    expect(bent.scores.objective).toEqual([0]);
  });

  test('are those of an evaluation', async () => {
    const settings = finBase.settings.parse({});
    const env = finBase.create(2, settings);
    const { wave } = bestSinusoids['fin-base'].thrust;
    const expected = await evaluate(env, sinusoidPlayer(env, wave, finRay.limits), 2, 11);
    let steps = 0;
    const { scores } = await playEpisodes(env, sinusoidPlayer(env, wave, finRay.limits), 11, () => steps++);
    env.close();
    for (const [name, { mean }] of Object.entries(expected.scores!))
      expect(scores[name]!.reduce((sum, value) => sum + value, 0) / 2).toBeCloseTo(mean, 10);
    expect(new Set(scores.thrust).size).toBe(2);
    expect(steps).toBe(250);
  });
});

describe('runs', () => {
  const folder = temporaryFolder();
  const run = join(folder, 'fin-base');
  const other = join(folder, 'pendulum');
  const nowhere = { assignments: [] };
  beforeAll(() => {
    createRun(run, { env: 'fin-base', envSettings: { objective: 'combined', combinedPowerPrice: 0.3 } });
    createRun(other);
  });

  test('bring their task, objective and settings, and meet the best sinusoid of them', () => {
    const { task, playedIn, objective, settings, wave, waveOf } = findEntrant(run, nowhere);
    expect([task, playedIn, objective, waveOf]).toEqual(['fin-base', 'fin-base', 'combined', 'fin-base']);
    expect(settings.combinedPowerPrice).toBe(0.3);
    expect(wave).toEqual(bestSinusoids['fin-base'].combined.wave);
  });

  test('take their settings to another flow', () => {
    const stage = { playedIn: 'fin-base-fsi', assignments: ['resolution=16'] };
    const { playedIn, settings } = findEntrant(run, stage);
    expect(playedIn).toBe('fin-base-fsi');
    expect(settings).toMatchObject({
      objective: 'combined',
      combinedPowerPrice: 0.3,
      frames: 1,
      resolution: 16,
    });
    expect(settings).not.toHaveProperty('clock');
  });

  test.each([
    [
      'an environment',
      'fin-base',
      nowhere,
      UsageError,
      '"fin-base" is an environment: give the folder of a run',
    ],
    ['another task', other, nowhere, UsageError, 'is a run of "pendulum", which no sinusoid is known for'],
    [
      'an unknown flow',
      run,
      { playedIn: 'fin-base-sfi', assignments: [] },
      UsageError,
      'Unknown fin-ray task "fin-base-sfi". Did you mean "fin-base-fsi"?',
    ],
    [
      'other observations',
      run,
      { assignments: ['frames=2'] },
      ConfigurationError,
      'cannot play in "fin-base": component 26 of the observation is none of 26 in the run, and "heave.1-before" of 52 there',
    ],
    [
      'other actions',
      run,
      { playedIn: 'fin-full', assignments: [] },
      ConfigurationError,
      'cannot play in "fin-full": component 4 of the observation is "bend.0"',
    ],
  ] as const)('are refused for %s', (_, path, stage, kind, message) => {
    const find = () => findEntrant(path, stage);
    expect(find).toThrow(kind);
    expect(find).toThrow(message);
  });
});

test('a run is compared from end to end: table, record and picture', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'small', 'run');
  const run = createRun(path, { env: 'fin-base', steps: 160, seed: 5 });
  await trainRun(run);
  writeFileSync(join(folder, 'fin-base.jsonl'), '{"scores":{"power":0.001,"thrust":0.0005}}\n');
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  const out = join(folder, 'records', 'fin-ray.jsonl');
  const report = await benchFinCompare({
    ...{ runs: [path, path], stage: { assignments: [] }, episodes: 2, sinusoids: folder },
    ...{ out, waveforms: join(folder, 'pictures') },
  });
  const text = printed.mock.calls.flat().join('\n');
  printed.mockRestore();

  expect(report.runs).toHaveLength(1);
  const [compared] = report.runs;
  expect(readLines(out)).toEqual([JSON.parse(JSON.stringify(compared))]);
  expect(compared).toMatchObject({ run: 'small', objective: 'thrust', seed: 5, agent: 'sac', episodes: 2 });
  // What has hardly learned is far behind the sinusoid.
  expect(compared!.sinusoid.thrust).toBeGreaterThan(4);
  expect(compared!.gain).toBeLessThan(-50);
  expect(compared!.equalPower?.thrust).toBe(0.0005);
  expect(report.summaries).toMatchObject([{ gain: compared!.gain, lower: null, met: null }]);
  expect(text).toContain('1 seed: gain −');

  const svg = readFileSync(join(folder, 'pictures', 'fin-base-thrust-waveforms.svg'), 'utf8');
  wellFormed(svg);
  expect(svg).toContain('sac, seed 5');
});
