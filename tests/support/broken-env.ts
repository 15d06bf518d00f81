/** Good environments with one thing broken, for the tests of `checkEnv`. */
import { expect } from 'vitest';
import { type CheckEnvOptions, checkEnv } from '../../src/core/check-env.ts';
import type { StepBatch, VectorEnv } from '../../src/core/env.ts';
import { TOY_OBSERVATION, toyEnv } from './toy-env.ts';

interface Breakage extends Partial<Omit<VectorEnv, 'reset' | 'step'>> {
  /** Changes what `reset` returned, or returns something else. */
  readonly reset?: (obs: Float32Array, seed: number) => unknown;
  /** Changes what `step` returned, or returns something else. */
  readonly step?: (batch: StepBatch, actions: Float32Array) => unknown;
  /** Returns other actions to give on. */
  readonly act?: (actions: Float32Array) => Float32Array;
}

/** `env`, which does not mind what is written into the arrays that it returned, with `breakage`. */
export function broken(breakage: Breakage, env: VectorEnv = toyEnv(4)): VectorEnv {
  const { reset, step, act, ...members } = breakage;
  return {
    ...env,
    reset: (seed) => {
      const obs = env.reset(seed);
      return (reset?.(obs, seed) ?? obs) as Float32Array;
    },
    step: (actions) => {
      const batch = env.step(act?.(actions) ?? actions);
      return (step?.(batch, actions) ?? batch) as StepBatch;
    },
    ...members,
  };
}

/** Every step returns something else as `name`, such as `info.success`. */
export const withArray = (name: string, change: (array: Float32Array) => unknown): VectorEnv =>
  broken({
    step(batch) {
      const copy = { ...batch, info: { ...batch.info } };
      const holder = (name.startsWith('info.') ? copy.info : copy) as unknown as Record<string, unknown>;
      const key = name.replace('info.', '');
      holder[key] = change(holder[key] as Float32Array);
      return copy;
    },
  });

/** Calls `change` for each scene whose episode ended in this step. */
export function whereEnded(batch: StepBatch, change: (scene: number) => void): void {
  batch.terminated.forEach((terminated, scene) => {
    if (terminated || batch.truncated[scene]) change(scene);
  });
}

/** Row `scene` of observations `[N, O]`. */
export const rowOf = (obs: Float32Array, scene: number): Float32Array =>
  obs.subarray(scene * TOY_OBSERVATION, (scene + 1) * TOY_OBSERVATION);

export type Subject = Parameters<typeof checkEnv>[0];

/** Rules, separated by spaces, that are all that is found; the message of the first of them; what is checked. */
export type ProblemCase = readonly [rules: string, message: RegExp, subject: Subject];

export function expectProblems(
  rules: string,
  message: RegExp,
  subject: Subject,
  options?: CheckEnvOptions,
): void {
  const problems = checkEnv(subject, options);
  expect(problems.map(({ rule }) => rule).join(' ')).toBe(rules);
  expect(problems[0]?.message).toMatch(message);
}
