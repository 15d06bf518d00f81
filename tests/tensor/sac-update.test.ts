/** A whole learning update computes on the compiled graph what it computes op by op. */
import { describe, expect, test } from 'vitest';
import { errorsOf, runUpdates, sacShapes, sacUpdate } from '../support/sac-updates.ts';

/** Of a vector's greatest magnitude. float32 rounds at 6e-8, and a gradient is a sum of some hundred terms. */
const ONE_UPDATE = 1e-5;
/** Each update starts from the rounding of the one before, and the difference grows. */
const FIVE_UPDATES = 2e-5;

describe.each(Object.entries(sacShapes))('the %s soft actor-critic', (name, shape) => {
  test.each([
    [1, ONE_UPDATE],
    [5, FIVE_UPDATES],
  ])('after %i updates has the state and metrics of the reference', async (updates, tolerance) => {
    const update = sacUpdate(shape);
    const expected = await runUpdates(update, 'reference', updates);
    const errors = errorsOf(await runUpdates(update, 'cpu', updates), expected);
    const worst = Object.entries(errors).reduce((a, b) => (b[1] > a[1] ? b : a));
    console.log(
      `${name}, ${updates} updates: greatest relative error ${worst[1].toExponential(1)} in ${worst[0]}`,
    );
    expect(Object.entries(errors).filter(([, error]) => !(error <= tolerance))).toEqual([]);
    expect(Object.keys(errors).filter((output) => output.startsWith('metric.'))).toHaveLength(6);
  });
});

test('an update changes every vector that is trained', async () => {
  const update = sacUpdate(sacShapes.small);
  const outputs = await runUpdates(update, 'cpu', 1);
  const unchanged = Object.keys(update.arrays)
    .filter((name) => name.startsWith('state.'))
    .filter((name) => {
      const next = outputs[name.replace('state.', 'next.')]!;
      return next.every((value, i) => value === update.arrays[name]![i]);
    });
  expect(unchanged).toEqual([]);
});
