/**
 * What SAC, TQC and DSAC-T have in common: a squashed Gaussian actor, a learned temperature, critics that learn from
 * targets with the entropy of the next action, and several critic updates before one of actor and temperature. An agent
 * adds what its critics are: their target, their loss, and what the actor maximises.
 *
 * Shapes: B batch, I inputs, A actions, G critic updates of a call.
 */
import type { Spaces } from '../../src/core/policy.ts';
import {
  type BatchTensors,
  type NoiseSpec,
  normalNoise,
  type OffPolicyMaths,
  type Tensors,
} from '../../src/learner/index.ts';
import { adam, adamState, type Layout, moveToward, observationInput } from '../../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../../src/tensor/index.ts';
import type { Correction } from './correction.ts';
import { rateAt } from './learning-rate.ts';
import { softActorLoss } from './losses.ts';
import { noiseFor, noiseOf, updateInTurn } from './minibatches.ts';
import type { SquashedActor } from './squashed-actor.ts';
import { learnedTemperature, type TemperatureSettings } from './temperature.ts';

export interface SoftActorCriticSettings extends TemperatureSettings {
  readonly discount: number;
  readonly targetRate: number;
  readonly actorLearningRate: number;
  readonly criticLearningRate: number;
  readonly normalizeObservations: boolean;
  /** G. */
  readonly policyDelay: number;
}

/** The next step as the policy would take it. */
export interface NextStep {
  /** Network input, `[B, I]`. */
  readonly x: Tensor;
  /** `[B, A]` */
  readonly action: Tensor;
  /** −α log π, `[B]`. */
  readonly entropyBonus: Tensor;
}

/** @typeParam Target what one minibatch teaches the critics */
export interface SoftCritics<Target> {
  readonly actor: SquashedActor;
  /** What is done where the actor decides on `action`; that itself unless told. @param obs `[B, O]` @param action `[B, A]` */
  readonly executed?: Correction['executed'];
  /** Parameters of the critics, `critics` in the state; `targetCritics` follow them. */
  readonly layout: Layout;
  /** Further vectors of the state. */
  readonly state?: Readonly<Record<string, Layout>>;
  /**
   * Keeps a target actor too, which takes the next action, and lets both targets follow when the actor has made its step.
   * Without it the target critics follow after each critic update.
   */
  readonly targetActor?: boolean;
  /** Noise that the critics need beside that of actions; leading axes are multiples of G. */
  readonly criticNoise?: (rows: number) => Readonly<Record<string, NoiseSpec>>;
  /** Noise of the critics in the actor's loss. */
  readonly actorNoise?: (rows: number) => Readonly<Record<string, NoiseSpec>>;
  target(state: Tensors, batch: BatchTensors, next: NextStep, noise: Tensors): Target;
  /**
   * @param vector parameters of the critics, with respect to which `loss` is differentiated
   * @param x network input `[B, I]`
   * @returns `loss` and metrics; what bears the name of a vector of `state` becomes its new value
   */
  loss(
    vector: Tensor,
    given: { state: Tensors; x: Tensor; action: Tensor; target: Target; noise: Tensors },
  ): Readonly<Record<string, Tensor>> & { readonly loss: Tensor };
  /** What the actor maximises, `[B]`. @param action `[B, A]` */
  value(vector: Tensor, x: Tensor, action: Tensor, noise: Tensors): Tensor;
}

export function softActorCritic<Target>(
  { observation, action: actionSpace }: Spaces,
  s: SoftActorCriticSettings,
  critics: SoftCritics<Target>,
): OffPolicyMaths {
  const { actor, targetActor = false, executed = (_, action) => action } = critics;
  const input = observationInput(observation, s.normalizeObservations);
  const temperature = learnedTemperature(actionSpace.size, s);
  const actionNoise = (rows: number): NoiseSpec => normalNoise(rows, actionSpace.size);
  const follow = (state: Tensors, target: string, source: Tensor): Tensors => ({
    [target]: moveToward(state[target]!, source, s.targetRate),
  });

  function improveCritics(
    state: Tensors,
    batch: BatchTensors,
    noise: Tensors,
    alpha: Tensor,
    progress: Tensor,
  ): { state: Tensors; metrics: Tensors } {
    const x = input.apply(state, batch.nextObs);
    const ahead = targetActor ? state.targetActor! : state.actor!;
    const { action, logProb } = actor.sample(ahead, x, noise.nextAction!);
    const next = { x, action: executed(batch.nextObs, action), entropyBonus: tf.mul(tf.neg(alpha), logProb) };
    const target = critics.target(state, batch, next, noise);

    const { loss, gradient, ...measured } = valueAndGradient((vector) => {
      const x = input.apply(state, batch.obs);
      return critics.loss(vector, { state, x, action: batch.action, target, noise });
    }, state.critics!);
    const isState = ([name]: [string, Tensor]): boolean => critics.state?.[name] !== undefined;
    const entries = Object.entries(measured as Tensors);
    const step = adam(
      state,
      'critics',
      gradient,
      rateAt(progress, s.learningRateDecay)(s.criticLearningRate),
    );
    return {
      state: {
        ...step,
        ...(targetActor ? {} : follow(state, 'targetCritics', step.critics!)),
        ...Object.fromEntries(entries.filter(isState)),
      },
      metrics: {
        critic_loss: loss,
        ...Object.fromEntries(entries.filter((entry) => !isState(entry))),
      },
    };
  }

  function improveActor(
    state: Tensors,
    obs: Tensor,
    noise: Tensors,
    alpha: Tensor,
    progress: Tensor,
  ): { state: Tensors; metrics: Tensors } {
    const x = input.apply(state, obs);
    const { loss, gradient, logProb } = valueAndGradient((vector) => {
      const { action, logProb } = actor.sample(vector, x, noise.action!);
      const value = critics.value(state.critics!, x, executed(obs, action), noise);
      return { loss: softActorLoss(value, logProb, alpha), logProb };
    }, state.actor!);
    const steered = temperature.update(state, logProb, progress);
    const step = adam(state, 'actor', gradient, rateAt(progress, s.learningRateDecay)(s.actorLearningRate));
    const targets = targetActor && {
      ...follow(state, 'targetActor', step.actor!),
      ...follow(state, 'targetCritics', state.critics!),
    };
    return {
      state: { ...step, ...steered.state, ...targets },
      metrics: { actor_loss: loss, ...steered.metrics },
    };
  }

  return {
    state: {
      actor: actor.layout,
      ...(targetActor ? { targetActor: actor.layout } : {}),
      critics: critics.layout,
      targetCritics: critics.layout,
      ...critics.state,
      ...input.state,
      ...adamState('actor', actor.layout),
      ...adamState('critics', critics.layout),
      ...temperature.state,
    },
    copies: { ...(targetActor ? { targetActor: 'actor' } : {}), targetCritics: 'critics' },
    policyState: ['actor', ...Object.keys(input.state)],
    discount: s.discount,
    minibatches: s.policyDelay,
    noise: (rows) => ({
      ...noiseFor('critic', {
        nextAction: actionNoise(s.policyDelay * rows),
        ...critics.criticNoise?.(rows),
      }),
      ...noiseFor('actor', { action: actionNoise(rows), ...critics.actorNoise?.(rows) }),
    }),

    policy: (state, obs, noise) => executed(obs, actor.act(state.actor!, input.apply(state, obs), noise)),
    value: (state, obs, action) => critics.value(state.critics!, input.apply(state, obs), action, {}),

    update(before, batch, noise, progress) {
      const alpha = temperature.of(before);
      const { state, last, metrics } = updateInTurn(before, batch, noise, s.policyDelay, (...part) =>
        improveCritics(...part, alpha, progress),
      );
      const improved = improveActor(state, last.obs, noiseOf(noise, 'actor'), alpha, progress);
      return {
        state: { ...state, ...improved.state, ...input.observe(state, last.obs) },
        metrics: { ...metrics, ...improved.metrics },
      };
    },
  };
}
