/**
 * An environment with a frozen policy in it, the base: what it would do at each step is observed beside everything else, so
 * that another policy can correct it, and learn to. Shapes: N scenes, O observation, A action size.
 */
import { spaceWithBase } from '../core/base-action.ts';
import { packBytes, restoreArray, unpackBytes } from '../core/bytes.ts';
import type { AsyncVectorEnv, StepBatch, VectorEnv } from '../core/env.ts';
import { ProprioError } from '../core/errors.ts';
import type { BasePolicy } from '../core/policy.ts';

export function withBase(env: VectorEnv, base: BasePolicy): AsyncVectorEnv {
  const { numEnvs, observationSpace, actionSpace } = env;
  const [O, A] = [observationSpace.size, actionSpace.size];
  /** What the base does at what is seen now, `[N, A]`, and where episodes have just ended, what it would have done there. */
  const actions = new Float32Array(numEnvs * A);
  const foreseen = new Float32Array(numEnvs * A);
  const obs = new Float32Array(numEnvs * (O + A));
  const finalObs = new Float32Array(numEnvs * (O + A));
  const everyScene = Array.from({ length: numEnvs }, (_, scene) => scene);

  const rowOf = (values: Float32Array, scene: number, width: number): Float32Array =>
    values.subarray(scene * width, (scene + 1) * width);

  /** Writes a row of what is seen with the base's action beside it. */
  function join(out: Float32Array, scene: number, seen: Float32Array, decided: Float32Array): void {
    out.set(rowOf(seen, scene, O), scene * (O + A));
    out.set(rowOf(decided, scene, A), scene * (O + A) + O);
  }

  /** Has the base act at what is seen, as its first step in the scenes whose episodes begin. */
  async function decide(seen: Float32Array, beginning: readonly number[]): Promise<void> {
    if (base.begin) for (const scene of beginning) base.begin(scene, rowOf(seen, scene, O));
    await base.act(seen, actions, 'exploit');
    keepWithinBounds(actions);
    for (const scene of everyScene) join(obs, scene, seen, actions);
  }

  function keepWithinBounds(decided: Float32Array): void {
    decided.forEach((value, i) => {
      if (!Number.isFinite(value))
        throw new ProprioError(
          `The base's action "${actionSpace.components[i % A]!.name}" is ${value} in scene ${Math.floor(i / A)}; only a base whose actions are numbers can be corrected.`,
        );
      decided[i] = Math.max(-1, Math.min(1, value));
    });
  }

  async function foresee(seen: Float32Array): Promise<void> {
    if (base.foresee) await base.foresee(seen, foreseen);
    else await base.act(seen, foreseen, 'exploit');
    keepWithinBounds(foreseen);
  }

  return {
    ...env,
    observationSpace: spaceWithBase(observationSpace, actionSpace),
    async reset(seed) {
      await decide(env.reset(seed), everyScene);
      return obs;
    },
    async step(given): Promise<StepBatch> {
      const batch = env.step(given);
      const hasEnded = (scene: number): boolean =>
        batch.terminated[scene] === 1 || batch.truncated[scene] === 1;
      const ended = everyScene.filter(hasEnded);
      if (ended.length > 0) await foresee(batch.finalObs);
      await decide(batch.obs, ended);
      for (const scene of everyScene)
        join(finalObs, scene, batch.finalObs, hasEnded(scene) ? foreseen : actions);
      return { ...batch, obs, finalObs };
    },
    ...(env.snapshot && {
      snapshot: () => packBytes([env.snapshot!(), ...(base.state?.(numEnvs) ?? [])]),
    }),
    ...(env.restore && {
      restore(snapshot) {
        const [scenes, ...parts] = unpackBytes(snapshot);
        env.restore!(scenes!);
        base.state?.(numEnvs).forEach((array, i) => {
          restoreArray(array, parts[i] ?? new Uint8Array(0));
        });
      },
    }),
  };
}
