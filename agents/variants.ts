/** Algorithms that are settings of another one, under the names that they are known by. */
import { logUniform, oneOf } from '../src/core/search.ts';
import { variantOf } from '../src/learner/index.ts';
import { bc } from './bc.ts';
import { calQl } from './cal-ql.ts';
import { dsacT } from './dsac-t.ts';
import { frequentUpdateSearch } from './parts/search.ts';
import { sac } from './sac.ts';
import { td3 } from './td3.ts';

/** Critic updates per control step, before one update of the actor. */
const HIGH_UPDATE_RATIO = 20;

export const redq = variantOf(sac, {
  name: 'redq',
  description:
    'SAC with ten critics, targets from two of them, twenty critic updates a step (arXiv:2101.05982)',
  settings: { critics: 10, targetSubset: 2, actorValue: 'mean', policyDelay: HIGH_UPDATE_RATIO },
  training: { updatesPerStep: HIGH_UPDATE_RATIO },
  search: frequentUpdateSearch,
});

export const droq = variantOf(sac, {
  name: 'droq',
  description: 'SAC with two dropout critics and twenty critic updates a step (arXiv:2110.02034)',
  settings: {
    criticDropout: 0.01,
    criticLayerNorm: true,
    actorValue: 'mean',
    policyDelay: HIGH_UPDATE_RATIO,
  },
  training: { updatesPerStep: HIGH_UPDATE_RATIO },
  search: frequentUpdateSearch,
});

export const rlpd = variantOf(sac, {
  name: 'rlpd',
  description: 'SAC that learns as much from demonstrations as from experience (arXiv:2302.02948)',
  settings: {
    critics: 10,
    targetSubset: 2,
    actorValue: 'mean',
    criticLayerNorm: true,
    initialization: 'xavier',
    targetEntropyPerAction: -0.5,
    policyDelay: HIGH_UPDATE_RATIO,
  },
  training: { updatesPerStep: HIGH_UPDATE_RATIO, demonstrationFraction: 0.5 },
  search: frequentUpdateSearch,
});

/** What a person would have done is learnt by regression, from the steps that it acts in. */
const IMITATION = {
  randomSteps: 0,
  learningStarts: 1_000,
  updatesPerStep: 0.25,
  interventionReliability: 1,
  evaluationInterval: 5_000,
  logInterval: 1_000,
};

export const dagger = variantOf(bc, {
  name: 'dagger',
  description: 'Imitation of what an expert says wherever the policy comes (DAgger, arXiv:1011.0686)',
  offline: null,
  guided: true,
  settings: { weightDecay: 1e-3 },
  training: { ...IMITATION, labels: 'expert' },
});

export const hgDagger = variantOf(bc, {
  name: 'hg-dagger',
  description: 'Imitation of an expert who takes over where they see fit (HG-DAgger, arXiv:1810.02890)',
  offline: null,
  guided: true,
  settings: { weightDecay: 1e-3 },
  training: { ...IMITATION, experience: 'interventions', intervention: 'difference' },
});

export const rlif = variantOf(rlpd, {
  name: 'rlif',
  description: 'RLPD whose only reward is not to be taken over (RLIF, arXiv:2311.12996)',
  guided: true,
  settings: { hidden: [256, 256, 256], entropyBackup: false, policyDelay: 1 },
  training: { updatesPerStep: 1, randomSteps: 0, learningStarts: 1_000, rewards: 'interventions' },
  search: frequentUpdateSearch,
});

export const td3Bc = variantOf(td3, {
  name: 'td3-bc',
  description: 'TD3 that stays near recorded actions, to learn from them offline (arXiv:2106.06860)',
  offline: 'first',
  settings: { dataTrust: 2.5, normalizeObservations: true },
  search: { dataTrust: oneOf([1, 2.5, 5]) },
});

export const cql = variantOf(calQl, {
  name: 'cql',
  description: 'Conservative Q-learning: Cal-QL without its calibration (CQL(H), arXiv:2006.04779)',
  settings: { calibrated: false, maxTargetBackup: false },
});

export const fastSac = variantOf(sac, {
  name: 'fast-sac',
  description: 'SAC for a GPU: many scenes, large batches, several updates a call (after arXiv:2512.01996)',
  settings: {
    actorLearningRate: 3e-4,
    criticLearningRate: 3e-4,
    discount: 0.97,
    targetRate: 0.125,
    hidden: [512, 256, 128],
    activation: 'silu',
    criticLayerNorm: true,
    targetValue: 'mean',
    actorValue: 'mean',
    normalizeObservations: true,
    initialTemperature: 1e-3,
    targetEntropyPerAction: 0,
    policyDelay: 4,
  },
  training: {
    batchSize: 8_192,
    updatesPerCall: 2,
    updatesPerStep: 8 / 1024,
    learningStarts: 10_240,
    randomSteps: 0,
  },
  search: {
    discount: oneOf([0.95, 0.97, 0.98, 0.99]),
    targetRate: logUniform(0.01, 0.2),
    hidden: oneOf([
      [256, 128, 64],
      [512, 256, 128],
    ]),
    initialTemperature: logUniform(1e-4, 0.1),
    'training.batchSize': oneOf([2_048, 8_192]),
    'training.updatesPerStep': oneOf([4 / 1024, 8 / 1024, 16 / 1024]),
  },
});

export const dsac = variantOf(dsacT, {
  name: 'dsac',
  description:
    'Distributional Soft Actor-Critic: DSAC-T without its refinements, the loss in its form (arXiv:2001.02811)',
  settings: { expectedValueSubstitution: false, twinCritics: false, varianceAdjustment: false },
});
