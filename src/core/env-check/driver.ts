/** Drives an environment for `checkEnv`: one call at a time, remembering which, with actions that can be told again. */
import type { Vector3 } from '../appearance.ts';
import type { StepBatch, VectorEnv } from '../env.ts';
import { createRng, type Rng } from '../rng.ts';
import type { Space } from '../space.ts';
import type { Findings } from './problems.ts';

/** What every rule is given. */
export interface Check {
  readonly driver: Driver;
  readonly findings: Findings;
}

/** An environment and where in its life it is. */
export class Driver {
  readonly env: VectorEnv;
  readonly #findings: Findings;
  #origin = '';
  #step = 0;
  #closed = false;

  constructor(env: VectorEnv, findings: Findings) {
    this.env = env;
    this.#findings = findings;
  }

  /** Says what is being called, should it throw. */
  set #call(call: string) {
    this.#findings.call = call;
  }

  reset(seed: number): Float32Array {
    this.#call = this.#origin = `reset(${seed})`;
    this.#step = 0;
    return this.env.reset(seed);
  }

  step(actions: Float32Array): StepBatch {
    this.#step++;
    this.#call = this.#origin
      ? `step() number ${this.#step} after ${this.#origin}`
      : 'step() before the first reset';
    return this.env.step(actions);
  }

  snapshot(): Uint8Array {
    this.#call = `snapshot() at step ${this.#step} after ${this.#origin}`;
    return this.env.snapshot!();
  }

  /** @param step of the snapshot */
  restore(snapshot: Uint8Array, step: number): void {
    this.#call = this.#origin = `restore() of a snapshot of step ${step}`;
    this.#step = 0;
    this.env.restore!(snapshot);
  }

  /** @param row written */
  draw(scene: number, row: Float32Array): void {
    this.#call = `view.draw()${this.at(scene)}`;
    this.env.view!.draw(scene, row);
  }

  contacts(scene: number): Float32Array {
    this.#call = `view.contacts()${this.at(scene)}`;
    return this.env.view!.contacts!(scene);
  }

  push(scene: number, body: number, force: Vector3, point: Vector3): void {
    this.#call = `view.push()${this.at(scene)}`;
    this.env.view!.push!(scene, body, force, point);
  }

  close(): void {
    this.#call = this.#closed ? 'The second close()' : 'close()';
    this.#closed = true;
    this.env.close();
  }

  /** ` in scene 2 at step 14 after reset(1)` */
  at(scene: number): string {
    return this.#step === 0
      ? ` in scene ${scene} after ${this.#origin}`
      : ` in scene ${scene} at step ${this.#step} after ${this.#origin}`;
  }
}

/** `"velocity.x" [m/s]`, or its index where it has no name. */
export function componentName({ components }: Space, index: number): string {
  const component = components[index];
  return component ? `"${component.name}" [${component.unit}]` : `component ${index}`;
}

/** Writes one row of actions from its stream of random numbers; `held` stays the same for an episode. */
type Style = (out: Float32Array, rng: Rng, held: Float32Array) => void;

/** Random, then some that end fewer episodes, then the extremes. */
const styles: readonly Style[] = [
  (out, rng) => {
    for (let i = 0; i < out.length; i++) out[i] = rng.uniform(-1, 1);
  },
  (out) => out.fill(0),
  (out, _, held) => out.set(held),
  (out, rng) => {
    for (let i = 0; i < out.length; i++) out[i] = rng.uniform(-1, 1) < 0 ? -1 : 1;
  },
];

/** Actions in a different style in each scene, and in each of its episodes. */
export class Explorer {
  readonly #actions: Float32Array;
  readonly #scenes: { row: Float32Array; held: Float32Array; rng: Rng; episode: number }[];

  constructor({ numEnvs, actionSpace: { size } }: VectorEnv, seed: number) {
    this.#actions = new Float32Array(numEnvs * size);
    this.#scenes = Array.from({ length: numEnvs }, (_, scene) => ({
      row: this.#actions.subarray(scene * size, (scene + 1) * size),
      held: new Float32Array(size),
      // A stream for each scene: how many there are beside it changes nothing for one.
      rng: createRng(seed).split(`actions ${scene}`),
      episode: scene,
    }));
    for (const scene of this.#scenes) styles[0]!(scene.held, scene.rng, scene.held);
  }

  /** @returns a copy, `[N, A]` */
  next(): Float32Array {
    for (const { row, held, rng, episode } of this.#scenes) styles[episode % styles.length]!(row, rng, held);
    return this.#actions.slice();
  }

  /** Says which episodes ended, after each step. */
  see({ terminated, truncated }: StepBatch): void {
    this.#scenes.forEach((scene, i) => {
      if (!terminated[i] && !truncated[i]) return;
      scene.episode++;
      styles[0]!(scene.held, scene.rng, scene.held);
    });
  }
}

export const copyBatch = (batch: StepBatch): StepBatch => ({
  obs: batch.obs.slice(),
  reward: batch.reward.slice(),
  terminated: batch.terminated.slice(),
  truncated: batch.truncated.slice(),
  finalObs: batch.finalObs.slice(),
  appliedActions: batch.appliedActions.slice(),
  info: { rewardTerms: batch.info.rewardTerms.slice(), success: batch.info.success.slice() },
});

/** A trajectory, kept to be compared with. */
export interface Recording {
  readonly seed: number;
  /** What `reset(seed)` returned, `[N, O]`. */
  readonly start: Float32Array;
  /** Of each step, `[N, A]`. */
  readonly actions: readonly Float32Array[];
  readonly batches: readonly StepBatch[];
}

/** Values that a recording may hold. */
const RECORDED_VALUES = 4e6;

/** Steps that a recording of `env` may hold. */
export function recordableSteps({ numEnvs, observationSpace, actionSpace, spec }: VectorEnv): number {
  const values = 2 * observationSpace.size + 2 * actionSpace.size + spec.rewardTerms.length + 4;
  return Math.max(20, Math.floor(RECORDED_VALUES / (numEnvs * values)));
}
