/** A training run as events: what it logs, keeps and saves, and how it ends. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EnvDefinition } from '../../src/core/env.ts';
import { ProprioError } from '../../src/core/errors.ts';
import { settings } from '../../src/core/settings.ts';
import type { Task } from '../../src/core/vector-env.ts';
import type { RunFolder } from '../../src/run/run-folder.ts';
import type { RunEvent } from '../../src/run/training.ts';
import { contentsOf, readLines, temporaryFolder } from '../support/temporary.ts';
import { toyEnv } from '../support/toy-env.ts';
import { createRun, type SmallRun, stopAt, trainRun } from '../support/training.ts';

const parent = temporaryFolder();
let runs = 0;
const newRun = (run?: SmallRun): RunFolder => createRun(join(parent, `run-${runs++}`), run);

/** The toy as a listed environment. */
const toyDefinition = (changes: () => Partial<Task>): EnvDefinition => ({
  id: 'toy',
  description: 'a point on a line',
  settings: settings({}),
  create: (numEnvs) => toyEnv(numEnvs, changes()),
});

const stepsOf = (events: readonly RunEvent[], kind: RunEvent['kind']): number[] =>
  events.filter((event) => event.kind === kind).map(({ step }) => step);

describe('train', () => {
  it('tells every step, and logs, evaluates and saves whenever an interval is passed, and in the end', async () => {
    const training = { logInterval: 50, evaluationInterval: 70, checkpointInterval: 90 };
    const events = await trainRun(newRun({ steps: 200, training }));
    expect(stepsOf(events, 'step')).toEqual(Array.from({ length: 50 }, (_, i) => 4 * (i + 1)));
    expect(stepsOf(events, 'metrics')).toEqual([52, 100, 152, 200]);
    expect(stepsOf(events, 'evaluation')).toEqual([72, 140, 200]);
    expect(stepsOf(events, 'checkpoint')).toEqual([92, 180, 200]);
  });

  it('writes the lines it tells', async () => {
    const folder = newRun({ steps: 200, training: { evaluationInterval: 70 } });
    const events = await trainRun(folder);
    const metrics = events.filter((event) => event.kind === 'metrics');
    expect(readLines(join(folder.path, 'metrics.jsonl'))).toEqual(
      metrics.map(({ step, time, values }) => ({ step, time, ...values })),
    );
    const evaluations = events.filter((event) => event.kind === 'evaluation');
    expect(folder.evaluations()).toEqual(evaluations.map(({ evaluation }) => evaluation));
  });

  it('keeps the policy of the best evaluation', async () => {
    // Whatever the policy does, the third evaluation is the best one.
    const env = toyDefinition(() => {
      let resets = 0;
      const clear = (): void => void resets++;
      return {
        world: { clear, snapshot: () => new Uint8Array(0), restore: () => {} },
        judge(_, terms) {
          terms.fill(-Math.abs(resets - 3));
          return false;
        },
      };
    });
    const folder = newRun({ steps: 500, training: { evaluationInterval: 100 } });
    const policies = new Map<number, string>();
    const events = await trainRun(folder, {
      env,
      onEvent: (event) => {
        if (event.kind === 'evaluation') policies.set(event.step, readFileSync(folder.policy, 'base64'));
      },
    });
    const evaluations = events.filter((event) => event.kind === 'evaluation');
    expect(evaluations.map(({ step, best }) => [step, best])).toEqual([
      [100, true],
      [200, true],
      [300, true],
      [400, false],
      [500, false],
    ]);
    expect(readFileSync(folder.policy, 'base64')).toBe(policies.get(300));
    expect(policies.get(300)).not.toBe(policies.get(200));
    expect(JSON.parse(readFileSync(join(folder.path, 'policy.json'), 'utf8'))).toMatchObject({
      env: 'pendulum',
      agent: 'sac',
      controlDt: 0.1,
      step: 300,
    });
  });
});

describe('stopping', () => {
  it('ends the run after the step under way, with a checkpoint and a policy', async () => {
    const folder = newRun();
    const events = await trainRun(folder, { onEvent: stopAt(120) });
    expect(stepsOf(events, 'step').at(-1)).toBe(120);
    expect(events.at(-1)).toEqual({ kind: 'checkpoint', step: 120 });
    expect(folder.hasCheckpoint).toBe(true);
    expect(existsSync(folder.policy)).toBe(true);
    expect(folder.evaluations()).toEqual([]);
  });

  it('leaves a better policy that was evaluated before', async () => {
    const folder = newRun({ training: { evaluationInterval: 100 } });
    let policy = '';
    await trainRun(folder, {
      onEvent: (event, stop) => {
        if (event.kind === 'evaluation') policy = readFileSync(folder.policy, 'base64');
        stopAt(180)(event, stop);
      },
    });
    expect(readFileSync(folder.policy, 'base64')).toBe(policy);
  });

  it('does not lose which evaluation was the best', async () => {
    const folder = newRun({ training: { evaluationInterval: 100 } });
    await trainRun(folder, { onEvent: stopAt(250) });
    folder.appendEvaluation(250, 1, { ...folder.evaluations()[0]!, returnMean: 0 });
    const policy = readFileSync(folder.policy, 'base64');
    const events = await trainRun(folder, { resume: true });
    expect(events.filter((event) => event.kind === 'evaluation').map(({ best }) => best)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(readFileSync(folder.policy, 'base64')).toBe(policy);
  });
});

describe('a run that fails', () => {
  // Finite, but too large to be squared in float32.
  const HUGE = 1e30;
  const diverging = toyDefinition(() => ({
    judge(_, terms) {
      terms.fill(HUGE);
      return false;
    },
  }));

  it('stops at the first number of an update that is not finite, naming it and the step', async () => {
    const folder = newRun();
    const training = trainRun(folder, { env: diverging });
    await expect(training).rejects.toThrow(ProprioError);
    await expect(training).rejects.toThrow(
      "Training diverged: critic_loss is Infinity at update 1 (step 60). There was no checkpoint yet. Try smaller learning rates, or look at the rewards' size.",
    );
    expect(folder.hasCheckpoint).toBe(false);
  });

  it('keeps the last checkpoint, and says so', async () => {
    let step = 0;
    const later = toyDefinition(() => ({
      advance: () => {
        step++;
      },
      judge(_, terms) {
        terms.fill(step > 30 ? HUGE : 1);
        return false;
      },
    }));
    const folder = newRun({ training: { checkpointInterval: 40, updatesPerStep: 1 } });
    let saved: Record<string, string> = {};
    const training = trainRun(folder, {
      env: later,
      onEvent: ({ kind }) => {
        if (kind === 'checkpoint') saved = contentsOf(folder.checkpoint);
      },
    });
    await expect(training).rejects.toThrow(
      /diverged: .* The last good checkpoint is kept in .*checkpoint\. Try/,
    );
    expect(contentsOf(folder.checkpoint)).toEqual(saved);
  });

  it('names the observation that is not a number', async () => {
    const broken = toyDefinition(() => ({ observe: (_, obs) => void obs.fill(Number.NaN) }));
    await expect(trainRun(newRun(), { env: broken })).rejects.toThrow(
      'Observation "episode" [1] of scene 0 is NaN; it must be a finite number.',
    );
  });

  it('checks the settings in config.json, which may have been edited', async () => {
    const folder = newRun();
    const edited = folder.config.agent.settings;
    edited.discount = 7;
    await expect(trainRun(folder)).rejects.toThrow(/^Setting agent\.discount=7: /);
    delete edited.discount;
    edited.discuont = 0.9;
    await expect(trainRun(folder)).rejects.toThrow(
      'Unknown setting "agent.discuont". Did you mean "discount"?',
    );
  });
});
