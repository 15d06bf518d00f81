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

const drill = (defaults: TunedDefaults): Readonly<Record<string, TunedDefaults>> => ({ sac: defaults });

export const volleyDefaults: Readonly<Record<string, Readonly<Record<string, TunedDefaults>>>> = {
  'volley-back-and-forth': drill(tuned(4_000_000, 0.3)),
  'volley-hit-the-ball': drill({
    ...tuned(2_000_000, 0.2, 5),
    agent: { ...agent, discount: 0.995 },
  }),
  'volley-solo-bump': drill(tuned(1_000_000, 0.1)),
  'volley-bump-and-pass': drill(tuned(1_000_000, 1)),
  'volley-set-and-spike-easy': drill(tuned(1_000_000, 0.3)),
};
