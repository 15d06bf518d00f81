/** Settings that were found to train hands well, by environment and agent. See docs/hands.md. */
import type { TunedDefaults } from '../../src/core/env.ts';
import { boldSac } from '../bold-sac.ts';

/**
 * A fingertip is where it is going a few steps after it was told, so little foresight is needed, and values of few steps are
 * exact enough to tell millimetres apart.
 */
const reachSac: TunedDefaults = {
  steps: 100_000,
  numEnvs: 16,
  agent: { ...boldSac, discount: 0.7, hidden: [256, 256] },
  training: {
    rewardScale: 5,
    updatesPerStep: 1 / 2,
    randomSteps: 2_000,
    learningStarts: 2_000,
    evaluationInterval: 10_000,
    evaluationEpisodes: 64,
  },
};

/** Plans of a third of a second, of which a clone copies successes and failures alike. */
const clone: TunedDefaults = {
  steps: 3_000,
  env: { reward: 'sparse' },
  agent: { horizon: 8 },
  training: { evaluationInterval: 1_000, evaluationEpisodes: 100 },
};

/** Small networks and few updates instead of ResFiT's ten critics of 1,024 units: the task is small, and there is no GPU. */
const residual: TunedDefaults = {
  steps: 30_000,
  numEnvs: 8,
  env: { reward: 'sparse' },
  agent: {
    hidden: [128, 128],
    critics: 2,
    policyDelay: 2,
    criticLearningRate: 3e-4,
    criticOnlyUpdates: 4_000,
    clipTargets: true,
    gradientLimit: 0,
  },
  training: {
    batchSize: 128,
    updatesPerStep: 1,
    randomSteps: 4_000,
    learningStarts: 4_000,
    logInterval: 1_000,
    evaluationInterval: 5_000,
    evaluationEpisodes: 100,
  },
};

export const handDefaults: Readonly<Record<string, Readonly<Record<string, TunedDefaults>>>> = {
  'hand-reach': { sac: reachSac },
  'hand-grasp-lift': { bc: clone, residual },
  'hand-ball-pick-place': { bc: { ...clone, steps: 5_000 }, residual: { ...residual, steps: 100_000 } },
};
