/** The classifier of success: its losses against hand calculation and differences, and what it learns. */
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import { space, vector } from '../../src/core/space.ts';
import {
  classifierMaths,
  classifierSettings,
  createClassifier,
  viceSettings,
} from '../../src/learner/classifier.ts';
import { layoutSize } from '../../src/nn/index.ts';
import { tf } from '../../src/tensor/index.ts';
import { relativeError } from '../support/tensors.ts';

const observation = space(vector('obs', '1', Number.POSITIVE_INFINITY, ['x', 'y', 'z']));
const rng = createRng(5);
const normal = (name: string, ...shape: number[]) =>
  tf.tensor(rng.split(name).fillNormal(new Float32Array(shape.reduce((n, size) => n * size, 1))), shape);

describe('the loss', () => {
  const ROWS = 5;
  const x = normal('x', ROWS, 3);
  const target = tf.tensor1d([1, 0, 0.9, 0.25, 0]);
  const build = (gradientPenalty: number) =>
    classifierMaths(observation, classifierSettings.parse({ hidden: [4, 3], gradientPenalty }));
  const plain = build(0);
  const vectorOf = tf.mul(normal('parameters', layoutSize(plain.state.classifier!)), 0.5);

  it('is the cross-entropy of probabilities', () => {
    // As it is written in books, from the logits.
    const state = { classifier: vectorOf, observationStatistics: tf.tensor1d([0, 0, 0, 0, 1, 1, 1]) };
    const logits = plain.logits(state, x).dataSync();
    const odds = [...logits].map((logit) => 1 / (1 + Math.exp(-logit)));
    const labels = [...target.dataSync()];
    const terms = odds.map((p, i) => -labels[i]! * Math.log(p) - (1 - labels[i]!) * Math.log(1 - p));
    const mean = terms.reduce((a, b) => a + b, 0) / ROWS;
    expect(plain.loss(vectorOf, x, target).dataSync()[0]).toBeCloseTo(mean, 6);
  });

  it('stays finite where the network is sure and wrong', () => {
    const sure = tf.mul(vectorOf, 1e4);
    expect(Number.isFinite(plain.loss(sure, tf.mul(x, 100), target).dataSync()[0])).toBe(true);
  });

  it('is penalised by how far the slope of the logit is from 1, by differences', () => {
    const penalised = build(3);
    const state = { observationStatistics: tf.tensor1d([0, 0, 0, 0, 1, 1, 1]), classifier: vectorOf };
    const STEP = 1e-2;
    const at = (shift: number[]) => plain.logits(state, tf.add(x, tf.tensor2d([shift]))).dataSync();
    const slopes = [0, 1, 2].map((axis) => {
      const shift = [0, 0, 0].map((_, i) => (i === axis ? STEP : 0));
      const [more, less] = [at(shift), at(shift.map((d) => -d))];
      return [...more].map((value, row) => (value - less[row]!) / (2 * STEP));
    });
    const penalties = Array.from(
      { length: ROWS },
      (_, row) => (Math.hypot(...slopes.map((s) => s[row]!)) - 1) ** 2,
    );
    const expected = (3 * penalties.reduce((a, b) => a + b, 0)) / ROWS;
    const found =
      penalised.loss(vectorOf, x, target).dataSync()[0]! - plain.loss(vectorOf, x, target).dataSync()[0]!;
    expect(Math.abs(found / expected - 1)).toBeLessThan(1e-3);
  });

  it.each([0, 3])('has the gradient that its differences show, with a penalty of %d', (gradientPenalty) => {
    const { loss } = build(gradientPenalty);
    const gradient = tf
      .grad((v) => loss(v, x, target))(vectorOf)
      .dataSync();
    const values = vectorOf.dataSync();
    const STEP = 1e-2;
    const shifted = (i: number, by: number): number => {
      const moved = Float32Array.from(values);
      moved[i]! += by;
      return loss(tf.tensor1d(moved), x, target).dataSync()[0]!;
    };
    // Fourth order, as float32 leaves no room for smaller steps.
    const differences = Float32Array.from(
      values,
      (_, i) =>
        (8 * (shifted(i, STEP) - shifted(i, -STEP)) - (shifted(i, 2 * STEP) - shifted(i, -2 * STEP))) /
        (12 * STEP),
    );
    expect(relativeError(gradient as Float32Array, differences)).toBeLessThan(2e-3);
  });
});

describe('a classifier', () => {
  /** Learns that the components' sum is above zero. */
  async function taught(settings: object, updates: number) {
    const BATCH = 64;
    const classifier = await createClassifier({
      observation,
      settings: classifierSettings.parse({ hidden: [32], ...settings }),
      batchSize: BATCH,
      rng: createRng(1),
    });
    const draws = createRng(2);
    const { obs, label } = classifier.examples;
    for (let i = 0; i < updates; i++) {
      draws.fillNormal(obs);
      for (let row = 0; row < BATCH; row++)
        label[row] = obs[3 * row]! + obs[3 * row + 1]! + obs[3 * row + 2]! > 0 ? 1 : 0;
      await classifier.update();
    }
    return classifier;
  }

  it('tells classes apart that can be told apart', async () => {
    const classifier = await taught({}, 400);
    const obs = createRng(3).fillNormal(new Float32Array(3 * 500));
    const logits = await classifier.logits(obs);
    const right = logits.filter(
      (logit, i) => logit > 0 === obs[3 * i]! + obs[3 * i + 1]! + obs[3 * i + 2]! > 0,
    );
    expect(right.length / 500).toBeGreaterThan(0.95);
    await classifier.dispose();
  });

  it('is less sure of itself as VICE has it', async () => {
    const probe = Float32Array.of(2, 2, 2);
    const [sure, careful] = [await taught({}, 400), await taught(viceSettings, 400)];
    const [bold] = await sure.logits(probe);
    const [smooth] = await careful.logits(probe);
    expect(smooth).toBeGreaterThan(0);
    expect(bold!).toBeGreaterThan(2 * smooth!);
    await sure.dispose();
    await careful.dispose();
  });

  it('goes on as it was when its parameters and generator are restored', async () => {
    const [first, second] = [await taught({}, 10), await taught({}, 3)];
    second.load(
      Object.fromEntries(Object.entries(first.vectors()).map(([name, values]) => [name, values.slice()])),
    );
    second.restoreRng(first.rngState());
    for (const classifier of [first, second]) {
      createRng(9).fillNormal(classifier.examples.obs);
      classifier.examples.label.fill(1);
      await classifier.update();
    }
    expect(second.vectors()).toEqual(first.vectors());
    await first.dispose();
    await second.dispose();
  });
});
