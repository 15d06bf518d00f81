/** Batch renormalisation against its formulas (arXiv:1702.03275). */
import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import { batchRenormMlp, initialVector, layoutSize, unflatten, views } from '../../src/nn/index.ts';
import { tf } from '../../src/tensor/index.ts';

const B = 64;
const EPSILON = 1e-3;
/** No hidden layer, identity kernel: what comes out is what the normalisation of the inputs made. */
function bare(warmUp: number) {
  const network = batchRenormMlp({ inputs: 2, hidden: [], outputs: 2, momentum: 0.9, warmUp });
  const vector = initialVector(network.layout, createRng(0));
  for (const { array, values } of views(vector, network.layout)) {
    if (array.name.endsWith('kernel')) values.set([1, 0, 0, 1]);
    if (array.name.endsWith('bias')) values.fill(0);
  }
  const statistics = initialVector(network.statistics, createRng(0));
  return { network, vector: tf.tensor1d(vector), statistics: tf.tensor1d(statistics) };
}

const rng = createRng(3);
/** Means 5 and −1, deviations 2 and 0.1. */
const x = Float32Array.from({ length: 2 * B }, (_, i) =>
  i % 2 ? -1 + 0.1 * rng.normal() : 5 + 2 * rng.normal(),
);
const column = (i: number) => [...x].filter((_, at) => at % 2 === i);
const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const variance = (values: readonly number[]) => mean(values.map((v) => (v - mean(values)) ** 2));
const moments = [0, 1].map((i) => ({ mean: mean(column(i)), variance: variance(column(i)) }));

describe('in training', () => {
  test('before the warm-up is over it is batch normalisation, and the statistics follow', () => {
    const { network, vector, statistics } = bare(10);
    const passed = network.train(vector, statistics, tf.tensor2d(x, [B, 2]));
    const out = passed.output.dataSync();
    for (let row = 0; row < B; row++) {
      moments.forEach((m, i) => {
        const expected = (x[2 * row + i]! - m.mean) / Math.sqrt(m.variance + EPSILON);
        expect(out[2 * row + i]).toBeCloseTo(expected, 4);
      });
    }
    const next = unflatten(passed.statistics, network.statistics);
    expect(next.updates!.dataSync()[0]).toBe(1);
    moments.forEach((m, i) => {
      expect(next['layers.0.mean']!.dataSync()[i]).toBeCloseTo(0.1 * m.mean, 5);
      expect(next['layers.0.variance']!.dataSync()[i]).toBeCloseTo(0.9 + 0.1 * m.variance, 5);
    });
  });

  test('afterwards it is x̂·r + d with r in [1/3, 3] and d in [−5, 5]', () => {
    const { network, vector, statistics } = bare(0);
    const out = network.train(vector, statistics, tf.tensor2d(x, [B, 2])).output.dataSync();
    // The running statistics are still 0 and 1.
    const running = Math.sqrt(1 + EPSILON);
    moments.forEach((m, i) => {
      const deviation = Math.sqrt(m.variance + EPSILON);
      const r = Math.min(3, Math.max(1 / 3, deviation / running));
      const d = Math.min(5, Math.max(-5, m.mean / running));
      for (let row = 0; row < B; row++) {
        expect(out[2 * row + i]).toBeCloseTo(((x[2 * row + i]! - m.mean) / deviation) * r + d, 4);
      }
    });
  });

  test('where the limits do not bind, it is what acting makes of the same rows', () => {
    const { network, vector, statistics } = bare(0);
    const near = Float32Array.from(x, (value, i) => (i % 2 ? 8 * (value + 1) : (value - 5) / 2 + 0.5));
    const rows = tf.tensor2d(near, [B, 2]);
    const trained = network.train(vector, statistics, rows).output.dataSync();
    const acted = network.apply(vector, statistics, rows).dataSync();
    trained.forEach((value, i) => {
      expect(value).toBeCloseTo(acted[i]!, 4);
    });
  });
});

test('an ensemble of one computes what the network without members does', () => {
  const shape = { inputs: 2, hidden: [3, 4], outputs: 1, momentum: 0.99, warmUp: 0 };
  const [alone, stacked] = [batchRenormMlp(shape), batchRenormMlp({ ...shape, members: 1 })];
  expect(layoutSize(stacked.layout)).toBe(layoutSize(alone.layout));
  const vector = tf.tensor1d(initialVector(alone.layout, createRng(1)));
  const statistics = tf.tensor1d(initialVector(alone.statistics, createRng(1)));
  const rows = tf.tensor2d(x, [B, 2]);
  const [a, b] = [alone, stacked].map((network) => network.train(vector, statistics, rows));
  expect([...b!.output.dataSync()]).toEqual([...a!.output.dataSync()]);
  expect([...b!.statistics.dataSync()]).toEqual([...a!.statistics.dataSync()]);
});

test('corrections are constants of the differentiation', () => {
  // With them as constants the gradient of Σ out·weight through normalisation sums to zero over the batch.
  const { network, vector, statistics } = bare(0);
  const weight = tf.tensor2d(createRng(9).fillNormal(new Float32Array(2 * B)), [B, 2]);
  const gradient = tf.grad((rows) => tf.sum(tf.mul(network.train(vector, statistics, rows).output, weight)))(
    tf.tensor2d(x, [B, 2]),
  );
  for (const total of tf.sum(gradient, 0).dataSync()) expect(Math.abs(total)).toBeLessThan(1e-3);
});
