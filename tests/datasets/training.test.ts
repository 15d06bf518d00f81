/** Learning from a data set beside experience: the transitions that recording directly gives, and a check before anything. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import { createBatch } from '../../src/core/batch.ts';
import { demonstratorOf } from '../../src/core/demonstrator.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { ConfigurationError } from '../../src/core/errors.ts';
import { spacesOfEnv } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import { agentsOf } from '../../src/core/teams.ts';
import { headerFor } from '../../src/datasets/data-set.ts';
import { writeDataSet } from '../../src/datasets/lerobot-writer.ts';
import { readDataSet } from '../../src/datasets/read.ts';
import type { ReplayBuffer } from '../../src/replay/replay-buffer.ts';
import {
  collectDemonstrations,
  type DemonstrationReplay,
  replayOf,
} from '../../src/rollout/demonstrations.ts';
import { recordEpisodes } from '../../src/rollout/record.ts';
import { parseAssignments, type RunConfig, resolveSettings, schemasFor } from '../../src/run/config.ts';
import { assertConsistent } from '../../src/run/consistency.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { toyTeam } from '../support/toy-team.ts';
import { createRun, stopAt, trainRun } from '../support/training.ts';

const hover = envs['drone-hover']! as EnvDefinition;

/** Records the scripted controller. @returns where */
async function recorded(
  definition: EnvDefinition,
  given: Record<string, unknown>,
  { episodes = 3, seed = 3, dials = {} }: { episodes?: number; seed?: number; dials?: object } = {},
): Promise<string> {
  const settings = definition.settings.parse(given);
  const env = definition.create(agentsOf(definition, settings), settings);
  const demonstrator = demonstratorOf(definition).create(env, settings, { ...dials }, createRng(seed));
  const path = join(temporaryFolder(), 'data');
  const made = await recordEpisodes({ env, demonstrator, episodes, seed });
  writeDataSet(path, { header: headerFor(env, settings), episodes: made, notes: [] });
  env.close();
  return path;
}

describe('demonstrations of a data set', () => {
  test.each([
    ['one agent', hover, { reward: 'sparse' }, { rewardScale: 0.5, multiStep: { steps: 1, discount: 0.9 } }],
    ['several steps', hover, {}, { rewardScale: 1, multiStep: { steps: 3, discount: 0.9 } }],
    [
      'a team',
      toyTeam as EnvDefinition,
      { agents: 3 },
      { rewardScale: 2, multiStep: { steps: 2, discount: 0.5 }, teamSize: 3 },
    ],
  ] as readonly [string, EnvDefinition, Record<string, unknown>, DemonstrationReplay][])(
    'are those that are collected directly: %s',
    async (_, definition, given, replay) => {
      const settings = definition.settings.parse(given);
      const team = agentsOf(definition, settings);
      const direct = await collectDemonstrations({ definition, settings, episodes: 2, replay, seed: 3 });
      const { episodes } = await readDataSet(await recorded(definition, given, { episodes: 4 }));
      const teams = episodes.flatMap((_, i) => (i % team === 0 ? [episodes.slice(i, i + team)] : []));
      const succeeded = teams.filter((each) => each.some(({ success }) => success)).slice(0, 2);
      const env = definition.create(team, settings);
      const read = replayOf(succeeded.flat(), spacesOfEnv(env), replay);
      expect(read.size).toBe(direct.size);
      expect(read.contents().columns).toEqual(direct.contents().columns);
      const sampled = (buffer: ReplayBuffer) =>
        buffer.sample(createBatch(30, env.observationSpace.size, env.actionSpace.size), createRng(1));
      expect(sampled(read)).toEqual(sampled(direct));
      env.close();
    },
  );

  test('hold failures too, and actions as they were executed', async () => {
    const path = await recorded(hover, {}, { dials: { jitter: 0.8 } });
    const { episodes, header } = await readDataSet(path);
    expect(episodes.some(({ success }) => !success)).toBe(true);
    const env = hover.create(1, hover.settings.parse({}));
    const replay = { rewardScale: 1, multiStep: { steps: 1, discount: 0.9 } };
    const { columns, rows } = replayOf(episodes, spacesOfEnv(env), replay).contents();
    expect(rows).toBe(episodes.reduce((sum, { length }) => sum + length, 0));
    const meant = Float32Array.of(...episodes.flatMap(({ actions }) => [...actions]));
    expect(Math.max(...meant)).toBeGreaterThan(1.2);
    expect([...columns.action!]).toEqual([...meant].map((value) => Math.max(-1, Math.min(1, value))));
    expect(header.action.map(({ name }) => name)).toEqual(env.actionSpace.components.map(({ name }) => name));
    env.close();
  });

  test('are learnt from: a run is as it is with the same episodes collected, and not as it is without', async () => {
    const seed = 3;
    const settings = hover.settings.parse({});
    const path = await recorded(
      hover,
      {},
      { seed: createRng(seed).split('demonstrations').bits(), episodes: 6 },
    );
    const { header, episodes, notes } = await readDataSet(path);
    const succeeded = join(temporaryFolder(), 'succeeded');
    const chosen = episodes.filter(({ success }) => success).slice(0, 2);
    writeDataSet(succeeded, { header, episodes: chosen, notes });
    const losses = async (training: Record<string, unknown>) => {
      const run = { env: 'drone-hover', envSettings: settings, steps: 200, seed, training };
      const events = await trainRun(createRun(join(temporaryFolder(), 'run'), run));
      return events.flatMap((event) => (event.kind === 'metrics' ? [event.values['train/critic_loss']] : []));
    };
    const learnt = await losses({ demonstrationData: succeeded });
    expect(learnt.at(-1)).toBeTypeOf('number');
    expect(await losses({ demonstrationEpisodes: 2 })).toEqual(learnt);
    expect(await losses({})).not.toEqual(learnt);
  });

  test('can be its successes alone, and have to have some then', async () => {
    const path = await recorded(hover, {}, { episodes: 3 });
    const { header, episodes, notes } = await readDataSet(path);
    const write = (made: typeof episodes): string => {
      const out = join(temporaryFolder(), 'data');
      writeDataSet(out, { header, episodes: made, notes });
      return out;
    };
    const mixed = write(episodes.map((episode, i) => ({ ...episode, success: i !== 1 })));
    const best = write([episodes[0]!, episodes[2]!].map((episode) => ({ ...episode, success: true })));
    const losses = async (training: Record<string, unknown>) => {
      const run = { env: 'drone-hover', steps: 200, training };
      const events = await trainRun(createRun(join(temporaryFolder(), 'run'), run));
      return events.flatMap((event) => (event.kind === 'metrics' ? [event.values['train/critic_loss']] : []));
    };
    const expected = await losses({ demonstrationData: best });
    expect(await losses({ demonstrationData: mixed, demonstrationsKept: 'successes' })).toEqual(expected);
    expect(await losses({ demonstrationData: mixed })).not.toEqual(expected);
    const failed = write(episodes.map((episode) => ({ ...episode, success: false })));
    await expect(losses({ demonstrationData: failed, demonstrationsKept: 'successes' })).rejects.toThrow(
      /demonstrationsKept=successes: of the 3 episodes of .* none succeeded/,
    );
  });

  test('are those of the beginning when a run goes on, or it does not', async () => {
    const path = await recorded(hover, {}, { episodes: 2 });
    const { header, episodes } = await readDataSet(path);
    const training = { demonstrationData: path };
    const folder = createRun(join(temporaryFolder(), 'run'), { env: 'drone-hover', steps: 120, training });
    await trainRun(folder, { onEvent: stopAt(60) });
    const changed = episodes.map((episode) => ({ ...episode, rewards: episode.rewards.map((r) => r + 1) }));
    rmSync(path, { recursive: true });
    writeDataSet(path, { header, episodes: changed, notes: [] });
    await expect(trainRun(folder, { resume: true })).rejects.toThrow(
      /demonstrations are not those that the run of .* was begun with/,
    );
    rmSync(path, { recursive: true });
    writeDataSet(path, { header, episodes, notes: [] });
    await trainRun(folder, { resume: true });
  });

  test('are checked in all their numbers before the first step', async () => {
    const path = await recorded(hover, {}, { episodes: 1 });
    const { header, episodes } = await readDataSet(path);
    const [episode] = episodes as [(typeof episodes)[number]];
    const scaled = { ...episode, actions: episode.actions.map((action) => 57.3 * action) };
    const wrong = join(temporaryFolder(), 'wrong');
    writeDataSet(wrong, { header, episodes: [scaled], notes: [] });
    const run = { env: 'drone-hover', training: { demonstrationData: wrong } };
    const training = trainRun(createRun(join(temporaryFolder(), 'run'), run));
    await expect(training).rejects.toThrow(
      /action\[\d\] \(".*"\): expected values from -1 to 1, found .* in another unit/,
    );
  });
});

describe('before anything is created', () => {
  function check(env: string, ...assignments: string[]): void {
    const [definition, algorithm] = [envs[env]!, agents.rlpd!];
    const schemas = schemasFor(definition, algorithm);
    const training = { training: algorithm.training ?? {} };
    const resolved = resolveSettings(schemas, training, parseAssignments(assignments, schemas));
    const config: RunConfig = {
      ...{ format: 1, env: { id: env, settings: resolved.env } },
      ...{ agent: { name: 'rlpd', settings: resolved.agent }, training: resolved.training },
      ...{ numEnvs: 4, steps: 1_000, seed: 0, device: 'cpu', versions: {} },
    };
    assertConsistent(config, definition, algorithm);
  }

  test('a data set that fits is accepted, also where there is no scripted controller', async () => {
    const path = await recorded(hover, { reward: 'sparse' }, { episodes: 1 });
    expect(() => check('drone-hover', `demonstrationData=${path}`, 'env.reward=sparse')).not.toThrow();
    expect(() => check('drone-hover', `demonstrationData=${path}`, 'env.reward=dense')).toThrow(
      /env\.settings\.reward: expected "dense", found "sparse"; its rewards were given for something else/,
    );
    expect(() => check('pendulum', `demonstrationData=${path}`)).toThrow(ConfigurationError);
    expect(() => check('pendulum', `demonstrationData=${path}`)).toThrow(
      /observation size: expected 3, found 19/,
    );
    expect(() => check('pendulum', 'demonstrationData=nowhere')).toThrow(/There is no data set at nowhere/);
  });
});
