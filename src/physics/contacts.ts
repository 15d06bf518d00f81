/** Contact forces, read from the engine's contact manifolds. */
import type RAPIER from '@dimforge/rapier3d-compat';
import { rotate } from './math.ts';

/**
 * Points and forces of the last step, `[C, 6]`, m relative to `origin` and N. A force is the impulse on
 * `colliders` over the duration of the step; a pair of them is told once, by the force on the first. Only the
 * force along the normal: the engine solves friction for a manifold as a whole, and does not tell it.
 * @param colliders those of one scene, in order
 * @param origin x and y of the scene in the world, m
 */
export function readContacts(
  world: RAPIER.World,
  colliders: readonly RAPIER.Collider[],
  origin: Float64Array,
): Float32Array {
  const rows: number[] = [];
  const told = new Set<number>();
  for (const collider of colliders) {
    world.contactPairsWith(collider, (other) => {
      if (told.has(other.handle)) return;
      world.contactPair(collider, other, (manifold, flipped) =>
        readManifold(manifold, flipped, collider, world.timestep, origin, rows),
      );
    });
    told.add(collider.handle);
  }
  return Float32Array.from(rows);
}

/** @param flipped whether `collider` is the second of the manifold, towards which its normal points */
function readManifold(
  manifold: RAPIER.TempContactManifold,
  flipped: boolean,
  collider: RAPIER.Collider,
  timestep: number,
  [originX, originY]: Float64Array,
  rows: number[],
): void {
  const normal = manifold.normal();
  const { x, y, z } = collider.translation();
  const rotation = collider.rotation();
  const quaternion = Float64Array.of(rotation.x, rotation.y, rotation.z, rotation.w);
  const point = new Float64Array(3);
  for (let i = 0; i < manifold.numContacts(); i++) {
    const force = ((flipped ? 1 : -1) * manifold.contactImpulse(i)) / timestep;
    const local = flipped ? manifold.localContactPoint2(i) : manifold.localContactPoint1(i);
    // A manifold also has points that are near but do not touch.
    if (force === 0 || !local) continue;
    point.set([local.x, local.y, local.z]);
    rotate(point, 0, quaternion, 0, point, 0);
    rows.push(x + point[0]! - originX!, y + point[1]! - originY!, z + point[2]!);
    rows.push(force * normal.x, force * normal.y, force * normal.z);
  }
}
