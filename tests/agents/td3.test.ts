/** Target policy smoothing, by hand and as a property. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smoothed } from '../../agents/parts/deterministic-actor-critic.ts';
import { tf } from '../../src/tensor/index.ts';
import { firstDifference } from '../support/tensors.ts';

test('the noise is limited, and then the action', () => {
  // 0.2 + 0.2; −0.9 − 0.5 beyond −1; 0.95 + 0.5 beyond 1; 0 + 0.1; 0.8 − 0.5.
  const action = tf.tensor2d([[0.2, -0.9, 0.95, 0, 0.8]]);
  const noise = tf.tensor2d([[1, -5, 3, 0.5, -4]]);
  const target = smoothed(action, noise, 0.2, 0.5).dataSync();
  expect(firstDifference(target, [0.4, -1, 1, 0.1, 0.3], 1e-6)).toBeUndefined();
});

test('no target is further from the action than the limit, nor out of bounds', () => {
  const number = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
  fc.assert(
    fc.property(number(1), number(6), fc.double({ min: 0, max: 2, noNaN: true }), (action, noise, limit) => {
      const target = smoothed(tf.tensor2d([[action]]), tf.tensor2d([[noise]]), 0.7, limit).dataSync()[0]!;
      expect(Math.abs(target)).toBeLessThanOrEqual(1);
      expect(Math.abs(target - action)).toBeLessThanOrEqual(limit + 1e-6);
    }),
  );
});
