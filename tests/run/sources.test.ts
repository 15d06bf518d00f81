/** What minibatches are drawn from where two agents take turns, and runs of such agents. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBatch } from '../../src/core/batch.ts';
import { createRng } from '../../src/core/rng.ts';
import type { OffPolicyMaths } from '../../src/learner/index.ts';
import { isFilled, sampleMixture } from '../../src/replay/mixture.ts';
import { ReplayBuffer } from '../../src/replay/replay-buffer.ts';
import { type OffPolicyTraining, trainingSettings } from '../../src/run/config.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { recordedSources, sourcesOf } from '../../src/run/sources.ts';
import { contentsOf, readLines, temporaryFolder } from '../support/temporary.ts';
import { createRun, stopAt, trainRun } from '../support/training.ts';

/** Rows `[number, direction]`, where the number is below 100 unless it was shown. */
function stored(rows: readonly (readonly [number: number, direction: number])[], by: readonly number[] = []) {
  const replay = new ReplayBuffer({ capacity: 50, observationSize: 2, actionSize: 1 });
  rows.forEach(([number, direction], step) => {
    replay.push({
      ...{ step, time: 0, numEnvs: 1 },
      obs: Float32Array.of(number, direction),
      nextObs: Float32Array.of(number, direction),
      action: Float32Array.of(0),
      reward: Float32Array.of(0),
      rewardTerms: Float32Array.of(0),
      terminated: Uint8Array.of(0),
      truncated: Uint8Array.of(0),
      intervened: Uint8Array.of(by.includes(number) ? 1 : 0),
    });
  });
  return replay;
}
const maths = { turnColumn: 1 } as OffPolicyMaths;
const schedule = (given: Partial<OffPolicyTraining> = {}): OffPolicyTraining => ({
  ...trainingSettings['off-policy'].parse({}),
  ...given,
});

/** Which rows come to which minibatch, of 4 with 40 rows. */
function drawn(sources: ReturnType<typeof sourcesOf>): number[][] {
  const batch = createBatch(160, 2, 1);
  sampleMixture(batch, 4, sources, createRng(1));
  return [0, 1, 2, 3].map((minibatch) => {
    const numbers = Array.from({ length: 40 }, (_, row) => batch.obs[2 * (40 * minibatch + row)]!);
    return [...new Set(numbers)].sort((a, b) => a - b);
  });
}

describe('the minibatches of two agents', () => {
  const replay = stored(
    [
      [1, 1],
      [2, -1],
      [3, 1],
      [4, -0.5],
      [5, 0],
    ],
    [3, 4],
  );
  const shown = stored([
    [101, 1],
    [102, -1],
  ]);

  it('come in turns from the steps of the one and of the other', () => {
    const [forward, backward] = [
      [1, 3],
      [2, 4, 5],
    ];
    expect(drawn(sourcesOf(maths, schedule(), replay, undefined))).toEqual([
      forward,
      backward,
      forward,
      backward,
    ]);
    expect(drawn(recordedSources(maths, replay))).toEqual([forward, backward, forward, backward]);
  });

  it('have each its own part of the demonstrations', () => {
    const [first, second] = drawn(sourcesOf(maths, schedule(), replay, shown));
    expect([first, second]).toEqual([
      [1, 3, 101],
      [2, 4, 5, 102],
    ]);
  });

  it('have each its own interventions', () => {
    const [first, second] = drawn(
      sourcesOf(maths, schedule({ experience: 'interventions' }), replay, undefined),
    );
    expect([first, second]).toEqual([[3], [4]]);
    const both = sourcesOf(
      maths,
      schedule({ interventionsShown: true }),
      stored(
        [
          [6, 1],
          [7, -1],
        ],
        [6],
      ),
      shown,
    );
    expect(drawn(both).slice(0, 2)).toEqual([
      [6, 101],
      [7, 102],
    ]);
  });

  it('cannot be drawn before both have had their turn', () => {
    expect(sourcesOf(maths, schedule(), stored([[1, 1]]), undefined).map(isFilled)).toEqual([true, false]);
  });
});

it('of one agent come from all that is stored', () => {
  const replay = stored([
    [1, 1],
    [2, -1],
  ]);
  const [source, ...none] = sourcesOf({} as OffPolicyMaths, schedule(), replay, undefined);
  expect([source!.experience, none]).toEqual([replay, []]);
});

describe('a run of two agents', () => {
  const parent = temporaryFolder();
  const runIn = (name: string, steps = 600) =>
    createRun(join(parent, name), { steps, training: { twoAgentsBy: 'speed' } });
  const outcome = (folder: RunFolder) => ({
    metrics: readLines(join(folder.path, 'metrics.jsonl')).map(
      ({ time: _, 'time/fps': __, ...values }) => values,
    ),
    checkpoint: contentsOf(folder.checkpoint),
  });

  it('has each of them learn, and can be stopped and continued to the last bit', async () => {
    const straight = runIn('straight');
    await trainRun(straight);
    const whole = outcome(straight);
    expect(whole.metrics.at(-1)).toMatchObject({
      'train/forward_critic_loss': expect.any(Number),
      'train/backward_critic_loss': expect.any(Number),
    });
    const stopped = runIn('stopped');
    await trainRun(stopped, { onEvent: stopAt(140) });
    await trainRun(RunFolder.open(stopped.path), { resume: true });
    expect(outcome(stopped)).toEqual(whole);
  });
});
