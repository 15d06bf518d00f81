/** Settings that are fine each for itself and contradict each other are refused before anything starts. */
import type { EnvDefinition } from '../core/env.ts';
import { ConfigurationError } from '../core/errors.ts';
import type { Spaces } from '../core/policy.ts';
import { parseSettings } from '../core/settings.ts';
import type { AgentDefinition, OnPolicyMaths, PolicyMaths } from '../learner/index.ts';
import {
  type OffPolicyTraining,
  type OnPolicyTraining,
  type RunConfig,
  type TrainingSettings,
  trainingSettings,
} from './config.ts';

/** @throws ConfigurationError for settings of the agent that contradict each other */
function mathsOf(config: RunConfig, env: EnvDefinition, agent: AgentDefinition): PolicyMaths {
  return agent.build(spacesOf(config, env), parseSettings('agent', agent.settings, config.agent.settings));
}

export function spacesOf(config: RunConfig, definition: EnvDefinition): Spaces {
  const env = definition.create(1, parseSettings('env', definition.settings, config.env.settings));
  const spaces = { observation: env.observationSpace, action: env.actionSpace };
  env.close();
  return spaces;
}

/**
 * @param maths of the agent, where they are built already
 * @throws ConfigurationError saying which settings contradict each other, why, and what to change
 */
export function assertConsistent(
  config: RunConfig,
  env: EnvDefinition,
  agent: AgentDefinition,
  maths: PolicyMaths = mathsOf(config, env, agent),
): void {
  const training = parseSettings<TrainingSettings>('training', trainingSettings[agent.kind], config.training);
  if (agent.kind === 'on-policy') {
    assertDivisible(config, training as OnPolicyTraining, maths as OnPolicyMaths);
    return;
  }
  const offPolicy = training as OffPolicyTraining;
  assertMultiStep(config, offPolicy, maths);
  assertDemonstrations(env, offPolicy);
}

function assertDivisible(
  { numEnvs }: RunConfig,
  { rolloutSteps }: OnPolicyTraining,
  maths: OnPolicyMaths,
): void {
  const rows = rolloutSteps * numEnvs;
  for (const { minibatches } of maths.phases) {
    if (rows % minibatches === 0) continue;
    throw new ConfigurationError(
      `A rollout of ${rolloutSteps} steps in ${numEnvs} scenes has ${rows} transitions, which cannot be shared equally among ${minibatches} minibatches: change training.rolloutSteps, --envs or the agent's minibatches.`,
    );
  }
}

function assertMultiStep(
  { numEnvs }: RunConfig,
  { multiStep, replayCapacity }: OffPolicyTraining,
  { discount }: PolicyMaths,
): void {
  if (multiStep === 1) return;
  if (discount === 0) {
    throw new ConfigurationError(
      `Setting training.multiStep=${multiStep} adds up discounted rewards, but agent.discount=0 leaves nothing of the later ones: raise the discount, or use multiStep=1.`,
    );
  }
  if (multiStep * numEnvs > replayCapacity) {
    throw new ConfigurationError(
      `Setting training.multiStep=${multiStep} with ${numEnvs} scenes needs training.replayCapacity of at least ${multiStep * numEnvs}, not ${replayCapacity}.`,
    );
  }
}

function assertDemonstrations(env: EnvDefinition, { demonstrationEpisodes }: OffPolicyTraining): void {
  if (demonstrationEpisodes === 0 || env.scripted) return;
  throw new ConfigurationError(
    `Setting training.demonstrationEpisodes=${demonstrationEpisodes} needs a scripted controller, and environment "${env.id}" has none: set it to 0.`,
  );
}
