import { describe, expect, test } from 'vitest';
import { actorLoss, criticLoss, sac, softTarget, temperatureLoss } from '../../agents/sac.ts';
import { createRng } from '../../src/core/rng.ts';
import { space, vector } from '../../src/core/space.ts';
import { createLearner, updateProgramOf } from '../../src/learner/index.ts';
import { compile, tf } from '../../src/tensor/index.ts';
import golden from '../golden/sac.json' with { type: 'json' };

const scalar = (tensor: tf.Tensor): number => tensor.dataSync()[0]!;

describe('the losses by hand', () => {
  test('target: r + γ(1 − terminated)(min Q̄ − α log π)', () => {
    // First row: 1 + 0.9·(min(2, 3) − 0.5·(−1)) = 1 + 0.9·2.5 = 3.25. Second row ended: its reward, 2.
    const target = softTarget(
      tf.tensor1d([1, 2]),
      tf.tensor1d([0, 1]),
      tf.tensor2d([[2, 7], [3, 8]]), // biome-ignore format: a critic a row
      tf.tensor1d([-1, -4]),
      tf.scalar(0.5),
      0.9,
    );
    expect(target.dataSync()[0]).toBeCloseTo(3.25, 6);
    expect(target.dataSync()[1]).toBeCloseTo(2, 6);
  });

  test('critics: mean over the batch, sum over the ensemble', () => {
    // Errors (1, −1) and (2, 0) against (1, 3): (1 + 1)/2 + (4 + 0)/2 = 3.
    const q = tf.tensor2d([[2, 2], [3, 3]]); // biome-ignore format: a critic a row
    expect(scalar(criticLoss(q, tf.tensor1d([1, 3])))).toBeCloseTo(3, 6);
  });

  test('actor: mean of α log π − min Q', () => {
    // (0.2·(−1) − 2 + 0.2·(−3) − 1) / 2 = −1.9
    const q = tf.tensor2d([[2, 5], [4, 1]]); // biome-ignore format: a critic a row
    expect(scalar(actorLoss(q, tf.tensor1d([-1, -3]), tf.scalar(0.2)))).toBeCloseTo(-1.9, 6);
  });

  test('temperature: rises while the entropy is below its target', () => {
    // −0.5·((1 − 2) + (2 − 2))/2 = 0.25
    expect(scalar(temperatureLoss(tf.scalar(0.5), tf.tensor1d([1, 2]), -2))).toBeCloseTo(0.25, 6);
    const slope = tf.grad((x) => temperatureLoss(tf.exp(x), tf.tensor1d([3]), -2))(tf.scalar(0));
    expect(scalar(slope)).toBeCloseTo(-1, 6); // Entropy −3 is below −2: down the slope is up.
  });
});

const wave = (count: number, phase: number, scale: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => scale * Math.sin(1.3 * i + phase));

const spaces = {
  observation: space(vector('obs', '1', 2)),
  action: space(vector('act', '1', 1, ['x', 'y'])),
};
const goldenSettings = sac.settings.parse({
  discount: 0.97,
  targetRate: 0.05,
  actorLearningRate: 1e-3,
  criticLearningRate: 2e-3,
  temperatureLearningRate: 3e-3,
  hidden: [4, 4],
});

describe('two whole updates', () => {
  // float32 against float64: 1e-5 of the largest value in a vector leaves room for some twenty roundings of 6e-8.
  test.each(['reference', 'cpu'] as const)('equal PyTorch in float64 to 1e-5 on %s', async (device) => {
    const B = 5;
    const maths = sac.build(spaces, goldenSettings);
    const { fn, shapes } = updateProgramOf(maths, spaces, B);
    const program = await compile(fn, shapes, { device });
    const state: Record<string, Float32Array> = {};
    for (const [name, spec] of Object.entries(shapes)) {
      if (name.startsWith('state.')) state[name] = new Float32Array((spec as number[])[0]!);
    }
    state['state.actor'] = wave(state['state.actor']!.length, 0.3, 0.6);
    state['state.critics'] = wave(state['state.critics']!.length, 1.1, 0.6);
    state['state.targetCritics'] = wave(state['state.targetCritics']!.length, 2.3, 0.5);
    state['state.logTemperature'] = Float32Array.of(-0.4);
    for (const [update, expected] of golden.updates.entries()) {
      const outputs = await program.run({
        ...state,
        obs: wave(B * 3, 0.5 + update, 1.5),
        action: wave(B * 2, 0.9 + update, 0.9),
        reward: wave(B, 0.2 + update, 1),
        nextObs: wave(B * 3, 1.7 + update, 1.5),
        terminated: Float32Array.of(0, 0, 1, 0, 0),
        'noise.action': wave(B * 2, 2.9 + update, 1.1),
        'noise.nextAction': wave(B * 2, 0.1 + update, 1.1),
      });
      for (const name of ['critic_loss', 'actor_loss', 'ent_coef_loss'] as const) {
        expectClose(outputs[`metric.${name}`]!, [expected[name]], name);
      }
      for (const name of ['actor', 'critics', 'targetCritics', 'logTemperature'] as const) {
        expectClose(outputs[`next.${name}`]!, expected[name], name);
      }
      for (const name of Object.keys(state)) {
        state[name] = outputs[name.replace('state.', 'next.')] as Float32Array;
      }
    }
    await program.dispose();
  });
});

function expectClose(actual: ArrayLike<number>, expected: readonly number[], name: string): void {
  expect(actual.length, name).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
  expect(worst / scale, name).toBeLessThan(1e-5);
}

test('target critics start equal to the critics', async () => {
  const maths = sac.build(spaces, goldenSettings);
  const learner = await createLearner({ maths, spaces, batchSize: 4, rng: createRng(0), threads: 1 });
  const { critics, targetCritics } = learner.vectors();
  expect(targetCritics).toEqual(critics);
  expect(new Set(critics).size).toBeGreaterThan(10);
  await learner.dispose();
});
