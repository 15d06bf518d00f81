/** Settings that agents which learn action values from replay have in common. An agent may give them other defaults. */
import { flag, number, widths } from '../../src/core/settings.ts';
import { decaySetting } from './learning-rate.ts';

export const discountSetting = number(0.99, 0, 1, 'discount γ per control step');

export const normalizationSetting = (standard: boolean) =>
  flag(standard, 'standardise observations with running statistics instead of by their bounds');

export const actorCriticRates = {
  actorLearningRate: number(3e-4, 0, 1, 'Adam step size of the actor'),
  criticLearningRate: number(3e-4, 0, 1, 'Adam step size of the critics'),
};

export const offPolicySettings = {
  discount: discountSetting,
  targetRate: number(0.005, 0, 1, 'rate τ at which targets follow, each time that they do'),
  ...actorCriticRates,
  learningRateDecay: decaySetting,
  hidden: widths([256, 256], 'units of the hidden layers of actor and critics'),
  normalizeObservations: normalizationSetting(false),
  criticLayerNorm: flag(false, 'layer normalisation in the critics (RLPD, arXiv:2302.02948)'),
};
