/** Mirror descent: losses by hand, and the soft actor-critic that it is where both weights are equal. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mdpo, mirrorDescentLoss, valueTarget } from '../../agents/mdpo.ts';
import { mirrorDescentObjective, tsallisDivergence } from '../../agents/mdpo-on-policy.ts';
import { actionValueCritics } from '../../agents/parts/critics.ts';
import { softActorLoss } from '../../agents/parts/losses.ts';
import { squashedActor } from '../../agents/parts/squashed-actor.ts';
import { tsallisLog } from '../../agents/parts/tsallis.ts';
import { softTarget } from '../../agents/sac.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, vector } from '../../src/core/space.ts';
import { layoutSize } from '../../src/nn/index.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';
import { firstDifference } from '../support/tensors.ts';

const scalar = (tensor: Tensor): number => tensor.dataSync()[0]!;
const logs = (...probabilities: number[]): Tensor => tf.tensor1d(probabilities.map(Math.log));

describe('the q-logarithm', () => {
  test('is log π at 1, 2(√π − 1) at 1.5, π − 1 at 2', () => {
    const expected = { 1: [Math.log(0.25), Math.log(4)], 1.5: [-1, 2], 2: [-0.75, 3] };
    for (const [index, values] of Object.entries(expected)) {
      const found = tsallisLog(logs(0.25, 4), Number(index)).dataSync();
      expect(firstDifference(found, values, 1e-6)).toBeUndefined();
    }
  });

  test('tends to log π as its index tends to 1, also where π is tiny', () => {
    // The next term of the series in (q − 1) is (q − 1)·(log π)²/2.
    const logProb = [-30, -3, 0, 2];
    const found = tsallisLog(tf.tensor1d(logProb), 1 + 1e-5).dataSync();
    logProb.forEach((value, i) => {
      expect(Math.abs(found[i]! - value)).toBeLessThan(1e-5 * value ** 2 + 1e-6);
    });
  });
});

describe('losses from replay', () => {
  const weights = { entropyWeight: 0.2, proximityWeight: 1 };
  const q = tf.tensor1d([3, 1]);

  test('actor: mean of c·log π + (λ − c)·log π_old − Q', () => {
    // −1 + 0.8·2 − 3 = −2.4 and 0 − 0.8·0.5 − 1 = −1.4
    const loss = mirrorDescentLoss(tf.tensor1d([-1, 0]), tf.tensor1d([-2, 0.5]), q, { ...weights, index: 1 });
    expect(scalar(loss)).toBeCloseTo(-1.9, 6);
  });

  test('actor: with the q-logarithm, and the old one times q', () => {
    // π − 1 = −0.5 and 1; of the old policy −0.75 and 0.5, times 2·(−0.8): −0.5 + 1.2 − 3 and 1 − 0.8 − 1.
    const loss = mirrorDescentLoss(logs(0.5, 2), logs(0.25, 1.5), q, { ...weights, index: 2 });
    expect(scalar(loss)).toBeCloseTo((-2.3 - 0.8) / 2, 6);
  });

  test('value: min Q − λ·log_q π', () => {
    const both = tf.tensor2d([[3, 1], [2, 4]]); // biome-ignore format: a critic a row
    const shannon = valueTarget(both, tf.tensor1d([-1, 2]), 0.5, 1).dataSync();
    expect(firstDifference(shannon, [2.5, 0], 1e-6)).toBeUndefined();
    const tsallis = valueTarget(both, logs(0.25, 4), 0.5, 1.5).dataSync();
    expect(firstDifference(tsallis, [2.5, 0], 1e-6)).toBeUndefined();
  });
});

describe('losses from rollouts', () => {
  test('the Tsallis divergence, from samples of the old policy', () => {
    // Ratios 2 and 0.5, differences of π − 1: 0.25 and −0.2.
    expect(scalar(tsallisDivergence(logs(0.5, 0.2), logs(0.25, 0.4), 2))).toBeCloseTo(0.2, 6);
  });

  // Each of four actions once is a sample of the policy that likes all of them the same.
  const uniform = logs(0.25, 0.25, 0.25, 0.25);

  test('the Tsallis divergence of index 1 is the KL divergence', () => {
    const policy = [0.4, 0.3, 0.2, 0.1];
    const expected = policy.reduce((sum, p) => sum + p * Math.log(p / 0.25), 0);
    expect(scalar(tsallisDivergence(logs(...policy), uniform, 1))).toBeCloseTo(expected, 6);
  });

  test('the Tsallis divergence from the uniform policy is nowhere below zero, its value there', () => {
    const weights = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(weights, fc.double({ min: 1.01, max: 2, noNaN: true }), (w, index) => {
        const policy = w.map((weight) => weight / (w[0]! + w[1]! + w[2]! + w[3]!));
        expect(scalar(tsallisDivergence(logs(...policy), uniform, index))).toBeGreaterThan(-1e-6);
      }),
    );
    expect(scalar(tsallisDivergence(uniform, uniform, 1.5))).toBe(0);
  });

  test('the objective: −E[ρ·Â] + D/t', () => {
    // −(2·1 + 0.5·(−2))/2 + 0.2/0.5
    const [ratio, advantage] = [tf.tensor1d([2, 0.5]), tf.tensor1d([1, -2])];
    const loss = mirrorDescentObjective(ratio, advantage, tf.scalar(0.2), tf.tensor1d([0.5]));
    expect(scalar(loss)).toBeCloseTo(-0.1, 6);
  });
});

describe('with both weights equal', () => {
  const [TEMPERATURE, ROWS] = [0.3, 6];
  const spaces = {
    observation: space(vector('obs', '1', 1)),
    action: space(vector('act', '1', 1, ['x', 'y'])),
  };
  const settings = {
    hidden: [8, 8],
    entropyWeight: TEMPERATURE,
    proximityWeight: TEMPERATURE,
    outputPenalty: 0,
  };
  const maths = mdpo.build(spaces, mdpo.settings.parse(settings));
  const rng = createRng(3);
  const normal = (name: string, ...shape: number[]): Tensor =>
    tf.tensor(rng.split(name).fillNormal(new Float32Array(shape.reduce((n, size) => n * size, 1))), shape);
  const batch = {
    obs: normal('obs', ROWS, 3),
    action: normal('action', ROWS, 2),
    reward: normal('reward', ROWS),
    nextObs: normal('nextObs', ROWS, 3),
    terminated: tf.zeros([ROWS]),
    discount: tf.fill([ROWS], 0.9),
  };
  const noise = { action: normal('noise', ROWS, 2) };
  /** Adam's moments are zero, so that a tenth of the gradient is the first one after the update. */
  const state = (oldActor: (size: number) => Tensor): Record<string, Tensor> =>
    Object.fromEntries(
      Object.entries(maths.state).map(([name, layout]) => {
        const size = layoutSize(layout);
        if (/adam|Age/.test(name)) return [name, tf.zeros([size])];
        return [name, name === 'oldActor' ? oldActor(size) : tf.mul(normal(name, size), 0.5)];
      }),
    );

  // The same networks, put together as soft actor-critic has them.
  const network = { inputs: 3, actions: 2, hidden: [8, 8] };
  const [actor, critics] = [squashedActor(network), actionValueCritics({ ...network, critics: 2 })];
  const soft = (vectors: Record<string, Tensor>, vector: Tensor) => {
    const { action, logProb } = actor.sample(vector, batch.obs, noise.action);
    return { logProb, q: critics.value(vectors.critics!, batch.obs, action) };
  };

  test('actor loss and gradient are those of soft actor-critic on the first critic, whatever the old policy', () => {
    const oldPolicies = fc.record({ scale: fc.double({ min: 0, max: 3, noNaN: true }), seed: fc.nat(1000) });
    fc.assert(
      fc.property(oldPolicies, ({ scale, seed }) => {
        const before = state((size) => tf.mul(normal(`old ${seed}`, size), scale));
        const { state: after, metrics } = maths.update(before, batch, noise, tf.zeros([1]));
        const { value, grad } = tf.valueAndGrad((vector: Tensor) => {
          const { q, logProb } = soft(before, vector);
          return softActorLoss(tf.squeeze(tf.gather(q, [0]), [0]), logProb, tf.scalar(TEMPERATURE));
        })(before.actor!);
        // Twenty roundings of float32.
        expect(firstDifference(metrics.actor_loss!.dataSync(), value.dataSync(), 1e-6)).toBeUndefined();
        const gradient = tf.mul(after['actor.adam.first']!, 10).dataSync();
        expect(firstDifference(gradient, grad.dataSync(), 1e-6)).toBeUndefined();
        expect(Math.max(...grad.abs().dataSync())).toBeGreaterThan(0.01);
      }),
      { numRuns: 20 },
    );
  });

  test('with unequal weights the old policy counts', () => {
    const drawn = mdpo.build(spaces, mdpo.settings.parse({ ...settings, proximityWeight: 1 }));
    const losses = [0.1, 0.5].map((scale) => {
      const before = state((size) => tf.mul(normal('old', size), scale));
      return scalar(drawn.update(before, batch, noise, tf.zeros([1])).metrics.actor_loss!);
    });
    expect(Math.abs(losses[0]! - losses[1]!)).toBeGreaterThan(0.01);
  });

  test('the value network learns the soft value of soft actor-critic', () => {
    const before = state((size) => tf.zeros([size]));
    const { q, logProb } = soft(before, before.actor!);
    const own = valueTarget(q, logProb, TEMPERATURE, 1);
    // A Bellman target without a reward and without discounting is the next state's soft value.
    const still = { reward: tf.zeros([ROWS]), terminated: tf.zeros([ROWS]), discount: tf.ones([ROWS]) };
    const theirs = softTarget(still, tf.min(q, 0), tf.mul(logProb, -TEMPERATURE));
    expect(firstDifference(own.dataSync(), theirs.dataSync(), 1e-6)).toBeUndefined();
  });
});
