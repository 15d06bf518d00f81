/** Tuned defaults of every family, `tunedDefaults[env]?.[agent]`; where there are none, the general ones hold. */
import type { TunedDefaults } from '../src/core/env.ts';
import { droneDefaults } from './drone/defaults.ts';

export const tunedDefaults: Readonly<Record<string, Readonly<Record<string, TunedDefaults>>>> = {
  ...droneDefaults,
  pendulum: {
    sac: {
      steps: 20_000,
      numEnvs: 1,
      agent: { actorLearningRate: 1e-3, criticLearningRate: 1e-3, temperatureLearningRate: 1e-3 },
      training: {
        randomSteps: 1_000,
        learningStarts: 1_000,
        logInterval: 1_000,
        evaluationInterval: 5_000,
        evaluationEpisodes: 100,
      },
    },
  },
};
