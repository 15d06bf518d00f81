/** Triangles from the files of other programs: Wavefront OBJ, and STL in binary or as text. */
import { extensionOf } from './paths.ts';

/** A surface; as geometry that is drawn, see src/core/appearance.ts. */
export interface Mesh {
  /** x, y, z of each. */
  readonly vertices: readonly number[];
  /** Three indices of vertices each. */
  readonly triangles: readonly number[];
}

/** Most triangles of a file. Robots that are finer than that are slow to draw, and need not be for anything else. */
export const MOST_TRIANGLES = 200_000;

const STL = { header: 80, count: 4, triangle: 50, normal: 12, number: 4 } as const;

const readers: Readonly<Record<string, (bytes: Uint8Array) => Mesh>> = {
  obj: (bytes) => readObj(textOf(bytes)),
  stl: (bytes) => (isBinaryStl(bytes) ? readBinaryStl(bytes) : readTextStl(textOf(bytes))),
};

export const meshFormats: readonly string[] = Object.keys(readers);

/**
 * @param filename whose ending is one of `meshFormats`
 * @throws RangeError saying what is wrong with the file
 */
export function readMesh(filename: string, bytes: Uint8Array): Mesh {
  const mesh = readers[extensionOf(filename)]!(bytes);
  const { vertices, triangles } = mesh;
  if (triangles.length === 0) throw new RangeError('holds no triangles');
  const finite = vertices.every(Number.isFinite);
  if (!finite) throw new RangeError('has a coordinate that is no finite number');
  const last = vertices.length / 3 - 1;
  const outside = triangles.find((index) => !(index >= 0 && index <= last));
  if (outside === undefined) return mesh;
  throw new RangeError(`refers to vertex ${outside + 1}, and has ${last + 1} of them`);
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function assertSize(triangles: number): void {
  if (triangles > MOST_TRIANGLES)
    throw new RangeError(
      `has ${triangles} triangles or more, and at most ${MOST_TRIANGLES} are read; simplify it`,
    );
}

/** Faces of more than three corners are cut into triangles from their first corner. */
function readObj(text: string): Mesh {
  const vertices: number[] = [];
  const triangles: number[] = [];
  for (const line of text.split('\n')) {
    const [key, ...words] = line.trim().split(/\s+/);
    if (key === 'v') vertices.push(...[0, 1, 2].map((axis) => Number(words[axis])));
    if (key !== 'f') continue;
    // A corner is vertex/texture/normal. A negative one counts backwards from the newest.
    const corners = words.map((word) => {
      const index = Number.parseInt(word, 10);
      return index < 0 ? vertices.length / 3 + index : index - 1;
    });
    for (let i = 2; i < corners.length; i++) triangles.push(corners[0]!, corners[i - 1]!, corners[i]!);
    assertSize(triangles.length / 3);
  }
  return { vertices, triangles };
}

/** Both kinds may begin with `solid`, but only the binary one has the length that its count says. */
function isBinaryStl(bytes: Uint8Array): boolean {
  const start = STL.header + STL.count;
  if (bytes.length < start) return false;
  return bytes.length === start + STL.triangle * triangleCount(bytes);
}

const triangleCount = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(STL.header, true);

function readBinaryStl(bytes: Uint8Array): Mesh {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = triangleCount(bytes);
  assertSize(count);
  const corners: number[] = [];
  for (let triangle = 0; triangle < count; triangle++) {
    const at = STL.header + STL.count + STL.triangle * triangle + STL.normal;
    for (let i = 0; i < 9; i++) corners.push(view.getFloat32(at + STL.number * i, true));
  }
  return weld(corners);
}

function readTextStl(text: string): Mesh {
  if (!/^\s*solid\b/.test(text))
    throw new RangeError(
      'is no STL file: neither of the length of a binary one nor text that begins with "solid"',
    );
  const corners: number[] = [];
  for (const [, x, y, z] of text.matchAll(/\bvertex\s+(\S+)\s+(\S+)\s+(\S+)/g)) {
    corners.push(Number(x), Number(y), Number(z));
    assertSize(corners.length / 9);
  }
  if (corners.length % 9 !== 0) throw new RangeError('ends within a triangle');
  return weld(corners);
}

/** STL gives each triangle corners of its own; equal ones become one vertex. @param corners `[T, 3, 3]` */
function weld(corners: readonly number[]): Mesh {
  const known = new Map<string, number>();
  const vertices: number[] = [];
  const triangles: number[] = [];
  for (let i = 0; i < corners.length; i += 3) {
    const point = corners.slice(i, i + 3);
    const key = point.join(' ');
    let index = known.get(key);
    if (index === undefined) {
      index = known.size;
      known.set(key, index);
      vertices.push(...point);
    }
    triangles.push(index);
  }
  return { vertices, triangles };
}

/** Edges that are not between exactly two triangles: 0 of a closed surface. Vertices in one place count as one. */
export function openEdges({ vertices, triangles }: Mesh): number {
  const places = weld(triangles.flatMap((index) => vertices.slice(3 * index, 3 * index + 3))).triangles;
  const edges = new Map<string, number>();
  for (let i = 0; i < places.length; i += 3) {
    const corners = places.slice(i, i + 3);
    // A triangle of no area closes nothing and opens nothing.
    if (new Set(corners).size < 3) continue;
    corners.forEach((from, k) => {
      const to = corners[(k + 1) % 3]!;
      const key = from < to ? `${from} ${to}` : `${to} ${from}`;
      edges.set(key, (edges.get(key) ?? 0) + 1);
    });
  }
  return [...edges.values()].filter((count) => count !== 2).length;
}

/** Of the box around it, along the axes. */
export function edgesOfBox({ vertices }: Mesh): [number, number, number] {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  vertices.forEach((value, i) => {
    low[i % 3] = Math.min(low[i % 3]!, value);
    high[i % 3] = Math.max(high[i % 3]!, value);
  });
  return [high[0]! - low[0]!, high[1]! - low[1]!, high[2]! - low[2]!];
}
