/** Meshes that no robot can have, with the line, the element, what is wrong and what to do. */
import { describe, expect, it } from 'vitest';
import { MOST_TRIANGLES } from '../../../src/physics/urdf/mesh-files.ts';
import { hinge, readText } from './files.ts';

const collision = (geometry: string): string => `<collision><geometry>${geometry}</geometry></collision>`;

/** Corners of a tetrahedron, and what each file below leaves of it. */
const corners = 'v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\n';
const closed = `${corners}f 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n`;
const meshFiles = {
  'robots/closed.obj': closed,
  'robots/open.obj': `${corners}f 1 3 2\nf 1 2 4\nf 1 4 3\n`,
  'robots/flat.obj': 'v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\nf 1 3 2\n',
  'robots/empty.obj': corners,
  'robots/beyond.obj': `${corners}f 1 2 9\n`,
  'robots/nan.obj': `v 0 0 x\n${closed}`,
  'robots/prose.stl': 'This is no mesh.',
  'robots/torn.stl': 'solid a\nvertex 0 0 0\nvertex 0 0 1\n',
  'robots/huge.stl': hugeStl(),
};

/** A binary one, whose count is what is looked at first. */
function hugeStl(): Uint8Array {
  const triangles = MOST_TRIANGLES + 1;
  const bytes = new Uint8Array(84 + 50 * triangles);
  new DataView(bytes.buffer).setUint32(80, triangles, true);
  return bytes;
}

const meshRefusals: readonly { readonly file: string; readonly said: string; readonly scale?: string }[] = [
  { file: 'absent.obj', said: 'is missing; looked for robots/absent.obj.' },
  {
    file: 'package://hand/meshes/a.obj',
    said: 'is missing; looked for robots/hand/meshes/a.obj, hand/meshes/a.obj, robots/meshes/a.obj and 1 other places.',
  },
  {
    file: 'open.obj',
    said: 'is not closed: 3 edges are not between two triangles. Close it, or set "openMeshes": true',
  },
  { file: 'flat.obj', said: 'is flat, so it has no inside; use a thin box instead.' },
  { file: 'empty.obj', said: 'holds no triangles.' },
  { file: 'beyond.obj', said: 'refers to vertex 9, and has 4 of them.' },
  { file: 'nan.obj', said: 'has a coordinate that is no finite number.' },
  {
    file: 'prose.stl',
    said: 'is no STL file: neither of the length of a binary one nor text that begins with "solid".',
  },
  { file: 'torn.stl', said: 'ends within a triangle.' },
  { file: 'huge.stl', said: 'has 200001 triangles or more, and at most 200000 are read; simplify it.' },
  { file: 'closed.dae', said: 'cannot be collided with; convert it to obj or stl.' },
  {
    file: 'closed.obj',
    said: 'is 250 m long, and at most 10 m are sensible. If it was drawn in millimetres',
    scale: '250 250 250',
  },
];

describe('meshes of URDF files that are no robots', () => {
  it.each(meshRefusals)('a mesh: $file $said', async ({ file, said, scale = '1 1 1' }) => {
    const link = collision(`<mesh filename="${file}" scale="${scale}"/>`);
    const { robot, findings } = await readText(hinge({ link }), {}, meshFiles);
    expect(robot).toBeUndefined();
    const [refused] = findings.filter(({ kind }) => kind === 'refused');
    expect(refused).toMatchObject({ line: 5, label: '<link "arm"> <collision>' });
    expect(refused!.text.slice(0, file.length + 3 + said.length)).toBe(`"${file}" ${said}`);
  });

  it('a mesh that is scaled to nothing', async () => {
    const link = collision('<mesh filename="closed.obj" scale="1 0 1"/>');
    const { findings } = await readText(hinge({ link }), {}, meshFiles);
    expect(findings.find(({ kind }) => kind === 'refused')!.text).toBe(
      'has scale="1 0 1", which makes it flat.',
    );
  });

  it('takes the hull of a mesh with holes where that is wanted, and says so', async () => {
    const link = collision('<mesh filename="open.obj"/>');
    const { robot, findings } = await readText(hinge({ link }), { openMeshes: true }, meshFiles);
    expect(robot!.links[1]!.collisions).toHaveLength(1);
    expect(findings.map(({ text }) => text)).toContain(
      '"open.obj" is not closed: 3 edges are not between two triangles. Its convex hull is taken all the same.',
    );
  });
});
