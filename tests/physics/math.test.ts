import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rotate, tiltThenYaw, unrotate, upright, type Vector3 } from '../../src/physics/math.ts';

const number = fc.double({ min: -100, max: 100, noNaN: true });
const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
const vectors = fc.tuple(number, number, number);

/** Unit quaternions, every rotation. */
const quaternions = fc
  .tuple(number, number, number, number)
  .filter((q) => Math.hypot(...q) > 1e-3)
  .map((q) => Float64Array.from(q, (part) => part / Math.hypot(...q)));

/** Rotation matrix of a unit quaternion, row-major, from the textbook formula. */
function matrixOf([x, y, z, w]: ArrayLike<number> & Iterable<number>): number[][] {
  const q = { x: x!, y: y!, z: z!, w: w! };
  return [
    [1 - 2 * (q.y ** 2 + q.z ** 2), 2 * (q.x * q.y - q.w * q.z), 2 * (q.x * q.z + q.w * q.y)],
    [2 * (q.x * q.y + q.w * q.z), 1 - 2 * (q.x ** 2 + q.z ** 2), 2 * (q.y * q.z - q.w * q.x)],
    [2 * (q.x * q.z - q.w * q.y), 2 * (q.y * q.z + q.w * q.x), 1 - 2 * (q.x ** 2 + q.y ** 2)],
  ];
}

const apply = (matrix: number[][], v: ArrayLike<number>): number[] =>
  matrix.map((row) => row[0]! * v[0]! + row[1]! * v[1]! + row[2]! * v[2]!);

const transposed = (m: number[][]): number[][] => [0, 1, 2].map((i) => m.map((row) => row[i]!));

// Float64 with vectors up to 173 long and about 30 operations each: well below 1e-11.
const expectNear = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  for (let i = 0; i < 3; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(1e-11);
};

describe('rotations', () => {
  test('rotate is the matrix of the quaternion, unrotate its transpose', () => {
    fc.assert(
      fc.property(quaternions, vectors, (q, v) => {
        const out = new Float64Array(3);
        rotate(out, 0, q, 0, Float64Array.from(v), 0);
        expectNear(out, apply(matrixOf(q), v));
        unrotate(out, 0, q, 0, Float64Array.from(v), 0);
        expectNear(out, apply(transposed(matrixOf(q)), v));
      }),
    );
  });

  test('unrotate undoes rotate, also in place and at offsets', () => {
    fc.assert(
      fc.property(quaternions, vectors, (q, v) => {
        const all = Float64Array.of(7, ...q, ...v, 7);
        rotate(all, 5, all, 1, all, 5);
        unrotate(all, 5, all, 1, all, 5);
        expectNear(all.subarray(5), v);
        expect([all[0], all[8]]).toEqual([7, 7]);
      }),
    );
  });

  test('a rotation keeps lengths', () => {
    fc.assert(
      fc.property(quaternions, vectors, (q, v) => {
        const out = new Float64Array(3);
        rotate(out, 0, q, 0, Float64Array.from(v), 0);
        expect(Math.abs(Math.hypot(...out) - Math.hypot(...v))).toBeLessThan(1e-11);
      }),
    );
  });

  test('upright is the z component of the rotated z axis', () => {
    fc.assert(
      fc.property(quaternions, (q) => {
        expect(Math.abs(upright(q, 0) - apply(matrixOf(q), [0, 0, 1])[2]!)).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('tiltThenYaw', () => {
  test('makes a unit quaternion whose tilt is the angle, whatever the yaw', () => {
    fc.assert(
      fc.property(angle, angle, angle, (heading, tilt, yaw) => {
        const q = Float64Array.from(tiltThenYaw([Math.cos(heading), Math.sin(heading), 0], tilt, yaw));
        expect(Math.hypot(...q)).toBeCloseTo(1, 12);
        expect(upright(q, 0)).toBeCloseTo(Math.cos(tilt), 12);
      }),
    );
  });

  test('turns about the axis first and about the world z axis second', () => {
    fc.assert(
      fc.property(angle, angle, angle, vectors, (heading, tilt, yaw, v) => {
        const axis: Vector3 = [Math.cos(heading), Math.sin(heading), 0];
        const s = Math.sin(tilt / 2);
        const tilted = apply(matrixOf([axis[0] * s, axis[1] * s, 0, Math.cos(tilt / 2)]), v);
        const turned = apply(matrixOf([0, 0, Math.sin(yaw / 2), Math.cos(yaw / 2)]), tilted);
        const out = new Float64Array(3);
        rotate(out, 0, Float64Array.from(tiltThenYaw(axis, tilt, yaw)), 0, Float64Array.from(v), 0);
        expectNear(out, turned);
      }),
    );
  });

  test('a quarter turn about x sends y to z, and a quarter yaw sends x to y', () => {
    const out = new Float64Array(3);
    rotate(out, 0, Float64Array.from(tiltThenYaw([1, 0, 0], Math.PI / 2, 0)), 0, Float64Array.of(0, 1, 0), 0);
    expectNear(out, [0, 0, 1]);
    rotate(out, 0, Float64Array.from(tiltThenYaw([1, 0, 0], 0, Math.PI / 2)), 0, Float64Array.of(1, 0, 0), 0);
    expectNear(out, [0, 1, 0]);
  });
});
