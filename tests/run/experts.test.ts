/** Runs that learn from an expert who takes over: what they store, and that they go on as they were. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { findExpert } from '../../src/run/expert.ts';
import type { RunFolder } from '../../src/run/run-folder.ts';
import { decodeSafetensors } from '../../src/run/safetensors.ts';
import { contentsOf, readLines, temporaryFolder } from '../support/temporary.ts';
import { createRun, type SmallRun, stopAt, trainRun } from '../support/training.ts';

const parent = temporaryFolder();
const ENV = 'drone-hover';
const definition = envs[ENV] as EnvDefinition;
const settings = definition.settings.parse({});
const dialled = findExpert('scripted', { jitter: 0.3, lagSteps: 2 }, definition, settings).expert;
/** Few updates, which are not what is tested here. */
const training = {
  logInterval: 100,
  evaluationInterval: 1e9,
  checkpointInterval: 1e9,
  randomSteps: 0,
  learningStarts: 100,
  updatesPerStep: 0.1,
  replayCapacity: 1_000,
  interventionSteps: 3,
};

let runs = 0;
async function begun(run: SmallRun, model?: Uint8Array): Promise<RunFolder> {
  const path = join(parent, String(runs++));
  const own = agents[run.agentName!]!.training;
  const folder = createRun(path, {
    env: ENV,
    steps: 400,
    ...run,
    training: { ...own, ...training, ...run.training },
  });
  if (model) folder.saveExpert(model);
  return folder;
}

const stored = ({ checkpoint }: RunFolder) => {
  const columns = decodeSafetensors(readFileSync(join(checkpoint, 'experience.safetensors')));
  const { obs, action, intervened } = columns as Record<
    string,
    { shape: readonly number[]; values: Float32Array }
  >;
  return {
    obs: obs!.values,
    action: action!.values,
    intervened: [...intervened!.values],
    rows: intervened!.shape[0]!,
  };
};

/** What is left of a run, without what the clock says. */
const outcome = (folder: RunFolder) => ({
  metrics: readLines(join(folder.path, 'metrics.jsonl')).map(
    ({ time: _, 'time/fps': __, ...values }) => values,
  ),
  checkpoint: contentsOf(folder.checkpoint),
});

describe('what is stored', () => {
  /** What the scripted controller does at stored observations. */
  async function ownActions(obs: Float32Array, rows: number): Promise<Float32Array> {
    const env = definition.create(rows, settings);
    const actions = new Float32Array(rows * env.actionSpace.size);
    await definition.scripted!(env, settings).act(obs, actions, 'exploit');
    env.close();
    return actions.map((value) => Math.max(-1, Math.min(1, value)));
  }
  const exact = findExpert('scripted', {}, definition, settings).expert;

  it('are all transitions of hg-dagger and rlif, with the expert’s actions where they acted', async () => {
    for (const agentName of ['hg-dagger', 'rlif']) {
      const folder = await begun({ agentName, expert: exact, training: { intervention: 'random' } });
      await trainRun(folder);
      const { obs, action, intervened, rows } = stored(folder);
      expect(rows).toBe(400);
      const part = intervened.reduce((a, b) => a + b, 0) / rows;
      expect([agentName, part > 0.5 && part < 0.8]).toEqual([agentName, true]);
      const own = await ownActions(obs, rows);
      const width = own.length / rows;
      const same = intervened.map((_, row) =>
        own
          .subarray(row * width, (row + 1) * width)
          .every((value, i) => Math.abs(value - action[row * width + i]!) < 1e-6),
      );
      expect(same).toEqual(intervened.map((flag) => flag === 1));
    }
  });

  it('are, for dagger, what the expert would have done wherever the policy came', async () => {
    const folder = await begun({ agentName: 'dagger', expert: exact, training: { intervention: 'never' } });
    await trainRun(folder);
    const { obs, action, intervened, rows } = stored(folder);
    expect(Math.max(...intervened)).toBe(0);
    const own = await ownActions(obs, rows);
    expect(Math.max(...own.map((value, i) => Math.abs(value - action[i]!)))).toBeLessThan(1e-6);
  });
});

it('nothing is worth anything to rlif where nobody ever takes over', async () => {
  const folder = await begun({
    ...{ agentName: 'rlif', expert: dialled!, steps: 1_200 },
    agent: { criticLearningRate: 3e-3, targetRate: 0.2, discount: 0.8 },
    training: { intervention: 'never', updatesPerStep: 1 },
  });
  await trainRun(folder);
  const worth = readLines(join(folder.path, 'metrics.jsonl')).map((line) =>
    Math.abs(Number(line['train/q'])),
  );
  expect(worth[1]!).toBeGreaterThan(0.05);
  expect(worth.at(-1)!).toBeLessThan(0.05);
});

describe('a run with an expert', () => {
  let clone: RunFolder;
  let reference: RunFolder;
  beforeAll(async () => {
    clone = createRun(join(parent, 'clone'), {
      ...{ env: ENV, agentName: 'bc', offline: true, steps: 20, agent: { horizon: 4 } },
      training: { demonstrationEpisodes: 2 },
    });
    await trainRun(clone);
    reference = createRun(join(parent, 'reference'), { env: ENV, steps: 120 });
    await trainRun(reference);
  });

  it.each<[string, SmallRun]>([
    ['dagger', { training: { intervention: 'random' } }],
    ['hg-dagger', {}],
    ['rlif', { training: { intervention: 'random' } }],
    ['rlif', { training: { intervention: 'value' } }],
    ['sac', { training: { interventionsShown: true, intervention: 'random' } }],
  ])('of %s with %j is the same when it is stopped and continued', async (agentName, run) => {
    const isValued = run.training?.intervention === 'value';
    const shared: SmallRun = {
      ...run,
      agentName,
      expert: dialled!,
      ...(isValued && { reference: reference.path }),
    };
    const whole = await begun(shared);
    await trainRun(whole);
    const stopped = await begun(shared);
    await trainRun(stopped, { onEvent: stopAt(220) });
    await trainRun(stopped, { resume: true });
    expect(outcome(stopped)).toEqual(outcome(whole));
  });

  it('that is a policy with plans goes on in the middle of them', async () => {
    const { expert, model } = findExpert(clone.path, {}, definition, settings);
    const shared: SmallRun = { agentName: 'hg-dagger', expert, training: { intervention: 'random' } };
    const [whole, stopped] = [await begun(shared, model), await begun(shared, model)];
    await trainRun(whole);
    await trainRun(stopped, { onEvent: stopAt(202) });
    await trainRun(stopped, { resume: true });
    expect(outcome(stopped)).toEqual(outcome(whole));
  });

  it('is refused where it is nobody, or knows nothing', async () => {
    const find =
      (name: string, env = ENV) =>
      () =>
        findExpert(
          name,
          {},
          envs[env] as EnvDefinition,
          envs[env]!.settings.parse({}) as Record<string, unknown>,
        );
    expect(find('scripted:good')).toThrow(
      '--expert scripted:good: "drone-hover" has no grade "good" under these settings. It has: expert.',
    );
    expect(find('nobody')).toThrow(/--expert nobody: there is no policy at nobody/);
    expect(find('scripted', 'pendulum')).toThrow(/"pendulum" has no scripted controller/);
    const folder = await begun({
      ...{ agentName: 'rlif', expert: dialled!, reference: clone.path },
      training: { intervention: 'value' },
    });
    await expect(trainRun(folder)).rejects.toThrow(/--reference .*: "bc" has learnt no values/);
  });
});
