/** The series of the driven ray, on grids coarse enough for a test. */
import { describe, expect, test } from 'vitest';
import { validateRay } from '../../scripts/bench/flow/ray.ts';
import { flowCommand } from '../../scripts/commands/bench-flow.ts';
import { UsageError } from '../../src/core/errors.ts';

test('a ray is driven on each grid with each tip, and open tips take the false drag away', () => {
  const found = validateRay({ resolutions: [16, 24], openTips: [0, 6], smagorinsky: 0 });
  expect(found).toHaveLength(8);
  const thrustOf = (words: string): number =>
    found.find(({ name }) => name.includes('heaving at 1 U/L') && name.includes(words))!.quantities[0]!.value;
  const [closed, open] = [thrustOf('16 nodes a length, 0 open'), thrustOf('16 nodes a length, 6 open')];
  expect(closed).toBeLessThan(0);
  expect(Math.abs(open - 0.315)).toBeLessThan(0.03);
});

describe('the flags of the ray', () => {
  test.each([
    [['cylinder', '--open-tip', '3']],
    [['--smagorinsky', '0']],
    [['kernel', '--resolutions', '32,64']],
  ])('%j are refused without the ray', async (args) => {
    await expect(flowCommand().parseAsync(args, { from: 'user' })).rejects.toThrow(UsageError);
  });
});
