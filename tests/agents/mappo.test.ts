/** Multi-agent PPO: alone it is PPO; the scale of returns against plain decaying means. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mappo } from '../../agents/mappo.ts';
import { halfSquare, huber } from '../../agents/parts/losses.ts';
import { returnScale } from '../../agents/parts/return-scale.ts';
import { ppo } from '../../agents/ppo.ts';
import { space, symmetric, vector } from '../../src/core/space.ts';
import type { AgentDefinition } from '../../src/learner/index.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';
import { firstDifference } from '../support/tensors.ts';
import { createTrainee } from '../support/trainee.ts';

test('of one agent, without normalised values and Huber’s loss, is PPO to the last bit', async () => {
  const spaces = {
    observation: space(vector('position', 'm', 3), symmetric('speed', 'm/s', Number.POSITIVE_INFINITY)),
    action: space(vector('push', '1', 1, ['x', 'y'])),
  };
  const settings = ppo.settings.parse({ hidden: [16, 16], minibatches: 4, epochs: 3 });
  const run = async (agent: AgentDefinition, own: Record<string, unknown>) => {
    const given = agent.settings.parse({ ...settings, ...own });
    const { learner, learn } = await createTrainee(agent, given, { ...spaces, agents: 1 }, 3);
    const metrics = [await learn(), await learn()];
    const vectors = structuredClone(learner.vectors());
    await learner.dispose();
    return { metrics, vectors };
  };
  const alone = await run(mappo as never, { normalizeValues: false, huberLimit: 0 });
  expect(alone).toEqual(await run(ppo as never, {}));
});

describe('normalised returns', () => {
  const scale = returnScale(true);
  const fresh = { returnStatistics: tf.tensor1d([0, 0, 1]) };
  const observed = (batches: readonly (readonly number[])[]): Record<string, Tensor> =>
    batches.reduce<Record<string, Tensor>>(
      (state, batch) => scale.observe(state, tf.tensor1d([...batch])),
      fresh,
    );

  test('have mean and variance of the first minibatch, whatever its size', () => {
    const [weight, mean, variance] = observed([[100, 104, 108, 112]]).returnStatistics!.dataSync();
    expect(weight).toBeCloseTo(1e-5, 10);
    expect(mean).toBeCloseTo(106, 4);
    expect(variance).toBeCloseTo(20, 4);
  });

  test('follow the decaying means of returns and of their squares', () => {
    const number = fc.double({ min: -20, max: 20, noNaN: true });
    const batches = fc.array(fc.array(number, { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(batches, (all) => {
        let [ones, sum, squares] = [0, 0, 0];
        for (const batch of all) {
          const mean = (of: (x: number) => number): number =>
            batch.reduce((total, x) => total + of(x), 0) / 3;
          ones = 0.99999 * ones + 1e-5;
          sum = 0.99999 * sum + 1e-5 * mean((x) => x);
          squares = 0.99999 * squares + 1e-5 * mean((x) => x * x);
        }
        const expected = [ones, sum / ones, squares / ones - (sum / ones) ** 2];
        expect(firstDifference(observed(all).returnStatistics!.dataSync(), expected, 2e-5)).toBeUndefined();
      }),
    );
  });

  test('come back from the output that means them', () => {
    const state = observed([[3, 5, 40], [-7, 2, 9]]); // biome-ignore format: a minibatch each
    const returns = [-30, 0, 4.5, 77];
    const back = scale.toReturn(state, scale.toOutput(state, tf.tensor1d(returns))).dataSync();
    expect(firstDifference(back, returns, 1e-5)).toBeUndefined();
  });

  test('that are all the same do not divide by zero', () => {
    const state = observed([[5, 5, 5]]);
    // The least variance is 0.01.
    expect(
      firstDifference(scale.toOutput(state, tf.tensor1d([5, 5.2])).dataSync(), [0, 2], 1e-4),
    ).toBeUndefined();
  });
});

test('Huber’s loss is half the square up to the limit, and goes on as a line', () => {
  const errors = tf.tensor1d([-3, -0.5, 0, 1, 2]);
  const { value, grad } = tf.valueAndGrad((x: Tensor) => tf.sum(huber(x, 1)))(errors);
  // 3 − ½, ⅛, 0, ½, 2 − ½
  expect(value.dataSync()[0]).toBeCloseTo(2.5 + 0.125 + 0.5 + 1.5, 5);
  expect(firstDifference(grad.dataSync(), [-1, -0.5, 0, 1, 1], 1e-6)).toBeUndefined();
  expect(firstDifference(huber(errors, 3).dataSync(), halfSquare(errors).dataSync(), 1e-6)).toBeUndefined();
});
