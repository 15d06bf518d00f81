/** The configuration of a run: complete, so that with it the run can be repeated. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { EnvDefinition } from '../core/env.ts';
import { ConfigurationError, suggestion } from '../core/errors.ts';
import { integer, parseSettings, type SettingsSchema, settings } from '../core/settings.ts';
import type { AgentDefinition } from '../learner/index.ts';
import { offPolicySchedule } from '../rollout/off-policy.ts';
import { onPolicySchedule } from '../rollout/on-policy.ts';

const common = {
  logInterval: integer(5_000, 1, 1e9, 'control steps between two lines of metrics'),
  evaluationInterval: integer(25_000, 1, 1e9, 'control steps between two evaluations'),
  evaluationEpisodes: integer(60, 1, 100_000, 'episodes of an evaluation during training'),
  checkpointInterval: integer(
    100_000,
    1,
    1e9,
    'control steps between two checkpoints; one is also saved at the end',
  ),
  threads: integer(0, 0, 256, 'threads of an update; 0 takes every core'),
};

/** Settings of the training loop, by the kind of agent that it trains. */
export const trainingSettings = {
  'off-policy': settings({ ...offPolicySchedule, ...common }),
  'on-policy': settings({ ...onPolicySchedule, ...common }),
} as const;
export type OffPolicyTraining = ReturnType<(typeof trainingSettings)['off-policy']['parse']>;
export type OnPolicyTraining = ReturnType<(typeof trainingSettings)['on-policy']['parse']>;
export type TrainingSettings = OffPolicyTraining | OnPolicyTraining;

/** Why a setting of the one loop means nothing to the other, by its name. */
const foreignReasons: Readonly<Record<AgentDefinition['kind'], string>> = {
  'off-policy': 'off-policy agents learn from replayed transitions and have no rollouts',
  'on-policy':
    'on-policy agents learn only from what their present policy has just done, so they take neither replay nor demonstrations',
};

/** The groups of settings that an environment with an agent has. */
export function schemasFor(env: EnvDefinition, agent: AgentDefinition): GroupSchemas {
  const training = trainingSettings[agent.kind];
  const other = trainingSettings[agent.kind === 'on-policy' ? 'off-policy' : 'on-policy'];
  const foreign = Object.keys(other.shape).filter((name) => !(name in training.shape));
  return {
    agent: agent.settings,
    env: env.settings as SettingsSchema<unknown>,
    training: training as SettingsSchema<unknown>,
    foreign: Object.fromEntries(
      foreign.map((name) => [
        name,
        `Setting training.${name} has no meaning for "${agent.name}": ${foreignReasons[agent.kind]}.`,
      ]),
    ),
  };
}

const group = z.record(z.string(), z.unknown());

/** Ranges of what a run has beside its settings. */
export const runRanges = {
  /** Control steps of the whole run, summed over scenes. */
  steps: { low: 1, high: 1e12 },
  /** Scenes that step together; with actors, those of each. */
  numEnvs: { low: 1, high: 65_536 },
  /** Threads that act beside the learner; 0 for none. */
  actors: { low: 0, high: 256 },
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
  /** Absent where there are none. */
  actors: within(runRanges.actors).optional(),
  /** Learns from recorded transitions alone, and a step is a gradient update; absent where it acts. */
  offline: z.literal(true).optional(),
  /** What is corrected: the scripted controller, or the policy that the run folder keeps as base.onnx; absent where nothing is. */
  base: z.enum(['scripted', 'policy']).optional(),
  /** Who may take over: a demonstrator with these dials, or the policy that the run folder keeps as expert.onnx; absent where nobody does. */
  expert: z.union([z.strictObject({ dials: group }), z.literal('policy')]).optional(),
  /** Folder of the run whose values tell the expert when; absent where none do. */
  reference: z.string().optional(),
  /** Folder of the run whose parameters this one began with; absent where they were drawn. */
  from: z.string().optional(),
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
  /** Why a name that is a setting elsewhere is none here. */
  readonly foreign?: Readonly<Record<string, string>>;
}

/**
 * Merges later groups over earlier ones, fills in defaults and checks everything.
 * @throws ConfigurationError naming the setting
 */
export function resolveSettings(
  schemas: GroupSchemas,
  ...layers: readonly Partial<SettingGroups>[]
): SettingGroups {
  const resolve = (name: keyof SettingGroups): Record<string, unknown> => {
    const values: Record<string, unknown> = Object.assign({}, ...layers.map((layer) => layer[name]));
    if (name === 'training') for (const given in values) assertNative(schemas, given);
    return parseSettings(name, schemas[name], values) as Record<string, unknown>;
  };
  return { agent: resolve('agent'), env: resolve('env'), training: resolve('training') };
}

function assertNative({ foreign = {} }: GroupSchemas, name: string): void {
  if (Object.hasOwn(foreign, name)) throw new ConfigurationError(foreign[name]!);
}

/**
 * Reads `name=value` assignments. A name may stand without its group where only one group has it.
 * @throws ConfigurationError for an unknown or ambiguous name, or one without a value
 */
export function parseAssignments(assignments: readonly string[], schemas: GroupSchemas): SettingGroups {
  const groups: SettingGroups = { agent: {}, env: {}, training: {} };
  const known = (Object.keys(groups) as (keyof SettingGroups)[]).flatMap((name) =>
    Object.keys(schemas[name].shape).map((setting) => ({ group: name, setting, full: `${name}.${setting}` })),
  );
  for (const assignment of assignments) {
    const at = assignment.indexOf('=');
    if (at < 1) throw new ConfigurationError(`--set takes name=value, not "${assignment}".`);
    const [name, text] = [assignment.slice(0, at), assignment.slice(at + 1)];
    const matches = known.filter(({ setting, full }) => full === name || setting === name);
    if (matches.length === 0) {
      assertNative(schemas, name.replace(/^training\./, ''));
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
  actors: within(runRanges.actors).optional(),
  seed: within(runRanges.seed).optional(),
});

/** A file for `--config`: the groups of settings, `steps`, `numEnvs`, `actors` and `seed`, each optional. */
export function readConfigFile(path: string): z.output<typeof fileSchema> {
  const parsed = fileSchema.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue!.code === 'unrecognized_keys' ? issue!.keys.join(', ') : issue!.path.join('.');
  throw new ConfigurationError(
    `${path}: ${name}: ${issue!.message}. Known: ${Object.keys(fileSchema.shape).join(', ')}.`,
  );
}
