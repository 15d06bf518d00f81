/**
 * Settings of SAC that three families of tasks train well with: a high step size that falls in the second half, layer
 * normalisation in the critics, statistics of observations instead of their bounds, and little entropy, none of it in the
 * targets. Each family adds how far it looks ahead, and how wide its networks are.
 */
export const boldSac: Readonly<Record<string, unknown>> = {
  criticLayerNorm: true,
  normalizeObservations: true,
  actorLearningRate: 7e-4,
  criticLearningRate: 7e-4,
  temperatureLearningRate: 7e-4,
  initialTemperature: 0.02,
  entropyBackup: false,
  learningRateDecay: 0.5,
};
