/** Hulls as solids. */
import { expect, it } from 'vitest';
import { type Hull, volumeOf } from '../../src/physics/solids.ts';

it('the volume of a hull is that between its faces, wherever it stands', () => {
  const corners = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 2, 0],
    [0, 0, 3],
  ];
  const tetrahedron = (offset: number): Hull => ({
    type: 'mesh',
    vertices: corners.flat().map((value) => value + offset),
    triangles: [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3],
  });
  expect(volumeOf(tetrahedron(0))).toBeCloseTo((1 * 2 * 3) / 6, 12);
  expect(volumeOf(tetrahedron(5))).toBeCloseTo((1 * 2 * 3) / 6, 10);
});
