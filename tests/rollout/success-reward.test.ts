/** Rewards by a classifier, and runs that learn from them. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { envs } from '../../envs/index.ts';
import { createBatch } from '../../src/core/batch.ts';
import { demonstratorOf } from '../../src/core/demonstrator.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, vector } from '../../src/core/space.ts';
import { headerFor } from '../../src/datasets/data-set.ts';
import { writeDataSet } from '../../src/datasets/lerobot-writer.ts';
import type { RecordedEpisode } from '../../src/replay/recorded-episode.ts';
import { recordEpisodes } from '../../src/rollout/record.ts';
import { drawBalanced, type SuccessClassifier, successReward } from '../../src/rollout/success-reward.ts';
import { examplesOf } from '../../src/run/success.ts';
import { contentsOf, readLines, temporaryFolder } from '../support/temporary.ts';
import { createRun, stopAt, trainRun } from '../support/training.ts';

const parent = temporaryFolder();

/** Takes every observation above 10 for success. */
const stub = (): SuccessClassifier & { readonly seen: number[][] } => {
  const seen: number[][] = [];
  return {
    seen,
    examples: { obs: new Float32Array(8), label: new Float32Array(8) },
    async update() {
      seen.push([...this.examples.obs]);
      return { loss: 1, accuracy: 0.5 };
    },
    logits: async (obs) => obs.map((value) => value - 10),
    vectors: () => ({}),
    load() {},
    rngState: () => [1, 2, 3, 4],
    restoreRng() {},
  };
};

describe('the reward', () => {
  const options = { reward: 2, recent: createBatch(4, 1, 1), rng: createRng(1) };

  it('is that of success, which ends the task, where the classifier sees it, and no other', async () => {
    const batch = createBatch(4, 1, 1);
    batch.nextObs.set([5, 11, 12, 9]);
    batch.reward.fill(7);
    batch.terminated.set([0, 0, 1, 1]);
    await successReward({ classifier: stub(), ...options }).judge(batch);
    expect([...batch.reward]).toEqual([0, 2, 2, 0]);
    expect([...batch.terminated]).toEqual([0, 1, 1, 1]);
  });

  it('judges what is seen, and not what a base would do there', async () => {
    const batch = createBatch(2, 3, 2);
    batch.nextObs.set([11, 0, 0, 0, 11, 11]);
    await successReward({ classifier: stub(), ...options }).judge(batch);
    expect([...batch.reward]).toEqual([2, 0]);
  });

  it('has VICE tell successes from what is seen lately, half and half', async () => {
    const classifier = stub();
    const experience = {
      teamSize: 1,
      teams: 1,
      copyTeam: () => true,
      sample(batch: ReturnType<typeof createBatch>) {
        batch.nextObs.fill(-1);
        return batch;
      },
    };
    const reward = successReward({ classifier, successes: Float32Array.of(21, 22), ...options });
    expect(await reward.learn(experience)).toEqual({ classifier_loss: 1, classifier_accuracy: 0.5 });
    expect(classifier.seen[0]!.slice(0, 4).every((value) => value > 20)).toBe(true);
    expect(classifier.seen[0]!.slice(4)).toEqual([-1, -1, -1, -1]);
    expect([...classifier.examples.label]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    expect(await reward.learn({ ...experience, teams: 0 })).toEqual({});
    expect(await successReward({ classifier, ...options }).learn(experience)).toEqual({});
  });
});

describe('examples', () => {
  const observation = space(vector('obs', '1', 1, ['x']));
  const episode = (from: number, success: boolean): RecordedEpisode => ({
    length: 2,
    observations: Float32Array.of(from, from + 1, from + 2),
    actions: new Float32Array(2),
    rewards: new Float32Array(2),
    terminated: success,
    truncated: !success,
    success,
    interventions: new Uint8Array(2),
  });

  it('of success are the last observations of successful episodes, and all others are none', () => {
    const { successes, others } = examplesOf([episode(0, true), episode(10, false)], observation, 'data');
    expect([[...successes], [...others]]).toEqual([[2], [0, 1, 10, 11, 12]]);
    const classifier = stub();
    drawBalanced(classifier, { successes, others }, createRng(1));
    expect([...classifier.examples.obs.subarray(0, 4)]).toEqual([2, 2, 2, 2]);
    expect([...classifier.examples.obs.subarray(4)].every((value) => value !== 2)).toBe(true);
    expect([...classifier.examples.label]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  });

  it('of failures alone are refused', () => {
    expect(() => examplesOf([episode(0, false)], observation, 'data/x')).toThrow(
      /data\/x: none of its 1 episodes is labelled as a success/,
    );
  });
});

describe('a run with a classifier for its reward', () => {
  const definition = envs['drone-hover'] as EnvDefinition;
  let successData: string;
  beforeAll(async () => {
    const settings = definition.settings.parse({});
    const env = definition.create(1, settings);
    const demonstrator = demonstratorOf(definition).create(env, settings, {}, createRng(1));
    successData = join(parent, 'data');
    const episodes = await recordEpisodes({ env, demonstrator, episodes: 3, seed: 1 });
    writeDataSet(successData, { header: headerFor(env, settings), episodes, notes: [] });
    env.close();
  });

  it.each(['classifier', 'vice'])('(%s) goes on after a stop as if there had been none', async (rewards) => {
    const run = (name: string) =>
      createRun(join(parent, rewards, name), {
        env: 'drone-hover',
        steps: 400,
        training: { rewards, successData, classifierUpdates: 20, classifierInterval: 3, updatesPerStep: 0.2 },
      });
    const outcome = (path: string, checkpoint: string) => ({
      metrics: readLines(join(path, 'metrics.jsonl')).map(({ time: _, 'time/fps': __, ...values }) => values),
      checkpoint: contentsOf(checkpoint),
    });
    const [whole, stopped] = [run('whole'), run('stopped')];
    await trainRun(whole);
    await trainRun(stopped, { onEvent: stopAt(220) });
    await trainRun(stopped, { resume: true });
    const expected = outcome(whole.path, whole.checkpoint);
    expect(outcome(stopped.path, stopped.checkpoint)).toEqual(expected);
    const told = expected.metrics.some((line) => 'train/classifier_loss' in line);
    expect(told).toBe(rewards === 'vice');
  });
});
