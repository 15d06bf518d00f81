/** What the calibration of conservative values changes, and what it leaves. */
import { expect, test } from 'vitest';
import { calQl, conservativeGap } from '../../agents/cal-ql.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, vector } from '../../src/core/space.ts';
import { createLearner, createValue } from '../../src/learner/index.ts';
import { tf } from '../../src/tensor/index.ts';
import { firstDifference } from '../support/tensors.ts';

const spaces = {
  observation: space(vector('obs', '1', 1, ['x'])),
  action: space(vector('act', '1', 1, ['x'])),
};
const BATCH = 64;
const REWARD = 3;

/**
 * Learns from episodes of one step whose actions lie near 0.5, each worth 3.
 * @returns parameters afterwards, and the mean value of the policy's actions
 */
async function learn(updates: number, settings: Record<string, unknown>, returnToGo = REWARD) {
  const common = { hidden: [32, 32], sampledActions: 4, actorLearningRate: 1e-3, criticLearningRate: 1e-3 };
  const maths = calQl.build(spaces, calQl.settings.parse({ ...common, ...settings }));
  const learner = await createLearner({ maths, spaces, batchSize: BATCH, rng: createRng(1), threads: 1 });
  const [{ batch }, rng] = [learner, createRng(2)];
  batch.terminated.fill(1);
  batch.returnToGo?.fill(returnToGo);
  for (let update = 0; update < updates; update++) {
    for (const column of [batch.obs, batch.nextObs])
      column.forEach((_, i) => {
        column[i] = rng.uniform(-1, 1);
      });
    batch.action.forEach((_, i) => {
      batch.action[i] = 0.5 + 0.1 * rng.normal();
    });
    batch.reward.fill(REWARD);
    await learner.update(0);
  }
  const value = (await createValue(maths, spaces, learner.vectors, BATCH))!;
  const estimates = await value.estimate(batch.obs);
  const vectors = structuredClone(learner.vectors());
  await value.dispose();
  await learner.dispose();
  return { vectors, worth: estimates.reduce((sum, estimate) => sum + estimate, 0) / BATCH };
}

test('the gap is a soft maximum over actions, weighed by how likely each was drawn, less the value of the data', () => {
  // Two actions, drawn with densities ½ and ¼, of values 1 and 2: log(2e + 4e²) − 0.5.
  const sampled = tf.tensor3d([1, 2], [1, 2, 1]);
  const density = tf.tensor2d([Math.log(1 / 2), Math.log(1 / 4)], [2, 1]);
  const gap = conservativeGap(sampled, density, tf.tensor2d([[0.5]]), 1);
  expect(gap.dataSync()[0]).toBeCloseTo(Math.log(2 * Math.E + 4 * Math.E ** 2) - 0.5, 5);
  // The colder, the nearer to the greatest; densities count for less.
  const cold = conservativeGap(sampled, tf.zeros([2, 1]), tf.tensor2d([[0.5]]), 0.01);
  expect(cold.dataSync()[0]).toBeCloseTo(1.5, 5);
});

test('returns below all values change nothing: it is CQL', async () => {
  const [calibrated, plain] = [await learn(5, {}, -1e6), await learn(5, { calibrated: false })];
  for (const [name, values] of Object.entries(plain.vectors))
    expect(firstDifference(calibrated.vectors[name]!, values, 1e-6), name).toBeUndefined();
});

// The policy stands still, far from the data. Uniform actions are held down all the same, which takes its values along a little.
test('values of the policy’s actions fall far less where they are calibrated', async () => {
  const settings = { actorLearningRate: 0 };
  const calibrated = await learn(600, settings);
  const plain = await learn(600, { ...settings, calibrated: false });
  expect(plain.worth).toBeLessThan(-3);
  expect(calibrated.worth).toBeGreaterThan(-1);
});
