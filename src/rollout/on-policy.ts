/** On-policy training: act for a while, learn from just that, forget it. A seed determines the whole run. */
import type { SteppedEnv } from '../core/env.ts';
import type { Metrics, OnPolicyLearner } from '../core/policy.ts';
import type { Rng } from '../core/rng.ts';
import { flag, integer } from '../core/settings.ts';
import { RewardScaler, type RewardScaleState } from './reward-scaler.ts';
import { rollout, type TrainingRun } from './rollout.ts';
import type { TrajectoryBuffer } from './trajectory-buffer.ts';

export const onPolicySchedule = {
  rolloutSteps: integer(2_048, 1, 1e6, 'control steps of each scene between two updates'),
  normalizeRewards: flag(true, 'divide rewards by the running deviation of the discounted return'),
};

export interface OnPolicySchedule {
  readonly rolloutSteps: number;
  readonly normalizeRewards: boolean;
}

export interface OnPolicyOptions {
  readonly env: SteppedEnv;
  readonly learner: OnPolicyLearner;
  readonly buffer: TrajectoryBuffer;
  readonly schedule: OnPolicySchedule;
  /** Source of the environment's seed. */
  readonly rng: Rng;
  /** Control steps to train for. */
  readonly steps: number;
  /** Called after each rollout's updates with their means and their number. */
  readonly onUpdate?: (metrics: Metrics, updates: number) => void;
  /** As `RolloutOptions.afterStep`, once the updates that are due have been made. */
  readonly afterStep?: (step: number) => Promise<void>;
}

/** What a checkpoint has to hold beside the learner, the trajectories and the rollout. */
export interface OnPolicyState {
  readonly updates: number;
  readonly rewardScale: RewardScaleState;
}

export function trainOnPolicy(options: OnPolicyOptions): TrainingRun<OnPolicyState> {
  const { env, learner, buffer, schedule, rng, steps, onUpdate, afterStep } = options;
  const scaler = new RewardScaler(env.numEnvs, learner.discount);
  let updates = 0;

  async function learn(step: number): Promise<void> {
    if (!buffer.full) return;
    const learnt = await learner.learn(buffer.trajectories, Math.min(1, (step - buffer.rows) / steps));
    buffer.clear();
    updates += learnt.updates;
    onUpdate?.(learnt.metrics, learnt.updates);
  }

  const run = rollout(env, learner, {
    seed: rng.split('environment').bits(),
    steps,
    store(frame) {
      const reward = schedule.normalizeRewards ? scaler.scale(frame) : frame.reward;
      buffer.push(frame, reward, learner.explorationNoise());
    },
    async afterStep(step) {
      await learn(step);
      await afterStep?.(step);
    },
  });

  return {
    ...run,
    state: () => ({ updates, rewardScale: scaler.state() }),
    restoreState(state) {
      updates = state.updates;
      scaler.restore(state.rewardScale);
    },
  };
}
