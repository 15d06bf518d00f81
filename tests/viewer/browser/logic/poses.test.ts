/** Poses between frames and the matrices of shapes, against closed forms and three.js's own matrices. */
import fc from 'fast-check';
import { Matrix4, Quaternion, Vector3 } from 'three';
import { describe, expect, test } from 'vitest';
import { type Appearance, viewLayout } from '../../../../src/core/appearance.ts';
import { writeArrow } from '../../../../src/viewer/app/logic/arrows.ts';
import { interpolateRows, jumped, writeMatrix } from '../../../../src/viewer/app/logic/poses.ts';

const layout = viewLayout({
  bodies: [{ name: 'body', shapes: [] }],
  arrows: [{ name: 'wind', unit: 'm/s', color: '#000000', scale: 1 }],
  signals: ['rotor'],
  fixed: [],
  extent: 4,
  ground: true,
  cameras: [{ name: 'only', position: [1, 0, 0], target: [0, 0, 0] }],
} satisfies Appearance);
const EXTENT = 4;
const DT = 0.1;

/** One row: a pose, and the same number in all that goes straight. */
const row = (position: readonly number[], rotation: readonly number[], rest: number): Float32Array =>
  Float32Array.from([...position, ...rotation, ...new Array(7).fill(rest)]);

function between(from: Float32Array, to: Float32Array, progress: number): number[] {
  const out = new Float32Array(from.length);
  interpolateRows(from, to, progress, layout, DT, EXTENT, out);
  return [...out];
}

const aboutZ = (angle: number): number[] => [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)];

const unitQuaternion = fc
  .tuple(...[0, 0, 0, 0].map(() => fc.double({ min: -1, max: 1, noNaN: true })))
  .filter((q) => Math.hypot(...q) > 0.1)
  .map((q) => q.map((value) => value / Math.hypot(...q)));
const metres = fc.double({ min: -5, max: 5, noNaN: true });
const point = fc.tuple(metres, metres, metres);

describe('between two frames', () => {
  test('positions, arrows and signals go straight, rotations along the arc', () => {
    const from = row([0, 0, 1], aboutZ(0), 2);
    const to = row([0.1, 0.2, 1], aboutZ(Math.PI / 2), 4);
    const expected = row([0.025, 0.05, 1], aboutZ(Math.PI / 8), 2.5);
    between(from, to, 0.25).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 6);
    });
  });

  test('the sign of a quaternion says nothing: the turn takes the shorter way', () => {
    const to = aboutZ(0.4).map((value) => -value);
    const half = between(row([0, 0, 0], aboutZ(0), 0), row([0, 0, 0], to, 0), 0.5).slice(3, 7);
    expect(half[2]! / half[3]!).toBeCloseTo(Math.tan(0.1), 6);
  });

  test('rotations stay rotations, and the ends are the frames', () => {
    fc.assert(
      fc.property(unitQuaternion, unitQuaternion, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, t) => {
        const [from, to] = [row([0, 0, 0], a, 0), row([0, 0, 0], b, 1)];
        expect(Math.hypot(...between(from, to, t).slice(3, 7))).toBeCloseTo(1, 4);
        between(from, to, 0).forEach((value, i) => {
          expect(value).toBeCloseTo(from[i]!, 5);
        });
        // Up to the sign of the quaternion.
        const end = between(from, to, 1);
        const cosine = end.slice(3, 7).reduce((sum, value, i) => sum + value * b[i]!, 0);
        expect(Math.abs(cosine)).toBeCloseTo(1, 4);
        expect(end[13]).toBe(1);
      }),
    );
  });

  test('a body that began anew elsewhere is there at once', () => {
    const [from, to] = [row([0, 0, 0], aboutZ(0), 0), row([1.5, 0, 0], aboutZ(1), 0)];
    expect(jumped(from, to, 0, DT, EXTENT)).toBe(true);
    between(from, to, 0.5)
      .slice(0, 7)
      .forEach((value, i) => {
        expect(value).toBeCloseTo(to[i]!, 6);
      });
    expect(jumped(from, row([0.8, 0, 0], aboutZ(0), 0), 0, DT, EXTENT)).toBe(false);
  });

  test('each scene has its own row', () => {
    const two = (x: number): Float32Array =>
      Float32Array.from([...row([x, 0, 0], aboutZ(0), x), ...row([0, x, 0], aboutZ(0), -x)]);
    const out = new Float32Array(28);
    interpolateRows(two(0), two(0.2), 0.5, layout, DT, EXTENT, out);
    expect([out[0], out[15], out[13], out[27]].map((value) => Number(value!.toFixed(6)))).toEqual([
      0.1, 0.1, 0.1, -0.1,
    ]);
  });
});

test('the matrix of a shape is pose, placement and turn, one after another, beside its scene', () => {
  fc.assert(
    fc.property(point, unitQuaternion, point, unitQuaternion, metres, metres, (p, q, lp, lq, x, turn) => {
      const pose = Float32Array.from([99, ...p, ...q]);
      const out = new Float32Array(17);
      writeMatrix(
        pose,
        1,
        { position: lp, rotation: lq as [number, number, number, number] },
        [x, -x],
        turn,
        out,
        1,
      );
      const one = new Vector3(1, 1, 1);
      const expected = new Matrix4()
        .makeTranslation(x, -x, 0)
        .multiply(new Matrix4().compose(new Vector3(...p), new Quaternion(...q), one))
        .multiply(new Matrix4().compose(new Vector3(...lp), new Quaternion(...lq), one))
        .multiply(new Matrix4().makeRotationZ(turn));
      expect(out[0]).toBe(0);
      expected.elements.forEach((value, i) => {
        expect(out[i + 1]).toBeCloseTo(value, 4);
      });
    }),
  );
});

describe('arrows', () => {
  const WIDTH = 0.1;
  function arrowOf(source: readonly number[], scale: number): { shaft: Matrix4; head: Matrix4 } {
    const [shaft, head] = [new Float32Array(16), new Float32Array(16)];
    writeArrow(source, 0, [10, 20], scale, WIDTH, shaft, head, 0);
    return { shaft: new Matrix4().fromArray(shaft), head: new Matrix4().fromArray(head) };
  }
  const along = (matrix: Matrix4, share: number): Vector3 => new Vector3(0, 0, share).applyMatrix4(matrix);

  test('go from their point to the tip of the scaled vector, shaft and head end to end', () => {
    fc.assert(
      fc.property(point, point, (from, vector) => {
        fc.pre(Math.hypot(...vector) > 0.1);
        const { shaft, head } = arrowOf([...from, ...vector], 0.5);
        const start = new Vector3(...from).add(new Vector3(10, 20, 0));
        const tip = start.clone().addScaledVector(new Vector3(...vector), 0.5);
        expect(along(shaft, 0).distanceTo(start)).toBeLessThan(1e-4);
        expect(along(shaft, 1).distanceTo(along(head, 0))).toBeLessThan(1e-4);
        expect(along(head, 1).distanceTo(tip)).toBeLessThan(1e-4);
        // Neither mirrored nor sheared.
        expect(shaft.determinant()).toBeGreaterThan(0);
        const x = new Vector3().setFromMatrixColumn(head, 0);
        const z = new Vector3().setFromMatrixColumn(head, 2);
        expect(x.length()).toBeCloseTo(WIDTH, 5);
        expect(x.normalize().dot(z.normalize())).toBeCloseTo(0, 5);
      }),
    );
  });

  test('of next to nothing are not drawn', () => {
    const { shaft, head } = arrowOf([1, 2, 3, 0, 0, 1e-4], 1);
    expect([...shaft.elements, ...head.elements].every((value) => value === 0)).toBe(true);
  });
});
