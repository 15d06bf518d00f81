/** Training and evaluating from the command line, from the first step to a policy that another program runs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { envs } from '../../envs/index.ts';
import type { Policy } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import { loadPolicy } from '../../src/learner/index.ts';
import { evaluate } from '../../src/rollout/evaluate.ts';
import { type Ended, lastJson, proprio, smallRun, startFromSource } from '../support/cli.ts';
import { readLines, temporaryFolder } from '../support/temporary.ts';

const run = join(temporaryFolder(), 'run');
let trained: Ended;
beforeAll(async () => {
  const small = smallRun(run, 600, 'logInterval=100', 'evaluationInterval=200');
  trained = await startFromSource(...small, '--seed', '5', '--json').ended;
});

/** `policy.onnx` as a program sees it that knows ONNX Runtime and nothing of this package. */
async function onnxPolicy(): Promise<Policy> {
  const session = await ort.InferenceSession.create(join(run, 'policy.onnx'), { logSeverityLevel: 3 });
  return {
    async act(obs, actions) {
      const observation = new ort.Tensor('float32', Float32Array.from(obs), [obs.length / 3, 3]);
      const { action } = await session.run({ observation });
      actions.set(action!.data as Float32Array);
    },
  };
}

describe('proprio train', () => {
  it('prints progress, what came of it and what to do next', () => {
    expect([trained.code, trained.stderr]).toEqual([0, '']);
    for (const text of ['step 100 |', 'step 600 |', 'evaluation at step 200', `npm run evaluate -- ${run}`])
      expect(trained.stdout).toContain(text);
  });

  it('prints the best evaluation as JSON on the last line', () => {
    const evaluations = readLines(join(run, 'evaluations.jsonl'));
    expect(evaluations.map(({ step }) => step)).toEqual([200, 400, 600]);
    const best = Math.max(...evaluations.map(({ return_mean }) => Number(return_mean)));
    expect(lastJson(trained)).toMatchObject({ run, episodes: 4, return_mean: best, success_rate: null });
  });

  it('leaves a complete configuration', () => {
    expect(JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))).toMatchObject({
      format: 1,
      env: { id: 'pendulum', settings: {} },
      agent: { name: 'sac', settings: { hidden: [16, 16], discount: 0.99 } },
      training: { batchSize: 32, logInterval: 100 },
      numEnvs: 1,
      steps: 600,
      seed: 5,
      device: 'cpu',
    });
  });
});

describe('proprio train --config', () => {
  it('overrides tuned defaults by the file, and the file by flags', async () => {
    const parent = temporaryFolder();
    const file = join(parent, 'settings.json');
    const settings = {
      steps: 500,
      seed: 9,
      agent: { discount: 0.9, critics: 3 },
      training: { batchSize: 7 },
    };
    writeFileSync(file, JSON.stringify(settings));
    const small = smallRun(join(parent, 'run'), 60, 'discount=0.8');
    const { code } = await proprio(...small, '--config', file);
    expect(code).toBe(0);
    const config = JSON.parse(readFileSync(join(parent, 'run', 'config.json'), 'utf8'));
    expect(config).toMatchObject({ steps: 60, seed: 9, numEnvs: 1 });
    expect(config.agent.settings).toMatchObject({ discount: 0.8, critics: 3, actorLearningRate: 1e-3 });
    expect(config.training).toMatchObject({ batchSize: 32, randomSteps: 1000 });
  });
});

describe('policy.onnx', () => {
  it('acts in ONNX Runtime as it does when this package loads it', async () => {
    const [direct, loaded] = [await onnxPolicy(), await loadPolicy(join(run, 'policy.onnx'))];
    const rng = createRng(1);
    const rows = 200;
    // A tenth of them beyond the bounds of the observation space.
    const obs = Float32Array.from(
      { length: 3 * rows },
      (_, i) => rng.uniform(-1.1, 1.1) * (i % 3 === 2 ? 8 : 1),
    );
    const [a, b] = [new Float32Array(rows), new Float32Array(rows)];
    await direct.act(obs, a, 'exploit');
    await loaded.act(obs, b, 'exploit');
    await loaded.dispose();
    for (let i = 0; i < rows; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(1e-5);
    expect(Math.max(...a) - Math.min(...a)).toBeGreaterThan(0.01);
  });

  it('scores in ONNX Runtime what `proprio evaluate` reports', async () => {
    const ended = await proprio('evaluate', run, '--episodes', '6', '--seed', '11', '--json');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    const { returnMean, returnStd } = await evaluate(envs.pendulum!.create(6, {}), await onnxPolicy(), 6, 11);
    const reported = lastJson(ended) as Record<string, number>;
    expect(reported).toMatchObject({ env: 'pendulum', agent: 'sac', episodes: 6, episode_length_mean: 200 });
    expect(reported.return_mean).toBeCloseTo(returnMean, 5);
    expect(reported.return_std).toBeCloseTo(returnStd, 5);
  });
});
