/** Whole runs of teams: they learn, are saved and go on as if nothing had been; what is no whole team is refused first. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agents } from '../../agents/index.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { ConfigurationError } from '../../src/core/errors.ts';
import { type RunConfig, resolveSettings, schemasFor } from '../../src/run/config.ts';
import { assertConsistent, spacesOf } from '../../src/run/consistency.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { small } from '../support/agents.ts';
import { contentsOf, readLines, temporaryFolder } from '../support/temporary.ts';
import { toyTeam } from '../support/toy-team.ts';
import { stopAt, trainRun } from '../support/training.ts';

const team = toyTeam as EnvDefinition;
const NEVER = 1e9;
const schedules = {
  'off-policy': {
    ...{ batchSize: 18, replayCapacity: 91, randomSteps: 30, learningStarts: 30, updatesPerStep: 0.5 },
    ...{ multiStep: 2, demonstrationEpisodes: 3, demonstrationFraction: 0.4 },
  },
  'on-policy': { rolloutSteps: 8 },
} as const;

interface Changes {
  readonly training?: object;
  readonly agent?: object;
  readonly numEnvs?: number;
}

function configOf(agentName: string, size: number, changes: Changes = {}): RunConfig {
  const agent = agents[agentName]!;
  const common = {
    logInterval: 40,
    evaluationInterval: NEVER,
    evaluationEpisodes: 12,
    checkpointInterval: NEVER,
  };
  const resolved = resolveSettings(schemasFor(team, agent), {
    env: { agents: size },
    agent: { ...small(agent, [8, 8]), ...changes.agent },
    training: { ...common, threads: 1, ...schedules[agent.kind], ...changes.training },
  });
  return {
    format: 1,
    env: { id: 'toy-team', settings: resolved.env },
    agent: { name: agentName, settings: resolved.agent },
    training: resolved.training,
    ...{ numEnvs: changes.numEnvs ?? 6, steps: 240, seed: 3, device: 'cpu', versions: {} },
  };
}

describe.each([
  ['maddpg', 2],
  ['maddpg', 3],
  ['mappo', 2],
  ['mappo', 3],
  ['sac', 3],
] as const)('a run of %s in teams of %i', (agentName, size) => {
  const parent = temporaryFolder();
  const make = (name: string): RunFolder => RunFolder.create(join(parent, name), configOf(agentName, size));
  const outcome = (folder: RunFolder) => ({
    metrics: readLines(join(folder.path, 'metrics.jsonl')).map(
      ({ time: _, 'time/fps': __, ...values }) => values,
    ),
    checkpoint: contentsOf(folder.checkpoint),
  });

  test('learns, and is the same when it is stopped in the middle and continued', async () => {
    const [straight, stopped] = [make('straight'), make('stopped')];
    await trainRun(straight, { env: team });
    await trainRun(stopped, { env: team, onEvent: stopAt(150) });
    await trainRun(stopped, { env: team, resume: true });
    const expected = outcome(straight);
    expect(expected.metrics.at(-1)!['train/n_updates']).toBeGreaterThan(20);
    expect(outcome(stopped)).toEqual(expected);
  });
});

describe('refused before anything starts', () => {
  const check = (agent: string, size: number, changes: Changes) => () =>
    assertConsistent(configOf(agent, size, changes), team, agents[agent]!);

  test.each([
    [
      'sac',
      2,
      { numEnvs: 5 },
      /^--envs 5 makes no whole teams: .* takes 2 rows, .* nearest multiple of 2 is 6\./,
    ],
    ['ppo', 6, { numEnvs: 4 }, /^--envs 4 .* nearest multiple of 6 is 6\./],
    [
      'sac',
      6,
      { training: { evaluationEpisodes: 50 } },
      /^Setting training.evaluationEpisodes=50 .* nearest multiple of 6 is 48\./,
    ],
    [
      'maddpg',
      3,
      { training: { batchSize: 256 } },
      /^Setting training.batchSize=256 .* nearest multiple of 3 is 255\./,
    ],
    [
      'maddpg',
      3,
      { training: { replayCapacity: 2, multiStep: 1 } },
      /replayCapacity=2 has no room for one team of 3/,
    ],
    [
      'mappo',
      3,
      { training: { rolloutSteps: 8 }, agent: { minibatches: 32 } },
      /has 48 transitions, which cannot be shared equally among 32 minibatches of whole teams of 3/,
    ],
  ] as const)('%s in teams of %i with %j', (agent, size, changes, message) => {
    expect(check(agent, size, changes)).toThrow(ConfigurationError);
    expect(check(agent, size, changes)).toThrow(message);
  });

  test('but not what only agents with centralised values mind', () => {
    expect(check('sac', 3, { training: { batchSize: 256 } })).not.toThrow();
  });

  test.each(['maddpg', 'mappo'])('nor the defaults of %s, in teams of up to six', (name) => {
    const agent = agents[name]!;
    for (const size of [2, 3, 4, 5, 6]) {
      const defaults = resolveSettings(schemasFor(team, agent), {
        env: { agents: size },
        training: { ...agent.training, evaluationEpisodes: 60 },
      });
      const base = { ...configOf(name, size), training: defaults.training, numEnvs: size };
      const groups = {
        env: { id: 'toy-team', settings: defaults.env },
        agent: { name, settings: defaults.agent },
      };
      expect(() => assertConsistent({ ...base, ...groups }, team, agent)).not.toThrow();
    }
  });

  test('also where a run starts without having been asked', async () => {
    const folder = RunFolder.create(join(temporaryFolder(), 'run'), configOf('sac', 2, { numEnvs: 5 }));
    await expect(trainRun(folder, { env: team })).rejects.toThrow(/--envs 5 makes no whole teams/);
  });
});

test('the spaces of a run say how many rows make a team', () => {
  expect(spacesOf(configOf('sac', 3), team).agents).toBe(3);
});
