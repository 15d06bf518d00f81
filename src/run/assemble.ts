/** Puts a run together from its configuration: learner, experience and loop, of the kind that its agent asks for. */
import type { ExperienceStore } from '../core/columns.ts';
import type { EnvDefinition, SteppedEnv, VectorEnv } from '../core/env.ts';
import { type Metrics, type Policy, spacesOfEnv } from '../core/policy.ts';
import { createRng, type Rng } from '../core/rng.ts';
import { parseSettings } from '../core/settings.ts';
import { agentsOf } from '../core/teams.ts';
import { assertFits } from '../datasets/fit.ts';
import { readDataSet } from '../datasets/read.ts';
import {
  type AgentDefinition,
  createLearner,
  createOnPolicyLearner,
  type Learner,
  type LearnerBase,
  type OffPolicyDefinition,
  type OffPolicyMaths,
  type OnPolicyDefinition,
  type PolicyMaths,
} from '../learner/index.ts';
import { intervenedTeams } from '../replay/intervened-teams.ts';
import { partitioned } from '../replay/partitions.ts';
import type { RecordedEpisode } from '../replay/recorded-episode.ts';
import { ReplayBuffer, type ReplayOptions } from '../replay/replay-buffer.ts';
import { type AsynchronousOptions, trainAsynchronously } from '../rollout/asynchronous/off-policy.ts';
import {
  collectEpisodes,
  type DemonstrationReplay,
  episodesWithBase,
  replayOf,
} from '../rollout/demonstrations.ts';
import { trainOffPolicy } from '../rollout/off-policy.ts';
import { trainOffline } from '../rollout/offline.ts';
import { trainOnPolicy } from '../rollout/on-policy.ts';
import type { TrainingRun } from '../rollout/rollout.ts';
import { TrajectoryBuffer } from '../rollout/trajectory-buffer.ts';
import type { Device } from '../tensor/index.ts';
import { openBase } from './base.ts';
import type { OffPolicyTraining, OnPolicyTraining, RunConfig, TrainingSettings } from './config.ts';
import { assertConsistent } from './consistency.ts';
import { openExpert } from './expert.ts';
import { openSuccess } from './success.ts';
import { ActorThreads } from './threads/actors.ts';

export interface AssembleOptions {
  readonly config: RunConfig;
  /** Files of the models that the run corrects, and that may take over, where there are such. */
  readonly base: string;
  readonly expert: string;
  /** Those that the run of a reference may be of; none unless told. */
  readonly agents?: Readonly<Record<string, AgentDefinition>> | undefined;
  readonly definition: EnvDefinition;
  readonly env: SteppedEnv;
  readonly agent: AgentDefinition;
  readonly training: TrainingSettings;
  readonly device: Device;
  /** Puts a person beside what acts, where the agent may learn from others. @param step control steps so far */
  readonly takeOver?: ((policy: Policy, env: SteppedEnv, step: () => number) => Policy) | undefined;
  /** Module that calls `serveThread`, for runs with actors. */
  readonly threads?: URL | undefined;
  readonly onUpdate: (metrics: Metrics, updates: number) => void;
  readonly afterStep: (step: number) => Promise<void>;
}

export interface AssembledRun {
  readonly maths: PolicyMaths;
  readonly learner: LearnerBase;
  /** By the name of its file in a checkpoint. */
  readonly experience: Readonly<Record<string, ExperienceStore>>;
  readonly demonstrations?: ReplayBuffer | undefined;
  readonly run: TrainingRun<unknown>;
  dispose(): Promise<void>;
}

/** @throws ConfigurationError for settings that contradict each other */
export async function assembleRun(options: AssembleOptions): Promise<AssembledRun> {
  const { agent, training } = options;
  return agent.kind === 'off-policy'
    ? assembleOffPolicy(options, agent, training as OffPolicyTraining)
    : assembleOnPolicy(options, agent, training as OnPolicyTraining);
}

/** What the options give to a loop and a learner of either kind. */
function shared({ config, env, device, training, onUpdate, afterStep }: AssembleOptions) {
  const rng = createRng(config.seed);
  const spaces = spacesOfEnv(env);
  const sizes = { observationSize: spaces.observation.size, actionSize: spaces.action.size };
  return {
    rng,
    spaces,
    sizes,
    learner: { spaces, rng: rng.split('learner'), device, threads: training.threads },
    loop: { rng: rng.split('training'), steps: config.steps, onUpdate, afterStep },
  };
}

async function assembleOffPolicy(
  options: AssembleOptions,
  agent: OffPolicyDefinition,
  schedule: OffPolicyTraining,
): Promise<AssembledRun> {
  const { config, env, definition, takeOver } = options;
  const { rng, spaces, sizes, ...common } = shared(options);
  const maths = agent.build(spaces, parseSettings('agent', agent.settings, config.agent.settings));
  assertConsistent(config, definition, agent, maths);
  const { replayCapacity, batchSize, updatesPerCall, rewardScale } = schedule;
  const learner = await createLearner({ ...common.learner, maths, batchSize, updatesPerCall });
  const multiStep = { steps: schedule.multiStep, discount: maths.discount, numEnvs: config.numEnvs };
  const storage = {
    rewardScale,
    rewards: schedule.rewards === 'interventions' ? ('interventions' as const) : ('task' as const),
    multiStep,
    returnToGo: maths.returnToGo,
    teamSize: maths.teamSize ?? 1,
  };
  const shown = await demonstrate(options, schedule, storage, rng);
  const fraction = schedule.demonstrationFraction;
  const demonstrations = shown && { transitions: shown, fraction };
  const loop = { ...common.loop, learner, demonstrations, schedule };
  const replayOptions = { ...sizes, capacity: replayCapacity, ...storage };
  if (config.offline) {
    const transitions = shown!;
    const run = trainOffline({ ...common.loop, learner, transitions }) as TrainingRun<unknown>;
    return { maths, learner, experience: {}, demonstrations: transitions, run, dispose: learner.dispose };
  }
  if (config.actors) {
    const acting = assembleActors(options, maths, learner, loop, replayOptions);
    return { maths, learner, demonstrations: shown, ...acting };
  }
  const replay = new ReplayBuffer(replayOptions);
  const interventions = intervenedTeams(replay);
  const settings = parseSettings('env', definition.settings, config.env.settings);
  const expert = await openExpert({
    folder: options,
    definition,
    settings,
    env,
    training: schedule,
    rng: rng.split('interventions'),
    agents: options.agents ?? {},
  });
  const success = await openSuccess(schedule, {
    ...{ definition, settings, rng: rng.split('success') },
    hasBase: config.base !== undefined,
  });
  const run = trainOffPolicy({
    ...loop,
    env,
    replay,
    success,
    experience: schedule.experience === 'interventions' ? interventions : replay,
    ...(schedule.interventionsShown && {
      demonstrations: {
        transitions: partitioned(shown ? [shown, interventions] : [interventions]),
        fraction,
      },
    }),
    guide: expert?.guide,
    takeOver: takeOver && ((policy, step) => takeOver(policy, env, step)),
  });
  return {
    maths,
    learner,
    experience: { experience: replay, ...(success && { classifier: success.store }) },
    demonstrations: shown,
    run: run as TrainingRun<unknown>,
    async dispose() {
      await expert?.dispose();
      await success?.dispose();
      await learner.dispose();
    },
  };
}

/** The same with actors in threads, each of which stores its part of the experience. */
function assembleActors(
  { config, threads }: AssembleOptions,
  maths: OffPolicyMaths,
  learner: Learner,
  loop: Pick<AsynchronousOptions, 'demonstrations' | 'schedule' | 'rng' | 'steps' | 'onUpdate' | 'afterStep'>,
  replay: ReplayOptions,
): Omit<AssembledRun, 'maths' | 'learner' | 'demonstrations'> {
  if (!threads) throw new Error('A run with actors needs the module that its threads begin with.');
  const policy = (): Float32Array[] => maths.policyState.map((name) => learner.vectors()[name]!);
  const crew = new ActorThreads({
    config,
    entry: threads,
    replay: { ...replay, capacity: Math.ceil(replay.capacity / config.actors!) },
    policySize: policy().reduce((sum, { length }) => sum + length, 0),
    randomSteps: loop.schedule.randomSteps,
    lockstep: loop.schedule.lockstep,
  });
  const { gate, mailbox, replays } = crew;
  const experience = partitioned(replays);
  const run = trainAsynchronously({ ...loop, crew, gate, mailbox, learner, policy, experience });
  return {
    experience: Object.fromEntries(replays.map((part, actor) => [`experience-${actor}`, part])),
    run: run as TrainingRun<unknown>,
    async dispose() {
      await crew.end();
      await learner.dispose();
    },
  };
}

async function assembleOnPolicy(
  options: AssembleOptions,
  agent: OnPolicyDefinition,
  schedule: OnPolicyTraining,
): Promise<AssembledRun> {
  const { config, env, definition } = options;
  const { spaces, sizes, ...common } = shared(options);
  const maths = agent.build(spaces, parseSettings('agent', agent.settings, config.agent.settings));
  assertConsistent(config, definition, agent, maths);
  const buffer = new TrajectoryBuffer({ ...sizes, steps: schedule.rolloutSteps, numEnvs: env.numEnvs });
  const learner = await createOnPolicyLearner({ ...common.learner, maths, rows: buffer.rows });
  const run = trainOnPolicy({ ...common.loop, env, learner, buffer, schedule });
  return {
    maths,
    learner,
    experience: { experience: buffer },
    run: run as TrainingRun<unknown>,
    dispose: learner.dispose,
  };
}

/** Made or read anew at each start of a run, always the same ones, so a checkpoint need not hold them. */
async function demonstrate(
  options: AssembleOptions,
  schedule: OffPolicyTraining,
  replay: DemonstrationReplay,
  rng: Rng,
): Promise<ReplayBuffer | undefined> {
  const { config, definition, env } = options;
  const settings = parseSettings('env', definition.settings, config.env.settings);
  const alone = definition.create(agentsOf(definition, settings), settings);
  try {
    const shown = await showEpisodes(options, schedule, { settings, env: alone, rng });
    if (!shown) return undefined;
    const base = await openBase(options, definition, settings, alone);
    const episodes = base ? await episodesWithBase(shown, base, spacesOfEnv(alone)) : shown;
    await base?.dispose?.();
    return replayOf(episodes, spacesOfEnv(env), replay);
  } finally {
    alone.close();
  }
}

/** @returns undefined where nobody shows anything */
async function showEpisodes(
  { definition }: AssembleOptions,
  { demonstrationData, demonstrationEpisodes, demonstrationNoise }: OffPolicyTraining,
  { settings, env, rng }: { settings: Record<string, unknown>; env: VectorEnv; rng: Rng },
): Promise<readonly RecordedEpisode[] | undefined> {
  if (demonstrationData !== '') {
    const dataSet = await readDataSet(demonstrationData);
    assertFits(dataSet, { env, settings }, demonstrationData);
    return dataSet.episodes;
  }
  if (demonstrationEpisodes === 0) return undefined;
  const { episodes } = await collectEpisodes({
    definition,
    settings,
    episodes: demonstrationEpisodes,
    noise: demonstrationNoise,
    seed: rng.split('demonstrations').bits(),
  });
  return episodes;
}
