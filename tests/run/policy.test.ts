/** An exported policy acts as the learner does that it was exported from, whoever runs it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { sac } from '../../agents/sac.ts';
import { envs } from '../../envs/index.ts';
import { createRng } from '../../src/core/rng.ts';
import { createLearner, describePolicy, exportPolicy, loadPolicy } from '../../src/learner/index.ts';
import { temporaryFolder } from '../support/temporary.ts';

const ROWS = 33;

describe.each(['pendulum', 'drone-hover'])('a policy for %s', (id) => {
  const definition = envs[id]!;
  const env = definition.create(1, definition.settings.parse({}));
  const spaces = { observation: env.observationSpace, action: env.actionSpace };
  env.close();
  const maths = sac.build(spaces, sac.settings.parse({ hidden: [16, 16] }));
  const file = join(temporaryFolder(), 'policy.onnx');

  /** A little beyond the bounds too, where observations are clipped. */
  const rng = createRng(1);
  const obs = Float32Array.from({ length: ROWS * spaces.observation.size }, (_, i) => {
    const { low, high } = spaces.observation.components[i % spaces.observation.size]!;
    return rng.uniform(1.1 * low, 1.1 * high);
  });

  it('gives the actions of the learner in exploit mode, in this package and in ONNX Runtime alone', async () => {
    const learner = await createLearner({ maths, spaces, batchSize: 8, rng: createRng(2), threads: 1 });
    for (let i = 0; i < 5; i++) {
      for (const column of [learner.batch.obs, learner.batch.nextObs, learner.batch.reward])
        rng.fillNormal(column);
      await learner.update(0);
    }
    const about = { env: id, agent: 'sac', controlDt: 0.02, step: 5 };
    const description = describePolicy(spaces, about);
    writeFileSync(file, exportPolicy(maths, spaces, learner.vectors(), description));

    const actions = new Float32Array(ROWS * spaces.action.size);
    await learner.act(obs, actions, 'exploit');
    await learner.dispose();

    const loaded = await loadPolicy(file);
    const byPackage = new Float32Array(actions.length);
    await loaded.act(obs, byPackage, 'exploit');
    await loaded.dispose();

    const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
    const { action } = await session.run({
      observation: new ort.Tensor('float32', obs, [ROWS, spaces.observation.size]),
    });
    await session.release();

    expect(action!.dims).toEqual([ROWS, spaces.action.size]);
    const byRuntime = action!.data as Float32Array;
    for (let i = 0; i < actions.length; i++) {
      expect(Math.abs(byPackage[i]! - actions[i]!)).toBeLessThan(1e-5);
      expect(Math.abs(byRuntime[i]! - actions[i]!)).toBeLessThan(1e-5);
      expect(Math.abs(actions[i]!)).toBeLessThanOrEqual(1);
    }
    expect(Math.max(...actions) - Math.min(...actions)).toBeGreaterThan(0.01);
  });
});
