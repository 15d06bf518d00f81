/** Runs of listed environments, for tests. */
import { envs } from '../../envs/index.ts';
import { createPilot, type PilotOptions } from '../../robots/quadrotor/index.ts';
import { unpackBytes } from '../../src/core/bytes.ts';
import type { StepBatch, VectorEnv } from '../../src/core/env.ts';
import { createRng } from '../../src/core/rng.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { agentsOf } from '../../src/core/teams.ts';

/** Where hands have so many contacts that whole episodes take minutes, they are shorter, and there is less physics to a step. */
const briefly = { episodeTime: 0.8, rate: 50 } as const;
/** Where the defaults cost more than tests can afford: what holds of a coarse flow, or a short episode, holds of others. */
export const affordable: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'fin-offset-fsi': { resolution: 16 },
  'fin-base-fsi': { resolution: 16 },
  'hand-reorient-cube': briefly,
  'hand-turn-knob': briefly,
  'hand-grasp-lift': briefly,
  'hand-ball-pick-place': briefly,
  'two-hand-handover': briefly,
};

/** @param scenes episodes side by side; an episode of a team takes several rows */
export function createEnv(id: string, scenes: number, settings: Record<string, unknown> = {}): VectorEnv {
  const definition = envs[id]!;
  const parsed = parseSettings('env', definition.settings, { ...affordable[id], ...settings });
  return definition.create(scenes * agentsOf(definition, parsed), parsed);
}

/** Writes the actions `[N, A]` of step `step` from the observations `[N, O]`. */
export type Act = (actions: Float32Array, obs: Float32Array, step: number) => void;

/** Uniform actions, a stream for each scene, so that a scene is given the same whatever the number of scenes. */
export function randomActions(env: VectorEnv, seed = 1): Act {
  const rngs = Array.from({ length: env.numEnvs }, (_, scene) => createRng(seed).split(`actions ${scene}`));
  return (actions) => {
    for (let i = 0; i < actions.length; i++) {
      actions[i] = rngs[Math.floor(i / env.actionSpace.size)]!.uniform(-1, 1);
    }
  };
}

/** The scripted pilot in every scene; `options` may depend on the scene. */
export function pilotActions(env: VectorEnv, options: (scene: number) => PilotOptions = () => ({})): Act {
  const { size } = env.observationSpace;
  const pilots = Array.from({ length: env.numEnvs }, (_, s) => createPilot(env.observationSpace, options(s)));
  return (actions, obs) => {
    pilots.forEach((pilot, scene) => {
      pilot(obs.subarray(scene * size, (scene + 1) * size), actions.subarray(4 * scene, 4 * scene + 4));
    });
  };
}

/** Steps `env` from observations `obs`, showing every batch to `see`. */
export function advance(
  env: VectorEnv,
  obs: Float32Array,
  act: Act,
  steps: number,
  see: (batch: StepBatch, step: number) => void,
): void {
  const actions = new Float32Array(env.numEnvs * env.actionSpace.size);
  let seen = obs;
  for (let step = 0; step < steps; step++) {
    act(actions, seen, step);
    const batch = env.step(actions);
    see(batch, step);
    seen = batch.obs;
  }
}

/** All that `steps` steps return, in one array: two runs are equal where these are. */
export function record(env: VectorEnv, obs: Float32Array, act: Act, steps: number): Float32Array {
  const values: number[] = [...obs];
  advance(env, obs, act, steps, (batch) => {
    for (const array of arraysOf(batch)) for (const value of array) values.push(value);
  });
  return Float32Array.from(values);
}

/** Where two recordings differ first; undefined where they are equal, bit for bit. `toEqual` takes seconds for arrays so long. */
export function firstDifference(expected: Float32Array, found: Float32Array): string | undefined {
  if (expected.length !== found.length) return `${expected.length} values, and then ${found.length}`;
  const at = expected.findIndex((value, i) => !Object.is(value, found[i]));
  return at < 0 ? undefined : `value ${at} was ${expected[at]}, and then ${found[at]}`;
}

export const arraysOf = (batch: StepBatch): (Float32Array | Uint8Array)[] => [
  batch.obs,
  batch.reward,
  batch.terminated,
  batch.truncated,
  batch.finalObs,
  batch.appliedActions,
  batch.info.rewardTerms,
  batch.info.success,
];

/** Reads a component of one scene by its name. */
export function componentReader(env: VectorEnv): (rows: Float32Array, scene: number, name: string) => number {
  const { components, size } = env.observationSpace;
  const index = new Map(components.map(({ name }, i) => [name, i]));
  return (rows, scene, name) => rows[scene * size + index.get(name)!]!;
}

/** True poses and velocities in the world frame. Of a drone's snapshot they are the last arrays before the engine's bytes. */
export function truth(env: VectorEnv): {
  position: Float32Array;
  rotation: Float32Array;
  velocity: Float32Array;
  spin: Float32Array;
} {
  const parts = unpackBytes(env.snapshot!());
  const floats = (fromEnd: number) => new Float32Array(parts.at(-fromEnd)!.buffer);
  return { position: floats(5), rotation: floats(4), velocity: floats(3), spin: floats(2) };
}
