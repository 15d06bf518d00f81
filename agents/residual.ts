/**
 * Residual off-policy learning on a frozen base (ResFiT; Ankile et al. 2025, arXiv:2509.19301, with the constants of
 * github.com/amazon-science/residual-offpolicy-rl): an actor whose last layer begins at zero adds a bounded correction to
 * the base's action, which it observes, and critics value the sum that is executed. Targets are those of TD3 with an
 * ensemble of layer-normalised critics and several steps, minibatches are half demonstrations, and critics learn alone at
 * first.
 *
 * Shapes: B batch, O observation without the base's action, A action size, E critics, G critic updates of a call.
 */
import { hasBase } from '../src/core/base-action.ts';
import { ConfigurationError } from '../src/core/errors.ts';
import { flag, integer, number, settings } from '../src/core/settings.ts';
import {
  type BatchTensors,
  normalNoise,
  type OffPolicyDefinition,
  type Tensors,
} from '../src/learner/index.ts';
import { adam, adamState, clipGradients, mlp, moveToward, observationInput } from '../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../src/tensor/index.ts';
import { actionValueCritics, assertSubset, randomSubset } from './parts/critics.ts';
import { smoothed } from './parts/deterministic-actor-critic.ts';
import { rateAt } from './parts/learning-rate.ts';
import { bellmanTarget, criticLoss } from './parts/losses.ts';
import { type CriticStep, noiseFor, updateInTurn } from './parts/minibatches.ts';
import { offPolicySettings } from './parts/settings.ts';

export const residualSettings = settings({
  ...offPolicySettings,
  actorLearningRate: number(
    1e-5,
    0,
    1,
    'Adam step size of the actor; small, as its last layer begins at zero',
  ),
  criticLayerNorm: flag(
    true,
    'layer normalisation in the critics; without it targets of demonstrations run away',
  ),
  actorLayerNorm: flag(true, 'layer normalisation in the actor'),
  residualScale: number(0.3, 0, 2, 'most that is added to each component of the base’s action'),
  explorationNoise: number(0.05, 0, 2, 'deviation of the noise added to actions'),
  targetNoise: number(0.05, 0, 2, 'deviation of the noise that smooths target actions'),
  targetNoiseLimit: number(0.3, 0, 2, 'bound of that noise'),
  critics: integer(10, 1, 64, 'ensemble size E'),
  targetSubset: integer(2, 1, 64, 'critics drawn for each target, of which the least counts'),
  policyDelay: integer(4, 1, 64, 'critic updates for each update of the actor, in one call'),
  criticOnlyUpdates: integer(10_000, 0, 1e9, 'critic updates before the actor begins to learn'),
  actorWarmUp: integer(0, 0, 1e9, 'updates over which the actor’s step size then grows to its full size'),
  clipTargets: flag(false, 'keep targets from 0 to 1, the returns of a sparse reward that ends the episode'),
  residualPenalty: number(0, 0, 100, 'weight of the squared correction in the actor’s loss'),
  gradientLimit: number(1, 0, 1e6, 'greatest length of gradients; 0 for any'),
});

const NEEDS_BASE =
  'Agent "residual" corrects a base and needs one: name it with --base, such as scripted, a run folder or a policy.onnx.';

export const residual: OffPolicyDefinition<ReturnType<typeof residualSettings.parse>> = {
  kind: 'off-policy',
  corrects: true,
  name: 'residual',
  description: 'Residual off-policy RL: bounded corrections of a frozen base (ResFiT, arXiv:2509.19301)',
  settings: residualSettings,
  training: { updatesPerStep: 4, multiStep: 3, randomSteps: 10_000, learningStarts: 10_000 },

  build({ observation, action }, s) {
    if (!hasBase(observation, action)) throw new ConfigurationError(NEEDS_BASE);
    assertSubset(s.targetSubset, s.critics);
    const [O, A] = [observation.size - action.size, action.size];
    const input = observationInput(observation, s.normalizeObservations);
    const actor = mlp({
      inputs: observation.size,
      hidden: s.hidden,
      outputs: A,
      layerNorm: s.actorLayerNorm,
      initialization: 'orthogonal',
      lastGain: 0,
    });
    const critics = actionValueCritics({
      inputs: O,
      actions: A,
      hidden: s.hidden,
      critics: s.critics,
      layerNorm: s.criticLayerNorm,
      initialization: 'orthogonal',
    });

    const baseOf = (obs: Tensor): Tensor => tf.slice(obs, [0, O], [-1, A]);
    const withoutBase = (x: Tensor): Tensor => tf.slice(x, [0, 0], [-1, O]);
    const within = (actions: Tensor): Tensor => tf.clipByValue(actions, -1, 1);
    /** @param x what the actor sees, `[B, O + A]` */
    const correction = (vector: Tensor, x: Tensor): Tensor =>
      tf.mul(tf.tanh(actor.apply(vector, x)), s.residualScale);
    const limited = (gradient: Tensor): Tensor =>
      s.gradientLimit === 0 ? gradient : clipGradients([gradient], s.gradientLimit)[0]!;

    function targetsOf(state: Tensors, batch: BatchTensors, noise: Tensors): Tensor {
      const next = input.apply(state, batch.nextObs);
      const mean = tf.add(baseOf(batch.nextObs), correction(state.targetActor!, next));
      const action = smoothed(mean, noise.nextAction!, s.targetNoise, s.targetNoiseLimit);
      const only = randomSubset(noise.subset, s.targetSubset);
      const values = critics.value(state.targetCritics!, withoutBase(next), action, { only });
      const target = bellmanTarget(batch, tf.min(values, 0));
      return s.clipTargets ? tf.clipByValue(target, 0, 1) : target;
    }

    function improveCritics(
      state: Tensors,
      batch: BatchTensors,
      noise: Tensors,
      progress: Tensor,
    ): CriticStep {
      const target = targetsOf(state, batch, noise);
      const { loss, q, gradient } = valueAndGradient((vector) => {
        const q = critics.value(vector, withoutBase(input.apply(state, batch.obs)), batch.action);
        return { loss: criticLoss(q, target), q: tf.mean(q) };
      }, state.critics!);
      const rate = rateAt(progress, s.learningRateDecay)(s.criticLearningRate);
      const step = adam(state, 'critics', limited(gradient), rate);
      const targetCritics = moveToward(state.targetCritics!, step.critics!, s.targetRate);
      return { state: { ...step, targetCritics }, metrics: { critic_loss: loss, q } };
    }

    function improveActor(state: Tensors, obs: Tensor, progress: Tensor) {
      const x = input.apply(state, obs);
      const base = baseOf(obs);
      const { loss, size, gradient } = valueAndGradient((vector) => {
        const residual = correction(vector, x);
        const value = tf.mean(critics.value(state.critics!, withoutBase(x), within(tf.add(base, residual))));
        const penalty = tf.mul(tf.mean(tf.square(residual)), s.residualPenalty);
        return { loss: tf.sub(penalty, value), size: tf.mean(tf.abs(residual)) };
      }, state.actor!);
      const rate = tf.mul(
        rateAt(progress, s.learningRateDecay)(s.actorLearningRate),
        warmth(state['actor.adam.step']!, s.actorWarmUp),
      );
      const stepped = adam(state, 'actor', limited(gradient), rate);
      const targetActor = moveToward(state.targetActor!, stepped.actor!, s.targetRate);
      // As if the actor were not updated at all while the critics learn alone.
      const begun = tf.cast(tf.greater(state['critics.adam.step']!, s.criticOnlyUpdates), 'float32');
      const after: Tensors = { ...stepped, targetActor };
      const moved = Object.entries(after).map(
        ([name, value]) => [name, tf.add(state[name]!, tf.mul(begun, tf.sub(value, state[name]!)))] as const,
      );
      return { state: Object.fromEntries(moved), metrics: { actor_loss: loss, residual: size } };
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
      minibatches: s.policyDelay,
      noise: (rows) =>
        noiseFor('critic', {
          nextAction: normalNoise(s.policyDelay * rows, A),
          ...(s.targetSubset < s.critics ? { subset: normalNoise(s.policyDelay, s.critics) } : {}),
        }),

      policy(state, obs, noise) {
        const action = tf.add(baseOf(obs), correction(state.actor!, input.apply(state, obs)));
        return noise ? tf.add(within(action), tf.mul(noise, s.explorationNoise)) : action;
      },

      value: (state, obs, actions) =>
        tf.mean(critics.value(state.critics!, withoutBase(input.apply(state, obs)), actions), 0),

      update(before, batch, noise, progress) {
        const { state, last, metrics } = updateInTurn(before, batch, noise, s.policyDelay, (...part) =>
          improveCritics(...part, progress),
        );
        const improved = improveActor(state, last.obs, progress);
        return {
          state: { ...state, ...improved.state, ...input.observe(state, last.obs) },
          metrics: { ...metrics, ...improved.metrics },
        };
      },
    };
  },
};

/** From 0 to 1 over so many updates. @param step updates so far, `[1]` */
const warmth = (step: Tensor, updates: number): Tensor | number =>
  updates === 0 ? 1 : tf.clipByValue(tf.div(tf.add(step, 1), updates), 0, 1);
