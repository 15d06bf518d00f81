/** Runs whose actors are threads: nothing is lost, nobody waits for long, and in lockstep a seed determines everything. */
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { RunFolder } from '../../src/run/run-folder.ts';
import { decodeSafetensors } from '../../src/run/safetensors.ts';
import type { RunEvent } from '../../src/run/training.ts';
import { contentsOf, readLines, temporaryFolder } from '../support/temporary.ts';
import { createRun, type SmallRun, stopAt, trainRun } from '../support/training.ts';

const parent = temporaryFolder();

const create = (name: string, run: SmallRun): RunFolder =>
  createRun(join(parent, name), { numEnvs: 2, actors: 2, ...run });

/** What a run leaves that does not depend on the clock. */
function outcome(folder: RunFolder) {
  const withoutClock = ({ time: _, 'time/fps': __, ...values }: Record<string, unknown>) => values;
  return {
    metrics: readLines(join(folder.path, 'metrics.jsonl')).map(withoutClock),
    evaluations: readLines(join(folder.path, 'evaluations.jsonl')).map(withoutClock),
    checkpoint: contentsOf(folder.checkpoint),
  };
}

/** Rows that a checkpoint holds of each actor. */
function storedRows(folder: RunFolder): number[] {
  const files = contentsOf(folder.checkpoint);
  return Object.keys(files)
    .filter((name) => name.startsWith('experience-'))
    .map((name) => decodeSafetensors(Buffer.from(files[name]!, 'base64')).reward!.values.length);
}

const metricsOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.kind === 'metrics' ? [event.values] : []));

describe('a run with actors', () => {
  it('makes its steps, stores them all, learns at the ratio asked for, and evaluates beside it', async () => {
    const training = { replayCapacity: 10_000, evaluationInterval: 400 };
    const folder = create('free', { steps: 2_000, training });
    const events = await trainRun(folder);
    const { step } = events.findLast(({ kind }) => kind === 'step')!;
    // A round of both actors may be under way when the last step is allowed.
    expect(step).toBeGreaterThanOrEqual(2_000);
    expect(step).toBeLessThanOrEqual(2_004);
    expect(storedRows(folder).reduce((sum, rows) => sum + rows, 0)).toBe(step);
    const last = metricsOf(events).at(-1)!;
    const ratio = last['train/n_updates']! / (step - 60);
    expect(ratio).toBeGreaterThan(0.5 * 0.5 - 0.01);
    expect(ratio).toBeLessThan(0.5 + 0.01);
    expect(last['actors/restarts']).toBe(0);
    expect(last['actors/lag_max']).toBeGreaterThanOrEqual(last['actors/lag_mean']!);
    const evaluations = readLines(join(folder.path, 'evaluations.jsonl'));
    expect(evaluations).toHaveLength(5);
    expect(evaluations.at(-1)).toMatchObject({ step, episodes: 2, episode_length_mean: 200 });
  }, 60_000);

  it('does not wait for itself where an update takes many steps', async () => {
    const training = { updatesPerStep: 0.05, leastUpdates: 1, updatesPerCall: 2 };
    const folder = create('rare', { actors: 1, numEnvs: 1, steps: 300, training });
    const events = await trainRun(folder);
    // 240 steps after the first 60 make twelve updates, in pairs; the last pair is due when the run ends.
    const { 'train/n_updates': updates } = metricsOf(events).at(-1)!;
    expect(updates).toBeGreaterThanOrEqual(10);
    expect(updates).toBeLessThanOrEqual(12);
  }, 60_000);

  it('goes on from what it has stored', async () => {
    const training = { replayCapacity: 10_000 };
    const folder = create('continued', { steps: 600, training });
    await trainRun(folder);
    const before = storedRows(folder);
    const continued = RunFolder.open(folder.path).withSteps(1_000);
    await trainRun(continued, { resume: true });
    const after = storedRows(continued);
    expect(after.reduce((sum, rows) => sum + rows, 0)).toBeGreaterThanOrEqual(1_000);
    after.forEach((rows, actor) => {
      expect(rows).toBeGreaterThanOrEqual(before[actor]!);
    });
  }, 60_000);

  it('stops within two seconds and saves, also while an actor is held up in a step', async () => {
    const envSettings = { after: 100, how: 'hangs' };
    const training = { replayCapacity: 10_000, leastUpdates: 0 };
    const folder = create('stopped', { env: 'mortal', envSettings, steps: 1e6, training });
    let asked = 0;
    await trainRun(folder, {
      onEvent(event, stop) {
        if (event.kind !== 'step' || event.step < 400 || asked > 0) return;
        asked = performance.now();
        stop.abort();
      },
    });
    expect(performance.now() - asked).toBeLessThan(2_000);
    expect(storedRows(folder)).toEqual([200, 200]);
  }, 60_000);
});

describe('an actor that dies', () => {
  it.each(['throws', 'exits'])(
    'is started again and counted where it %s, and what it has stored stays',
    async (how) => {
      const complaints = vi.spyOn(console, 'error').mockImplementation(() => {});
      const envSettings = { after: 60, how };
      const training = { replayCapacity: 10_000, evaluationEpisodes: 1 };
      const folder = create(how, { env: 'mortal', envSettings, steps: 400, training });
      const events = await trainRun(folder);
      // 200 calls in all, and 60 are survived by each instance.
      const { 'actors/restarts': restarts } = metricsOf(events).at(-1)!;
      expect(restarts).toBeGreaterThanOrEqual(2);
      expect(complaints.mock.calls.join()).toContain(how === 'throws' ? 'the pendulum broke' : 'code 7');
      expect(storedRows(folder).reduce((sum, rows) => sum + rows, 0)).toBeGreaterThanOrEqual(400);
      complaints.mockRestore();
    },
    90_000,
  );

  it('is given up where it does nothing else', async () => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => {});
    const folder = create('hopeless', { env: 'mortal', envSettings: { after: 0 }, actors: 1 });
    await expect(trainRun(folder)).rejects.toThrow(
      'Actor 0 failed 3 times in a row without a step in between: the pendulum broke',
    );
    complaints.mockRestore();
  }, 60_000);
});

describe('in lockstep', () => {
  const training = { lockstep: true, multiStep: 3, evaluationInterval: 200 };

  it('a run is the same when it is trained once more, and when it is stopped and continued', async () => {
    const [whole, again, stopped] = ['whole', 'again', 'halves'].map((name) =>
      create(name, { env: 'drone-hover', training, steps: 600 }),
    );
    await trainRun(whole!);
    const expected = outcome(whole!);
    expect(expected.metrics.at(-1)).toMatchObject({ 'train/n_updates': 272, 'actors/lag_max': 0 });
    await trainRun(again!);
    expect(outcome(again!)).toEqual(expected);
    await trainRun(stopped!, { onEvent: stopAt(300) });
    await trainRun(stopped!, { resume: true });
    expect(outcome(stopped!)).toEqual(expected);
  }, 120_000);
});
