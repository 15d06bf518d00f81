/** Policies that a run has beside its own, as a person names them: what it corrects, and the expert who may take over. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EnvDefinition, VectorEnv } from '../core/env.ts';
import { ConfigurationError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { agentsOf } from '../core/teams.ts';
import type { PolicyDescription } from '../learner/index.ts';

/**
 * @param flag that names it, for messages
 * @param name folder of a run, or a `policy.onnx`
 * @returns the model
 * @throws ConfigurationError where there is none, or one for something else
 */
export function findModel(
  flag: string,
  name: string,
  definition: EnvDefinition,
  settings: Record<string, unknown>,
): Uint8Array {
  const file = existsSync(name) && statSync(name).isDirectory() ? join(name, 'policy.onnx') : name;
  if (!existsSync(file))
    throw new ConfigurationError(
      `${flag} ${name}: there is no policy at ${file}. Name "scripted", the folder of a run, or a policy.onnx.`,
    );
  const env = definition.create(agentsOf(definition, settings), settings);
  try {
    assertFits(flag, file, env);
  } finally {
    env.close();
  }
  return readFileSync(file);
}

/** As far as the description beside the model tells. @throws ConfigurationError naming what is not as it has to be */
function assertFits(flag: string, file: string, env: VectorEnv): void {
  const described = join(dirname(file), 'policy.json');
  if (!existsSync(described)) return;
  const { observation, action, controlDt } = JSON.parse(readFileSync(described, 'utf8')) as PolicyDescription;
  const refuse = (field: string, expected: unknown, found: unknown): never => {
    throw new ConfigurationError(
      `${flag} ${file} is a policy for something else: its ${field} is ${found}, and "${env.spec.id}" with these settings has ${expected}.`,
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
