/**
 * Twin Delayed Deep Deterministic policy gradient (Fujimoto et al. 2018, arXiv:1802.09477, algorithm 1; constants as in
 * github.com/sfujim/TD3).
 *
 * Shapes: B batch, A action size, E critics, G critic updates of a call.
 */
import { uniform } from '../src/core/search.ts';
import { integer, number, settings } from '../src/core/settings.ts';
import { normalNoise, type OffPolicyDefinition } from '../src/learner/index.ts';
import { adam, adamState, mlp, moveToward, observationInput } from '../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../src/tensor/index.ts';
import { actionValueCritics, firstCritic } from './parts/critics.ts';
import { bellmanTarget, criticLoss } from './parts/losses.ts';
import { noiseFor, updateInTurn } from './parts/minibatches.ts';
import { layerNormSearch, offPolicySearch, targetSearch } from './parts/search.ts';
import { offPolicySettings } from './parts/settings.ts';

export const td3Settings = settings({
  ...offPolicySettings,
  critics: integer(2, 1, 64, 'ensemble size E, of which the least counts in targets'),
  explorationNoise: number(0.1, 0, 2, 'deviation of the noise added to actions'),
  targetNoise: number(0.2, 0, 2, 'deviation of the noise that smooths target actions'),
  targetNoiseLimit: number(0.5, 0, 2, 'bound of that noise'),
  policyDelay: integer(2, 1, 64, 'critic updates for each update of actor and targets, in one call'),
});

/**
 * clip(μ̄(s') + clip(σ·noise, ±limit), ±1): the target action, smoothed.
 * @param action `[B, A]` @param noise standard normal, `[B, A]`
 */
export const smoothed = (action: Tensor, noise: Tensor, deviation: number, limit: number): Tensor =>
  tf.clipByValue(tf.add(action, tf.clipByValue(tf.mul(noise, deviation), -limit, limit)), -1, 1);

export const td3: OffPolicyDefinition<ReturnType<typeof td3Settings.parse>> = {
  kind: 'off-policy',
  name: 'td3',
  description: 'Twin Delayed DDPG: a deterministic policy with smoothed targets (arXiv:1802.09477)',
  settings: td3Settings,
  search: {
    ...offPolicySearch,
    ...targetSearch,
    ...layerNormSearch,
    explorationNoise: uniform(0.05, 0.4),
    targetNoise: uniform(0.05, 0.4),
  },

  build({ observation, action }, s) {
    const input = observationInput(observation, s.normalizeObservations);
    const actor = mlp({ inputs: observation.size, hidden: s.hidden, outputs: action.size });
    const critics = actionValueCritics({
      inputs: observation.size,
      actions: action.size,
      hidden: s.hidden,
      critics: s.critics,
      layerNorm: s.criticLayerNorm,
    });
    const act = (vector: Tensor, x: Tensor): Tensor => tf.tanh(actor.apply(vector, x));
    /** What the actor maximises, `[B]`. */
    const actionValue = (vector: Tensor, x: Tensor, actions: Tensor): Tensor =>
      tf.squeeze(critics.value(vector, x, actions, { only: firstCritic() }), [0]);

    return {
      state: {
        actor: actor.layout,
        targetActor: actor.layout,
        critics: critics.layout,
        targetCritics: critics.layout,
        ...input.state,
        ...adamState('actor', actor.layout),
        ...adamState('critics', critics.layout),
      },
      copies: { targetActor: 'actor', targetCritics: 'critics' },
      policyState: ['actor', ...Object.keys(input.state)],
      discount: s.discount,
      minibatches: s.policyDelay,
      noise: (rows) => noiseFor('critic', { nextAction: normalNoise(s.policyDelay * rows, action.size) }),

      policy(state, obs, noise) {
        const mean = act(state.actor!, input.apply(state, obs));
        return noise ? tf.add(mean, tf.mul(noise, s.explorationNoise)) : mean;
      },

      value: (state, obs, actions) => actionValue(state.critics!, input.apply(state, obs), actions),

      update(before, batch, noise) {
        const improved = updateInTurn(before, batch, noise, s.policyDelay, (state, rows, random) => {
          const next = input.apply(state, rows.nextObs);
          const mean = act(state.targetActor!, next);
          const nextAction = smoothed(mean, random.nextAction!, s.targetNoise, s.targetNoiseLimit);
          const nextQ = critics.value(state.targetCritics!, next, nextAction);
          const target = bellmanTarget(rows, tf.min(nextQ, 0));
          const critic = valueAndGradient((vector) => {
            const q = critics.value(vector, input.apply(state, rows.obs), rows.action);
            return { loss: criticLoss(q, target), q: tf.mean(q) };
          }, state.critics!);
          return {
            state: adam(state, 'critics', critic.gradient, s.criticLearningRate),
            metrics: { critic_loss: critic.loss, q: critic.q },
          };
        });

        const { state, last } = improved;
        const x = input.apply(state, last.obs);
        const improve = valueAndGradient((vector) => {
          return { loss: tf.neg(tf.mean(actionValue(state.critics!, x, act(vector, x)))) };
        }, state.actor!);
        const step = adam(state, 'actor', improve.gradient, s.actorLearningRate);

        return {
          state: {
            ...state,
            ...step,
            targetActor: moveToward(state.targetActor!, step.actor!, s.targetRate),
            targetCritics: moveToward(state.targetCritics!, state.critics!, s.targetRate),
            ...input.observe(state, last.obs),
          },
          metrics: { ...improved.metrics, actor_loss: improve.loss },
        };
      },
    };
  },
};
