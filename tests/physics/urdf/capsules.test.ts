/** Capsules that stand for meshes: they hold them, and no more than they have to. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quaternion, Vector3 } from '../../../src/core/appearance.ts';
import { createRng } from '../../../src/core/rng.ts';
import { aboutAxis, rotate, unrotate } from '../../../src/physics/math.ts';
import { capsuleAround, type FittedCapsule } from '../../../src/physics/urdf/capsule.ts';
import { accepted, readTwoFinger } from './files.ts';

/** How far a point is outside, m; negative inside. */
function outside({ geometry, position, rotation }: FittedCapsule, point: Vector3): number {
  const p = Float64Array.from(point, (value, axis) => value - position[axis]!);
  unrotate(p, 0, Float64Array.from(rotation), 0, p, 0);
  const beyond = Math.max(0, Math.abs(p[2]!) - geometry.halfHeight);
  return Math.hypot(p[0]!, p[1]!, beyond) - geometry.radius;
}

/** Points on a capsule along z: all of its ends, and around its middle. */
function capsulePoints(radius: number, halfHeight: number): Vector3[] {
  const points: Vector3[] = [];
  for (let ring = 0; ring <= 12; ring++) {
    const slope = (ring / 12) * Math.PI;
    for (let k = 0; k < 24; k++) {
      const turn = (k / 24) * 2 * Math.PI;
      const [r, z] = [radius * Math.sin(slope), radius * Math.cos(slope)];
      const sides = ring === 6 ? [1, -1] : [Math.sign(z)];
      for (const side of sides) points.push([r * Math.cos(turn), r * Math.sin(turn), z + side * halfHeight]);
    }
  }
  return points;
}

const placed = (points: readonly Vector3[], at: Vector3, rotation: Quaternion): Vector3[] =>
  points.map((point) => {
    const p = Float64Array.from(point);
    rotate(p, 0, Float64Array.from(rotation), 0, p, 0);
    return [p[0]! + at[0], p[1]! + at[1], p[2]! + at[2]];
  });

describe('a capsule around a mesh', () => {
  it.each([
    [0.01, 0.03],
    [0.02, 0.005],
  ])('of a capsule is that capsule: radius %d, half its height %d', (radius, halfHeight) => {
    const at: Vector3 = [0.1, -0.2, 0.05];
    const turn = aboutAxis([0.6, 0, 0.8], 1.1);
    const points = placed(capsulePoints(radius, halfHeight), at, turn);
    const { geometry, position, rotation } = capsuleAround({ vertices: points.flat(), triangles: [] });
    expect(geometry.radius / radius).toBeCloseTo(1, 2);
    expect((geometry.halfHeight + geometry.radius) / (halfHeight + radius)).toBeCloseTo(1, 2);
    position.forEach((value, axis) => {
      expect(value).toBeCloseTo(at[axis]!, 4);
    });
    const [axis, expected] = [rotation, turn].map((q) => {
      const z = Float64Array.of(0, 0, 1);
      rotate(z, 0, Float64Array.from(q), 0, z, 0);
      return z;
    });
    expect(Math.abs(axis!.reduce((sum, value, k) => sum + value * expected![k]!, 0))).toBeCloseTo(1, 4);
  });

  it('of a cube reaches its corners, from a circle around a face', () => {
    const vertices = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].flatMap((z) => [x, y, z])));
    const { geometry } = capsuleAround({ vertices, triangles: [] });
    expect(geometry.radius).toBeCloseTo(Math.SQRT2, 2);
    // Its half-balls begin where the corners are.
    expect(geometry.halfHeight).toBeCloseTo(1, 1);
  });

  it('holds every corner, and touches one', () => {
    const point = fc.tuple(...[1, 2, 3].map(() => fc.double({ min: -1, max: 1, noNaN: true })));
    fc.assert(
      fc.property(fc.array(point, { minLength: 4, maxLength: 30 }), (points) => {
        const capsule = capsuleAround({ vertices: points.flat(), triangles: [] });
        const most = Math.max(...points.map((each) => outside(capsule, each as unknown as Vector3)));
        expect(most).toBeLessThan(1e-9);
        expect(most).toBeGreaterThan(-1e-6);
      }),
      { numRuns: 100 },
    );
  });

  it('is hardly larger than the smallest one of random points along an axis that is known', () => {
    const rng = createRng(3);
    // Long, so that there is no doubt about the axis.
    const points = Array.from({ length: 200 }, (): Vector3 => {
      const [turn, r] = [rng.uniform(0, 2 * Math.PI), Math.sqrt(rng.uniform(0, 1))];
      return [r * Math.cos(turn), r * Math.sin(turn), rng.uniform(-10, 10)];
    });
    const { geometry } = capsuleAround({ vertices: points.flat(), triangles: [] });
    // The principal axis of so many points is off by about 0.5 / (5.8 √200) rad, which is 0.06 at the ends; three times that.
    expect(geometry.radius).toBeLessThan(1.18);
    expect(geometry.halfHeight).toBeLessThan(10);
  });

  it('takes the place of the hulls of those links that the options name', async () => {
    const shapesOf = async (capsules: string[]): Promise<string[]> =>
      accepted(await readTwoFinger({ capsules })).links.flatMap(({ name, collisions }) =>
        collisions.map(({ geometry }) => `${name} ${geometry.type}`),
      );
    const before = await shapesOf([]);
    const all = await shapesOf(['*']);
    expect(before.some((shape) => shape.endsWith('mesh'))).toBe(true);
    expect(all).toEqual(before.map((shape) => shape.replace('mesh', 'capsule')));
    const [link] = before.find((shape) => shape.endsWith('mesh'))!.split(' ');
    const one = await shapesOf([link!]);
    expect(one).toEqual(
      before.map((shape) => (shape.startsWith(`${link} `) ? shape.replace('mesh', 'capsule') : shape)),
    );
  });
});
