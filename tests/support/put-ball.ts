/** Moves the ball of `hand-ball-pick-place` about, in a snapshot. */
import RAPIER from '@dimforge/rapier3d-compat';
import { expect } from 'vitest';
import { packBytes, unpackBytes } from '../../src/core/bytes.ts';
import type { VectorEnv } from '../../src/core/env.ts';

/** Puts the ball of `scene` somewhere, with a velocity, between two steps. */
export function putBall(
  env: VectorEnv,
  scene: number,
  place: readonly number[],
  velocity: readonly number[] = [0, 0, 0],
): void {
  const parts = unpackBytes(env.snapshot!());
  const worlds = unpackBytes(parts.at(-1)!);
  const world = RAPIER.World.restoreSnapshot(worlds[scene]!)!;
  const vector = ([x, y, z]: readonly number[]) => ({ x: x!, y: y!, z: z! });
  let found = 0;
  world.forEachRigidBody((body) => {
    if (body.numColliders() !== 1 || body.collider(0).radius() !== Math.fround(0.035)) return;
    found++;
    body.setTranslation(vector(place), true);
    body.setLinvel(vector(velocity), true);
  });
  expect(found).toBe(1);
  worlds[scene] = world.takeSnapshot();
  world.free();
  env.restore!(packBytes([...parts.slice(0, -1), packBytes(worlds)]));
}
