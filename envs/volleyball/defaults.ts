/** Settings that were found to train the volleyball tasks well, by environment and agent. See docs/volleyball.md. */
import type { TunedDefaults } from '../../src/core/env.ts';
import { boldSac } from '../bold-sac.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Statistics of observations suit a whole court; entropy in the targets would charge every step against a fault's single −10. */
const agent: Settings = { ...boldSac, discount: 0.99, hidden: [128, 128], initialTemperature: 0.005 };

/** Frames cost next to nothing beside updates, so many scenes and one update in 32 steps; half of each batch is the scripted player's. */
const training = (rewardScale: number, multiStep = 3): Settings => ({
  rewardScale,
  multiStep,
  updatesPerStep: 1 / 32,
  randomSteps: 12_800,
  learningStarts: 12_800,
  demonstrationEpisodes: 250,
  demonstrationNoise: 0.05,
  evaluationInterval: 100_000,
  evaluationEpisodes: 128,
  logInterval: 20_000,
});

const tuned = (steps: number, rewardScale: number, multiStep?: number): TunedDefaults => ({
  steps,
  numEnvs: 128,
  agent,
  training: training(rewardScale, multiStep),
});

/** A scripted player is corrected by little, or it falls: small corrections, learnt slowly and by four critics. */
const correction = ({ agent: { discount } = {}, training: shaping }: TunedDefaults): TunedDefaults => ({
  steps: 400_000,
  numEnvs: 128,
  agent: {
    ...{ discount, hidden: [128, 128], normalizeObservations: true, gradientLimit: 0 },
    ...{ critics: 4, policyDelay: 2, criticLearningRate: 3e-4, criticOnlyUpdates: 4_000 },
    ...{ actorLearningRate: 2e-5, actorWarmUp: 1_000, residualScale: 0.1 },
    ...{ explorationNoise: 0.03, targetNoise: 0.03 },
  },
  training: {
    ...shaping,
    ...{ updatesPerStep: 1 / 16, randomSteps: 25_600, learningStarts: 25_600, baseNoise: 0.05 },
    ...{ demonstrationEpisodes: 200, demonstrationNoise: 0, evaluationInterval: 50_000 },
  },
});

/** One player learns its game anew, or corrects the scripted one. */
const drill = (sac: TunedDefaults): Readonly<Record<string, TunedDefaults>> => ({
  sac,
  residual: correction(sac),
});
const pair = (sac: TunedDefaults): Readonly<Record<string, TunedDefaults>> => ({ sac });

export const volleyDefaults: Readonly<Record<string, Readonly<Record<string, TunedDefaults>>>> = {
  'volley-back-and-forth': drill(tuned(4_000_000, 0.3)),
  'volley-hit-the-ball': drill({
    ...tuned(2_000_000, 0.2, 5),
    agent: { ...agent, discount: 0.995 },
  }),
  'volley-solo-bump': drill(tuned(1_000_000, 0.1)),
  'volley-bump-and-pass': pair(tuned(1_000_000, 1)),
  'volley-set-and-spike-easy': pair(tuned(1_000_000, 0.3)),
};
