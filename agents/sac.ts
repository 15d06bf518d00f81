/**
 * Soft Actor-Critic with a learned temperature, and by its settings what was built upon it: critic ensembles with random
 * subsets and many critic updates (REDQ), dropout critics (DroQ), layer-normalised critics beside demonstrations (RLPD).
 *
 * Haarnoja et al. 2018, arXiv:1812.05905v2, whose equation numbers stand below. As in the authors' code there is no
 * value network and the target is the least of the target critics.
 *
 * Shapes: B batch, A action size, E critics, G critic updates of a call.
 */
import { choice, flag, integer, number, settings } from '../src/core/settings.ts';
import { normalNoise, type OffPolicyDefinition } from '../src/learner/index.ts';
import {
  activations,
  adam,
  adamState,
  initializations,
  moveToward,
  observationInput,
} from '../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../src/tensor/index.ts';
import { actionValueCritics, assertSubset, dropoutMasks, masksOf, randomSubset } from './parts/critics.ts';
import { bellmanTarget, criticLoss } from './parts/losses.ts';
import { noiseFor, noiseOf, updateInTurn } from './parts/minibatches.ts';
import { layerNormSearch, offPolicySearch, targetSearch, temperatureSearch } from './parts/search.ts';
import { offPolicySettings } from './parts/settings.ts';
import { softPolicyStep } from './parts/soft-policy.ts';
import { squashedActor } from './parts/squashed-actor.ts';
import { learnedTemperature, temperatureSettings } from './parts/temperature.ts';

export const sacSettings = settings({
  ...offPolicySettings,
  ...temperatureSettings,
  activation: choice('relu', activations, 'function between layers'),
  initialization: choice('fan-in', initializations, 'how weights start; fan-in is PyTorch’s default'),
  critics: integer(2, 1, 64, 'ensemble size E'),
  targetSubset: integer(
    2,
    1,
    64,
    'critics drawn for each target, of which the least counts (REDQ, arXiv:2101.05982)',
  ),
  targetValue: choice('min', ['min', 'mean'], 'what of those critics the target takes'),
  actorValue: choice('min', ['min', 'mean'], 'what of the ensemble the actor maximises'),
  entropyBackup: flag(true, 'whether targets contain the entropy of the next action'),
  criticDropout: number(0, 0, 0.9, 'dropout rate of the critics (DroQ, arXiv:2110.02034)'),
  policyDelay: integer(1, 1, 64, 'critic updates for each update of actor and temperature, in one call'),
});

/**
 * r + γ(1 − terminated)(Q̄ − α log π), Eqs. 2 and 3.
 * @param nextQ of the target critics, `[B]`
 * @param entropyBonus −α log π, `[B]`, or 0
 */
export const softTarget = (
  batch: Parameters<typeof bellmanTarget>[0],
  nextQ: Tensor,
  entropyBonus: Tensor | number,
): Tensor => bellmanTarget(batch, tf.add(nextQ, entropyBonus));

export const sac: OffPolicyDefinition<ReturnType<typeof sacSettings.parse>> = {
  kind: 'off-policy',
  name: 'sac',
  description: 'Soft Actor-Critic with a learned temperature (arXiv:1812.05905)',
  settings: sacSettings,
  search: { ...offPolicySearch, ...targetSearch, ...layerNormSearch, ...temperatureSearch },

  build({ observation, action }, s) {
    assertSubset(s.targetSubset, s.critics);
    const input = observationInput(observation, s.normalizeObservations);
    const network = { inputs: observation.size, actions: action.size, ...s };
    const actor = squashedActor(network);
    const critics = actionValueCritics({ ...network, layerNorm: s.criticLayerNorm });
    const temperature = learnedTemperature(action.size, s);
    const [actorValue, targetValue] = [s.actorValue, s.targetValue].map((of) =>
      of === 'min' ? tf.min : tf.mean,
    );
    const masks = (count: number, rows: number) =>
      dropoutMasks(s.criticDropout, count * s.critics, rows, s.hidden);

    return {
      state: {
        actor: actor.layout,
        critics: critics.layout,
        targetCritics: critics.layout,
        ...input.state,
        ...adamState('actor', actor.layout),
        ...adamState('critics', critics.layout),
        ...temperature.state,
      },
      copies: { targetCritics: 'critics' },
      policyState: ['actor', ...Object.keys(input.state)],
      discount: s.discount,
      minibatches: s.policyDelay,
      noise: (rows) => ({
        ...noiseFor('critic', {
          nextAction: normalNoise(s.policyDelay * rows, action.size),
          ...(s.targetSubset < s.critics ? { subset: normalNoise(s.policyDelay, s.critics) } : {}),
          ...noiseFor('dropout', masks(s.policyDelay, rows)),
          ...noiseFor('nextDropout', masks(s.policyDelay, rows)),
        }),
        ...noiseFor('actor', {
          action: normalNoise(rows, action.size),
          ...noiseFor('dropout', masks(1, rows)),
        }),
      }),

      policy: (state, obs, noise) => actor.act(state.actor!, input.apply(state, obs), noise),

      update(before, batch, noise) {
        const alpha = temperature.of(before);

        const improved = updateInTurn(before, batch, noise, s.policyDelay, (state, rows, random) => {
          const next = input.apply(state, rows.nextObs);
          const { action, logProb } = actor.sample(state.actor!, next, random.nextAction!);
          const nextQ = critics.value(state.targetCritics!, next, action, {
            dropout: masksOf(random, 'nextDropout'),
            only: randomSubset(random.subset, s.targetSubset),
          });
          const target = softTarget(
            rows,
            targetValue!(nextQ, 0),
            s.entropyBackup ? tf.mul(tf.neg(alpha), logProb) : 0,
          );

          const critic = valueAndGradient((vector) => {
            const x = input.apply(state, rows.obs);
            const q = critics.value(vector, x, rows.action, { dropout: masksOf(random, 'dropout') });
            return { loss: criticLoss(q, target), q: tf.mean(q) };
          }, state.critics!);
          const step = adam(state, 'critics', critic.gradient, s.criticLearningRate);
          const targetCritics = moveToward(state.targetCritics!, step.critics!, s.targetRate);
          return {
            state: { ...step, targetCritics },
            metrics: { critic_loss: critic.loss, q: critic.q },
          };
        });

        const { state, last } = improved;
        const random = noiseOf(noise, 'actor');
        const x = input.apply(state, last.obs);
        const policy = softPolicyStep(state, {
          actor,
          temperature,
          learningRate: s.actorLearningRate,
          alpha,
          x,
          noise: random.action!,
          value: (action) =>
            actorValue!(critics.value(state.critics!, x, action, { dropout: masksOf(random, 'dropout') }), 0),
        });
        return {
          state: { ...state, ...policy.state, ...input.observe(state, last.obs) },
          metrics: { ...improved.metrics, ...policy.metrics },
        };
      },
    };
  },
};
