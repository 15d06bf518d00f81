/** Spaces: what the numbers of an observation or action mean. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertFinite, clipRow, space, symmetric, vector } from '../../src/core/space.ts';

describe('space', () => {
  it('counts its components and keeps their order, single ones and lists alike', () => {
    const made = space(symmetric('torque', 'N·m', 2), vector('velocity', 'm/s', 3));
    expect(made.size).toBe(4);
    expect(made.components.map(({ name }) => name)).toEqual([
      'torque',
      'velocity.x',
      'velocity.y',
      'velocity.z',
    ]);
    expect(made.components[1]).toEqual({ name: 'velocity.x', unit: 'm/s', low: -3, high: 3 });
  });

  it('names other axes where told', () => {
    expect(vector('joint', 'rad', 1, ['hip', 'knee']).map(({ name }) => name)).toEqual([
      'joint.hip',
      'joint.knee',
    ]);
  });

  it('refuses to be empty', () => {
    expect(() => space()).toThrow(new RangeError('A space needs at least one component.'));
  });

  it('refuses a name that stands twice', () => {
    expect(() => space(vector('v', 'm', 1), symmetric('v.y', 'm', 1))).toThrow(
      /^Component "v\.y" stands twice/,
    );
  });

  it.each([
    [1, 1],
    [2, -2],
    [Number.NaN, 1],
    [0, Number.NaN],
  ])('refuses the bounds %d and %d', (low, high) => {
    expect(() => space({ name: 'x', unit: '1', low, high })).toThrow(
      /^Component "x" has bounds .* low < high/,
    );
  });

  it('takes bounds that are infinite', () => {
    expect(space({ name: 'x', unit: '1', low: -Infinity, high: Infinity }).size).toBe(1);
  });
});

describe('clipRow', () => {
  const bounds = space(
    { name: 'a', unit: 'm', low: -1, high: 2 },
    { name: 'b', unit: 'm', low: 0, high: Infinity },
  );

  it('brings one row within the bounds and leaves the others alone', () => {
    const values = Float32Array.of(9, -9, 9, -9, -5, 1e30);
    clipRow(values, 1, bounds);
    clipRow(values, 2, bounds);
    expect(Array.from(values)).toEqual([9, -9, 2, 0, -1, Math.fround(1e30)]);
  });

  it('changes no value that lies within them', () => {
    fc.assert(
      fc.property(fc.float({ min: -1, max: 2, noNaN: true }), fc.float({ min: 0, noNaN: true }), (a, b) => {
        const values = Float32Array.of(a, b);
        clipRow(values, 0, bounds);
        expect(values).toEqual(Float32Array.of(a, b));
      }),
    );
  });
});

describe('assertFinite', () => {
  const bounds = space(vector('velocity', 'm/s', 3));

  it('accepts finite values, beyond the bounds too', () => {
    expect(() => assertFinite('Observation', Float32Array.of(0, 1, -2, 1e30, -0, 5), bounds)).not.toThrow();
  });

  it.each([Number.NaN, Infinity, -Infinity])('names the component, its unit and the scene of %d', (value) => {
    const values = new Float32Array(9);
    values[7] = value;
    expect(() => assertFinite('Action', values, bounds)).toThrow(
      new RangeError(`Action "velocity.y" [m/s] of scene 2 is ${value}; it must be a finite number.`),
    );
  });
});
