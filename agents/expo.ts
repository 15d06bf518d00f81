/**
 * Expressive policy optimisation (EXPO; Dong et al. 2025, arXiv:2507.07986; constants as in github.com/pd-perry/EXPO): a base
 * policy of any shape that learns by imitation alone, so that no value is ever differentiated through it, a small Gaussian
 * policy that edits its actions towards higher values, and the choice of the most valuable among several of both, in acting
 * and in targets alike. Critics are those of RLPD.
 *
 * The base is a flow (Lipman et al. 2023, arXiv:2210.02747) instead of the paper's diffusion: as expressive, and few Euler
 * steps make an action. Without exploration its latents are the same few numbers in every call, edits are their means, and so
 * an observation has one action.
 *
 * Shapes: B batch, M rows, I inputs, A actions, E critics, K actions drawn from the base, C = 2K candidates, G critic updates
 * of a call.
 */
import { createRng } from '../src/core/rng.ts';
import { logUniform, oneOf } from '../src/core/search.ts';
import { flag, integer, number, settings, widths } from '../src/core/settings.ts';
import {
  type BatchTensors,
  normalNoise,
  type OffPolicyDefinition,
  type Tensors,
  uniformNoise,
} from '../src/learner/index.ts';
import { adam, adamState, moveToward, observationInput } from '../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../src/tensor/index.ts';
import { actionValueCritics, assertSubset, randomSubset } from './parts/critics.ts';
import { everywhere, flowLoss, flowPolicy } from './parts/flow-policy.ts';
import { rateAt } from './parts/learning-rate.ts';
import { bellmanTarget, criticLoss, softActorLoss } from './parts/losses.ts';
import { type CriticStep, noiseFor, noiseOf, updateInTurn } from './parts/minibatches.ts';
import { frequentUpdateSearch, offPolicySearch, targetSearch, temperatureSearch } from './parts/search.ts';
import { offPolicySettings } from './parts/settings.ts';
import { squashedActor } from './parts/squashed-actor.ts';
import { learnedTemperature, temperatureSettings } from './parts/temperature.ts';

export const expoSettings = settings({
  ...offPolicySettings,
  actorLearningRate: number(3e-4, 0, 1, 'Adam step size of the policy that edits'),
  baseLearningRate: number(3e-4, 0, 1, 'Adam step size of the base policy'),
  criticLayerNorm: flag(true, 'layer normalisation in the critics (RLPD, arXiv:2302.02948)'),
  ...temperatureSettings,
  targetEntropyPerAction: number(-0.5, -20, 20, 'entropy of edits that α steers to, nats per component'),
  baseHidden: widths([256, 256], 'units of the hidden layers of the base policy'),
  flowSteps: integer(10, 1, 100, 'Euler steps from noise to an action of the base'),
  candidates: integer(
    8,
    1,
    256,
    'actions K drawn from the base, from which and from whose edits one is chosen',
  ),
  editScale: number(
    0.3,
    0,
    2,
    'most that is added to each component of the base’s action; published: 0.05 to 0.7, by task',
  ),
  critics: integer(10, 1, 64, 'ensemble size E'),
  targetSubset: integer(2, 1, 64, 'critics drawn to choose the next action, and drawn anew to value it'),
  policyDelay: integer(20, 1, 64, 'critic updates for each update of base and edits, in one call'),
});

/** Each row of `x` `[M, F]` so often, one after another: `[M·times, F]`. */
const repeated = (x: Tensor, times: number): Tensor => tf.reshape(tf.tile(x, [1, times]), [-1, x.shape[1]!]);

export const expo: OffPolicyDefinition<ReturnType<typeof expoSettings.parse>> = {
  kind: 'off-policy',
  name: 'expo',
  description:
    'EXPO: an imitating flow, edited by value, the best of several candidates acts (arXiv:2507.07986)',
  settings: expoSettings,
  training: { updatesPerStep: 20, demonstrationFraction: 0.5 },
  search: {
    ...offPolicySearch,
    ...targetSearch,
    ...temperatureSearch,
    ...frequentUpdateSearch,
    editScale: logUniform(0.05, 1),
    candidates: oneOf([4, 8, 16]),
  },

  build({ observation, action }, s) {
    assertSubset(s.targetSubset, s.critics);
    const [A, K, G] = [action.size, s.candidates, s.policyDelay];
    const input = observationInput(observation, s.normalizeObservations);
    const network = { inputs: observation.size, actions: A };
    const base = flowPolicy({ ...network, hidden: s.baseHidden, steps: s.flowSteps });
    const asInRlpd = { hidden: s.hidden, initialization: 'xavier' } as const;
    const edit = squashedActor({ ...asInRlpd, inputs: observation.size + A, actions: A });
    const critics = actionValueCritics({
      ...network,
      ...asInRlpd,
      critics: s.critics,
      layerNorm: s.criticLayerNorm,
    });
    const temperature = learnedTemperature(A, s);
    const latents = createRng(0)
      .split('latents')
      .fillNormal(new Float32Array(K * A));
    const edited = (actions: Tensor, edits: Tensor): Tensor =>
      tf.clipByValue(tf.add(actions, tf.mul(edits, s.editScale)), -1, 1);

    /**
     * Actions of the base and what they become by edits, `[M, C·A]`.
     * @param x `[M, I]` @param latent standard normal, `[M, K·A]` @param noise of the edits, likewise; null for their means
     */
    function candidatesAt(state: Tensors, x: Tensor, latent: Tensor, noise: Tensor | null): Tensor {
      const wide = repeated(x, K);
      const actions = base.act(state.base!, wide, tf.reshape(latent, [-1, A]));
      const edits = edit.act(state.edit!, tf.concat([wide, actions], 1), noise && tf.reshape(noise, [-1, A]));
      return tf.concat(
        [actions, edited(actions, edits)].map((each) => tf.reshape(each, [-1, K * A])),
        1,
      );
    }

    /**
     * Of each row the candidate that is worth most, `[M, A]`.
     * @param candidates `[M, C·A]` @param worthOf values of each `[M·C]` from those of the critics `[E, M·C]`
     */
    function best(
      state: Tensors,
      x: Tensor,
      candidates: Tensor,
      worthOf: (values: Tensor) => Tensor,
      only?: tf.Tensor1D,
    ): Tensor {
      const C = 2 * K;
      const values = critics.value(state.targetCritics!, repeated(x, C), tf.reshape(candidates, [-1, A]), {
        only,
      });
      const first = tf.argMax(tf.reshape(worthOf(values), [-1, C]), 1);
      const chosen = tf.oneHot(first as tf.Tensor1D, C, 1, 0, 'float32');
      return tf.sum(tf.mul(tf.expandDims(chosen, 2), tf.reshape(candidates, [-1, C, A])), 1);
    }

    const least = (values: Tensor): Tensor => tf.min(values, 0);
    const mean = (values: Tensor): Tensor => tf.mean(values, 0);

    function improveCritics(
      state: Tensors,
      batch: BatchTensors,
      noise: Tensors,
      progress: Tensor,
    ): CriticStep {
      const next = input.apply(state, batch.nextObs);
      const choosing = randomSubset(noise.choosing, s.targetSubset);
      const nextAction = best(state, next, noise.candidates!, least, choosing);
      const only = randomSubset(noise.valuing, s.targetSubset);
      const target = bellmanTarget(
        batch,
        least(critics.value(state.targetCritics!, next, nextAction, { only })),
      );
      const { loss, q, gradient } = valueAndGradient((vector) => {
        const q = critics.value(vector, input.apply(state, batch.obs), batch.action);
        return { loss: criticLoss(q, target), q: tf.mean(q) };
      }, state.critics!);
      const step = adam(
        state,
        'critics',
        gradient,
        rateAt(progress, s.learningRateDecay)(s.criticLearningRate),
      );
      const targetCritics = moveToward(state.targetCritics!, step.critics!, s.targetRate);
      return { state: { ...step, targetCritics }, metrics: { critic_loss: loss, q } };
    }

    /** The base imitates recorded actions, and edits of the same actions climb their value. */
    function improvePolicies(
      state: Tensors,
      { obs, action }: BatchTensors,
      noise: Tensors,
      progress: Tensor,
    ) {
      const x = input.apply(state, obs);
      const rate = rateAt(progress, s.learningRateDecay);
      const imitated = valueAndGradient(
        (vector) => ({ loss: flowLoss(base, vector, x, action, noise.latent!, noise.time!) }),
        state.base!,
      );
      const alpha = temperature.of(state);
      const improved = valueAndGradient((vector) => {
        const { action: edits, logProb } = edit.sample(vector, tf.concat([x, action], 1), noise.edit!);
        const q = mean(critics.value(state.critics!, x, edited(action, edits)));
        return { loss: softActorLoss(q, logProb, alpha), logProb };
      }, state.edit!);
      const steered = temperature.update(state, improved.logProb, progress);
      return {
        state: {
          ...adam(state, 'base', imitated.gradient, rate(s.baseLearningRate)),
          ...adam(state, 'edit', improved.gradient, rate(s.actorLearningRate)),
          ...steered.state,
        },
        metrics: { base_loss: imitated.loss, actor_loss: improved.loss, ...steered.metrics },
      };
    }

    const drawsSubset = s.targetSubset < s.critics;
    return {
      state: {
        base: base.layout,
        edit: edit.layout,
        critics: critics.layout,
        targetCritics: critics.layout,
        ...input.state,
        ...adamState('base', base.layout),
        ...adamState('edit', edit.layout),
        ...adamState('critics', critics.layout),
        ...temperature.state,
      },
      copies: { targetCritics: 'critics' },
      policyState: ['base', 'edit', 'targetCritics', ...Object.keys(input.state)],
      discount: s.discount,
      minibatches: G,
      noiseWidth: 2 * K * A,
      noise: (rows) => ({
        ...noiseFor('next', { latent: normalNoise(G * rows, K * A), edit: normalNoise(G * rows, K * A) }),
        ...(drawsSubset
          ? noiseFor('critic', { choosing: normalNoise(G, s.critics), valuing: normalNoise(G, s.critics) })
          : {}),
        ...noiseFor('policy', {
          ...{ latent: normalNoise(rows, A), time: uniformNoise(rows, 1) },
          edit: normalNoise(rows, A),
        }),
      }),

      policy(state, obs, noise) {
        const x = input.apply(state, obs);
        const [latent, edits] = noise ? tf.split(noise, 2, 1) : [everywhere(x, latents), null];
        return best(state, x, candidatesAt(state, x, latent!, edits!), mean);
      },

      value: (state, obs, actions) => mean(critics.value(state.critics!, input.apply(state, obs), actions)),

      update(before, batch, noise, progress) {
        // Neither policy moves while the critics learn, so the next candidates of all minibatches are made at once.
        const { latent, edit: edits } = noiseOf(noise, 'next');
        const candidates = candidatesAt(before, input.apply(before, batch.nextObs), latent!, edits!);
        const drawn = { ...noise, ...noiseFor('critic', { candidates }) };
        const { state, last, metrics } = updateInTurn(before, batch, drawn, G, (...part) =>
          improveCritics(...part, progress),
        );
        const improved = improvePolicies(state, last, noiseOf(noise, 'policy'), progress);
        return {
          state: { ...state, ...improved.state, ...input.observe(state, last.obs) },
          metrics: { ...metrics, ...improved.metrics },
        };
      },
    };
  },
};
