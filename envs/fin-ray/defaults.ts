/** Settings that were found to train fin rays well, by environment and agent. See docs/fin-ray.md. */
import type { TunedDefaults } from '../../src/core/env.ts';
import { boldSac } from '../bold-sac.ts';

/** Small networks with a high step size, little entropy and none in the targets: an episode is a few waves, all alike. */
const sac: TunedDefaults = {
  steps: 150_000,
  numEnvs: 32,
  agent: { ...boldSac, discount: 0.98, hidden: [128, 128] },
  training: {
    rewardScale: 0.2,
    updatesPerStep: 1 / 8,
    randomSteps: 5_000,
    learningStarts: 5_000,
    logInterval: 10_000,
    evaluationInterval: 15_000,
    evaluationEpisodes: 20,
  },
};

/** Where a control step costs as much as some updates, there are more of them to each. */
const latticeSac: TunedDefaults = {
  ...sac,
  steps: 40_000,
  numEnvs: 16,
  training: {
    ...sac.training,
    updatesPerStep: 1 / 2,
    randomSteps: 2_000,
    learningStarts: 2_000,
    logInterval: 2_000,
    evaluationInterval: 5_000,
    evaluationEpisodes: 8,
    checkpointInterval: 10_000,
  },
};

export const finDefaults: Readonly<Record<string, Readonly<Record<string, TunedDefaults>>>> = {
  'fin-offset': { sac },
  'fin-base': { sac },
  'fin-full': { sac },
  'fin-offset-fsi': { sac: latticeSac },
  'fin-base-fsi': { sac: latticeSac },
};
