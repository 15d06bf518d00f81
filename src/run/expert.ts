/** The expert of a run: a demonstrator of the environment, as good or bad as wanted, or a model that the run keeps. */
import { type DialValues, demonstratorOf } from '../core/demonstrator.ts';
import type { EnvDefinition, SteppedEnv } from '../core/env.ts';
import { ConfigurationError, lookUp } from '../core/errors.ts';
import type { Policy } from '../core/policy.ts';
import { spacesOfEnv } from '../core/policy.ts';
import type { Rng } from '../core/rng.ts';
import { saveable } from '../core/saved-state.ts';
import { parseSettings } from '../core/settings.ts';
import { type AgentDefinition, createActionValue } from '../learner/index.ts';
import { type Expert, type GuidedPolicy, withExpert } from '../rollout/with-expert.ts';
import { readParameters } from './checkpoint.ts';
import type { OffPolicyTraining } from './config.ts';
import { mathsOf } from './maths.ts';
import { findModel } from './named-policy.ts';
import { loadPolicyFor } from './policy-file.ts';
import { RunFolder } from './run-folder.ts';

/** An expert as a person names it. */
export interface ExpertSource {
  /** Of a demonstrator its dials, complete. */
  readonly expert: { readonly dials: DialValues } | 'policy';
  /** A `policy.onnx`; absent of a demonstrator. */
  readonly model?: Uint8Array;
}

const SCRIPTED = /^scripted(?::(.+))?$/;

/**
 * @param name `scripted`, `scripted:<grade>`, the folder of a run, or a `policy.onnx`
 * @param dials of a demonstrator, over those of its grade
 * @throws ConfigurationError where there is none, or one for something else
 */
export function findExpert(
  name: string,
  dials: DialValues,
  definition: EnvDefinition,
  settings: Record<string, unknown>,
): ExpertSource {
  const scripted = SCRIPTED.exec(name);
  if (!scripted) return { expert: 'policy', model: findModel('--expert', name, definition, settings) };
  const demonstrator = demonstratorOf(definition);
  const grades: Readonly<Record<string, DialValues | undefined>> = demonstrator.grades(settings);
  const grade = scripted[1] ?? 'expert';
  const graded = grades[grade];
  if (!graded)
    throw new ConfigurationError(
      `--expert ${name}: "${definition.id}" has no grade "${grade}" under these settings. It has: ${Object.keys(grades).join(', ')}.`,
    );
  return { expert: { dials: parseSettings('dial', demonstrator.dials, { ...graded, ...dials }) } };
}

export interface OpenExpertOptions {
  readonly folder: Pick<RunFolder, 'config' | 'expert'>;
  readonly definition: EnvDefinition;
  readonly settings: Record<string, unknown>;
  readonly env: SteppedEnv;
  readonly training: OffPolicyTraining;
  readonly rng: Rng;
  /** Those that the run of a reference may be of. */
  readonly agents: Readonly<Record<string, AgentDefinition>>;
}

export interface OpenedExpert {
  /** Puts the expert beside a policy. */
  guide(policy: Policy): GuidedPolicy;
  dispose(): Promise<void>;
}

/** @returns undefined where the run has none */
export async function openExpert(options: OpenExpertOptions): Promise<OpenedExpert | undefined> {
  const { folder, env, training, rng } = options;
  const { config } = folder;
  if (config.expert === undefined) return undefined;
  const expert = await expertOf(options);
  const reference =
    config.reference === undefined ? undefined : await referenceOf(config.reference, env, options.agents);
  return {
    guide: (policy) =>
      withExpert({
        policy,
        expert,
        spaces: spacesOfEnv(env),
        numEnvs: env.numEnvs,
        schedule: training,
        reference: reference?.estimate,
        rng,
      }),
    async dispose() {
      await expert.dispose?.();
      await reference?.dispose();
    },
  };
}

async function expertOf({ folder, definition, settings, env, rng }: OpenExpertOptions): Promise<Expert> {
  const { expert } = folder.config;
  if (expert === 'policy') {
    const policy = await loadPolicyFor(env, folder.expert);
    return { ...policy, ...saveable(() => policy.state?.(env.numEnvs) ?? []) };
  }
  // A demonstrator knows its environment by its spaces alone, so a scene of its own will do.
  const alone = definition.create(env.numEnvs, settings);
  const demonstrator = demonstratorOf(definition).create(alone, settings, expert!.dials, rng.split('expert'));
  return {
    ...demonstrator,
    // Where its dials leave out how an episode begins, it does what it can.
    begin: (scene, obs) => void demonstrator.begin(scene, obs),
    async dispose() {
      alone.close();
    },
  };
}

/** @throws ConfigurationError for a run that has learnt no values of this environment's actions */
async function referenceOf(
  path: string,
  env: SteppedEnv,
  agents: Readonly<Record<string, AgentDefinition>>,
): Promise<{
  estimate(obs: Float32Array, actions: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}> {
  const { config, checkpoint } = RunFolder.open(path);
  const agent = lookUp('agent', agents, config.agent.name);
  const spaces = spacesOfEnv(env);
  const maths = mathsOf(config, agent, spaces);
  const value = await createActionValue(maths, spaces, readParameters(checkpoint, maths), env.numEnvs);
  if (!value)
    throw new ConfigurationError(
      `--reference ${path}: "${agent.name}" has learnt no values; name a run of an agent that has, such as sac.`,
    );
  return value;
}
