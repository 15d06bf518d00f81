/** Settings that are fine each for itself and contradict each other are refused before anything starts. */
import { spaceWithBase } from '../core/base-action.ts';
import type { EnvDefinition } from '../core/env.ts';
import { ConfigurationError } from '../core/errors.ts';
import { type Spaces, spacesOfEnv } from '../core/policy.ts';
import { parseSettings } from '../core/settings.ts';
import { agentsOf, assertWholeTeams } from '../core/teams.ts';
import { assertFits } from '../datasets/fit.ts';
import { readHeader } from '../datasets/read.ts';
import type {
  AgentDefinition,
  OffPolicyDefinition,
  OffPolicyMaths,
  OnPolicyMaths,
  PolicyMaths,
} from '../learner/index.ts';
import {
  type OffPolicyTraining,
  type OnPolicyTraining,
  type RunConfig,
  type TrainingSettings,
  trainingSettings,
} from './config.ts';
import { mathsOf } from './maths.ts';

export function spacesOf(config: RunConfig, definition: EnvDefinition): Spaces {
  const settings = parseSettings('env', definition.settings, config.env.settings);
  const env = definition.create(agentsOf(definition, settings), settings);
  const spaces = spacesOfEnv(env);
  env.close();
  if (config.base === undefined) return spaces;
  return { ...spaces, observation: spaceWithBase(spaces.observation, spaces.action) };
}

/**
 * @param maths of the agent, where they are built already
 * @throws ConfigurationError saying which settings contradict each other, why, and what to change
 */
export function assertConsistent(
  config: RunConfig,
  env: EnvDefinition,
  agent: AgentDefinition,
  maths?: PolicyMaths,
): void {
  const training = parseSettings<TrainingSettings>('training', trainingSettings[agent.kind], config.training);
  assertScenes(config, env, training);
  const built = maths ?? mathsOf(config, agent, spacesOf(config, env));
  if (agent.kind === 'on-policy') {
    assertNoActors(config, agent);
    assertActing(config, agent);
    assertDivisible(config, training as OnPolicyTraining, built as OnPolicyMaths);
    return;
  }
  const offPolicy = training as OffPolicyTraining;
  assertOffline(config, agent as OffPolicyDefinition, offPolicy);
  assertBaseAlone(config, env);
  assertInterventions(config, offPolicy, built as OffPolicyMaths);
  assertClassifier(config, env, offPolicy, built as OffPolicyMaths);
  assertTurns(config, offPolicy);
  assertMinibatches(offPolicy, built);
  assertMultiStep(config, offPolicy, built);
  assertDemonstrations(env, offPolicy);
  assertDemonstrationData(config, env, offPolicy);
}

/** @throws ConfigurationError where scenes or episodes of an evaluation are no whole teams, naming the nearest number */
export function assertScenes(
  { env: { settings }, numEnvs }: RunConfig,
  env: EnvDefinition,
  { evaluationEpisodes }: TrainingSettings,
): void {
  const agents = agentsOf(env, parseSettings('env', env.settings, settings));
  assertWholeTeams(`--envs ${numEnvs}`, numEnvs, agents);
  assertWholeTeams(`Setting training.evaluationEpisodes=${evaluationEpisodes}`, evaluationEpisodes, agents);
}

function assertNoActors({ actors }: RunConfig, { name }: AgentDefinition): void {
  if (!actors) return;
  throw new ConfigurationError(
    `--actors ${actors} is for off-policy agents, and "${name}" learns only from what its present policy has just done: leave --actors away, or give it more scenes with --envs.`,
  );
}

function assertBaseAlone({ base, actors, env: { settings } }: RunConfig, env: EnvDefinition): void {
  if (base === undefined) return;
  const agents = agentsOf(env, parseSettings('env', env.settings, settings));
  if (agents > 1)
    throw new ConfigurationError(
      `--base: a base acts for one agent, and an episode of "${env.id}" has ${agents}: choose an environment with one.`,
    );
  if (actors)
    throw new ConfigurationError(
      `--actors ${actors}: actors do not carry a base with them yet; leave --actors away, and give it more scenes with --envs.`,
    );
}

function assertInterventions(
  { base, expert, reference, actors, offline }: RunConfig,
  { intervention, labels, experience, rewards }: OffPolicyTraining,
  { plans, returnToGo }: OffPolicyMaths,
): void {
  if (rewards === 'interventions' && returnToGo)
    throw new ConfigurationError(
      'Setting training.rewards=interventions: returns to go are known of the rewards of the task alone; use rewards=task, or an agent that does without.',
    );
  if (labels === 'expert' && expert === undefined)
    throw new ConfigurationError(
      'Setting training.labels=expert: what an expert would have done is learnt from, and there is none: name one with --expert, such as scripted.',
    );
  if ((labels === 'expert' || experience === 'interventions') && (plans?.horizon ?? 1) > 1)
    throw new ConfigurationError(
      `Setting agent.horizon=${plans!.horizon}: of somebody who takes over there are single steps, and no plans; use horizon=1.`,
    );
  if (expert === undefined) {
    if (reference !== undefined)
      throw new ConfigurationError(
        '--reference tells an expert when to take over, and there is none: add --expert.',
      );
    return;
  }
  assertNotGiven(
    { '--base': base, '--actors': actors, '--offline': offline },
    (flag) => `${flag} does not go with --expert, who stands beside what acts here alone.`,
  );
  if (intervention === 'value' && reference === undefined)
    throw new ConfigurationError(
      'Setting training.intervention=value: the values of a reference are compared: name a trained run with --reference.',
    );
}

function assertClassifier(
  { actors, offline, env: { settings } }: RunConfig,
  definition: EnvDefinition,
  { rewards, successData, multiStep }: OffPolicyTraining,
  { returnToGo }: OffPolicyMaths,
): void {
  if (rewards !== 'classifier' && rewards !== 'vice') return;
  const message = (reason: string): string => `Setting training.rewards=${rewards}: ${reason}.`;
  const refuse = (reason: string): never => {
    throw new ConfigurationError(message(reason));
  };
  if (successData === '')
    refuse('a classifier learns from labelled episodes: name a data set with --set successData=<folder>');
  if (multiStep > 1)
    refuse(
      `it judges single transitions, and training.multiStep=${multiStep} adds up several: use multiStep=1`,
    );
  if (returnToGo)
    refuse('returns to go are known of the rewards of the task alone: use an agent that does without');
  assertNotGiven({ '--actors': actors, '--offline': offline }, (flag) =>
    message(`it does not go with ${flag} yet`),
  );
  assertDataFits(definition, settings, successData);
}

/** @throws ConfigurationError for the first of these flags that was given, with what `why` says of it */
function assertNotGiven(flags: Readonly<Record<string, unknown>>, why: (flag: string) => string): void {
  for (const [flag, given] of Object.entries(flags)) if (given) throw new ConfigurationError(why(flag));
}

function assertActing({ offline }: RunConfig, { name }: AgentDefinition): void {
  if (offline)
    throw new ConfigurationError(
      `--offline is for off-policy agents, and "${name}" learns only from what its present policy has just done.`,
    );
}

function assertOffline(
  { offline, actors }: RunConfig,
  { name, offline: learns }: OffPolicyDefinition,
  { demonstrationData, demonstrationEpisodes }: OffPolicyTraining,
): void {
  if (!offline && learns === 'only')
    throw new ConfigurationError(
      `"${name}" learns nothing from what it does itself: train it with "proprio train", which has it learn offline.`,
    );
  if (!offline) return;
  if (actors)
    throw new ConfigurationError(
      `--actors ${actors}: nobody acts where "${name}" learns offline; leave it away.`,
    );
  if (demonstrationData === '' && demonstrationEpisodes === 0)
    throw new ConfigurationError(
      `"${name}" learns offline from recorded transitions alone: name a data set with --set demonstrationData=<folder>, or say how many episodes of the scripted controller with --set demonstrationEpisodes=<n>.`,
    );
}

function assertDivisible(
  { numEnvs }: RunConfig,
  { rolloutSteps }: OnPolicyTraining,
  { phases, teamSize = 1 }: OnPolicyMaths,
): void {
  const rows = rolloutSteps * numEnvs;
  for (const { minibatches } of phases) {
    if (rows % (minibatches * teamSize) === 0) continue;
    const whole = teamSize > 1 ? ` of whole teams of ${teamSize}` : '';
    throw new ConfigurationError(
      `A rollout of ${rolloutSteps} steps in ${numEnvs} scenes has ${rows} transitions, which cannot be shared equally among ${minibatches} minibatches${whole}: change training.rolloutSteps, --envs or the agent's minibatches.`,
    );
  }
}

function assertTurns({ actors }: RunConfig, { twoAgentsBy, rewards }: OffPolicyTraining): void {
  if (twoAgentsBy === '') return;
  const refuse = (what: string): never => {
    throw new ConfigurationError(`Setting training.twoAgentsBy=${twoAgentsBy} does not go with ${what} yet.`);
  };
  if (actors) refuse(`--actors ${actors}`);
  if (rewards === 'classifier' || rewards === 'vice') refuse(`training.rewards=${rewards}`);
}

function assertMinibatches(
  { batchSize, replayCapacity }: OffPolicyTraining,
  { teamSize = 1 }: PolicyMaths,
): void {
  assertWholeTeams(`Setting training.batchSize=${batchSize}`, batchSize, teamSize);
  if (replayCapacity >= teamSize) return;
  throw new ConfigurationError(
    `Setting training.replayCapacity=${replayCapacity} has no room for one team of ${teamSize}: make it larger.`,
  );
}

function assertMultiStep(
  { numEnvs, actors = 1 }: RunConfig,
  { multiStep, replayCapacity }: OffPolicyTraining,
  { discount }: PolicyMaths,
): void {
  if (multiStep === 1) return;
  if (discount === 0) {
    throw new ConfigurationError(
      `Setting training.multiStep=${multiStep} adds up discounted rewards, but agent.discount=0 leaves nothing of the later ones: raise the discount, or use multiStep=1.`,
    );
  }
  const scenes = numEnvs * Math.max(1, actors);
  if (multiStep * scenes > replayCapacity) {
    throw new ConfigurationError(
      `Setting training.multiStep=${multiStep} with ${scenes} scenes needs training.replayCapacity of at least ${multiStep * scenes}, not ${replayCapacity}.`,
    );
  }
}

function assertDemonstrations(
  env: EnvDefinition,
  { demonstrationEpisodes, demonstrationData }: OffPolicyTraining,
): void {
  if (demonstrationEpisodes === 0 || demonstrationData !== '' || env.scripted) return;
  throw new ConfigurationError(
    `Setting training.demonstrationEpisodes=${demonstrationEpisodes} needs a scripted controller, and environment "${env.id}" has none: set it to 0.`,
  );
}

function assertDemonstrationData(
  { env: { settings } }: RunConfig,
  definition: EnvDefinition,
  { demonstrationData }: OffPolicyTraining,
): void {
  if (demonstrationData !== '') assertDataFits(definition, settings, demonstrationData);
}

/** As far as the header tells; what the episodes hold is checked when they are read. */
function assertDataFits(definition: EnvDefinition, settings: Record<string, unknown>, path: string): void {
  const header = readHeader(path);
  if (!header) return;
  const parsed = parseSettings('env', definition.settings, settings);
  const env = definition.create(agentsOf(definition, parsed), parsed);
  try {
    assertFits({ header }, { env, settings: parsed }, path);
  } finally {
    env.close();
  }
}
