/** Truncation and quantile regression, by hand and against loops in float64. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantileHuberLoss } from '../../agents/parts/quantiles.ts';
import { leastQuantiles } from '../../agents/tqc.ts';
import { tf } from '../../src/tensor/index.ts';
import { firstDifference } from '../support/tensors.ts';

describe('the least quantiles', () => {
  const sorted = (values: ArrayLike<number>): number[] => Array.from(values).sort((a, b) => a - b);

  test('are of all critics together', () => {
    const z = tf.tensor3d([[[5, 1, 3], [0, -1, 9]], [[2, 6, 4], [8, 7, -2]]]); // biome-ignore format: a row of the batch each
    const rows = leastQuantiles(z, 4).arraySync() as number[][];
    expect(rows.map(sorted)).toEqual([[1, 2, 3, 4], [-2, -1, 0, 7]]); // biome-ignore format: a row each
  });

  test('are what remains of a sorted row', () => {
    const pool = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(pool, fc.integer({ min: 1, max: 6 }), (values, count) => {
        const kept = leastQuantiles(tf.tensor3d(values, [2, 1, 3]), count).dataSync();
        expect(sorted(kept)).toEqual(sorted(values).slice(0, count));
      }),
    );
  });
});

/** Loss and gradient by quantile of `[E·B][M]` quantiles with their targets `[E·B][K]`. */
function byLoops(quantiles: readonly number[][], targets: readonly number[][]): [number, number[]] {
  const [count, kept] = [quantiles[0]!.length, targets[0]!.length];
  const pairs = quantiles.length * count * kept;
  let loss = 0;
  const gradient = quantiles.flatMap((row, i) =>
    row.map((quantile, m) => {
      let slope = 0;
      for (const target of targets[i]!) {
        const error = target - quantile;
        const weight = Math.abs((2 * m + 1) / (2 * count) - (error < 0 ? 1 : 0));
        loss += (weight * (Math.abs(error) <= 1 ? error ** 2 / 2 : Math.abs(error) - 0.5)) / pairs;
        slope -= (weight * Math.max(-1, Math.min(1, error))) / pairs;
      }
      return slope;
    }),
  );
  return [loss, gradient];
}

describe('quantile regression', () => {
  test('of two quantiles on two targets', () => {
    // τ = 0.25 at 0, errors 0.5 and 3: 0.25·0.125 + 0.25·2.5. τ = 0.75 at 1, errors −0.5 and 2: 0.25·0.125 + 0.75·1.5.
    const targets = tf.tensor2d([[0.5, 3]]);
    const loss = (z: tf.Tensor): tf.Tensor => quantileHuberLoss(z, targets);
    const { value, grad } = tf.valueAndGrad(loss)(tf.tensor3d([[[0, 1]]]));
    expect(value.dataSync()[0]).toBeCloseTo(1.8125 / 4, 6);
    // −(0.25·0.5 + 0.25·1)/4 and −(0.25·(−0.5) + 0.75·1)/4
    expect(firstDifference(grad.dataSync(), [-0.375 / 4, -0.625 / 4], 1e-6)).toBeUndefined();
  });

  const values = (length: number) =>
    fc.array(fc.double({ min: -4, max: 4, noNaN: true }).map(Math.fround), {
      minLength: length,
      maxLength: length,
    });

  test('has the value and the gradient of the definition, for critics, rows and quantiles of any values', () => {
    const [critics, rows, count, kept] = [2, 3, 4, 5];
    fc.assert(
      fc.property(values(critics * rows * count), values(rows * kept), (z, y) => {
        const part = (all: readonly number[], i: number, width: number) =>
          all.slice(i * width, (i + 1) * width);
        const [expected, slopes] = byLoops(
          Array.from({ length: critics * rows }, (_, i) => part(z, i, count)),
          Array.from({ length: critics * rows }, (_, i) => part(y, i % rows, kept)),
        );
        const targets = tf.tensor2d(y, [rows, kept]);
        const loss = (tensor: tf.Tensor): tf.Tensor => quantileHuberLoss(tensor, targets);
        const { value, grad } = tf.valueAndGrad(loss)(tf.tensor3d(z, [critics, rows, count]));
        expect(value.dataSync()[0]).toBeCloseTo(expected, 5);
        expect(firstDifference(grad.dataSync(), slopes, 1e-6)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  test('is least at the quantiles of the targets', () => {
    // Far apart, Huber's function is the absolute error: τ = 1/6, 1/2, 5/6 of 6 targets lie between their neighbours.
    const targets = tf.tensor2d([[0, 10, 20, 30, 40, 50]]);
    const slope = (z: number[]): number[] => {
      const loss = (tensor: tf.Tensor): tf.Tensor => quantileHuberLoss(tensor, targets);
      return [
        ...tf
          .grad(loss)(tf.tensor3d([[z]]))
          .dataSync(),
      ];
    };
    expect(firstDifference(slope([5, 25, 45]), [0, 0, 0], 1e-7)).toBeUndefined();
    expect(slope([2, 22, 42].map((z) => z - 5)).every((value) => value < 0)).toBe(true);
    expect(slope([8, 28, 48].map((z) => z + 5)).every((value) => value > 0)).toBe(true);
  });

  test('has no gradient by its targets', () => {
    const z = tf.tensor3d([[[0, 1]]]);
    const slope = tf.grad((y: tf.Tensor) => quantileHuberLoss(z, y))(tf.tensor2d([[0.5, 3]]));
    expect([...slope.dataSync()]).toEqual([0, 0]);
  });
});
