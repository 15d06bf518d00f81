/** The base policy of a run that corrects one: the environment's scripted controller, or a model that the run keeps. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EnvDefinition, SteppedEnv, VectorEnv } from '../core/env.ts';
import { ConfigurationError } from '../core/errors.ts';
import type { BasePolicy } from '../core/policy.ts';
import type { Space } from '../core/space.ts';
import { agentsOf } from '../core/teams.ts';
import type { PolicyDescription } from '../learner/index.ts';
import { withBase } from '../rollout/with-base.ts';
import type { RunConfig } from './config.ts';
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
  if (name === 'scripted') {
    if (definition.scripted) return { kind: 'scripted' };
    throw new ConfigurationError(`--base scripted: "${definition.id}" has no scripted controller.`);
  }
  const file = existsSync(name) && statSync(name).isDirectory() ? join(name, 'policy.onnx') : name;
  if (!existsSync(file))
    throw new ConfigurationError(
      `--base ${name}: there is no policy at ${file}. Name "scripted", the folder of a run, or a policy.onnx.`,
    );
  const env = definition.create(agentsOf(definition, settings), settings);
  try {
    assertBaseFits(file, env);
  } finally {
    env.close();
  }
  return { kind: 'policy', model: readFileSync(file) };
}

/** As far as the description beside the model tells. @throws ConfigurationError naming what is not as it has to be */
function assertBaseFits(file: string, env: VectorEnv): void {
  const described = join(dirname(file), 'policy.json');
  if (!existsSync(described)) return;
  const { observation, action, controlDt } = JSON.parse(readFileSync(described, 'utf8')) as PolicyDescription;
  const refuse = (field: string, expected: unknown, found: unknown): never => {
    throw new ConfigurationError(
      `--base ${file} is a policy for something else: its ${field} is ${found}, and "${env.spec.id}" with these settings has ${expected}.`,
    );
  };
  if (controlDt !== env.spec.controlDt) refuse('controlDt', env.spec.controlDt, controlDt);
  const compare = (kind: string, { components }: Space, own: Space['components']): void => {
    if (own.length !== components.length) refuse(`number of ${kind}s`, components.length, own.length);
    components.forEach((component, i) => {
      for (const field of ['name', 'unit'] as const)
        if (own[i]![field] !== component[field])
          refuse(`${kind}[${i}].${field}`, `"${component[field]}"`, `"${own[i]![field]}"`);
    });
  };
  compare('observation', env.observationSpace, observation);
  compare('action', env.actionSpace, action);
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
