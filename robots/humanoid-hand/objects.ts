/** What hands handle, for `HandScenes.addBodies`: things of one solid, and what stands still. */
import type { SceneBodyOptions } from '../../src/physics/scene-bodies.ts';
import { massOf, type SolidGeometry } from '../../src/physics/solids.ts';

/** A homogeneous thing. @param mass kg @param friction coefficient; of two solids the mean counts */
export const loose = (geometry: SolidGeometry, mass: number, friction = 1): SceneBodyOptions => ({
  solids: [{ geometry, friction }],
  mass: massOf(geometry, mass),
});

/** A table, a wall. It stands where the array of its positions says when a scene is built. */
export const still = (geometry: SolidGeometry, friction = 1): SceneBodyOptions => ({
  solids: [{ geometry, friction }],
});
