/** Losses of soft actor-critic and of what shares them, by hand. */
import { describe, expect, test } from 'vitest';
import { bellmanTarget, criticLoss, softActorLoss } from '../../agents/parts/losses.ts';
import { temperatureLoss } from '../../agents/parts/temperature.ts';
import { sac, softTarget } from '../../agents/sac.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, vector } from '../../src/core/space.ts';
import { createLearner } from '../../src/learner/index.ts';
import { tf } from '../../src/tensor/index.ts';
import { firstDifference } from '../support/tensors.ts';

const scalar = (tensor: tf.Tensor): number => tensor.dataSync()[0]!;

describe('targets', () => {
  // The second row ended; the third is a transition over two steps.
  const batch = {
    reward: tf.tensor1d([1, 2, 0.5]),
    terminated: tf.tensor1d([0, 1, 0]),
    discount: tf.tensor1d([0.9, 0.9, 0.81]),
  };

  test('r + γ(1 − terminated)(Q̄ − α log π)', () => {
    // 1 + 0.9·(2 + 0.5), 2, and 0.5 + 0.81·(−1 + 3).
    const target = softTarget(batch, tf.tensor1d([2, 3, -1]), tf.tensor1d([0.5, 2, 3]));
    expect(firstDifference(target.dataSync(), [3.25, 2, 2.12], 1e-6)).toBeUndefined();
  });

  test('without the entropy: r + γ(1 − terminated)Q̄', () => {
    const target = softTarget(batch, tf.tensor1d([2, 3, -1]), 0);
    expect(firstDifference(target.dataSync(), [2.8, 2, -0.31], 1e-6)).toBeUndefined();
  });

  test('of several values each, row by row', () => {
    const target = bellmanTarget(batch, tf.tensor2d([2, 0, 3, 5, -1, 1], [3, 2]));
    expect(target.shape).toEqual([3, 2]);
    expect(firstDifference(target.dataSync(), [2.8, 1, 2, 2, -0.31, 1.31], 1e-6)).toBeUndefined();
  });
});

describe('losses', () => {
  test('critics: mean over the batch, sum over the ensemble', () => {
    // Errors (1, −1) and (2, 0) against (1, 3): (1 + 1)/2 + (4 + 0)/2 = 3.
    const q = tf.tensor2d([[2, 2], [3, 3]]); // biome-ignore format: a critic a row
    expect(scalar(criticLoss(q, tf.tensor1d([1, 3])))).toBeCloseTo(3, 6);
  });

  test('actor: mean of α log π − Q', () => {
    // (0.2·(−1) − 2 + 0.2·(−3) − 1)/2 = −1.9
    const loss = softActorLoss(tf.tensor1d([2, 1]), tf.tensor1d([-1, -3]), tf.tensor1d([0.2]));
    expect(scalar(loss)).toBeCloseTo(-1.9, 6);
  });

  test('temperature: rises while the entropy is below its target', () => {
    // −0.5·((1 − 2) + (2 − 2))/2 = 0.25
    expect(scalar(temperatureLoss(tf.scalar(0.5), tf.tensor1d([1, 2]), -2))).toBeCloseTo(0.25, 6);
    const slope = tf.grad((x) => temperatureLoss(tf.exp(x), tf.tensor1d([3]), -2))(tf.scalar(0));
    expect(scalar(slope)).toBeCloseTo(-1, 6); // Entropy −3 is below −2: down the slope is up.
  });
});

test('target critics start equal to the critics', async () => {
  const spaces = {
    observation: space(vector('obs', '1', 2)),
    action: space(vector('act', '1', 1, ['x', 'y'])),
  };
  const maths = sac.build(spaces, sac.settings.parse({ hidden: [4, 4] }));
  const learner = await createLearner({ maths, spaces, batchSize: 4, rng: createRng(0), threads: 1 });
  const { critics, targetCritics } = learner.vectors();
  expect(targetCritics).toEqual(critics);
  expect(new Set(critics).size).toBeGreaterThan(10);
  await learner.dispose();
});
