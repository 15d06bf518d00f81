/** The meshes that a URDF file names: found, read, checked and scaled. */
import type { Vector3 } from '../../core/appearance.ts';
import type { UrdfGeometry, UrdfShape } from './description.ts';
import type { Findings } from './findings.ts';
import { hullOf } from './hull.ts';
import { edgesOfBox, type Mesh, meshFormats, openEdges, readMesh } from './mesh-files.ts';
import { extensionOf, placesOf } from './paths.ts';

/** @returns what a file holds; nothing where there is none */
export type ReadFile = (path: string) => Promise<Uint8Array | undefined>;

type UrdfMesh = Extract<UrdfGeometry, { type: 'mesh' }>;

/** m. What is larger has been drawn in millimetres. */
const MOST_EXTENT = 10;

export class MeshLibrary {
  readonly #urdf: string;
  readonly #read: ReadFile;
  readonly #openMeshes: boolean;
  readonly #findings: Findings;
  /** By name in the URDF file: whoever names a file first is told what is wrong with it. */
  readonly #files = new Map<string, Promise<Mesh | undefined>>();

  /** @param urdf path of the URDF file */
  constructor(urdf: string, read: ReadFile, openMeshes: boolean, findings: Findings) {
    this.#urdf = urdf;
    this.#read = read;
    this.#openMeshes = openMeshes;
    this.#findings = findings;
  }

  /** As it is seen. @returns nothing where it cannot be drawn */
  async visual(shape: UrdfShape, mesh: UrdfMesh): Promise<Mesh | undefined> {
    const format = extensionOf(mesh.filename);
    if (meshFormats.includes(format)) return this.#scaled(shape, mesh);
    const text = `"${mesh.filename}" is not drawn: of meshes, ${meshFormats.join(' and ')} are read.`;
    this.#findings.add('ignored', shape, text);
    return undefined;
  }

  /** Its convex hull. @returns nothing where it is refused */
  async collision(shape: UrdfShape, mesh: UrdfMesh): Promise<Mesh | undefined> {
    const format = extensionOf(mesh.filename);
    const { filename } = mesh;
    if (!meshFormats.includes(format)) {
      const text = `"${filename}" cannot be collided with; convert it to ${meshFormats.join(' or ')}.`;
      this.#findings.refuse(shape, text);
      return undefined;
    }
    const scaled = await this.#scaled(shape, mesh);
    if (!scaled) return undefined;
    const open = openEdges(scaled);
    if (open > 0) this.#tellOpen(shape, filename, open);
    const hull = hullOf(scaled);
    if (!hull)
      this.#findings.refuse(shape, `"${filename}" is flat, so it has no inside; use a thin box instead.`);
    return hull;
  }

  #tellOpen(shape: UrdfShape, filename: string, open: number): void {
    const what = `"${filename}" is not closed: ${open} edges are not between two triangles`;
    if (this.#openMeshes)
      this.#findings.add('guessed', shape, `${what}. Its convex hull is taken all the same.`);
    else
      this.#findings.refuse(
        shape,
        `${what}. Close it, or set "openMeshes": true in the options to take its hull.`,
      );
  }

  async #scaled(shape: UrdfShape, { filename, scale }: UrdfMesh): Promise<Mesh | undefined> {
    if (!this.#files.has(filename)) this.#files.set(filename, this.#load(shape, filename));
    const mesh = await this.#files.get(filename);
    if (!mesh) return undefined;
    const scaled = scaleMesh(mesh, scale);
    const extent = Math.max(...edgesOfBox(scaled));
    if (extent <= MOST_EXTENT) return scaled;
    this.#findings.refuse(
      shape,
      `"${filename}" is ${extent.toPrecision(3)} m long, and at most ${MOST_EXTENT} m are sensible. If it was drawn in millimetres, give it scale="0.001 0.001 0.001".`,
    );
    return undefined;
  }

  async #load(shape: UrdfShape, filename: string): Promise<Mesh | undefined> {
    const places = placesOf(this.#urdf, filename);
    for (const place of places) {
      const bytes = await this.#read(place);
      if (!bytes) continue;
      try {
        return readMesh(filename, bytes);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        this.#findings.refuse(shape, `"${filename}" ${error.message}.`);
        return undefined;
      }
    }
    const looked = places.slice(0, 3).join(', ');
    const more = places.length > 3 ? ` and ${places.length - 3} other places` : '';
    this.#findings.refuse(shape, `"${filename}" is missing; looked for ${looked}${more}.`);
    return undefined;
  }
}

function scaleMesh({ vertices, triangles }: Mesh, scale: Vector3): Mesh {
  const mirrored = scale[0] * scale[1] * scale[2] < 0;
  return {
    vertices: vertices.map((value, i) => value * scale[i % 3]!),
    // A mirror turns surfaces inside out.
    triangles: mirrored ? triangles.toReversed() : triangles,
  };
}
