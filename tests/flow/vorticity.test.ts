/** Vorticity of flows whose vorticity is known. */
import { expect, test } from 'vitest';
import { ConfigurationError } from '../../src/core/errors.ts';
import { Fluid } from '../../src/flow/fluid.ts';
import { vorticity, vorticitySize } from '../../src/flow/vorticity.ts';

const fluid = new Fluid({
  ...{ columns: 32, rows: 21, viscosity: 0.01 },
  ...{ left: 'wall', right: 'wall', bottom: 'wall', top: 'wall' },
});

test.each([1, 2, 4])('of a turning disc and of a shear, in steps of %i', (pitch) => {
  const [across, up] = vorticitySize(fluid, pitch);
  expect([across, up]).toEqual([Math.floor(31 / pitch), Math.floor(20 / pitch)]);
  const field = new Float32Array(across * up);
  fluid.settle((x, y) => ({ density: 1, velocityX: -2e-3 * (y - 10), velocityY: 2e-3 * (x - 16) }));
  for (const value of vorticity(fluid, pitch, field)) expect(value).toBeCloseTo(4e-3, 6);
  fluid.settle((_, y) => ({ density: 1, velocityX: 1e-3 * y, velocityY: 0 }));
  for (const value of vorticity(fluid, pitch, field)) expect(value).toBeCloseTo(-1e-3, 6);
});

test('is in rows from the bottom', () => {
  fluid.settle((x, y) => ({ density: 1, velocityX: 0, velocityY: x >= 5 && y >= 7 ? 0.01 : 0 }));
  const field = vorticity(fluid, 1, new Float32Array(31 * 20));
  // The jump between columns 4 and 5 is the fourth square, from row 7 on the seventh square up.
  expect(field[6 * 31 + 3]).toBeCloseTo(0.01, 6);
  expect(field[5 * 31 + 3]).toBeCloseTo(0.005, 6);
  expect(field[4 * 31 + 3]).toBeCloseTo(0, 6);
  expect(field[6 * 31 + 4]).toBeCloseTo(0, 6);
});

test('a field of another size is refused', () => {
  expect(() => vorticity(fluid, 2, new Float32Array(10))).toThrow(ConfigurationError);
  expect(() => vorticity(fluid, 2, new Float32Array(10))).toThrow('it needs 15 × 10');
});
