/** Everything that a tuning will do, settled and checked before the first run starts. */
import { agents } from '../../agents/index.ts';
import { tunedDefaults } from '../../envs/defaults.ts';
import { envs } from '../../envs/index.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { ConfigurationError, lookUp, UsageError } from '../../src/core/errors.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { agentsOf, wholeTeams } from '../../src/core/teams.ts';
import type { AgentDefinition } from '../../src/learner/index.ts';
import {
  type OffPolicyTraining,
  type OnPolicyTraining,
  parseAssignments,
  type RunConfig,
  resolveSettings,
  type SettingGroups,
  schemasFor,
} from '../../src/run/config.ts';
import { assertConsistent } from '../../src/run/consistency.ts';
import { DEFAULT_STEPS } from '../bench/agents/plan.ts';
import { type Rung, rungsOf, usualRungs } from './halving.ts';
import type { Objective } from './objective.ts';
import { groupsOf, type SpaceOptions, type TuningSpace, tuningSpace } from './space.ts';
import { drawTrials, type Trial } from './trials.ts';

/** Of `proprio train`, used where no tuned default says otherwise. */
const DEFAULT_ENVS = 16;

export interface TuningOptions extends SpaceOptions {
  readonly env: string;
  readonly agent: string;
  /** The defaults included. */
  readonly trials: number;
  /** Control steps of a whole run; by default the tuned ones. */
  readonly steps?: number;
  readonly rungs?: number;
  readonly objective: Objective;
  /** Of the draws. */
  readonly seed: number;
  /** Of the runs by which trials are compared. */
  readonly tuningSeeds: readonly number[];
  /** Of the runs that the outcome is measured by. */
  readonly testSeeds: readonly number[];
}

export interface TuningPlan {
  readonly env: string;
  readonly agent: string;
  readonly objective: Objective;
  /** Whether the environment tells success from failure. */
  readonly knowsSuccess: boolean;
  readonly seed: number;
  readonly tuningSeeds: readonly number[];
  readonly testSeeds: readonly number[];
  readonly steps: number;
  readonly numEnvs: number;
  /** Assignments that hold in every trial. */
  readonly settings: readonly string[];
  /** All settings of trial 0. */
  readonly defaults: SettingGroups;
  readonly space: TuningSpace;
  readonly rungs: readonly Rung[];
  readonly trials: readonly Trial[];
}

/** @throws UsageError or ConfigurationError for whatever could not be carried out */
export function planTuning(options: TuningOptions): TuningPlan {
  const { env, agent, objective, seed, tuningSeeds, testSeeds, settings } = options;
  assertDisjoint(tuningSeeds, testSeeds);
  const definition = lookUp('environment', envs, env);
  const algorithm = lookUp('agent', agents, agent);
  const guided = algorithm.kind === 'off-policy' && algorithm.guided;
  if (!algorithm.search || guided)
    throw new UsageError(
      `"${agent}" cannot be tuned: it needs data, a base or an expert, which "tune" cannot give it yet.`,
    );
  const schemas = schemasFor(definition, algorithm);
  const space = tuningSpace(algorithm.search, schemas, options);
  const tuned = tunedDefaults[env]?.[agent] ?? {};
  const steps = options.steps ?? tuned.steps ?? DEFAULT_STEPS;
  const rungs = rungsOf(options.trials, steps, options.rungs ?? usualRungs(options.trials));
  const fixed = parseAssignments(settings, schemas);
  const envSettings = parseSettings('env', definition.settings, { ...tuned.env, ...fixed.env });
  const numEnvs = tuned.numEnvs ?? wholeTeams(DEFAULT_ENVS, agentsOf(definition, envSettings));
  const resolve = (trial: Trial['settings']): SettingGroups => {
    const own = { training: algorithm.training ?? {} };
    const resolved = resolveSettings(schemas, own, tuned as object, fixed, groupsOf(trial));
    const config = configOf(resolved, options, steps, numEnvs);
    assertConsistent(config, definition, algorithm);
    assertLearning(config, algorithm, rungs);
    return resolved;
  };
  const defaults = resolve({});
  const knowsSuccess = hasSuccess(definition, defaults);
  if (objective === 'steps-to-95' && !knowsSuccess) {
    throw new UsageError(
      `--objective steps-to-95 counts successes, and environment "${env}" has no notion of them: take area or final.`,
    );
  }
  const trials = drawTrials({ space, count: options.trials, seed, resolve });
  return {
    ...{ env, agent, objective, knowsSuccess, seed, tuningSeeds, testSeeds, steps, numEnvs, settings },
    ...{ defaults, space, rungs, trials },
  };
}

/** Seeds that settings were chosen by flatter them: what they are measured with has to be fresh (arXiv:2306.01324). */
function assertDisjoint(tuningSeeds: readonly number[], testSeeds: readonly number[]): void {
  const common = tuningSeeds.filter((seed) => testSeeds.includes(seed));
  if (common.length === 0) return;
  throw new UsageError(
    `Seeds for tuning and for testing overlap in ${common.join(', ')}: what was chosen by a seed cannot be tested with it.`,
  );
}

function configOf(
  { agent, env, training }: SettingGroups,
  names: { readonly env: string; readonly agent: string },
  steps: number,
  numEnvs: number,
): RunConfig {
  return {
    format: 1,
    env: { id: names.env, settings: env },
    agent: { name: names.agent, settings: agent },
    ...{ training, numEnvs, steps, seed: 0, device: 'cpu', versions: {} },
  };
}

/** @throws ConfigurationError where the first rung would end before anything to speak of has been learnt */
function assertLearning(
  { training, numEnvs }: RunConfig,
  { kind }: AgentDefinition,
  rungs: readonly Rung[],
): void {
  const { learningStarts, randomSteps } = training as OffPolicyTraining;
  const { rolloutSteps } = training as OnPolicyTraining;
  const [needed, why] =
    kind === 'off-policy'
      ? [
          2 * Math.max(learningStarts, randomSteps),
          'twice those before learning starts (training.learningStarts, training.randomSteps)',
        ]
      : [2 * rolloutSteps * numEnvs, `two rollouts (training.rolloutSteps in ${numEnvs} scenes)`];
  const [{ steps }] = rungs as [Rung];
  if (steps >= needed) return;
  throw new ConfigurationError(
    `The first of ${rungs.length} rungs has ${steps} steps, and needs ${needed}, ${why}: give more --steps or fewer --rungs.`,
  );
}

function hasSuccess(definition: EnvDefinition, settings: SettingGroups): boolean {
  const envSettings = parseSettings('env', definition.settings, settings.env);
  const env = definition.create(agentsOf(definition, envSettings), envSettings);
  const { success } = env.spec;
  env.close();
  return success !== undefined;
}
