/**
 * What on-policy agents act and value with: a Gaussian policy whose deviation does not depend on the state, and a value
 * network, which may see the whole team; orthogonal initialisation with the gains that PPO's implementations agree on
 * (arXiv:2005.12729).
 *
 * Shapes: R rows, I inputs, A action size.
 */
import type { Spaces } from '../../src/core/policy.ts';
import { choice, number, widths } from '../../src/core/settings.ts';
import type { OnPolicyMaths } from '../../src/learner/index.ts';
import {
  type Activation,
  activations,
  adamState,
  constant,
  diagonalGaussian,
  type Layout,
  mlp,
  type ObservationInput,
  observationInput,
} from '../../src/nn/index.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';
import { correctionOf, residualScaleSetting } from './correction.ts';
import { halfSquare } from './losses.ts';
import { type ReturnScale, returnScale } from './return-scale.ts';
import { discountSetting, normalizationSetting } from './settings.ts';
import { teamView } from './team.ts';

export const actorCriticSettings = {
  discount: discountSetting,
  traceDecay: number(0.95, 0, 1, 'λ of generalised advantage estimation'),
  hidden: widths([64, 64], 'units of the hidden layers of policy and value network'),
  activation: choice('tanh', activations, 'function between layers'),
  initialLogStd: number(0, -10, 2, 'log σ of the policy at the start'),
  normalizeObservations: normalizationSetting(true),
  residualScale: residualScaleSetting,
};

export interface ActorCriticSettings {
  readonly discount: number;
  readonly traceDecay: number;
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly initialLogStd: number;
  readonly normalizeObservations: boolean;
  readonly residualScale: number;
}

export interface ActorCriticOptions {
  /** Rows that a value is of: their observations, the own ones first. 1 unless told. */
  readonly teamSize?: number;
  /** What the value network's output means; the return itself unless told. */
  readonly returns?: ReturnScale;
}

export interface GaussianActorCritic {
  readonly input: ObservationInput;
  readonly returns: ReturnScale;
  /** Layouts of the trained vectors, which are kept under these names. */
  readonly actor: Layout;
  readonly critic: Layout;
  /** Mean `[R, A]` and log σ `[1, A]`. @param x `[R, I]` */
  distribution(vector: Tensor, x: Tensor): { readonly mean: Tensor; readonly logStd: Tensor };
  /** Output of the value network, `[R]`. @param x `[R, I]`, whole teams */
  value(vector: Tensor, x: Tensor): Tensor;
  /** What every agent with this actor and critic has in common. */
  readonly maths: Pick<
    OnPolicyMaths,
    | 'state'
    | 'policyState'
    | 'discount'
    | 'teamSize'
    | 'traceDecay'
    | 'policy'
    | 'value'
    | 'describe'
    | 'finish'
  >;
}

export function gaussianActorCritic(
  { observation, action }: Spaces,
  s: ActorCriticSettings,
  { teamSize = 1, returns = returnScale(false) }: ActorCriticOptions = {},
): GaussianActorCritic {
  const input = observationInput(observation, s.normalizeObservations);
  const { corrects, executed } = correctionOf({ observation, action }, s.residualScale);
  const shared = {
    hidden: s.hidden,
    activation: s.activation,
    initialization: 'orthogonal',
  } as const;
  // What corrects begins with nothing.
  const lastGain = corrects ? 0 : 0.01;
  const network = mlp({ ...shared, inputs: observation.size, outputs: action.size, lastGain });
  const valueNetwork = mlp({ ...shared, inputs: teamSize * observation.size, outputs: 1 });
  const actor: Layout = [
    ...network.layout.map((array) => ({ ...array, name: `network.${array.name}` })),
    { name: 'logStd', shape: [1, action.size], initialize: constant(s.initialLogStd) },
  ];

  const distribution = (vector: Tensor, x: Tensor): { mean: Tensor; logStd: Tensor } => {
    const size = vector.size - action.size;
    const [weights, logStd] = tf.split(vector as tf.Tensor1D, [size, action.size]);
    return { mean: network.apply(weights!, x), logStd: tf.reshape(logStd!, [1, action.size]) };
  };
  const value = (vector: Tensor, x: Tensor): Tensor =>
    tf.squeeze(valueNetwork.apply(vector, teamView(x, teamSize)), [1]);

  return {
    input,
    returns,
    actor,
    critic: valueNetwork.layout,
    distribution,
    value,
    maths: {
      state: {
        actor,
        critic: valueNetwork.layout,
        ...input.state,
        ...returns.state,
        ...adamState('actor', actor),
        ...adamState('critic', valueNetwork.layout),
      },
      policyState: ['actor', ...Object.keys(input.state)],
      discount: s.discount,
      teamSize,
      traceDecay: s.traceDecay,
      policy(state, obs, noise) {
        const { mean, logStd } = distribution(state.actor!, input.apply(state, obs));
        return executed(obs, noise ? tf.add(mean, tf.mul(tf.exp(logStd), noise)) : mean);
      },
      value: (state, obs) => returns.toReturn(state, value(state.critic!, input.apply(state, obs))),
      // The action before it was clipped follows from the noise, and with it its probability under any policy.
      describe(state, { obs, nextObs, noise }) {
        const x = input.apply(state, obs!);
        const { mean, logStd } = distribution(state.actor!, x);
        const sample = tf.add(mean, tf.mul(tf.exp(logStd), noise!));
        const oldOutput = value(state.critic!, x);
        const nextOutput = value(state.critic!, input.apply(state, nextObs!));
        return {
          value: returns.toReturn(state, oldOutput),
          nextValue: returns.toReturn(state, nextOutput),
          oldOutput,
          sample,
          oldMean: mean,
          oldLogStd: tf.add(tf.zerosLike(mean), logStd),
          oldLogProb: diagonalGaussian(mean, logStd, sample),
        };
      },
      finish: (state, obs) => input.observe(state, obs),
    },
  };
}

/** (x − mean)/deviation, the batch's own (divided by B, not B − 1). @param x `[B]` */
export function standardized(x: Tensor): Tensor {
  const centred = tf.sub(x, tf.mean(x));
  return tf.div(centred, tf.add(tf.sqrt(tf.mean(tf.square(centred))), 1e-8));
}

/**
 * Mean loss of the values' errors; with `clip` the greater of it and that of values that moved at most `clip` from the old
 * ones. @param value `[B]` @param target `[B]` @param oldValue `[B]` @param clip `[1]` @param loss of each error, `[B]`
 */
export function clippedValueLoss(
  value: Tensor,
  target: Tensor,
  oldValue: Tensor,
  clip?: Tensor,
  loss = halfSquare,
): Tensor {
  const error = loss(tf.sub(value, target));
  if (!clip) return tf.mean(error);
  const moved = clippedBetween(tf.sub(value, oldValue), tf.neg(clip), clip);
  return tf.mean(tf.maximum(error, loss(tf.sub(tf.add(oldValue, moved), target))));
}

/** x limited to [low, high]. tfjs differentiates broadcast limits wrongly, so the limits are spread over x first. */
export function clippedBetween(x: Tensor, low: Tensor, high: Tensor): Tensor {
  const zero = tf.zerosLike(x);
  return tf.maximum(tf.minimum(x, tf.add(zero, high)), tf.add(zero, low));
}

/** What is left of a quantity that falls to zero in the course of training, `[1]`. */
export const annealed = (value: number, progress: Tensor, anneal: boolean): Tensor =>
  anneal ? tf.mul(tf.sub(1, progress), value) : tf.add(tf.zerosLike(progress), value);
