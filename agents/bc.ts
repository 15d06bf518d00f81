/**
 * Behaviour cloning: a policy that does what recorded actions show, by regression. It may plan several control steps at
 * once, as the action chunks of ACT (Zhao et al. 2023, arXiv:2304.13705) do, and carry them out without looking, or average
 * what overlapping plans have for each step.
 *
 * Shapes: B batch, H control steps of a plan, A action size.
 */
import { ConfigurationError } from '../src/core/errors.ts';
import { choice, flag, integer, number, settings, widths } from '../src/core/settings.ts';
import type { OffPolicyDefinition, PlanExecution, Tensors } from '../src/learner/index.ts';
import { adam, adamState, mlp, observationInput, runningStatistics, transformer } from '../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../src/tensor/index.ts';
import { decaySetting, rateAt } from './parts/learning-rate.ts';
import { normalizationSetting } from './parts/settings.ts';

/** Least deviation that actions are measured by: what hardly ever changes is not worth learning to the last digit. */
const LEAST_DEVIATION = 0.05;

export const bcSettings = settings({
  network: choice(
    'mlp',
    ['mlp', 'transformer'],
    'transformer: that of ACT, on what is observed instead of images',
  ),
  hidden: widths([256, 256], 'units of the hidden layers of an mlp'),
  layerNorm: flag(true, 'layer normalisation in an mlp'),
  tokens: integer(4, 1, 64, 'of a transformer: tokens that an observation becomes'),
  width: integer(128, 1, 4096, 'numbers of a token'),
  heads: integer(4, 1, 64, 'heads of attention, which share the width'),
  feedForward: integer(256, 1, 16_384, 'units between the two layers after each attention'),
  encoderLayers: integer(2, 0, 16, 'layers over the tokens'),
  decoderLayers: integer(1, 1, 16, 'layers over the steps of a plan'),
  horizon: integer(1, 1, 200, 'control steps that are planned at once (action chunks)'),
  carriedOut: integer(0, 0, 200, 'of these, carried out before the next plan is made; 0 for all'),
  explorationNoise: number(0.05, 0, 2, 'deviation of the noise added to actions where it explores'),
  ensembling: flag(false, 'plan anew in each step, and average what all plans have for it'),
  ensemblingDecay: number(0.01, 0, 10, 'm of the weights exp(−m·i) of those plans, from the oldest on'),
  loss: choice('squared', ['squared', 'absolute'], 'of the normalised actions; ACT takes the absolute error'),
  learningRate: number(1e-3, 0, 1, 'Adam step size'),
  learningRateDecay: decaySetting,
  weightDecay: number(0, 0, 1, 'part of the weights that is taken away in a step of size 1 (AdamW)'),
  normalizeObservations: normalizationSetting(true),
  normalizeActions: flag(true, 'learn actions relative to their mean and deviation in the data'),
});
type BcSettings = ReturnType<typeof bcSettings.parse>;

/** @throws ConfigurationError for more steps to carry out than are planned */
function executionOf({ horizon, carriedOut, ensembling, ensemblingDecay }: BcSettings): PlanExecution {
  if (carriedOut > horizon)
    throw new ConfigurationError(
      `Setting agent.carriedOut=${carriedOut} is more than a plan has (agent.horizon=${horizon}): make it at most that, or 0 for all.`,
    );
  return {
    horizon,
    carriedOut: carriedOut || horizon,
    ...(ensembling ? { ensembling: ensemblingDecay } : {}),
  };
}

export const bc: OffPolicyDefinition<BcSettings> = {
  kind: 'off-policy',
  offline: 'only',
  name: 'bc',
  description: 'Behaviour cloning of demonstrations, in action chunks if wanted (arXiv:2304.13705)',
  settings: bcSettings,
  training: { evaluationInterval: 2_000, logInterval: 500, checkpointInterval: 10_000 },

  build({ observation, action }, s) {
    const plans = executionOf(s);
    const { horizon } = plans;
    const input = observationInput(observation, s.normalizeObservations);
    const network = networkOf(s, observation.size, horizon, action.size);
    const statistics = runningStatistics(action.size);
    const STATISTICS = 'actionStatistics';
    const shown = s.normalizeActions ? { [STATISTICS]: statistics.layout } : {};

    /** Mean and deviation of actions, `[1, H·A]` each. */
    function scaleOf(state: Tensors): { mean: Tensor; deviation: Tensor } | undefined {
      if (!s.normalizeActions) return undefined;
      const { mean, variance } = statistics.moments(state[STATISTICS]!);
      const deviation = tf.maximum(tf.sqrt(variance), LEAST_DEVIATION);
      return { mean: tf.tile(mean, [1, horizon]), deviation: tf.tile(deviation, [1, horizon]) };
    }

    return {
      state: { policy: network.layout, ...input.state, ...shown, ...adamState('policy', network.layout) },
      policyState: ['policy', ...Object.keys(input.state), ...Object.keys(shown)],
      discount: 1,
      plans,
      noise: () => ({}),

      policy(state, obs, noise) {
        const decided = network.apply(state.policy!, input.apply(state, obs));
        const scale = scaleOf(state);
        const plan = scale ? tf.add(tf.mul(decided, scale.deviation), scale.mean) : decided;
        return noise ? tf.add(plan, tf.mul(tf.tile(noise, [1, horizon]), s.explorationNoise)) : plan;
      },

      update(before, batch, _, progress) {
        const plan = batch.plan!;
        const rows = tf.reshape(plan, [-1, action.size]);
        const state: Tensors = {
          ...before,
          ...input.observe(before, batch.obs),
          ...(s.normalizeActions ? { [STATISTICS]: statistics.observe(before[STATISTICS]!, rows) } : {}),
        };
        const scale = scaleOf(state);
        const wanted = scale ? tf.div(tf.sub(plan, scale.mean), scale.deviation) : plan;
        const { loss, gradient } = valueAndGradient((vector) => {
          const error = tf.sub(network.apply(vector, input.apply(state, batch.obs)), wanted);
          return { loss: tf.mean(s.loss === 'squared' ? tf.square(error) : tf.abs(error)) };
        }, state.policy!);
        const rate = rateAt(progress, s.learningRateDecay)(s.learningRate);
        const step = adam(state, 'policy', gradient, rate);
        return {
          state: { ...state, ...step, policy: decayed(state.policy!, step.policy!, rate, s.weightDecay) },
          metrics: { loss },
        };
      },
    };
  },
};

/** @throws ConfigurationError for heads that cannot share the width */
function networkOf(s: BcSettings, inputs: number, horizon: number, actions: number) {
  if (s.network === 'mlp')
    return mlp({ inputs, hidden: s.hidden, outputs: horizon * actions, layerNorm: s.layerNorm });
  if (s.width % s.heads !== 0)
    throw new ConfigurationError(
      `Setting agent.heads=${s.heads} cannot share agent.width=${s.width} equally: make the width a multiple of it.`,
    );
  return transformer({ ...s, inputs, queries: horizon, outputs: actions });
}

/** Decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2). */
const decayed = (before: Tensor, after: Tensor, rate: number | Tensor, decay: number): Tensor =>
  decay === 0 ? after : tf.sub(after, tf.mul(before, tf.mul(rate, decay)));
