/** Learning from recorded transitions alone. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLines, temporaryFolder } from '../support/temporary.ts';
import { createRun, stopAt, trainRun } from '../support/training.ts';

const parent = temporaryFolder();
const training = { demonstrationEpisodes: 4, logInterval: 20, evaluationInterval: 40 };
const create = (name: string, agentName: string, steps: number) =>
  createRun(join(parent, name), { env: 'drone-hover', agentName, steps, offline: true, training });

describe.each(['bc', 'sac', 'td3', 'cal-ql'])('%s offline', (agentName) => {
  it('counts updates as steps, and goes on after a stop as if there had been none', async () => {
    const [whole, stopped] = ['whole', 'halves'].map((name) =>
      create(`${agentName}-${name}`, agentName, 120),
    );
    const events = await trainRun(whole!);
    const metrics = events.flatMap((event) => (event.kind === 'metrics' ? [event] : []));
    expect(metrics.map(({ step }) => step)).toEqual([20, 40, 60, 80, 100, 120]);
    expect(metrics.at(-1)!.values['train/n_updates']).toBe(120);
    expect(metrics.every(({ values }) => !('rollout/ep_rew_mean' in values))).toBe(true);
    expect(readLines(join(whole!.path, 'evaluations.jsonl'))).toHaveLength(3);

    await trainRun(stopped!, { onEvent: stopAt(60) });
    const rest = await trainRun(stopped!, { resume: true });
    const lossesOf = (all: typeof events) =>
      all.flatMap((event) =>
        event.kind === 'metrics' && event.step > 60
          ? [event.values['train/loss'] ?? event.values['train/critic_loss']]
          : [],
      );
    expect(lossesOf(rest)).toEqual(lossesOf(events));
  });
});

describe('a clone', () => {
  it('comes to do what the scripted controller does', async () => {
    const folder = createRun(join(parent, 'clone'), {
      env: 'drone-hover',
      agentName: 'bc',
      offline: true,
      steps: 4_000,
      agent: { hidden: [64, 64], learningRate: 3e-3, learningRateDecay: 0.5 },
      training: { demonstrationEpisodes: 30, batchSize: 256, evaluationEpisodes: 8 },
    });
    const events = await trainRun(folder);
    const last = events.findLast((event) => event.kind === 'evaluation')!;
    // The controller itself comes to about 420, and one that falls to about 20.
    expect(last.kind === 'evaluation' && last.evaluation.returnMean).toBeGreaterThan(250);
  }, 120_000);
});
