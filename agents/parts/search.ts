/**
 * What `proprio tune` searches where nothing else is said: step sizes, discount, network sizes and what steers exploration,
 * in ranges around those of papers and tuned defaults. The domains of an agent stand in its own file; here are those that
 * several have in common.
 */
import { logUniform, oneOf } from '../../src/core/search.ts';

const stepSize = logUniform(1e-4, 3e-3);

const shared = {
  discount: oneOf([0.95, 0.98, 0.99, 0.995]),
  hidden: oneOf([
    [64, 64],
    [128, 128],
    [256, 256],
  ]),
};

/** Agents that learn an action value from replay. */
export const offPolicySearch = {
  ...shared,
  actorLearningRate: stepSize,
  criticLearningRate: stepSize,
  'training.batchSize': oneOf([128, 256, 512]),
  'training.updatesPerStep': oneOf([0.25, 0.5, 1]),
};

/** How fast targets follow. */
export const targetSearch = { targetRate: logUniform(2e-3, 5e-2) };

/** Critics with or without layer normalisation. */
export const layerNormSearch = { criticLayerNorm: oneOf([false, true]) };

/** Agents with a learned temperature. */
export const temperatureSearch = {
  temperatureLearningRate: stepSize,
  initialTemperature: logUniform(0.01, 1),
  targetEntropyPerAction: oneOf([-1, -0.5, 0]),
};

/** Agents that make many critic updates for each of the actor. Their papers make twenty a step, too many to try often. */
export const frequentUpdateSearch = {
  policyDelay: oneOf([1, 4, 10]),
  'training.updatesPerStep': oneOf([1, 2, 4]),
};

/** Agents that learn from fresh rollouts. */
export const onPolicySearch = {
  ...shared,
  traceDecay: oneOf([0.9, 0.95, 0.98]),
  learningRate: stepSize,
  maxGradientNorm: oneOf([0.5, 1, 5]),
};
