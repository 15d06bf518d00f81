/** A run that is stopped and continued is the run that was never stopped, bit for bit. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { RunFolder } from '../../src/run/run-folder.ts';
import { contentsOf, readLines, temporaryFolder } from '../support/temporary.ts';
import { createRun, stopAt, trainRun } from '../support/training.ts';

/** What a run leaves that does not depend on the clock. */
function outcome(folder: RunFolder) {
  const metrics = readLines(join(folder.path, 'metrics.jsonl'));
  return {
    metrics: metrics.map(({ time: _, 'time/fps': __, ...values }) => values),
    checkpoint: contentsOf(folder.checkpoint),
  };
}

const parent = temporaryFolder();

describe.each(['pendulum', 'drone-hover'])('a run of %s', (env) => {
  const runIn = (name: string, steps: number): RunFolder =>
    createRun(join(parent, env, name), { env, steps });
  let whole: ReturnType<typeof outcome>;
  beforeAll(async () => {
    const straight = runIn('straight', 600);
    await trainRun(straight);
    whole = outcome(straight);
  });

  it('learns, logs and fills its replay buffer beyond the end in these tests', () => {
    const { metrics, checkpoint } = whole;
    expect(metrics.map(({ step }) => step)).toEqual([100, 200, 300, 400, 500, 600]);
    expect(metrics.at(-1)).toMatchObject({ 'train/n_updates': 272 });
    expect(Object.keys(checkpoint)).toEqual([
      'experience.safetensors',
      'model.safetensors',
      'optimizer.safetensors',
      'rollout.bin',
      'state.json',
    ]);
    const { experienceCursors } = JSON.parse(Buffer.from(checkpoint['state.json']!, 'base64').toString());
    expect(experienceCursors).toEqual({ experience: 150 });
  });

  it('is the same when it is trained once more', async () => {
    const again = runIn('again', 600);
    await trainRun(again);
    expect(outcome(again)).toEqual(whole);
  });

  it('is the same when it ends at 300 steps and is continued to 600', async () => {
    const half = runIn('half', 300);
    await trainRun(half);
    const continued = RunFolder.open(half.path).withSteps(600);
    await trainRun(continued, { resume: true });
    expect(outcome(continued)).toEqual(whole);
  });

  it('is the same when it is stopped twice between two lines of metrics', async () => {
    const folder = runIn('stopped', 600);
    await trainRun(folder, { onEvent: stopAt(140) });
    await trainRun(folder, { resume: true, onEvent: stopAt(461) });
    await trainRun(folder, { resume: true });
    expect(outcome(folder)).toEqual(whole);
  });
});

describe.each([
  ...['ppo', 'mdpo-on-policy', 'dsac-t', 'crossq', 'mdpo'].map((agentName) => ({ agentName })),
  // Returns to go are worked out anew from what a checkpoint holds.
  { agentName: 'cal-ql', agent: { leastReward: -20, sampledActions: 3 } },
  { agentName: 'expo', agent: { policyDelay: 2 } },
])('a run with $agentName', ({ agentName, ...settings }) => {
  it('is the same when it is stopped in the middle of something and continued', async () => {
    const make = (name: string): RunFolder =>
      createRun(join(parent, agentName, name), { agentName, steps: 400, ...settings });
    const [straight, stopped] = [make('straight'), make('stopped')];
    await trainRun(straight);
    await trainRun(stopped, { onEvent: stopAt(230) });
    await trainRun(stopped, { resume: true });
    const expected = outcome(straight);
    expect(expected.metrics.at(-1)!['train/n_updates']).toBeGreaterThan(20);
    expect(outcome(stopped)).toEqual(expected);
  });
});

describe('a run', () => {
  it('is the same however often it is evaluated and saved', async () => {
    const [quiet, busy] = [{}, { evaluationInterval: 50, checkpointInterval: 30 }].map((training, i) =>
      createRun(join(parent, `busy-${i}`), { env: 'drone-hover', training }),
    );
    await trainRun(quiet!);
    const events = await trainRun(busy!);
    expect(events.filter(({ kind }) => kind === 'evaluation')).toHaveLength(12);
    expect(events.filter(({ kind }) => kind === 'checkpoint')).toHaveLength(20);
    expect(outcome(busy!)).toEqual(outcome(quiet!));
  });

  it('differs from one with another seed', async () => {
    const other = createRun(join(parent, 'seed'), { seed: 4 });
    await trainRun(other);
    const same = createRun(join(parent, 'seed-again'), { seed: 3 });
    await trainRun(same);
    expect(outcome(other).metrics).not.toEqual(outcome(same).metrics);
  });
});
