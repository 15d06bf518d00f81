/** Losses of proximal policy optimisation by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  annealed,
  clippedBetween,
  clippedValueLoss,
  standardized,
} from '../../agents/parts/gaussian-actor-critic.ts';
import { clippedPolicyLoss } from '../../agents/parts/proximal-policy.ts';
import { ppo } from '../../agents/ppo.ts';
import { spaceWithBase } from '../../src/core/base-action.ts';
import { space, symmetric, vector } from '../../src/core/space.ts';
import { layoutSize } from '../../src/nn/index.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';
import { firstDifference } from '../support/tensors.ts';

const scalar = (tensor: Tensor): number => tensor.dataSync()[0]!;

describe('the policy loss', () => {
  test('takes the lesser of the plain and the clipped gain', () => {
    // 1.2, 0.5, −1.5, −0.8: mean −0.15. Where the clipped gain is the lesser one there is no slope.
    const advantage = tf.tensor1d([1, 1, -1, -1]);
    const loss = (ratio: Tensor): Tensor => clippedPolicyLoss(ratio, advantage, 0.2);
    const { value, grad } = tf.valueAndGrad(loss)(tf.tensor1d([1.5, 0.5, 1.5, 0.5]));
    expect(scalar(value)).toBeCloseTo(0.15, 6);
    expect(firstDifference(grad.dataSync(), [0, -0.25, 0.25, 0], 1e-6)).toBeUndefined();
  });

  test('at the old policy has the slope of −E[Â·log π]', () => {
    const advantage = tf.tensor1d([2, -1, 0.5]);
    const slope = tf.grad((logRatio: Tensor) => clippedPolicyLoss(tf.exp(logRatio), advantage, 0.2));
    const expected = [-2 / 3, 1 / 3, -0.5 / 3];
    expect(firstDifference(slope(tf.zeros([3])).dataSync(), expected, 1e-6)).toBeUndefined();
  });
});

describe('the value loss', () => {
  const [target, old] = [tf.tensor1d([0, 0]), tf.tensor1d([0.5, 1])];

  test('is half the mean squared error', () => {
    expect(scalar(clippedValueLoss(tf.tensor1d([1, 3]), target, old))).toBeCloseTo(2.5, 6);
  });

  test('with a range is the greater of the errors of the value and of the moved value', () => {
    // 1 moved from 0.5 counts as 0.7, less wrong: 1² counts. 0 moved from 1 counts as 0.8, more wrong: 0.8².
    const loss = (value: Tensor): Tensor => clippedValueLoss(value, target, old, tf.tensor1d([0.2]));
    const { value, grad } = tf.valueAndGrad(loss)(tf.tensor1d([1, 0]));
    expect(scalar(value)).toBeCloseTo((1 + 0.64) / 4, 6);
    expect(firstDifference(grad.dataSync(), [0.5, 0], 1e-6)).toBeUndefined();
  });

  test('within the range is as without', () => {
    const value = tf.tensor1d([0.6, 0.9]);
    const clipped = clippedValueLoss(value, target, old, tf.tensor1d([0.2]));
    expect(scalar(clipped)).toBeCloseTo(scalar(clippedValueLoss(value, target, old)), 6);
  });
});

describe('standardised numbers', () => {
  test('have mean zero and deviation one', () => {
    const root = Math.sqrt(1.25);
    const expected = [-1.5, -0.5, 0.5, 1.5].map((x) => x / root);
    const found = standardized(tf.tensor1d([1, 2, 3, 4])).dataSync();
    expect(firstDifference(found, expected, 1e-6)).toBeUndefined();
  });

  test('are the same after any change of unit and origin', () => {
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    const numbers = fc.array(number, { minLength: 4, maxLength: 8 }).filter((x) => deviation(x) > 0.1);
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.1, max: 10, noNaN: true }), number, (x, unit, origin) => {
        const changed = x.map((value) => unit * value + origin);
        const [a, b] = [x, changed].map((values) => standardized(tf.tensor1d(values)).dataSync());
        // The origin may be 500 deviations away, and float32 rounds there at 6e-8 of it.
        expect(firstDifference(b!, a!, 1e-4)).toBeUndefined();
      }),
    );
  });

  test('that are all the same are zero', () => {
    expect([...standardized(tf.fill([4], 3)).dataSync()]).toEqual([0, 0, 0, 0]);
  });
});

const deviation = (x: readonly number[]): number => {
  const mean = x.reduce((a, b) => a + b) / x.length;
  return Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length);
};

test('limits of another shape clip, and pass the gradient within', () => {
  const x = tf.tensor1d([-3, -0.5, 0.5, 3]);
  const clip = (values: Tensor): Tensor => clippedBetween(values, tf.tensor1d([-1]), tf.tensor1d([1]));
  expect([...clip(x).dataSync()]).toEqual([-1, -0.5, 0.5, 1]);
  expect([
    ...tf
      .grad((values: Tensor) => tf.sum(clip(values)))(x)
      .dataSync(),
  ]).toEqual([0, 1, 1, 0]);
});

test('what is annealed falls to zero in the course of training', () => {
  const at = (progress: number, anneal = true): number =>
    scalar(annealed(0.4, tf.tensor1d([progress]), anneal));
  expect([at(0), at(0.25), at(1)].map((value) => Number(value.toFixed(6)))).toEqual([0.4, 0.3, 0]);
  expect(at(0.25, false)).toBeCloseTo(0.4, 6);
});

describe('corrections of a base', () => {
  const action = space(vector('push', '1', 1, ['x', 'y']));
  const spaces = { observation: spaceWithBase(space(symmetric('place', 'm', 1)), action), action };
  const obs = tf.tensor2d([
    [0.3, 0.2, -0.9],
    [-0.5, 0.95, 0.1],
  ]);
  const noise = tf.tensor2d([
    [0.5, -1.5],
    [2, 0.1],
  ]);

  test('are so much of the action added to the base’s, and sampled as actions of its own are', () => {
    const settings = (residualScale: number) => ppo.settings.parse({ hidden: [4], residualScale });
    const [own, corrected] = [0, 0.3].map((scale) => ppo.build(spaces, settings(scale)));
    const wave = (size: number, phase: number) =>
      tf.tensor1d(Array.from({ length: size }, (_, i) => Math.sin(1.3 * i + phase)));
    const state = Object.fromEntries(
      Object.entries(own!.state).map(([name, layout], i) => [name, tf.abs(wave(layoutSize(layout), i))]),
    );
    for (const given of [noise, null]) {
      const actions = own!.policy(state, obs, given).dataSync();
      const base = [0.2, -0.9, 0.95, 0.1];
      const expected = [...actions].map((value, i) => Math.max(-1, Math.min(1, base[i]! + 0.3 * value)));
      expect(
        firstDifference(corrected!.policy(state, obs, given).dataSync(), expected, 1e-6),
      ).toBeUndefined();
    }
    const [plain, scaled] = [own!, corrected!].map((maths) =>
      maths.describe(state, { obs, nextObs: obs, noise }),
    );
    for (const column of ['sample', 'oldLogProb'])
      expect([...scaled![column]!.dataSync()]).toEqual([...plain![column]!.dataSync()]);
  });

  test('need one', () => {
    const plain = { observation: space(symmetric('place', 'm', 1)), action };
    expect(() => ppo.build(plain, ppo.settings.parse({ residualScale: 0.3 }))).toThrow(
      /residualScale=0.3 corrects a base, and there is none/,
    );
  });
});
