/** How `proprio train` begins a run: what flags, files and tuned defaults come to, checked before there is a folder. */
import { readFileSync } from 'node:fs';
import { agents } from '../../agents/index.ts';
import { tunedDefaults } from '../../envs/defaults.ts';
import { envs } from '../../envs/index.ts';
import { demonstratorOf } from '../../src/core/demonstrator.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { lookUp, UsageError } from '../../src/core/errors.ts';
import { agentsOf, wholeTeams } from '../../src/core/teams.ts';
import { type BaseSource, findBase } from '../../src/run/base.ts';
import {
  parseAssignments,
  type RunConfig,
  readConfigFile,
  resolveSettings,
  schemasFor,
} from '../../src/run/config.ts';
import { assertConsistent } from '../../src/run/consistency.ts';
import { type ExpertSource, findExpert } from '../../src/run/expert.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { checkDevice } from '../../src/tensor/index.ts';
import { packageFile } from '../package-file.ts';
import type { BesideFlags } from './beside-options.ts';
import { chooseDevice } from './choose-device.ts';
import { parseDials } from './dial-options.ts';
import { assertAlike, startFrom } from './start-from.ts';

/** Flags of `proprio train`. */
export interface TrainFlags extends BesideFlags {
  readonly agent?: string;
  readonly steps?: number;
  readonly envs?: number;
  readonly actors?: number;
  readonly offline?: boolean;
  readonly seed?: number;
  readonly device?: string;
  readonly set: readonly string[];
  readonly config?: string;
  readonly run?: string;
  readonly resume?: boolean;
  readonly view?: boolean;
  readonly port: number;
  readonly host: string;
  readonly json?: boolean;
}

/** Used where neither a flag, a file nor a tuned default says otherwise. */
const DEFAULT_STEPS = 1_000_000;
const DEFAULT_UPDATES = 20_000;
const DEFAULT_ENVS = 16;
const DEFAULT_AGENT = 'sac';
const DEFAULT_DEVICE = 'cpu';

/** @throws UsageError or ConfigurationError before anything is written */
export async function beginRun(given: string | undefined, flags: TrainFlags): Promise<RunFolder> {
  const start = flags.from === undefined ? undefined : startFrom(flags.from, given, flags.agent);
  const env = start?.env ?? given;
  if (env === undefined) throw new UsageError('Which environment? For instance: proprio train drone-hover');
  const agent = start?.agent ?? flags.agent ?? DEFAULT_AGENT;
  const { device = DEFAULT_DEVICE } = flags;
  const offline = flags.offline === true || isOfflineOnly(agent);
  const definition = lookUp('environment', envs, env);
  const algorithm = lookUp('agent', agents, agent);
  const schemas = schemasFor(definition, algorithm);
  checkDevice(device);
  const tuned = tunedDefaults[env]?.[agent] ?? {};
  const file = flags.config === undefined ? {} : readConfigFile(flags.config);
  const resolved = resolveSettings(
    schemas,
    { training: algorithm.training ?? {} },
    tuned as object,
    start?.settings ?? {},
    file as object,
    parseAssignments(flags.set, schemas),
  );
  const base = baseOf(flags, definition, resolved.env);
  const expert = expertOf(flags, definition, resolved.env);
  const config: RunConfig = {
    format: 1,
    env: { id: env, settings: resolved.env },
    agent: { name: agent, settings: resolved.agent },
    training: resolved.training,
    numEnvs:
      flags.envs ??
      file.numEnvs ??
      tuned.numEnvs ??
      wholeTeams(DEFAULT_ENVS, agentsOf(definition, resolved.env)),
    ...withActors(flags.actors ?? file.actors ?? 0),
    ...(offline ? { offline } : {}),
    ...(base ? { base: base.kind } : {}),
    ...(expert ? { expert: expert.expert } : {}),
    ...(flags.reference === undefined ? {} : { reference: flags.reference }),
    ...(start ? { from: start.from } : {}),
    steps: flags.steps ?? file.steps ?? stepsOf(agent, offline, tuned.steps),
    seed: flags.seed ?? file.seed ?? 0,
    device,
    versions: versions(),
  };
  assertConsistent(config, definition, algorithm);
  if (start) assertAlike(start, config);
  assertWatchable(config, flags);
  assertSomebodyIntervenes(config, flags);
  const path = flags.run ?? RunFolder.freshPath('runs', `${env}-${agent}`);
  const folder = RunFolder.create(path, { ...config, device: await chooseDevice(config) });
  if (base?.model) folder.saveBase(base.model);
  if (expert?.model) folder.saveExpert(expert.model);
  return folder;
}

/** As told, or that of the run to begin from. */
function baseOf(
  { base, from }: TrainFlags,
  definition: EnvDefinition,
  settings: Record<string, unknown>,
): BaseSource | undefined {
  if (base !== undefined) return findBase(base, definition, settings);
  const start = from === undefined ? undefined : RunFolder.open(from);
  if (start?.config.base === undefined) return undefined;
  return findBase(start.config.base === 'scripted' ? 'scripted' : start.base, definition, settings);
}

/** With its dials. @throws UsageError for dials of nobody */
function expertOf(
  { expert, dial }: TrainFlags,
  definition: EnvDefinition,
  settings: Record<string, unknown>,
): ExpertSource | undefined {
  const scripted = expert?.startsWith('scripted') === true;
  if (dial.length > 0 && !scripted)
    throw new UsageError('--dial is for a scripted expert: name it with --expert scripted.');
  if (expert === undefined) return undefined;
  const dials = dial.length > 0 ? parseDials(demonstratorOf(definition), dial) : {};
  return findExpert(expert, dials, definition, settings);
}

const isOfflineOnly = (agent: string): boolean => {
  const definition = lookUp('agent', agents, agent);
  return definition.kind === 'off-policy' && definition.offline === 'only';
};

/** Tuned steps are control steps, but of an agent that never acts. */
function stepsOf(agent: string, offline: boolean, tuned: number | undefined): number {
  if (!offline) return tuned ?? DEFAULT_STEPS;
  return (isOfflineOnly(agent) ? tuned : undefined) ?? DEFAULT_UPDATES;
}

/** Absent where there are none, as in runs of older versions. */
const withActors = (actors: number): { actors?: number } => (actors > 0 ? { actors } : {});

export function assertWatchable({ actors, offline }: RunConfig, { view }: TrainFlags): void {
  if (!view) return;
  if (offline)
    throw new UsageError(
      'Nobody acts while an agent learns offline, so --view has nothing to show: watch the policy with "proprio view <run>".',
    );
  if (!actors) return;
  throw new UsageError(
    'With --actors the scenes are in threads of their own, where --view cannot see them: train without one of the two, or watch the policy with "proprio view <run>" as it gets better.',
  );
}

/** A run that learns from interventions needs somebody who makes them. */
export function assertSomebodyIntervenes({ agent, expert, training }: RunConfig, { view }: TrainFlags): void {
  const { rewards, experience } = training;
  if (expert !== undefined || view) return;
  if (rewards !== 'interventions' && experience !== 'interventions') return;
  throw new UsageError(
    `"${agent.name}" learns from somebody who takes over, and there is nobody: name an expert with --expert, such as scripted, or take over yourself with --view.`,
  );
}

function versions(): Record<string, string> {
  const { version, dependencies } = JSON.parse(readFileSync(packageFile, 'utf8'));
  const computing = ['@dimforge/rapier3d-compat', '@tensorflow/tfjs', 'onnxruntime-node'];
  return {
    proprio: version,
    node: process.versions.node,
    ...Object.fromEntries(computing.map((name) => [name, dependencies[name]])),
  };
}
