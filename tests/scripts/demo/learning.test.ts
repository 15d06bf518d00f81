/** What a tab learns is what `proprio train` learns, to the last bit where both run in Node. */
import { describe, expect, test } from 'vitest';
import { sac } from '../../../agents/sac.ts';
import { droneHover } from '../../../envs/drone/hover.ts';
import { createLearning, type Learning, type LearningReport } from '../../../scripts/demo/learning.ts';
import { parseSettings } from '../../../src/core/settings.ts';
import { describePolicy, exportPolicy } from '../../../src/learner/index.ts';
import { assembleRun } from '../../../src/run/assemble.ts';
import {
  type RunConfig,
  resolveSettings,
  schemasFor,
  type TrainingSettings,
} from '../../../src/run/config.ts';

const STEPS = 480;
const tuned = {
  steps: STEPS,
  numEnvs: 4,
  agent: { hidden: [16, 16], criticLayerNorm: true },
  training: {
    batchSize: 32,
    randomSteps: 100,
    learningStarts: 200,
    updatesPerStep: 0.25,
    evaluationEpisodes: 4,
  },
};

const learningOf = (seed: number): Promise<Learning> =>
  createLearning({ env: droneHover, agent: sac, tuned, seed, breathe: async () => {} });

/** Learns until the run ends, or until it has made `until` steps. */
function go(learning: Learning, until = Number.POSITIVE_INFINITY): Promise<void> {
  return new Promise((resolve, reject) => {
    const running = learning.run.run$.subscribe({
      error: reject,
      complete: resolve,
      next(step) {
        if (step < until) return;
        running.unsubscribe();
        resolve();
      },
    });
  });
}

async function policyLearnt(
  seed: number,
  pauseAt?: number,
): Promise<{ policy: Uint8Array; reports: LearningReport[] }> {
  const learning = await learningOf(seed);
  const reports: LearningReport[] = [];
  learning.reports$.subscribe((report) => reports.push(report));
  if (pauseAt !== undefined) await go(learning, pauseAt);
  await go(learning);
  const policy = learning.exportPolicy();
  await learning.dispose();
  return { policy, reports };
}

/** The policy of a run that is put together as the command does. */
async function policyTrained(seed: number): Promise<Uint8Array> {
  const settings = resolveSettings(schemasFor(droneHover, sac), tuned);
  const config: RunConfig = {
    format: 1,
    env: { id: droneHover.id, settings: settings.env },
    agent: { name: sac.name, settings: settings.agent },
    training: settings.training,
    numEnvs: tuned.numEnvs,
    steps: STEPS,
    seed,
    device: 'cpu',
    versions: {},
  };
  const env = droneHover.create(tuned.numEnvs, parseSettings('env', droneHover.settings, {}));
  const { maths, learner, run } = await assembleRun({
    config,
    base: '',
    expert: '',
    definition: droneHover,
    env,
    agent: sac,
    training: settings.training as TrainingSettings,
    device: 'cpu',
    onUpdate: () => {},
    afterStep: async () => {},
  });
  await new Promise<void>((resolve, reject) => {
    run.run$.subscribe({ error: reject, complete: resolve });
  });
  const spaces = { observation: env.observationSpace, action: env.actionSpace };
  const about = { env: droneHover.id, agent: sac.name, controlDt: env.spec.controlDt, step: STEPS };
  const policy = exportPolicy(maths, spaces, learner.vectors(), describePolicy(spaces, about));
  await learner.dispose();
  env.close();
  return policy;
}

describe('learning for a page', () => {
  test('is the training of the command', async () => {
    const { policy } = await policyLearnt(3);
    expect(policy).toEqual(await policyTrained(3));
    expect(policy).not.toEqual((await policyLearnt(4)).policy);
  });

  test('goes on after a pause as if there had been none', async () => {
    const { policy } = await policyLearnt(3);
    expect((await policyLearnt(3, 240)).policy).toEqual(policy);
  });

  test('ends with an evaluation, which is the best one so far', async () => {
    const { reports } = await policyLearnt(3);
    expect(reports).toMatchObject([
      { kind: 'evaluation', step: STEPS, best: true, evaluation: { episodes: 4 } },
    ]);
  });
});
