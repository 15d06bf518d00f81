/** Settings that were found to swing up the pendulum within 20,000 steps, by agent. See docs/benchmarks.md. */
import type { TunedDefaults } from '../src/core/env.ts';

const training = {
  randomSteps: 1_000,
  learningStarts: 1_000,
  logInterval: 1_000,
  evaluationInterval: 5_000,
  evaluationEpisodes: 100,
};
const rates = { actorLearningRate: 1e-3, criticLearningRate: 1e-3 };
const entropic = { ...rates, temperatureLearningRate: 1e-3 };

const offPolicy = (agent: TunedDefaults['agent']): TunedDefaults => ({
  steps: 20_000,
  numEnvs: 1,
  agent: agent!,
  training,
});

export const pendulumDefaults: Readonly<Record<string, TunedDefaults>> = {
  sac: offPolicy(entropic),
  'dsac-t': offPolicy({ ...entropic, hidden: [256, 256], initialTemperature: 1 }),
  td3: offPolicy(rates),
  crossq: offPolicy({ criticHidden: [256, 256] }),
  tqc: offPolicy({ ...entropic, hidden: [256, 256], criticHidden: [256, 256], critics: 2 }),
  mdpo: offPolicy({ ...rates, entropyWeight: 0.2, proximityWeight: 0.5 }),
  // RL-Zoo's settings for this task, but for its state-dependent exploration.
  ppo: {
    steps: 100_000,
    numEnvs: 4,
    agent: { discount: 0.9, learningRate: 1e-3 },
    training: { rolloutSteps: 512, logInterval: 5_000, evaluationInterval: 10_000, evaluationEpisodes: 100 },
  },
};
