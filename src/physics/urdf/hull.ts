/** The convex hull of a mesh, which is what the engine collides with. */
import RAPIER from '@dimforge/rapier3d-compat';
import { edgesOfBox, type Mesh } from './mesh-files.ts';

await RAPIER.init();

/** Of the volume of the box around a hull; below that it is flat. */
const LEAST_FILLING = 1e-6;

/** @returns nothing where the mesh is flat */
export function hullOf(mesh: Mesh): Mesh | undefined {
  const description = RAPIER.ColliderDesc.convexHull(Float32Array.from(mesh.vertices));
  // Points on a line have no hull, of which the engine makes nothing at all.
  const shape = description?.shape.intoRaw();
  if (!description || !shape) return undefined;
  shape.free();
  const world = new RAPIER.World({ x: 0, y: 0, z: 0 });
  try {
    const collider = world.createCollider(description);
    const hull = { vertices: [...collider.vertices()], triangles: [...(collider.indices() ?? [])] };
    const [x, y, z] = edgesOfBox(mesh);
    return collider.volume() > LEAST_FILLING * x * y * z ? hull : undefined;
  } finally {
    world.free();
  }
}
