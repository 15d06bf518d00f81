/** Meshes of other programs, and the hulls that stand for them. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hullOf } from '../../../src/physics/urdf/hull.ts';
import { edgesOfBox, type Mesh, openEdges, readMesh } from '../../../src/physics/urdf/mesh-files.ts';
import { placesOf } from '../../../src/physics/urdf/paths.ts';
import { accepted, hinge, readText, readTwoFinger } from './files.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const fileOf = (name: string): Uint8Array =>
  readFileSync(new URL(`files/two_finger/meshes/${name}`, import.meta.url));

/** By the divergence theorem; positive where triangles are counter-clockwise seen from outside. */
function volumeOf({ vertices, triangles }: Mesh): number {
  const corner = (i: number): number[] => vertices.slice(3 * triangles[i]!, 3 * triangles[i]! + 3);
  let volume = 0;
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [corner(i), corner(i + 1), corner(i + 2)] as [number[], number[], number[]];
    volume += a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!);
    volume += a[1]! * (b[2]! * c[0]! - b[0]! * c[2]!);
    volume += a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!);
  }
  return volume / 6;
}

/** A binary STL file of the same triangles. @param header its first letters */
function binaryStl({ vertices, triangles }: Mesh, header: string): Uint8Array {
  const bytes = new Uint8Array(84 + (50 * triangles.length) / 3);
  bytes.set(bytesOf(header));
  const view = new DataView(bytes.buffer);
  view.setUint32(80, triangles.length / 3, true);
  triangles.forEach((index, i) => {
    const at = 84 + 50 * Math.floor(i / 3) + 12 + 12 * (i % 3);
    for (let axis = 0; axis < 3; axis++) view.setFloat32(at + 4 * axis, vertices[3 * index + axis]!, true);
  });
  return bytes;
}

describe('mesh files', () => {
  it('reads OBJ: faces of any number of corners, counted from both ends', () => {
    const wedge = readMesh('wedge.obj', fileOf('wedge.obj'));
    expect(wedge.vertices).toHaveLength(3 * 6);
    expect(wedge.triangles).toHaveLength(3 * (1 + 1 + 2 + 2 + 2));
    expect(openEdges(wedge)).toBe(0);
    // Half of 10 mm times 10 mm, 20 mm long.
    expect(Math.abs(volumeOf(wedge))).toBeCloseTo(1e-6, 12);
  });

  it('reads STL as text and in binary, which may begin with "solid" as well', () => {
    const block = readMesh('block.STL', fileOf('block.stl'));
    expect(block.vertices).toHaveLength(3 * 8);
    expect(openEdges(block)).toBe(0);
    expect(edgesOfBox(block)).toEqual([90, 84, 24]);
    for (const header of ['binary', 'solid block'])
      expect(readMesh('block.stl', binaryStl(block, header))).toEqual(block);
  });

  it('counts vertices in one place as one where it looks for holes', () => {
    const { vertices, triangles } = readMesh('block.stl', fileOf('block.stl'));
    const torn = triangles.flatMap((index) => vertices.slice(3 * index, 3 * index + 3));
    const apart = { vertices: torn, triangles: triangles.map((_, i) => i) };
    expect(openEdges(apart)).toBe(0);
    expect(openEdges({ ...apart, triangles: apart.triangles.slice(3) })).toBe(3);
  });

  it('takes hulls: corners of a box around whatever is in it, whole on its outside', () => {
    const inside = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0.01, max: 0.99, noNaN: true })));
    fc.assert(
      fc.property(fc.array(inside, { maxLength: 20 }), (points) => {
        const corners = [0, 1].flatMap((x) => [0, 1].flatMap((y) => [0, 1].map((z) => [x, y, z])));
        const hull = hullOf({ vertices: [...points, ...corners].flat(), triangles: [] })!;
        expect(hull.vertices).toHaveLength(3 * 8);
        expect(openEdges(hull)).toBe(0);
        expect(volumeOf(hull)).toBeCloseTo(1, 6);
      }),
    );
    expect(hullOf({ vertices: [0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0], triangles: [] })).toBeUndefined();
    expect(hullOf({ vertices: [0, 0, 0], triangles: [] })).toBeUndefined();
  });
});

describe('meshes of a robot', () => {
  it('scales them, along each axis by its own factor', async () => {
    const { links } = accepted(await readTwoFinger());
    const [drawn] = links[0]!.visuals;
    const [hull] = links[1]!.collisions;
    const expected = [
      [drawn, [0.09, 0.084, 0.024]],
      [hull, [0.045, 0.0168, 0.0048]],
    ] as const;
    for (const [shape, edges] of expected) {
      const measured = edgesOfBox(shape!.geometry as Mesh & typeof shape.geometry);
      measured.forEach((edge, axis) => {
        expect(edge).toBeCloseTo(edges[axis]!, 7);
      });
    }
  });

  it('keeps the outside of what a negative scale mirrors', async () => {
    const visual = (scale: string): string =>
      `<visual><geometry><mesh filename="block.stl" scale="${scale}"/></geometry></visual>`;
    const link = visual('0.001 0.001 0.001') + visual('-0.001 0.001 0.001');
    const files = { 'robots/block.stl': fileOf('block.stl') };
    const { links } = accepted(await readText(hinge({ link }), {}, files));
    const [plain, mirrored] = links[1]!.visuals.map(({ geometry }) =>
      volumeOf(geometry as Mesh & typeof geometry),
    );
    expect(mirrored).toBeCloseTo(plain!, 12);
    expect(Math.abs(plain!)).toBeCloseTo(0.09 * 0.084 * 0.024, 12);
  });

  it('draws what has holes', async () => {
    const link = '<visual><geometry><mesh filename="sheet.obj"/></geometry></visual>';
    const sheet = 'v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n';
    const { links } = accepted(await readText(hinge({ link }), {}, { 'robots/sheet.obj': sheet }));
    expect(links[1]!.visuals).toHaveLength(1);
  });

  it.each([
    ['a/b/r.urdf', 'm.obj', ['a/b/m.obj']],
    ['a/b/r.urdf', './x/../../m.obj', ['a/m.obj']],
    ['r.urdf', 'm.obj', ['m.obj']],
    ['r.urdf', '../m.obj', ['../m.obj']],
    ['/a/r.urdf', 'm.obj', ['/a/m.obj']],
    ['/a/r.urdf', '/b/m.obj', ['/b/m.obj']],
    ['/a/r.urdf', 'file:///b/m.obj', ['/b/m.obj']],
    ['/a/r.urdf', 'package://p/m.obj', ['/a/p/m.obj', '/p/m.obj', '/a/m.obj', '/m.obj']],
    ['a/r.urdf', 'package://p/x/m.obj', ['a/p/x/m.obj', 'p/x/m.obj', 'a/x/m.obj', 'x/m.obj']],
  ])('of %s, looks for %s', (urdf, filename, places) => {
    expect(placesOf(urdf, filename)).toEqual(places);
  });
});
