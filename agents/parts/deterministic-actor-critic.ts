/**
 * What TD3 and MADDPG have in common: a deterministic actor, critics that learn from smoothed target actions, delayed
 * updates of the actor (Fujimoto et al. 2018, arXiv:1802.09477, algorithm 1; constants as in github.com/sfujim/TD3).
 * Where critics value whole teams, each agent's value is of all observations and actions, its own first; the actor climbs
 * it by the agent's own action, those of the others being the stored ones (Lowe et al. 2017, arXiv:1706.02275, Eq. 5).
 *
 * Shapes: B batch, D agents of a team, I inputs, A action size, E critics, G critic updates of a call.
 */
import type { Spaces } from '../../src/core/policy.ts';
import { uniform } from '../../src/core/search.ts';
import { integer, number } from '../../src/core/settings.ts';
import {
  type BatchTensors,
  normalNoise,
  type OffPolicyMaths,
  type Tensors,
} from '../../src/learner/index.ts';
import { adam, adamState, mlp, moveToward, observationInput } from '../../src/nn/index.ts';
import { stopGradient, type Tensor, tf, valueAndGradient } from '../../src/tensor/index.ts';
import { actionValueCritics, firstCritic } from './critics.ts';
import { rateAt } from './learning-rate.ts';
import { bellmanTarget, criticLoss } from './losses.ts';
import { type CriticStep, noiseFor, updateInTurn } from './minibatches.ts';
import { layerNormSearch, offPolicySearch, targetSearch } from './search.ts';
import { offPolicySettings } from './settings.ts';
import { besideTeammates, teamView } from './team.ts';

export const deterministicSettings = {
  ...offPolicySettings,
  critics: integer(2, 1, 64, 'ensemble size E, of which the least counts in targets'),
  explorationNoise: number(0.1, 0, 2, 'deviation of the noise added to actions'),
  targetNoise: number(0.2, 0, 2, 'deviation of the noise that smooths target actions'),
  targetNoiseLimit: number(0.5, 0, 2, 'bound of that noise'),
  policyDelay: integer(2, 1, 64, 'critic updates for each update of actor and targets, in one call'),
  dataTrust: number(
    0,
    0,
    1000,
    'α of TD3+BC: the actor stays near the actions that it learns from, and values count α times as much on average; 0 for values alone',
  ),
};

export interface DeterministicSettings {
  readonly discount: number;
  readonly targetRate: number;
  readonly actorLearningRate: number;
  readonly criticLearningRate: number;
  readonly learningRateDecay: number;
  readonly hidden: readonly number[];
  readonly normalizeObservations: boolean;
  readonly criticLayerNorm: boolean;
  readonly critics: number;
  readonly explorationNoise: number;
  readonly targetNoise: number;
  readonly targetNoiseLimit: number;
  readonly policyDelay: number;
  readonly dataTrust: number;
}

export const deterministicSearch = {
  ...offPolicySearch,
  ...targetSearch,
  ...layerNormSearch,
  explorationNoise: uniform(0.05, 0.4),
  targetNoise: uniform(0.05, 0.4),
};

/**
 * clip(μ̄(s') + clip(σ·noise, ±limit), ±1): the target action, smoothed.
 * @param action `[B, A]` @param noise standard normal, `[B, A]`
 */
export const smoothed = (action: Tensor, noise: Tensor, deviation: number, limit: number): Tensor =>
  tf.clipByValue(tf.add(action, tf.clipByValue(tf.mul(noise, deviation), -limit, limit)), -1, 1);

/**
 * −λ·Q + (μ(s) − a)², with λ = α over the mean of |Q| (TD3+BC, arXiv:2106.06860, Eqs. 3 and 5).
 * @param q `[B]` @param chosen by the actor, `[B, A]` @param shown in the data, `[B, A]`
 */
function nearData(q: Tensor, chosen: Tensor, shown: Tensor, trust: number): Tensor {
  const weight = tf.div(trust, stopGradient(tf.mean(tf.abs(q))));
  return tf.sub(tf.mean(tf.squaredDifference(chosen, shown)), tf.mul(weight, tf.mean(q)));
}

/** @param teamSize D, the rows that critics value together */
export function deterministicActorCritic(
  { observation, action }: Spaces,
  s: DeterministicSettings,
  teamSize = 1,
): OffPolicyMaths {
  const input = observationInput(observation, s.normalizeObservations);
  const actor = mlp({ inputs: observation.size, hidden: s.hidden, outputs: action.size });
  const critics = actionValueCritics({
    inputs: teamSize * observation.size,
    actions: teamSize * action.size,
    hidden: s.hidden,
    critics: s.critics,
    layerNorm: s.criticLayerNorm,
  });
  const act = (vector: Tensor, x: Tensor): Tensor => tf.tanh(actor.apply(vector, x));
  /** Of each row by each critic, `[E, B]`. @param x `[B, I]` @param actions `[B, A]` */
  const values = (vector: Tensor, x: Tensor, actions: Tensor): Tensor =>
    critics.value(vector, teamView(x, teamSize), teamView(actions, teamSize));
  /** What the actor maximises, `[B]`. @param x `[B, D·I]` @param actions `[B, D·A]` */
  const actionValue = (vector: Tensor, x: Tensor, actions: Tensor): Tensor =>
    tf.squeeze(critics.value(vector, x, actions, { only: firstCritic() }), [0]);

  function improveCritics(state: Tensors, batch: BatchTensors, noise: Tensors, progress: Tensor): CriticStep {
    const next = input.apply(state, batch.nextObs);
    const mean = act(state.targetActor!, next);
    const nextAction = smoothed(mean, noise.nextAction!, s.targetNoise, s.targetNoiseLimit);
    const nextQ = values(state.targetCritics!, next, nextAction);
    const target = bellmanTarget(batch, tf.min(nextQ, 0));
    const { loss, q, gradient } = valueAndGradient((vector) => {
      const q = values(vector, input.apply(state, batch.obs), batch.action);
      return { loss: criticLoss(q, target), q: tf.mean(q) };
    }, state.critics!);
    return {
      state: adam(state, 'critics', gradient, rateAt(progress, s.learningRateDecay)(s.criticLearningRate)),
      metrics: { critic_loss: loss, q },
    };
  }

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
    teamSize,
    minibatches: s.policyDelay,
    noise: (rows) => noiseFor('critic', { nextAction: normalNoise(s.policyDelay * rows, action.size) }),

    policy(state, obs, noise) {
      const mean = act(state.actor!, input.apply(state, obs));
      return noise ? tf.add(mean, tf.mul(noise, s.explorationNoise)) : mean;
    },

    value: (state, obs, actions) =>
      actionValue(state.critics!, teamView(input.apply(state, obs), teamSize), teamView(actions, teamSize)),

    update(before, batch, noise, progress) {
      const improved = updateInTurn(before, batch, noise, s.policyDelay, (...part) =>
        improveCritics(...part, progress),
      );
      const { state, last } = improved;
      const x = input.apply(state, last.obs);
      const team = teamView(x, teamSize);
      const improve = valueAndGradient((vector) => {
        const own = act(vector, x);
        const q = actionValue(state.critics!, team, besideTeammates(own, last.action, teamSize));
        return { loss: s.dataTrust > 0 ? nearData(q, own, last.action, s.dataTrust) : tf.neg(tf.mean(q)) };
      }, state.actor!);
      const rate = rateAt(progress, s.learningRateDecay)(s.actorLearningRate);
      const step = adam(state, 'actor', improve.gradient, rate);
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
}
