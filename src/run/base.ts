/** The base policy of a run that corrects one: the environment's scripted controller, or a model that the run keeps. */
import type { EnvDefinition, SteppedEnv, VectorEnv } from '../core/env.ts';
import { ConfigurationError } from '../core/errors.ts';
import type { BasePolicy } from '../core/policy.ts';
import { withBase } from '../rollout/with-base.ts';
import type { RunConfig } from './config.ts';
import { findModel } from './named-policy.ts';
import { loadPolicyFor } from './policy-file.ts';
import type { RunFolder } from './run-folder.ts';

/** A base as a person names it. */
export interface BaseSource {
  readonly kind: NonNullable<RunConfig['base']>;
  /** A `policy.onnx`; absent of a scripted controller. */
  readonly model?: Uint8Array;
}

/**
 * @param name `scripted`, the folder of a run, or a `policy.onnx`
 * @throws ConfigurationError where there is none, or one for something else
 */
export function findBase(
  name: string,
  definition: EnvDefinition,
  settings: Record<string, unknown>,
): BaseSource {
  if (name !== 'scripted') return { kind: 'policy', model: findModel('--base', name, definition, settings) };
  if (definition.scripted) return { kind: 'scripted' };
  throw new ConfigurationError(`--base scripted: "${definition.id}" has no scripted controller.`);
}

/**
 * The environment of a run, with its base in it where it has one. Closing it gives the base back, too.
 * @param rows scenes, or of teams a multiple of their size
 */
export async function openScenes(
  folder: Pick<RunFolder, 'config' | 'base'>,
  definition: EnvDefinition,
  settings: Record<string, unknown>,
  rows: number,
): Promise<SteppedEnv> {
  const env = definition.create(rows, settings);
  const base = await openBase(folder, definition, settings, env);
  if (!base) return env;
  return {
    ...withBase(env, base),
    close() {
      env.close();
      void base.dispose?.();
    },
  };
}

/** @returns undefined where the run has none */
export async function openBase(
  { config, base: file }: Pick<RunFolder, 'config' | 'base'>,
  definition: EnvDefinition,
  settings: Record<string, unknown>,
  env: VectorEnv,
): Promise<(BasePolicy & { dispose?(): Promise<void> }) | undefined> {
  if (config.base === undefined) return undefined;
  if (config.base === 'scripted') return definition.scripted!(env, settings);
  return loadPolicyFor(env, file);
}
