/**
 * An environment small enough to work out by hand. A point starts at 0 and moves by a quarter of `push`; at 1 the task
 * ends with success, and after six steps time is up. All its numbers are exact in float32.
 */
import type { StepBatch, VectorEnv } from '../../src/core/env.ts';
import type { Policy } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, symmetric } from '../../src/core/space.ts';
import { createVectorEnv, type Task } from '../../src/core/vector-env.ts';

export const TOY_STEPS = 6;
/** Columns of an observation. */
export const toyColumn = { episode: 0, age: 1, x: 2, noise: 3 } as const;
export const TOY_OBSERVATION = 4;
export const TOY_ACTION = 2;

/** @param changes parts of the task that a test wants otherwise */
export function toyTask(numEnvs: number, changes: Partial<Task> = {}): Task {
  const episode = new Float64Array(numEnvs);
  const age = new Uint32Array(numEnvs);
  const x = new Float32Array(numEnvs);
  const lastAction = new Float32Array(TOY_ACTION * numEnvs);
  return {
    spec: {
      id: 'toy',
      description: 'a point on a line',
      agents: 1,
      controlDt: 0.1,
      maxEpisodeSteps: TOY_STEPS,
      rewardTerms: ['pace', 'fuel'],
      success: 'the point reached 1',
    },
    numEnvs,
    observationSpace: space(
      symmetric('episode', '1', 2),
      { name: 'age', unit: 's', low: 0, high: 100 },
      symmetric('x', 'm', 2),
      symmetric('noise', '1', 10),
    ),
    actionSpace: space(symmetric('push', '1', 1), symmetric('burn', '1', 1)),
    start(scene, rng) {
      // Tells episodes apart: no two draws are the same.
      episode[scene] = rng.uniform(-1, 1);
      age[scene] = 0;
      x[scene] = 0;
    },
    advance(actions) {
      lastAction.set(actions);
      for (let scene = 0; scene < numEnvs; scene++) {
        x[scene]! += 0.25 * actions[TOY_ACTION * scene]!;
        age[scene]!++;
      }
    },
    observe(scene, obs, rng) {
      obs.set([episode[scene]!, age[scene]!, x[scene]!, rng.normal()]);
    },
    judge(scene, terms) {
      terms[0] = lastAction[TOY_ACTION * scene]!;
      terms[1] = -0.5 * Math.abs(lastAction[TOY_ACTION * scene + 1]!);
      return x[scene]! >= 1;
    },
    succeeded: (scene) => x[scene]! >= 1,
    state: [episode, age, x],
    ...changes,
  };
}

export const toyEnv = (numEnvs: number, changes?: Partial<Task>): VectorEnv =>
  createVectorEnv(toyTask(numEnvs, changes));

/** Says the same in every scene, or `rows[scene]` where the scenes differ. */
export const constantPolicy = (...rows: readonly (readonly [push: number, burn: number])[]): Policy => ({
  async act(obs, actions) {
    for (let scene = 0; scene < obs.length / TOY_OBSERVATION; scene++)
      actions.set(rows[scene % rows.length]!, TOY_ACTION * scene);
  },
});

/** Draws pushes and burns from `seed`, a little beyond what is allowed. */
export function randomActions(numEnvs: number, seed: number): () => Float32Array {
  const rng = createRng(seed);
  const actions = new Float32Array(TOY_ACTION * numEnvs);
  return () => actions.map(() => rng.uniform(-1.5, 1.5));
}

/** Column `name` of `values` `[N, O]`. */
export const column = (values: Float32Array, name: keyof typeof toyColumn): number[] =>
  Array.from(values).filter((_, i) => i % TOY_OBSERVATION === toyColumn[name]);

/** A batch whose arrays stay as they are. */
export const copyOf = (batch: StepBatch): StepBatch => structuredClone(batch);
