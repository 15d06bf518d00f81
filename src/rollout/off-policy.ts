/** Off-policy training: act, store, sample, update, in lockstep, so that a seed determines the whole run. */
import { z } from 'zod';
import { hasBase } from '../core/base-action.ts';
import { packBytes, unpackBytes } from '../core/bytes.ts';
import type { SteppedEnv } from '../core/env.ts';
import type { Frame } from '../core/frame.ts';
import type { Metrics, OffPolicyLearner, Policy } from '../core/policy.ts';
import type { Rng, RngState } from '../core/rng.ts';
import { choice, flag, integer, number } from '../core/settings.ts';
import { rewardSources } from '../replay/experience.ts';
import { isFilled, type Source, sampleMixture } from '../replay/mixture.ts';
import type { ReplayBuffer } from '../replay/replay-buffer.ts';
import { type Rollout, rollout, type TrainingRun } from './rollout.ts';
import type { SuccessReward, SuccessRewardState } from './success-reward.ts';
import { type GuidedPolicy, interventionSettings } from './with-expert.ts';

/** When to act at random, when to learn, and how much. Steps are control steps, summed over scenes. */
export const offPolicySchedule = {
  batchSize: integer(256, 1, 65536, 'transitions of a minibatch'),
  replayCapacity: integer(1_000_000, 1, 100_000_000, 'transitions kept; the oldest are overwritten'),
  randomSteps: integer(5_000, 0, 1e9, 'control steps of uniformly random actions at the start'),
  baseNoise: number(
    0.2,
    0,
    1,
    'where a base is corrected: half the width of the uniform noise on its actions, which the random steps are then',
  ),
  learningStarts: integer(5_000, 1, 1e9, 'control steps before the first update'),
  updatesPerStep: number(1, 0, 1000, 'gradient updates of the critics per control step'),
  updatesPerCall: integer(
    1,
    1,
    64,
    'updates in one compiled call; more of them keep the parameters of a GPU where they are',
  ),
  rewardScale: number(
    1,
    1e-6,
    1e6,
    'factor of rewards, for the learner only: returns are reported without it',
  ),
  multiStep: integer(1, 1, 100, 'control steps that a transition spans (n-step returns)'),
  demonstrationEpisodes: integer(
    0,
    0,
    100_000,
    'successful episodes of the environment’s scripted controller to learn from beside experience; 0 for none',
  ),
  demonstrationNoise: number(
    0,
    0,
    1,
    'deviation of noise on the actions of demonstrations, as executed and stored',
  ),
  demonstrationData: z
    .string()
    .default('')
    .describe(
      'data set to learn from beside experience, failures too, instead of the scripted controller: a folder that "demos" wrote, or a file; none unless told',
    ),
  demonstrationsKept: choice(
    'all',
    ['all', 'successes'],
    'which recorded episodes are learnt from; successes: those that are labelled so',
  ),
  demonstrationFraction: number(0.5, 0, 1, 'part of each minibatch that demonstrations make up'),
  rewards: choice(
    'task',
    [...rewardSources, 'classifier', 'vice'],
    'what is learnt for; interventions: −1 for the step before somebody takes over, and nothing else; classifier: 1 where what is seen looks like success; vice: the same, and the classifier goes on learning',
  ),
  successData: z
    .string()
    .default('')
    .describe('data set with labelled episodes that the classifier learns from; none unless told'),
  classifierUpdates: integer(2_000, 0, 1e6, 'updates of the classifier before the training'),
  classifierInterval: integer(4, 1, 1e6, 'vice: updates of the agent for each further one of the classifier'),
  experience: choice(
    'all',
    ['all', 'interventions'],
    'which of its transitions are learnt from beside demonstrations; interventions: those that somebody else made',
  ),
  labels: choice(
    'executed',
    ['executed', 'expert'],
    'actions that are learnt from: those that were made, or those that the expert would have made',
  ),
  inFrameOf: z
    .string()
    .default('')
    .describe(
      'body whose pose is observed, such as wrist, in whose frame the agent sees and acts, so that places do not matter; the scene’s unless told',
    ),
  twoAgentsBy: z
    .string()
    .default('')
    .describe(
      'name of what is observed by whose sign one of two agents acts, each of which learns from its own steps, such as there and back again; one agent unless told',
    ),
  interventionsShown: flag(false, 'whether interventions are demonstrations, too (HIL-SERL)'),
  ...interventionSettings,
  lockstep: flag(false, 'with actors: they and the learner take turns, so that a seed determines the run'),
  leastUpdates: number(
    0.5,
    0,
    1,
    'with actors: part of the updates per step that is kept up, by actors that wait for the learner; 0 never to wait',
  ),
  publishInterval: integer(1, 1, 1e6, 'with actors: updates between two sets of parameters for them'),
};

export interface OffPolicySchedule {
  readonly batchSize: number;
  readonly replayCapacity: number;
  readonly randomSteps: number;
  readonly learningStarts: number;
  readonly updatesPerStep: number;
  readonly baseNoise?: number;
  readonly labels?: 'executed' | 'expert';
  readonly classifierInterval?: number;
}

export interface OffPolicyOptions {
  readonly env: SteppedEnv;
  readonly learner: OffPolicyLearner;
  /** Where what is lived through is stored. */
  readonly replay: ReplayBuffer;
  /** What minibatches are drawn from, in turns; all that is stored unless told. */
  readonly sources?: readonly Source[] | undefined;
  /** Whose rewards stand for those that are stored. */
  readonly success?: SuccessReward | undefined;
  readonly schedule: OffPolicySchedule;
  /** Source of the environment's seed, of random actions and of sampling, each a stream of its own. */
  readonly rng: Rng;
  /** Control steps to train for. */
  readonly steps: number;
  /** Called after each update with its metrics and the number of gradient updates of the critics that it made. */
  readonly onUpdate?: (metrics: Metrics, updates: number) => void;
  /** Puts an expert beside the policy. */
  readonly guide?: ((policy: Policy) => GuidedPolicy) | undefined;
  /** Puts a person beside both. @param step control steps so far */
  readonly takeOver?: ((policy: Policy, step: () => number) => Policy) | undefined;
  /** As `RolloutOptions.afterStep`, once the updates that are due have been made. */
  readonly afterStep?: (step: number) => Promise<void>;
}

/** What a checkpoint has to hold beside the learner, the replay buffer and the rollout. */
export interface OffPolicyState {
  readonly updates: number;
  /** Part of an update that is due: `updatesPerStep` need not be whole. */
  readonly dueUpdates: number;
  readonly rngStates: Readonly<Record<string, RngState>>;
  readonly success?: SuccessRewardState | undefined;
}

/** Fractions of updates are added up step by step; this much of the last one may be missing to rounding. */
export const ROUNDING = 1e-6;

/** What the expert would have done, or, where somebody took over, what they did. @param advice `[N, A]`, written */
function labels({ action, intervened, numEnvs }: Frame, advice: Float32Array): Float32Array {
  const A = action.length / numEnvs;
  for (let scene = 0; scene < numEnvs; scene++)
    if (intervened[scene] === 1) advice.set(action.subarray(scene * A, (scene + 1) * A), scene * A);
  return advice;
}

export function trainOffPolicy(options: OffPolicyOptions): TrainingRun<OffPolicyState> {
  const { env, learner, replay, success, schedule, rng, steps } = options;
  const {
    sources = [{ experience: replay }],
    onUpdate,
    guide,
    takeOver = (alone: Policy) => alone,
    afterStep,
  } = options;
  const randomActions = rng.split('random actions');
  const sampling = rng.split('sampling');
  let updates = 0;
  let dueUpdates = 0;

  const policy: Policy = {
    begin: (scene, obs) => learner.begin?.(scene, obs),
    async act(obs, actions, mode) {
      if (run.step() >= schedule.randomSteps) return learner.act(obs, actions, mode);
      if (hasBase(env.observationSpace, env.actionSpace)) return shakeBase(obs, actions);
      for (let i = 0; i < actions.length; i++) actions[i] = randomActions.uniform(-1, 1);
    },
  };

  /** The base's actions, which are the last that is observed, with noise. */
  function shakeBase(obs: Float32Array, actions: Float32Array): void {
    const { baseNoise = 0 } = schedule;
    const [O, A] = [env.observationSpace.size, env.actionSpace.size];
    for (let i = 0; i < actions.length; i++) {
      const base = obs[O * Math.floor(i / A) + O - A + (i % A)]!;
      actions[i] = Math.max(-1, Math.min(1, base + randomActions.uniform(-baseNoise, baseNoise)));
    }
  }

  async function learn(step: number): Promise<void> {
    if (step < schedule.learningStarts) return;
    // Nobody may have intervened yet, or had their turn.
    if (!sources.every(isFilled)) return;
    dueUpdates += schedule.updatesPerStep * env.numEnvs;
    for (; dueUpdates > learner.minibatches - ROUNDING; dueUpdates -= learner.minibatches) {
      sampleMixture(learner.batch, learner.minibatches, sources, sampling);
      await success?.judge(learner.batch);
      const metrics = await learner.update(Math.min(1, step / steps));
      updates += learner.minibatches;
      onUpdate?.({ ...metrics, ...(await judgeBetter()) }, learner.minibatches);
    }
  }

  /** Once in so many updates the classifier has one of its own. */
  async function judgeBetter(): Promise<Metrics> {
    const { classifierInterval = 1 } = schedule;
    const isDue =
      Math.floor(updates / classifierInterval) >
      Math.floor((updates - learner.minibatches) / classifierInterval);
    return success && isDue ? success.learn(replay) : {};
  }

  const guided = guide?.(policy);
  const advice = schedule.labels === 'expert' ? guided?.advice : undefined;
  const acting = takeOver(guided ?? policy, () => run.step());
  const run: Rollout = rollout(env, acting, {
    seed: rng.split('environment').bits(),
    steps,
    store: (frame) => replay.push(advice ? { ...frame, action: labels(frame, advice) } : frame),
    async afterStep(step) {
      await learn(step);
      await afterStep?.(step);
    },
  });

  return {
    ...run,
    ...(guided && {
      snapshot: () => packBytes([run.snapshot(), guided.snapshot()]),
      restore(snapshot: Uint8Array) {
        const [own, guides] = unpackBytes(snapshot);
        run.restore(own!);
        guided.restore(guides!);
      },
    }),
    state: () => ({
      updates,
      dueUpdates,
      rngStates: { randomActions: randomActions.state(), sampling: sampling.state() },
      ...(success ? { success: success.state() } : {}),
    }),
    restoreState(state) {
      updates = state.updates;
      dueUpdates = state.dueUpdates;
      randomActions.restore(state.rngStates.randomActions!);
      sampling.restore(state.rngStates.sampling!);
      if (state.success) success?.restoreState(state.success);
    },
  };
}
