/** Settings that were found to train `ks` well, by agent. See docs/asynchronous-training.md. */
import type { TunedDefaults } from '../../src/core/env.ts';

export const ksDefaults: Readonly<Record<string, TunedDefaults>> = {
  sac: {
    steps: 30_000,
    numEnvs: 4,
    agent: {
      discount: 0.98,
      hidden: [128, 128],
      criticLayerNorm: true,
      normalizeObservations: true,
      actorLearningRate: 1e-3,
      criticLearningRate: 1e-3,
      temperatureLearningRate: 1e-3,
      initialTemperature: 0.01,
      entropyBackup: false,
    },
    training: {
      rewardScale: 0.1,
      updatesPerStep: 0.25,
      randomSteps: 1_000,
      learningStarts: 1_000,
      logInterval: 2_000,
      evaluationInterval: 5_000,
      evaluationEpisodes: 16,
    },
  },
};
