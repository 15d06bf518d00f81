/** Settings that were found to train the drone tasks well, by environment and agent. See docs/benchmarks.md. */
import type { TunedDefaults } from '../../src/core/env.ts';

/**
 * Layer normalisation keeps the critics steady: without it success swings between 0 and 100 % from one evaluation to the
 * next. Small networks with a high step size learn faster here than the usual ones.
 */
const agent = {
  discount: 0.98,
  hidden: [128, 128],
  criticLayerNorm: true,
  actorLearningRate: 7e-4,
  criticLearningRate: 7e-4,
  temperatureLearningRate: 7e-4,
};
const training = { updatesPerStep: 0.25, evaluationEpisodes: 100 };

export const droneDefaults: Readonly<Record<string, Readonly<Record<string, TunedDefaults>>>> = {
  'drone-hover': { sac: { steps: 200_000, numEnvs: 64, agent, training } },
  'drone-track': { sac: { steps: 300_000, numEnvs: 64, agent, training } },
};
