/** Activations, initialisers and distributions against their formulas. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import {
  type Activation,
  activate,
  clipGradients,
  diagonalGaussian,
  gaussianDivergence,
  initialVector,
  mlp,
  views,
} from '../../src/nn/index.ts';
import { tf } from '../../src/tensor/index.ts';

describe('activations', () => {
  // Values of scipy.stats.norm.cdf(x)·x, x/(1 + e^−x) and so on, by hand to six digits.
  test.each([
    ['relu', [0, 0, 2]],
    ['tanh', [-0.761594, 0, 0.964028]],
    ['gelu', [-0.158655, 0, 1.9545]],
    ['silu', [-0.268941, 0, 1.761594]],
    ['elu', [-0.632121, 0, 2]],
  ] as [Activation, number[]][])('%s at −1, 0 and 2', (name, expected) => {
    const values = activate(name, tf.tensor1d([-1, 0, 2])).dataSync();
    expected.forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 4);
    });
  });
});

describe('an orthogonal initialisation', () => {
  test.each([
    [5, 3],
    [3, 5],
    [4, 4],
  ])('of a [%i, %i] kernel has orthogonal rows or columns of length √2', (inputs, units) => {
    const { layout } = mlp({ inputs, hidden: [units], outputs: 1, initialization: 'orthogonal' });
    const vector = initialVector(layout, createRng(4));
    const [kernel, bias] = views(vector, layout);
    expect([...bias!.values].every((value) => value === 0)).toBe(true);
    const matrix = tf.tensor2d(kernel!.values, [inputs, units]);
    const gram = inputs < units ? tf.matMul(matrix, matrix, false, true) : tf.matMul(matrix, matrix, true);
    const size = Math.min(inputs, units);
    gram.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(i % (size + 1) === 0 ? 2 : 0, 5);
    });
  });

  test('gives the last layer the gain that it is asked for', () => {
    const { layout } = mlp({
      inputs: 6,
      hidden: [],
      outputs: 2,
      initialization: 'orthogonal',
      lastGain: 0.01,
    });
    const [kernel] = views(initialVector(layout, createRng(4)), layout);
    const squares = kernel!.values.reduce((sum, value) => sum + value * value, 0);
    expect(squares).toBeCloseTo(2 * 1e-4, 8);
  });
});

const number = fc.double({ min: -2, max: 2, noNaN: true });

describe('the diagonal Gaussian', () => {
  test('has its density', () => {
    // log N(1; 0, 2) + log N(3; 2, 1) = −0.125 − log 2 − 0.5 − log 2π
    const logProb = diagonalGaussian(
      tf.tensor2d([[0, 2]]),
      tf.tensor2d([[Math.log(2), 0]]),
      tf.tensor2d([[1, 3]]),
    );
    expect(logProb.dataSync()[0]).toBeCloseTo(-0.625 - Math.LN2 - Math.log(2 * Math.PI), 5);
  });

  test('diverges from another by the mean difference of log densities', () => {
    fc.assert(
      fc.property(number, number, number, number, (m, s, m2, s2) => {
        const column = (value: number, count = 1) => tf.fill([count, 1], value);
        const divergence = gaussianDivergence(column(m), column(s), column(m2), column(s2)).dataSync()[0]!;
        // The integral of p·(log p − log q) by the trapezoidal rule over ±8 deviations.
        const nodes = 4001;
        const sample = tf.tensor2d(
          Float32Array.from({ length: nodes }, (_, i) => m + Math.exp(s) * (-8 + (16 * i) / (nodes - 1))),
          [nodes, 1],
        );
        const p = diagonalGaussian(column(m, nodes), column(s, nodes), sample).dataSync();
        const q = diagonalGaussian(column(m2, nodes), column(s2, nodes), sample).dataSync();
        const step = (16 * Math.exp(s)) / (nodes - 1);
        const integral = [...p].reduce((sum, each, i) => sum + Math.exp(each) * (each - q[i]!) * step, 0);
        expect(Math.abs(divergence - integral)).toBeLessThan(1e-3 * (1 + Math.abs(integral)));
        expect(divergence).toBeGreaterThan(-1e-5);
      }),
      { numRuns: 25 },
    );
  });
});

test('gradients are clipped by their joint length', () => {
  const clip = (limit: number) =>
    clipGradients([tf.tensor1d([3, 0]), tf.tensor1d([4])], limit).flatMap((part) => [...part.dataSync()]);
  expect(clip(10)).toEqual([3, 0, 4]);
  clip(1).forEach((value, i) => {
    expect(value).toBeCloseTo([0.6, 0, 0.8][i]!, 5);
  });
});
