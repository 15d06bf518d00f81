/** Gradients of every loss, through the networks that they train, against central differences of the loss. */
import { expect, test } from 'vitest';
import { conservativeGap } from '../../agents/cal-ql.ts';
import { mirrorDescentLoss } from '../../agents/mdpo.ts';
import { mirrorDescentObjective, tsallisDivergence } from '../../agents/mdpo-on-policy.ts';
import { actionValueCritics } from '../../agents/parts/critics.ts';
import {
  clippedValueLoss,
  gaussianActorCritic,
  standardized,
} from '../../agents/parts/gaussian-actor-critic.ts';
import { criticLoss, huber, softActorLoss } from '../../agents/parts/losses.ts';
import { clippedPolicyLoss } from '../../agents/parts/proximal-policy.ts';
import { quantileHuberLoss } from '../../agents/parts/quantiles.ts';
import { squashedActor } from '../../agents/parts/squashed-actor.ts';
import { besideTeammates, teamView } from '../../agents/parts/team.ts';
import { temperatureLoss } from '../../agents/parts/temperature.ts';
import { ppo } from '../../agents/ppo.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, vector } from '../../src/core/space.ts';
import {
  batchRenormMlp,
  diagonalGaussian,
  gaussianDivergence,
  type Layout,
  layoutSize,
  mlp,
  tanhGaussian,
  tanhGaussianLogProb,
} from '../../src/nn/index.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';
import { relativeError } from '../support/tensors.ts';

const ROWS = 6;
const rng = createRng(17);
const normal = (name: string, ...shape: number[]): Tensor =>
  tf.tensor(rng.split(name).fillNormal(new Float32Array(shape.reduce((n, size) => n * size, 1))), shape);
const start = (name: string, layout: Layout): Tensor => tf.mul(normal(name, layoutSize(layout)), 0.5);

// Smooth activations: at the corner of a rectifier a difference is no derivative.
const network = { inputs: 3, actions: 2, hidden: [5, 4], activation: 'tanh' } as const;
const actor = squashedActor(network);
const critics = actionValueCritics({ ...network, critics: 2, layerNorm: true });
const distributional = actionValueCritics({ ...network, critics: 2, outputs: 3 });
const [x, action, noise] = [normal('x', ROWS, 3), normal('action', ROWS, 2), normal('noise', ROWS, 2)];
const target = normal('target', ROWS);
const [actorVector, criticVector] = [start('actor', actor.layout), start('critics', critics.layout)];

const spaces = {
  observation: space(vector('obs', '1', 1)),
  action: space(vector('act', '1', 1, ['x', 'y'])),
};
const settings = ppo.settings.parse({ hidden: [5, 4], normalizeObservations: false });
const onPolicy = gaussianActorCritic(spaces, settings);
const [policyVector, valueVector] = [start('policy', onPolicy.actor), start('value', onPolicy.critic)];
const advantage = standardized(normal('advantage', ROWS));
// The policy that made the rollout.
const old = onPolicy.distribution(tf.mul(policyVector, 0.9), x);
const sample = tf.add(old.mean, noise);
const oldLogProb = diagonalGaussian(old.mean, old.logStd, sample);
function policyOf(vector: Tensor) {
  const { mean, logStd } = onPolicy.distribution(vector, x);
  const wide = tf.add(tf.zerosLike(mean), logStd);
  const logProb = diagonalGaussian(mean, logStd, sample);
  return { mean, wide, logProb, ratio: tf.exp(tf.sub(logProb, oldLogProb)) };
}

// Outside of what is differentiated: they are constants there.
const oldValue = onPolicy.value(tf.mul(valueVector, 0.7), x);
const oldActor = actor.distribution(tf.mul(actorVector, 0.8), x);
function mirrorDescent(index: number) {
  return (vector: Tensor): Tensor => {
    const fresh = tanhGaussian(...actor.distribution(vector, x), noise);
    const q = critics.value(criticVector, x, fresh.action);
    const oldLogProb = tanhGaussianLogProb(...oldActor, fresh.unsquashed);
    const weights = { entropyWeight: 0.2, proximityWeight: 1, index };
    return mirrorDescentLoss(fresh.logProb, oldLogProb, tf.squeeze(tf.gather(q, [0]), [0]), weights);
  };
}

// Two teams of three, whose agents are valued by what all of them see and do.
const AGENTS = 3;
const team = gaussianActorCritic(spaces, settings, { teamSize: AGENTS });
const teamVector = start('team', team.critic);
const oldTeamValue = team.value(tf.mul(teamVector, 0.7), x);
const teamCritics = actionValueCritics({ ...network, inputs: 3 * AGENTS, actions: 2 * AGENTS, critics: 1 });
const teamCriticVector = start('team critics', teamCritics.layout);
const deterministic = mlp({ ...network, outputs: 2 });

const renormalised = batchRenormMlp({
  inputs: 5,
  hidden: [4],
  outputs: 1,
  members: 2,
  activation: 'tanh',
  momentum: 0.9,
  warmUp: 10,
});

const losses: Record<string, readonly [(vector: Tensor) => Tensor, Tensor]> = {
  'squared Bellman error': [(vector) => criticLoss(critics.value(vector, x, action), target), criticVector],
  'conservative gap': [
    (vector) => {
      const drawn = critics.value(vector, tf.tile(x, [3, 1]), normal('drawn', 3 * ROWS, 2));
      const sampled = tf.reshape(drawn, [-1, 3, ROWS]);
      const recorded = critics.value(vector, x, action);
      return tf.mean(conservativeGap(sampled, normal('density', 3, ROWS), recorded, 0.7));
    },
    criticVector,
  ],
  'soft actor': [
    (vector) => {
      const fresh = actor.sample(vector, x, noise);
      return softActorLoss(
        tf.mean(critics.value(criticVector, x, fresh.action), 0),
        fresh.logProb,
        tf.scalar(0.3),
      );
    },
    actorVector,
  ],
  temperature: [(log) => temperatureLoss(tf.exp(log), target, -2), tf.tensor1d([-0.7])],
  quantiles: [
    (vector) => quantileHuberLoss(distributional.value(vector, x, action), normal('targets', ROWS, 4)),
    start('quantiles', distributional.layout),
  ],
  'batch renormalisation in its warm-up': [
    (vector) => {
      const statistics = start('statistics', renormalised.statistics);
      const { output } = renormalised.train(vector, tf.abs(statistics), tf.concat([x, action], 1));
      return criticLoss(tf.squeeze(output, [2]), target);
    },
    start('renormalised', renormalised.layout),
  ],
  'mirror descent': [mirrorDescent(1), actorVector],
  'mirror descent with Tsallis entropy': [mirrorDescent(1.5), actorVector],
  'clipped policy': [(vector) => clippedPolicyLoss(policyOf(vector).ratio, advantage, 0.2), policyVector],
  'clipped value': [
    (vector) => clippedValueLoss(onPolicy.value(vector, x), target, oldValue, tf.tensor1d([0.2])),
    valueVector,
  ],
  'clipped value of a team by Huber’s loss': [
    (vector) => {
      const loss = (error: Tensor): Tensor => huber(error, 0.7);
      return clippedValueLoss(team.value(vector, x), target, oldTeamValue, tf.tensor1d([0.2]), loss);
    },
    teamVector,
  ],
  'deterministic actor in a team': [
    (vector) => {
      const actions = besideTeammates(tf.tanh(deterministic.apply(vector, x)), action, AGENTS);
      return tf.neg(tf.mean(teamCritics.value(teamCriticVector, teamView(x, AGENTS), actions)));
    },
    start('deterministic', deterministic.layout),
  ],
  'mirror descent objective with the KL divergence': [
    (vector) => {
      const { mean, wide, ratio } = policyOf(vector);
      const spread = tf.add(tf.zerosLike(mean), old.logStd);
      const divergence = tf.mean(gaussianDivergence(mean, wide, old.mean, spread));
      return mirrorDescentObjective(ratio, advantage, divergence, tf.tensor1d([0.5]));
    },
    policyVector,
  ],
  'mirror descent objective with the Tsallis divergence': [
    (vector) => {
      const { logProb, ratio } = policyOf(vector);
      const divergence = tsallisDivergence(logProb, oldLogProb, 1.5);
      return mirrorDescentObjective(ratio, advantage, divergence, tf.tensor1d([0.5]));
    },
    policyVector,
  ],
};

const STEP = 2 ** -6;
/**
 * Of the gradient's greatest component. A loss of magnitude one that float32 rounds at 6e-8 makes a difference over 2·STEP
 * uncertain by 4e-6; where the second derivative jumps, as Huber's does, an error of order STEP remains.
 */
const TOLERANCE = 3e-4;

test.each(Object.entries(losses))('%s', (_, [loss, at]) => {
  const gradient = tf.grad(loss)(at).dataSync();
  const values = at.dataSync();
  const lossAt = (i: number, move: number): number => {
    const moved = Float32Array.from(values);
    moved[i] = moved[i]! + move;
    return tf.tidy(() => loss(tf.tensor1d(moved)).dataSync()[0]!);
  };
  const slope = (i: number, step: number): number => (lossAt(i, step) - lossAt(i, -step)) / (2 * step);
  // Twice the step makes four times the error, so this combination of the two has none of that order.
  const differences = Array.from(values, (_, i) => (4 * slope(i, STEP) - slope(i, 2 * STEP)) / 3);
  expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(0.01);
  expect(relativeError(gradient, differences)).toBeLessThan(TOLERANCE);
});
