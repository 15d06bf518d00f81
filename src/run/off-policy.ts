/** A run of an off-policy agent: from recorded transitions alone, with actors in threads, or in turns with what acts here. */
import type { Rng } from '../core/rng.ts';
import { parseSettings } from '../core/settings.ts';
import {
  createLearner,
  type Learner,
  type OffPolicyDefinition,
  type OffPolicyMaths,
} from '../learner/index.ts';
import type { Source } from '../replay/mixture.ts';
import { partitioned } from '../replay/partitions.ts';
import { ReplayBuffer, type ReplayOptions } from '../replay/replay-buffer.ts';
import { type AsynchronousOptions, trainAsynchronously } from '../rollout/asynchronous/off-policy.ts';
import { trainOffPolicy } from '../rollout/off-policy.ts';
import { trainOffline } from '../rollout/offline.ts';
import type { TrainingRun } from '../rollout/rollout.ts';
import { type AssembledRun, type AssembleOptions, shared } from './assembled-run.ts';
import type { OffPolicyTraining } from './config.ts';
import { assertConsistent } from './consistency.ts';
import { demonstrate } from './demonstrations.ts';
import { openExpert } from './expert.ts';
import { mathsOf } from './maths.ts';
import { recordedSources, sourcesOf } from './sources.ts';
import { openSuccess } from './success.ts';
import { ActorThreads } from './threads/actors.ts';

/** What all three ways have. */
type Loop = Pick<AsynchronousOptions, 'rng' | 'steps' | 'onUpdate' | 'afterStep'> & {
  readonly learner: Learner;
  readonly schedule: OffPolicyTraining;
};
type Parts = Pick<AssembledRun, 'experience' | 'run' | 'dispose'>;

export async function assembleOffPolicy(
  options: AssembleOptions,
  agent: OffPolicyDefinition,
  schedule: OffPolicyTraining,
): Promise<AssembledRun> {
  const { config, definition } = options;
  const { rng, sizes, ...common } = shared(options);
  const maths = mathsOf(config, agent, common.learner.spaces);
  assertConsistent(config, definition, agent, maths);
  const { replayCapacity, batchSize, updatesPerCall, rewardScale } = schedule;
  const learner = await createLearner({ ...common.learner, maths, batchSize, updatesPerCall });
  const storage = {
    rewardScale,
    rewards: schedule.rewards === 'interventions' ? ('interventions' as const) : ('task' as const),
    multiStep: { steps: schedule.multiStep, discount: maths.discount, numEnvs: config.numEnvs },
    returnToGo: maths.returnToGo,
    teamSize: maths.teamSize ?? 1,
  };
  const shown = await demonstrate(options, schedule, storage, rng);
  const loop: Loop = { ...common.loop, learner, schedule };
  const replay: ReplayOptions = { ...sizes, capacity: replayCapacity, ...storage };
  const parts = config.offline
    ? offline(loop, recordedSources(maths, shown!))
    : config.actors
      ? withActors(options, maths, loop, replay, shown)
      : await inTurns(options, maths, loop, replay, shown, rng);
  return { maths, learner, demonstrations: shown, ...parts };
}

function offline({ learner, ...loop }: Loop, sources: readonly Source[]): Parts {
  const run = trainOffline({ ...loop, learner, sources });
  return { experience: {}, run: run as TrainingRun<unknown>, dispose: learner.dispose };
}

/** Whoever acts does so here, and with a base, an expert or a person beside it, where there are such. */
async function inTurns(
  { config, definition, env, agents = {}, takeOver, ...files }: AssembleOptions,
  maths: OffPolicyMaths,
  loop: Loop,
  options: ReplayOptions,
  shown: ReplayBuffer | undefined,
  rng: Rng,
): Promise<Parts> {
  const { schedule, learner } = loop;
  const replay = new ReplayBuffer(options);
  const settings = parseSettings('env', definition.settings, config.env.settings);
  const expert = await openExpert({
    folder: { config, expert: files.expert },
    ...{ definition, settings, env, agents },
    training: schedule,
    rng: rng.split('interventions'),
  });
  const success = await openSuccess(schedule, {
    ...{ definition, settings, rng: rng.split('success') },
    hasBase: config.base !== undefined,
  });
  const run = trainOffPolicy({
    ...loop,
    ...{ env, replay, success },
    sources: sourcesOf(maths, schedule, replay, shown),
    guide: expert?.guide,
    takeOver: takeOver && ((policy, step) => takeOver(policy, env, step)),
  });
  return {
    experience: { experience: replay, ...(success && { classifier: success.store }) },
    run: run as TrainingRun<unknown>,
    async dispose() {
      await expert?.dispose();
      await success?.dispose();
      await learner.dispose();
    },
  };
}

/** Actors in threads, each of which stores its part of the experience. */
function withActors(
  { config, threads }: AssembleOptions,
  maths: OffPolicyMaths,
  loop: Loop,
  replay: ReplayOptions,
  shown: ReplayBuffer | undefined,
): Parts {
  const { learner, schedule } = loop;
  if (!threads) throw new Error('A run with actors needs the module that its threads begin with.');
  const policy = (): Float32Array[] => maths.policyState.map((name) => learner.vectors()[name]!);
  const crew = new ActorThreads({
    config,
    entry: threads,
    replay: { ...replay, capacity: Math.ceil(replay.capacity / config.actors!) },
    policySize: policy().reduce((sum, { length }) => sum + length, 0),
    randomSteps: schedule.randomSteps,
    lockstep: schedule.lockstep,
  });
  const { gate, mailbox, replays } = crew;
  const experience = partitioned(replays);
  const demonstrations = shown && { transitions: shown, fraction: schedule.demonstrationFraction };
  const run = trainAsynchronously({ ...loop, crew, gate, mailbox, policy, experience, demonstrations });
  return {
    experience: Object.fromEntries(replays.map((part, actor) => [`experience-${actor}`, part])),
    run: run as TrainingRun<unknown>,
    async dispose() {
      await crew.end();
      await learner.dispose();
    },
  };
}
