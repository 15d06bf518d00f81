/**
 * What `proprio train` does, for a page: an off-policy agent with its tuned defaults and the same streams of
 * a seed, so that a tab learns what the command learns, but in memory. Needs nothing of Node.
 */
import { type Observable, Subject } from 'rxjs';
import type { EnvDefinition, TunedDefaults, VectorEnv } from '../../src/core/env.ts';
import { createRng } from '../../src/core/rng.ts';
import { integer, parseSettings, settings } from '../../src/core/settings.ts';
import {
  createLearner,
  createValue,
  describePolicy,
  exportPolicy,
  type OffPolicyDefinition,
} from '../../src/learner/index.ts';
import { ReplayBuffer } from '../../src/replay/replay-buffer.ts';
import { type Evaluation, evaluate, evaluationScenes, isBetter } from '../../src/rollout/evaluate.ts';
import { type OffPolicyState, offPolicySchedule, trainOffPolicy } from '../../src/rollout/off-policy.ts';
import type { TrainingRun } from '../../src/rollout/rollout.ts';
import { MetricsInterval } from '../../src/run/metrics.ts';
import { unscaledValue, type ValueEstimate } from '../../src/viewer/source.ts';

const trainingSettings = settings({
  ...offPolicySchedule,
  logInterval: integer(1_000, 1, 1e9, 'control steps between two points of the curves'),
  evaluationInterval: integer(5_000, 1, 1e9, 'control steps between two evaluations'),
  evaluationEpisodes: integer(100, 1, 100_000, 'episodes of an evaluation during training'),
});

export interface LearningOptions {
  readonly env: EnvDefinition;
  readonly agent: OffPolicyDefinition;
  readonly tuned: TunedDefaults & Required<Pick<TunedDefaults, 'steps' | 'numEnvs'>>;
  readonly seed: number;
  /** Awaited before each update and each step of an evaluation: where the thread may be given away. */
  readonly breathe: () => Promise<void>;
}

export type LearningReport =
  | { readonly kind: 'metrics'; readonly step: number; readonly values: Readonly<Record<string, number>> }
  | {
      readonly kind: 'evaluation';
      readonly step: number;
      readonly evaluation: Evaluation;
      /** Whether no evaluation before it was as good. */
      readonly best: boolean;
    };

export interface Learning {
  readonly env: VectorEnv;
  /** Control steps in all. */
  readonly steps: number;
  /** Subscribing to its `run$` learns, unsubscribing pauses. */
  readonly run: TrainingRun<OffPolicyState>;
  /** Return to come that the agent expects, where it has such an estimate. */
  readonly value: ValueEstimate | undefined;
  /** Hot. */
  readonly reports$: Observable<LearningReport>;
  /** The present policy as a `policy.onnx`. */
  exportPolicy(): Uint8Array;
  dispose(): Promise<void>;
}

export async function createLearning(options: LearningOptions): Promise<Learning> {
  const { env: definition, agent, tuned, seed, breathe } = options;
  const { steps, numEnvs } = tuned;
  const training = parseSettings('training', trainingSettings, { ...agent.training, ...tuned.training });
  const envSettings = parseSettings('env', definition.settings, tuned.env ?? {});
  const env = definition.create(numEnvs, envSettings);
  const evaluationEnv = definition.create(evaluationScenes(training.evaluationEpisodes), envSettings);
  const spaces = { observation: env.observationSpace, action: env.actionSpace };
  const maths = agent.build(spaces, parseSettings('agent', agent.settings, tuned.agent ?? {}));
  const { batchSize, updatesPerCall, rewardScale } = training;
  const rng = createRng(seed);
  const learner = await createLearner({
    maths,
    spaces,
    batchSize,
    updatesPerCall,
    rng: rng.split('learner'),
  });
  const value = await createValue(maths, spaces, learner.vectors, env.spec.agents);
  const replay = new ReplayBuffer({
    // A page's memory is small, and there will not be more transitions than steps.
    capacity: Math.min(training.replayCapacity, steps),
    observationSize: spaces.observation.size,
    actionSize: spaces.action.size,
    rewardScale,
    multiStep: { steps: training.multiStep, discount: maths.discount, numEnvs },
    returnToGo: maths.returnToGo,
  });

  const reports = new Subject<LearningReport>();
  const metrics = new MetricsInterval(env.spec);
  let best: Evaluation | undefined;
  let previousStep = 0;
  let logged = { step: 0, time: performance.now() };

  function log(step: number): void {
    const time = performance.now();
    const fps = (1e3 * (step - logged.step)) / (time - logged.time);
    reports.next({ kind: 'metrics', step, values: { ...metrics.take(), 'time/fps': Math.round(fps) } });
    logged = { step, time };
  }

  const evaluated = {
    act: async (...args: Parameters<typeof learner.act>) => {
      await breathe();
      return learner.act(...args);
    },
  };
  async function judge(step: number): Promise<void> {
    const evaluationSeed = createRng(seed).split('evaluation').bits();
    const evaluation = await evaluate(evaluationEnv, evaluated, training.evaluationEpisodes, evaluationSeed);
    const isBest = best === undefined || isBetter(evaluation, best);
    if (isBest) best = evaluation;
    reports.next({ kind: 'evaluation', step, evaluation, best: isBest });
  }

  const run = trainOffPolicy({
    env,
    replay,
    schedule: training,
    steps,
    rng: rng.split('training'),
    learner: {
      ...learner,
      async update(progress) {
        await breathe();
        return learner.update(progress);
      },
    },
    onUpdate: (values, updates) => metrics.addUpdate(values, updates),
    async afterStep(step) {
      const passed = (interval: number): boolean =>
        Math.floor(step / interval) > Math.floor(previousStep / interval);
      if (passed(training.logInterval)) log(step);
      if (passed(training.evaluationInterval) || step >= steps) await judge(step);
      previousStep = step;
      await breathe();
    },
  });
  run.episodes$.subscribe((episode) => metrics.addEpisode(episode));

  return {
    env,
    steps,
    run,
    value: value && unscaledValue(value, rewardScale),
    reports$: reports,
    exportPolicy() {
      const about = {
        env: definition.id,
        agent: agent.name,
        controlDt: env.spec.controlDt,
        step: run.step(),
      };
      return exportPolicy(maths, spaces, learner.vectors(), describePolicy(spaces, about));
    },
    async dispose() {
      await learner.dispose();
      await value?.dispose();
      env.close();
      evaluationEnv.close();
    },
  };
}
