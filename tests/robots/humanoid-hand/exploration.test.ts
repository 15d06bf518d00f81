/** Hands that do anything over a table with a cube: no fault of the physics. Ten minutes are in `proprio bench hands`. */
import { expect, test } from 'vitest';
import { explore } from '../../../scripts/bench/hands/exploration.ts';

test('six hands under random commands, for 10 s each, read finite, bounded numbers without a fault', () => {
  const { faults, notFinite, touching, deep, depth, beyondRange, controlSteps } = explore(6, 10, 0);
  expect([faults, notFinite]).toEqual([0, 0]);
  expect(touching / controlSteps).toBeGreaterThan(0.3);
  expect(deep / controlSteps).toBeLessThan(0.02);
  expect(depth).toBeLessThan(0.015);
  expect(beyondRange).toBeLessThan(0.2);
});
