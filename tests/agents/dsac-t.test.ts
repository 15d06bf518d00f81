/** Learning of return distributions, by hand. */
import { describe, expect, test } from 'vitest';
import {
  leastMean,
  meanDeviation,
  returnLoss,
  sampledReturn,
} from '../../agents/parts/return-distribution.ts';
import { tf } from '../../src/tensor/index.ts';
import { firstDifference } from '../support/tensors.ts';

test('samples lie within three deviations', () => {
  // 1 + 1·0.5, 2 − 3·2, 0 + 3·1.
  const sample = sampledReturn(
    { mean: tf.tensor2d([[1, 2, 0]]), deviation: tf.tensor2d([[0.5, 2, 1]]) },
    tf.tensor2d([[1, -4, 3.5]]),
  );
  expect(firstDifference(sample.dataSync(), [1.5, -4, 3], 1e-6)).toBeUndefined();
});

test('of each row the critic with the least mean counts, and its sample, however great', () => {
  const means = [[1, 5, 2, 7], [3, 4, 2, 6], [2, 6, 3, 5]]; // biome-ignore format: a critic a row
  const samples = [[10, 20, 30, 40], [50, 60, 70, 80], [-1, -2, -3, 90]]; // biome-ignore format: a critic a row
  const { mean, chosen } = leastMean(tf.tensor2d(means), tf.tensor2d(samples));
  expect([...mean.dataSync()]).toEqual([1, 4, 2, 5]);
  expect([...chosen.dataSync()]).toEqual([10, 60, 30, 90]);
});

test('the running deviation starts with the first batch and then follows', () => {
  // The first critic had none; the second moves a quarter of the way from 2 to 4.
  const moved = meanDeviation(tf.tensor1d([0, 2]), tf.tensor2d([[1, 3], [3, 5]]), 0.25); // biome-ignore format: a critic a row
  expect(firstDifference(moved.dataSync(), [2, 2.5], 1e-6)).toBeUndefined();
});

describe('the loss', () => {
  interface Row {
    mean: number;
    deviation: number;
    expected: number;
    sampled: number;
    running?: number;
    bound?: number;
  }
  /** Of one critic and one row, with its slopes by mean and deviation. */
  function lossOf({ mean, deviation, expected, sampled, running, bound }: Row): number[] {
    const loss = (m: tf.Tensor, d: tf.Tensor) =>
      returnLoss(
        { mean: m, deviation: d },
        tf.tensor1d([expected]),
        tf.tensor1d([sampled]),
        running === undefined ? { bound: bound! } : { running: tf.tensor1d([running]) },
      );
    const { value, grads } = tf.valueAndGrads(loss)([tf.tensor2d([[mean]]), tf.tensor2d([[deviation]])]);
    return [value, ...grads].map((tensor) => tensor.dataSync()[0]!);
  }
  const close = (actual: number[], expected: number[]): void =>
    expect(firstDifference(actual, expected, 1e-5)).toBeUndefined();

  // σ = 0.4: σ² + 0.1 = 0.26, σ + 0.1 = 0.5. The mean is one too low: H = 0.5.
  const row = { mean: 1, deviation: 0.4, expected: 2, sampled: 4 };

  test('with the running deviation', () => {
    // ω = 0.52²/0.26 = 1.04. The error 3 is clipped to 3·0.52 = 1.56: H = 1.2168, slope (0.16 − 1.2168)/0.5 = −2.1136.
    const slope = -2.1136;
    close(lossOf({ ...row, running: 0.52 }), [1.04 * (0.5 + 0.4 * slope), -1.04, 1.04 * slope]);
  });

  test('with a fixed bound', () => {
    // ω = 1/0.26. The error 3 is clipped to 2: H = 2, slope (0.16 − 2)/0.5 = −3.68.
    close(lossOf({ ...row, bound: 2 }), [(0.5 - 0.4 * 3.68) / 0.26, -1 / 0.26, -3.68 / 0.26]);
  });

  test('with errors below the bound on the other side', () => {
    // −1.5 is not clipped: H = 1.125, slope (0.16 − 1.125)/0.5 = −1.93.
    close(lossOf({ ...row, sampled: -0.5, bound: 2 }), [(0.5 - 0.4 * 1.93) / 0.26, -1 / 0.26, -1.93 / 0.26]);
  });

  test('has a weight between 0.1 and 10', () => {
    // 0.1²/0.26 is less, 2²/0.26 more. With y_z = μ the slope is 0.16/0.5.
    const still = { ...row, sampled: 1 };
    close(lossOf({ ...still, running: 0.1 }), [0.1 * (0.5 + 0.4 * 0.32), -0.1, 0.1 * 0.32]);
    close(lossOf({ ...still, running: 2 }), [10 * (0.5 + 0.4 * 0.32), -10, 10 * 0.32]);
  });

  test('is linear beyond errors of 50', () => {
    // The mean is 60 too low: H = 50·(60 − 25) = 1750. The sample is 60 too high and clipped nowhere before: the same H.
    const [far, slope] = [61, (0.16 - 1750) / 0.5];
    const weight = 1 / 0.26;
    close(lossOf({ ...row, expected: far, sampled: far, bound: 100 }), [
      weight * (1750 + 0.4 * slope),
      -50 * weight,
      weight * slope,
    ]);
  });

  test('is the mean over the batch, summed over critics', () => {
    const pair = { mean: tf.tensor2d([[1, 1], [1, 1]]), deviation: tf.fill([2, 2], 0.4) }; // biome-ignore format: a critic a row
    const loss = returnLoss(pair, tf.tensor1d([2, 1]), tf.tensor1d([1, 1]), { bound: 1 });
    // Each row has 0.4·0.32, one of the two 0.5 besides; twice.
    expect(loss.dataSync()[0]).toBeCloseTo((2 * (0.4 * 0.32 + 0.25)) / 0.26, 5);
  });

  test('leaves a deviation as it is whose square is half the squared error', () => {
    const [, , slope] = lossOf({ ...row, deviation: 0.7, sampled: 1 + 0.7 * Math.SQRT2, bound: 10 });
    expect(slope).toBeCloseTo(0, 6);
  });
});
