/** What `proprio view` is asked to show: a listed environment, or a run with its settings. */
import { existsSync } from 'node:fs';
import { envs } from '../../envs/index.ts';
import type { EnvDefinition, SteppedEnv } from '../../src/core/env.ts';
import { lookUp } from '../../src/core/errors.ts';
import { parseSettings, settings } from '../../src/core/settings.ts';
import { openScenes } from '../../src/run/base.ts';
import { parseAssignments } from '../../src/run/config.ts';
import { RunFolder } from '../../src/run/run-folder.ts';

export interface Subject {
  readonly definition: EnvDefinition;
  /** Of the environment, checked and complete. */
  readonly settings: Record<string, unknown>;
  readonly run?: RunFolder;
}

/** The environment, with its base in it where the run corrects one. @param rows whole teams */
export const scenesOf = async ({ definition, settings, run }: Subject, rows: number): Promise<SteppedEnv> =>
  run ? openScenes(run, definition, settings, rows) : definition.create(rows, settings);

/**
 * @param name of an environment, or the path of a run folder
 * @param assignments `name=value`, settings of the environment
 * @throws UsageError where there is neither, with the nearest name
 */
export function findSubject(name: string, assignments: readonly string[]): Subject {
  const run = !Object.hasOwn(envs, name) && existsSync(name) ? RunFolder.open(name) : undefined;
  const definition = lookUp('environment or run folder', envs, run ? run.config.env.id : name);
  const none = settings({});
  const { env } = parseAssignments(assignments, { env: definition.settings, agent: none, training: none });
  const given = { ...run?.config.env.settings, ...env };
  return {
    definition,
    settings: parseSettings('env', definition.settings, given),
    ...(run ? { run } : {}),
  };
}
