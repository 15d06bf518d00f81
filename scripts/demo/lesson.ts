/** Learning `drone-hover` with its tuned defaults, watched like any training run. Needs nothing of Node. */
import type { Subscription } from 'rxjs';
import { sac } from '../../agents/sac.ts';
import { tunedDefaults } from '../../envs/defaults.ts';
import { droneHover } from '../../envs/drone/hover.ts';
import { parseSettings } from '../../src/core/settings.ts';
import type { Evaluation } from '../../src/rollout/evaluate.ts';
import { createHub, type Hub } from '../../src/viewer/hub.ts';
import { createTraining } from '../../src/viewer/training.ts';
import { createBreath } from './breath.ts';
import { createLearning, type LearningOptions } from './learning.ts';
import type { WorkerReport } from './messages.ts';

/** Time between two reports of progress, ms. */
const PROGRESS_INTERVAL = 250;

export interface Lesson {
  readonly hub: Hub;
  /** Takes effect after the step under way. */
  pause(): void;
  resume(): void;
}

/** Begins to learn at once. */
export async function startLesson(seed: number, report: (message: WorkerReport) => void): Promise<Lesson> {
  const tuned = tunedDefaults['drone-hover']!.sac as LearningOptions['tuned'];
  const learning = await createLearning({
    env: droneHover,
    agent: sac,
    tuned,
    seed,
    breathe: createBreath(),
  });
  const { env, run, steps, value } = learning;
  const teleoperation = droneHover.teleoperation!(
    env,
    parseSettings('env', droneHover.settings, tuned.env ?? {}),
  );
  const policyName = 'SAC, learning in this tab';
  const hub = createHub(createTraining({ env, run, policyName, seed, teleoperation, value }));
  const plot = (step: number, values: Readonly<Record<string, number>>): void =>
    hub.report({ type: 'metrics', step, values: { ...values } });

  learning.reports$.subscribe((told) => {
    if (told.kind === 'metrics') return plot(told.step, told.values);
    const { step, evaluation, best } = told;
    plot(step, curvesOf(evaluation));
    const model = best ? { model: learning.exportPolicy() } : {};
    report({ type: 'evaluated', step, successRate: evaluation.successRate!, ...model });
  });

  const progress = (): void => report({ type: 'progress', step: run.step(), steps });
  let running: Subscription | undefined;
  let reported = Number.NEGATIVE_INFINITY;
  const lesson: Lesson = {
    hub,
    pause() {
      running?.unsubscribe();
      running = undefined;
    },
    resume() {
      running ??= run.run$.subscribe({
        next() {
          const now = performance.now();
          if (now - reported < PROGRESS_INTERVAL) return;
          reported = now;
          progress();
        },
        error: (error: Error) => report({ type: 'failed', message: error.message }),
        complete() {
          progress();
          report({ type: 'finished' });
        },
      });
    },
  };
  lesson.resume();
  return lesson;
}

/** By the names that TensorBoard shows them under. */
const curvesOf = ({ returnMean, episodeLengthMean, successRate }: Evaluation): Record<string, number> => ({
  'eval/mean_reward': returnMean,
  'eval/mean_ep_length': episodeLengthMean,
  'eval/success_rate': successRate!,
});
