/** Runs of listed environments that are looked at and pushed, for tests. */
import { envs } from '../../envs/index.ts';
import {
  type EnvView,
  POSE_SIZE,
  type Quaternion,
  type Vector3,
  viewLayout,
} from '../../src/core/appearance.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { agentsOf } from '../../src/core/teams.ts';
import { directTeleoperation } from '../../src/core/teleoperation.ts';
import { rotate } from '../../src/physics/math.ts';

export function viewOf(env: VectorEnv): EnvView {
  if (!env.view) throw new Error(`Environment "${env.spec.id}" shows nothing of itself.`);
  return env.view;
}

/** The row that says how `scene` looks now; what is not written is NaN. */
export function rowOf(env: VectorEnv, scene = 0): Float32Array {
  const view = viewOf(env);
  const row = new Float32Array(viewLayout(view.appearance).size).fill(Number.NaN);
  view.draw(scene, row);
  return row;
}

export interface Pose {
  readonly position: Float32Array;
  readonly rotation: Float32Array;
}

export function poseOf(env: VectorEnv, body: number, scene = 0): Pose {
  const at = viewLayout(viewOf(env).appearance).bodies + POSE_SIZE * body;
  const row = rowOf(env, scene);
  return { position: row.slice(at, at + 3), rotation: row.slice(at + 3, at + POSE_SIZE) };
}

/** Where a point of a body is, m. @param point in the body's frame */
export function pointOf({ position, rotation }: Pose, point: Vector3 = [0, 0, 0]): Vector3 {
  const turned = Float64Array.from(point);
  rotate(turned, 0, rotation, 0, turned, 0);
  return [turned[0]! + position[0]!, turned[1]! + position[1]!, turned[2]! + position[2]!];
}

export const norm = (vector: Vector3 | Quaternion | Float32Array): number => Math.hypot(...vector);

/** An environment with default settings, and how a person steers it. */
export function createSteered(id: string, scenes: number) {
  const definition = envs[id]!;
  const settings = parseSettings('env', definition.settings, {});
  const env = definition.create(scenes * agentsOf(definition, settings), settings);
  return {
    env,
    teleoperation: definition.teleoperation?.(env, settings) ?? directTeleoperation(env.actionSpace),
  };
}
