/** Settings that were found to train the drone tasks well, by environment and agent. See docs/benchmarks.md. */
import type { TunedDefaults } from '../../src/core/env.ts';

type Settings = Readonly<Record<string, unknown>>;

/**
 * Layer normalisation keeps the critics steady: without it success swings between 0 and 100 % from one evaluation to the
 * next. Small networks with a high step size learn faster here than the usual ones.
 */
const critical: Settings = {
  discount: 0.98,
  hidden: [128, 128],
  criticLayerNorm: true,
  actorLearningRate: 7e-4,
  criticLearningRate: 7e-4,
};
const entropic: Settings = { ...critical, temperatureLearningRate: 7e-4 };
const rare: Settings = { updatesPerStep: 0.25, evaluationEpisodes: 100 };
/** More updates for each step: slower by the clock, faster by the step. */
const frequent: Settings = { updatesPerStep: 1, evaluationEpisodes: 100 };

/** Many updates for each step pay where each of them sees what the last steps have brought: with few scenes. */
const eager: TunedDefaults = { numEnvs: 16, training: { updatesPerStep: 2, evaluationEpisodes: 100 } };
/** Sparse rewards want little entropy (arXiv:2401.16013). */
const quiet: Settings = { initialTemperature: 0.01, entropyBackup: false };

const agents: Readonly<Record<string, TunedDefaults>> = {
  sac: { agent: entropic, training: rare },
  redq: { ...eager, agent: { ...entropic, critics: 5, policyDelay: 4 } },
  droq: { ...eager, agent: { ...entropic, policyDelay: 4 } },
  rlpd: { ...eager, agent: { ...entropic, ...quiet, critics: 5, policyDelay: 4 } },
  'dsac-t': {
    ...eager,
    agent: { ...entropic, initialTemperature: 0.01 },
    training: { ...eager.training, randomSteps: 1_000, learningStarts: 1_000 },
  },
  // The paper's noise is too much for a task of centimetres: with it the aircraft hovers beside its target.
  td3: { ...eager, agent: { ...critical, targetNoise: 0.05, targetNoiseLimit: 0.1 } },
  crossq: {
    agent: { discount: 0.98, hidden: [128, 128], criticHidden: [256, 256] },
    training: frequent,
  },
  tqc: {
    agent: { ...entropic, criticHidden: [128, 128], critics: 2 },
    training: frequent,
  },
  mdpo: {
    agent: { ...critical, entropyWeight: 0.05, proximityWeight: 0.2, oldPolicyUpdates: 250 },
    training: { ...rare, randomSteps: 5_000, learningStarts: 5_000 },
  },
  ppo: {
    agent: { discount: 0.98, learningRate: 1e-3, minibatches: 16, hidden: [128, 128] },
    training: { rolloutSteps: 64, evaluationEpisodes: 100 },
  },
};

/** Scenes that are simulated together, unless an agent has its own number. */
const NUM_ENVS = 64;

const tuned = (steps: number): Readonly<Record<string, TunedDefaults>> =>
  Object.fromEntries(
    Object.entries(agents).map(([name, settings]) => [name, { steps, numEnvs: NUM_ENVS, ...settings }]),
  );

export const droneDefaults: Readonly<Record<string, Readonly<Record<string, TunedDefaults>>>> = {
  'drone-hover': tuned(200_000),
  'drone-track': tuned(300_000),
};
