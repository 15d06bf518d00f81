/** What stands in every scene of `SceneWorlds`, and can be built anew in one of them. */
import type RAPIER from '@dimforge/rapier3d-compat';

/** Solids of a scene are counted in the order in which they were added. */
export interface SolidRange {
  readonly first: number;
  readonly count: number;
}

export interface ScenePart {
  /** Builds itself in `world`, the new one of `scene`, as its arrays say. @returns its solids, in order */
  build(world: RAPIER.World, scene: number): RAPIER.Collider[];
  /** Finds itself again in `world`, which was restored from a snapshot. @returns its solids, in order */
  rebind(world: RAPIER.World, scene: number): RAPIER.Collider[];
}

/** The engine's format: what a solid is, and what it touches, as sixteen bits each. */
export const groupsOf = (member: number, touches: number): number => ((member << 16) | touches) >>> 0;

export const ALL_GROUPS = 0xffff;

export const solidsOf = (body: RAPIER.RigidBody): RAPIER.Collider[] =>
  Array.from({ length: body.numColliders() }, (_, i) => body.collider(i));
