/** What an agent expects of its own policy, compiled, reading the present parameters. */
import type { Spaces } from '../core/policy.ts';
import { compile, type InputSpec } from '../tensor/index.ts';
import { boundedPolicy } from './actor.ts';
import type { PolicyMaths, Vectors } from './definition.ts';
import { mapValues } from './records.ts';

export interface ValueFunction {
  /**
   * Value of the deterministic action.
   * @param obs `[N, O]`, left alone until the promise resolves
   * @returns `[N]`
   */
  estimate(obs: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * @param vectors gives the parameters: of a learner, or the same ones each time; those of optimisers may be
 * left out
 * @param rows N; 1 unless told
 * @returns undefined for an agent that has no estimate, or none of so few rows: one that values teams needs whole ones
 */
export async function createValue(
  maths: PolicyMaths,
  spaces: Spaces,
  vectors: () => Vectors,
  rows = 1,
): Promise<ValueFunction | undefined> {
  const { value, teamSize = 1 } = maths;
  if (!value || rows % teamSize !== 0) return undefined;
  const policy = boundedPolicy(maths);
  const parameters = mapValues(vectors(), ({ length }): InputSpec => [length]);
  // On the CPU, for the reasons that the policy is.
  const program = await compile(
    ({ obs, ...state }) => ({ estimate: value(state, obs!, policy(state, obs!, null)) }),
    { ...parameters, obs: [rows, spaces.observation.size] },
    { device: 'cpu', threads: 1 },
  );
  return {
    async estimate(obs) {
      const { estimate } = await program.run({ ...vectors(), obs });
      return estimate as Float32Array;
    },
    dispose: () => program.dispose(),
  };
}

/** What a fixed agent expects of actions that it is asked about. */
export interface ActionValueFunction {
  /** @param obs `[N, O]` @param actions `[N, A]` @returns `[N]`, valid until the next call */
  estimate(obs: Float32Array, actions: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * @param vectors the parameters; those of optimisers may be left out
 * @param rows N, whole teams
 * @returns undefined for an agent that has no estimate
 */
export async function createActionValue(
  { value }: PolicyMaths,
  spaces: Spaces,
  vectors: Vectors,
  rows: number,
): Promise<ActionValueFunction | undefined> {
  if (!value) return undefined;
  const program = await compile(
    ({ obs, actions, ...state }) => ({ estimate: value(state, obs!, actions!) }),
    {
      ...mapValues(vectors, ({ length }): InputSpec => [length]),
      obs: [rows, spaces.observation.size],
      actions: [rows, spaces.action.size],
    },
    { device: 'cpu', threads: 1 },
  );
  return {
    estimate: async (obs, actions) =>
      (await program.run({ ...vectors, obs, actions })).estimate as Float32Array,
    dispose: () => program.dispose(),
  };
}
