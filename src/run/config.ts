/** The configuration of a run: complete, so that with it the run can be repeated. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigurationError, suggestion } from '../core/errors.ts';
import { integer, parseSettings, type SettingsSchema, settings } from '../core/settings.ts';
import { offPolicySchedule } from '../rollout/off-policy.ts';

export const trainingSettings = settings({
  ...offPolicySchedule,
  logInterval: integer(5_000, 1, 1e9, 'control steps between two lines of metrics'),
  evaluationInterval: integer(25_000, 1, 1e9, 'control steps between two evaluations'),
  evaluationEpisodes: integer(50, 1, 100_000, 'episodes of an evaluation during training'),
  checkpointInterval: integer(
    100_000,
    1,
    1e9,
    'control steps between two checkpoints; one is also saved at the end',
  ),
  threads: integer(0, 0, 256, 'threads of an update; 0 takes every core'),
});
export type TrainingSettings = ReturnType<typeof trainingSettings.parse>;

const group = z.record(z.string(), z.unknown());

/** Ranges of what a run has beside its settings. */
export const runRanges = {
  /** Control steps of the whole run, summed over scenes. */
  steps: { low: 1, high: 1e12 },
  /** Scenes that step together. */
  numEnvs: { low: 1, high: 65_536 },
  seed: { low: 0, high: 2 ** 32 - 1 },
} as const;
const within = ({ low, high }: { low: number; high: number }) => z.int().min(low).max(high);

const configSchema = z.strictObject({
  /** Version of this format. */
  format: z.literal(1),
  env: z.strictObject({ id: z.string(), settings: group }),
  agent: z.strictObject({ name: z.string(), settings: group }),
  training: group,
  numEnvs: within(runRanges.numEnvs),
  steps: within(runRanges.steps),
  seed: within(runRanges.seed),
  device: z.string(),
  /** Versions of what computed it. */
  versions: z.record(z.string(), z.string()),
});
export type RunConfig = z.output<typeof configSchema>;

/** The three groups that a setting can belong to. */
export interface SettingGroups {
  readonly agent: Record<string, unknown>;
  readonly env: Record<string, unknown>;
  readonly training: Record<string, unknown>;
}

export interface GroupSchemas {
  readonly agent: SettingsSchema<unknown>;
  readonly env: SettingsSchema<unknown>;
  readonly training: SettingsSchema<unknown>;
}

/**
 * Merges later groups over earlier ones, fills in defaults and checks everything.
 * @throws ConfigurationError naming the setting
 */
export function resolveSettings(
  schemas: GroupSchemas,
  ...layers: readonly Partial<SettingGroups>[]
): SettingGroups {
  const resolve = (name: keyof SettingGroups): Record<string, unknown> =>
    parseSettings(name, schemas[name], Object.assign({}, ...layers.map((layer) => layer[name]))) as Record<
      string,
      unknown
    >;
  return { agent: resolve('agent'), env: resolve('env'), training: resolve('training') };
}

/**
 * Reads `name=value` assignments. A name may stand without its group where only one group has it.
 * @throws ConfigurationError for an unknown or ambiguous name, or one without a value
 */
export function parseAssignments(assignments: readonly string[], schemas: GroupSchemas): SettingGroups {
  const groups: SettingGroups = { agent: {}, env: {}, training: {} };
  const known = (Object.keys(schemas) as (keyof SettingGroups)[]).flatMap((name) =>
    Object.keys(schemas[name].shape).map((setting) => ({ group: name, setting, full: `${name}.${setting}` })),
  );
  for (const assignment of assignments) {
    const at = assignment.indexOf('=');
    if (at < 1) throw new ConfigurationError(`--set takes name=value, not "${assignment}".`);
    const [name, text] = [assignment.slice(0, at), assignment.slice(at + 1)];
    const matches = known.filter(({ setting, full }) => full === name || setting === name);
    if (matches.length === 0) {
      const names = known.map(({ setting, full }) => (name.includes('.') ? full : setting));
      throw new ConfigurationError(`Unknown setting "${name}".${suggestion(name, names)}`);
    }
    if (matches.length > 1) {
      throw new ConfigurationError(
        `Setting "${name}" is ambiguous: write ${matches.map(({ full }) => full).join(' or ')}.`,
      );
    }
    groups[matches[0]!.group][matches[0]!.setting] = parseValue(text);
  }
  return groups;
}

/** JSON where it is that, text otherwise: `0.5`, `true`, `[64,64]`, `rotors`. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @throws ConfigurationError saying what is wrong with the file */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`Cannot read ${path}: ${(error as Error).message}.`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`${path} is not valid JSON: ${(error as Error).message}.`, { cause: error });
  }
}

/** @throws ConfigurationError when the file is missing, damaged or of another version */
export function readConfig(path: string): RunConfig {
  const parsed = configSchema.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigurationError(
    `${path} is not a run configuration: ${issue!.path.join('.')}: ${issue!.message}.`,
  );
}

const fileSchema = z.strictObject({
  agent: group.optional(),
  env: group.optional(),
  training: group.optional(),
  steps: within(runRanges.steps).optional(),
  numEnvs: within(runRanges.numEnvs).optional(),
  seed: within(runRanges.seed).optional(),
});

/** A file for `--config`: the groups of settings, `steps`, `numEnvs` and `seed`, each optional. */
export function readConfigFile(path: string): z.output<typeof fileSchema> {
  const parsed = fileSchema.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue!.code === 'unrecognized_keys' ? issue!.keys.join(', ') : issue!.path.join('.');
  throw new ConfigurationError(
    `${path}: ${name}: ${issue!.message}. Known: ${Object.keys(fileSchema.shape).join(', ')}.`,
  );
}
