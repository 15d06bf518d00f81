/** The squashed Gaussian against a change of variables in float64. */
import { describe, expect, test } from 'vitest';
import { tanhGaussian } from '../../src/nn/index.ts';
import { type Device, tf } from '../../src/tensor/index.ts';
import { runOn } from '../support/tensors.ts';

/**
 * Rows of two components: usual ones, narrow and wide ones, |u| = 20, where tanh is ±1 in float32, and |u| = 60, where
 * exp(2|u|) is infinite.
 */
const mean = [0, 0.3, -1.2, 0.5, 20, -20, 2, -3, 60, -60];
const logStd = [0, -0.5, 0.7, -2, -20, -20, 1, -1, 0, 0];
const noise = [0, 1.1, -0.4, 2, 0, 0, -1.5, 0.25, 0, 0];
const ROWS = 5;

/** log N(u; mean, std) − log |da/du|, where da/du = 1 − tanh²u = 1/cosh²u. */
function logDensity(mean: number, logStd: number, noise: number): number {
  const std = Math.exp(logStd);
  const u = mean + std * noise;
  const logNormal = -((u - mean) ** 2) / (2 * std ** 2) - Math.log(std * Math.sqrt(2 * Math.PI));
  return logNormal + 2 * Math.log(Math.cosh(u));
}

const inputs = {
  mean: Float32Array.from(mean),
  logStd: Float32Array.from(logStd),
  noise: Float32Array.from(noise),
};
const shapes = { mean: [ROWS, 2], logStd: [ROWS, 2], noise: [ROWS, 2] };

describe.each<Device>(['cpu', 'reference'])('tanhGaussian on %s', (device) => {
  test('has the density of the change of variables, also where tanh saturates', async () => {
    const { action, logProb } = await runOn(
      device,
      ({ mean, logStd, noise }) => ({ ...tanhGaussian(mean!, logStd!, noise!) }),
      shapes,
      inputs,
    );
    for (let i = 0; i < 2 * ROWS; i++) {
      expect(action![i]).toBeCloseTo(Math.tanh(mean[i]! + Math.exp(logStd[i]!) * noise[i]!), 6);
    }
    expect(logProb).toHaveLength(ROWS);
    for (let row = 0; row < ROWS; row++) {
      const expected = [2 * row, 2 * row + 1]
        .map((i) => logDensity(mean[i]!, logStd[i]!, noise[i]!))
        .reduce((a, b) => a + b);
      // 1e-6 of the value, which float32 holds to 6e-8 and which is a sum of terms of up to 120.
      expect(Math.abs(logProb![row]! - expected)).toBeLessThan(1e-6 * (10 + Math.abs(expected)));
    }
  });

  test('has a finite slope of log-probability, which tends to ±2 where tanh saturates', async () => {
    const { slope } = await runOn(
      device,
      ({ mean, logStd, noise }) => ({
        slope: tf.grad((m: tf.Tensor) => tf.sum(tanhGaussian(m, logStd!, noise!).logProb))(mean!),
      }),
      shapes,
      inputs,
    );
    // d/du −log(1 − tanh²u) = 2 tanh u; the normal density moves along with its mean.
    for (let i = 0; i < 2 * ROWS; i++) {
      expect(slope![i]).toBeCloseTo(2 * Math.tanh(mean[i]! + Math.exp(logStd[i]!) * noise[i]!), 5);
    }
  });
});

test('the density integrates to one over the actions', async () => {
  // Midpoints of equal cells of u in [−9, 9]; ∫π(a)da = ∫π(a(u))·(1 − tanh²u)du.
  const cells = 2000;
  const width = 18 / cells;
  const u = Array.from({ length: cells }, (_, i) => -9 + (i + 0.5) * width);
  const [m, s] = [0.4, -0.3];
  const { logProb } = await runOn(
    'cpu',
    ({ noise }) => {
      const ones = tf.onesLike(noise!);
      const { logProb } = tanhGaussian(tf.mul(ones, m), tf.mul(ones, s), noise!);
      return { logProb };
    },
    { noise: [cells, 1] },
    { noise: Float32Array.from(u, (x) => (x - m) / Math.exp(s)) },
  );
  const total = u.reduce((sum, x, i) => sum + (Math.exp(logProb![i]!) / Math.cosh(x) ** 2) * width, 0);
  expect(total).toBeCloseTo(1, 5);
});
