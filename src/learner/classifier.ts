/**
 * A classifier of what is observed, to tell whether a task is done: the reward of robots that nothing else tells it (SERL; Luo
 * et al. 2024, arXiv:2401.16013, on state instead of images). Regularised, it can go on learning while a policy tries to please
 * it (VICE; Fu et al. 2018, arXiv:1805.11686).
 *
 * Shapes: B examples, O observation size.
 */
import type { Metrics } from '../core/policy.ts';
import type { Rng, RngState } from '../core/rng.ts';
import { flag, number, settings, widths } from '../core/settings.ts';
import type { Space } from '../core/space.ts';
import { adam, adamState, layoutSize, mlp, observationInput, unflatten } from '../nn/index.ts';
import { compile, type InputSpec, type Tensor, tf, valueAndGradient } from '../tensor/index.ts';
import type { PolicyMaths, Tensors, UpdateResult, Vectors } from './definition.ts';
import { dropoutMask, type NoiseSpec, noiseSize, uniformNoise } from './noise.ts';
import { mapValues } from './records.ts';
import { createState } from './state.ts';
import { compileUpdate, updateProgram } from './update-program.ts';

export const classifierSettings = settings({
  hidden: widths([256], 'units of the hidden layers'),
  dropout: number(0.1, 0, 0.9, 'part of the units that is left out in an update'),
  learningRate: number(3e-4, 0, 1, 'Adam step size'),
  labelSmoothing: number(
    0,
    0,
    1,
    'part of the labels that is spread over both classes: 0.2 makes them 0.1 and 0.9',
  ),
  mixup: flag(false, 'learn from random blends of two examples and of their labels (arXiv:1710.09412)'),
  gradientPenalty: number(
    0,
    0,
    1e3,
    'weight of the squared difference of the input gradient’s length from 1',
  ),
});
export type ClassifierSettings = ReturnType<typeof classifierSettings.parse>;

/** With what VICE keeps a classifier from being sure of itself. */
export const viceSettings: Partial<ClassifierSettings> = {
  labelSmoothing: 0.2,
  mixup: true,
  gradientPenalty: 10,
};

export interface ClassifierMaths extends Pick<PolicyMaths, 'state'> {
  /** @param obs `[B, O]` @returns `[B]`, log-odds that the task is done */
  logits(state: Tensors, obs: Tensor): Tensor;
  noise(rows: number): Readonly<Record<string, NoiseSpec>>;
  /** @param x what the network sees, `[B, O]` @param target probabilities, `[B]` */
  loss(vector: Tensor, x: Tensor, target: Tensor, dropout?: readonly Tensor[]): Tensor;
  /** @param obs `[B, O]` @param label `[B]`, 1 where the task is done */
  update(state: Tensors, obs: Tensor, label: Tensor, noise: Tensors): UpdateResult;
}

export function classifierMaths(observation: Space, s: ClassifierSettings): ClassifierMaths {
  const input = observationInput(observation, true);
  const network = mlp({
    inputs: observation.size,
    hidden: s.hidden,
    outputs: 1,

    activation: 'silu',
  });
  const apply = (vector: Tensor, x: Tensor, dropout?: readonly Tensor[]): Tensor =>
    tf.reshape(network.apply(vector, x, { dropout }), [-1]);

  /**
   * ∂logit/∂x, `[B, O]`, spelled out backwards through the layers: tfjs takes no derivative of its own derivatives, as it keeps
   * outputs of the way there as constants.
   */
  function slope(vector: Tensor, x: Tensor): Tensor {
    const arrays = unflatten(vector, network.layout);
    const kernel = (layer: number): Tensor => arrays[`layers.${layer}.kernel`]!;
    const steepness: Tensor[] = [];
    let h = x;
    s.hidden.forEach((_, layer) => {
      const z = tf.add(tf.matMul(h, kernel(layer)), arrays[`layers.${layer}.bias`]!);
      const sigma = tf.sigmoid(z);
      h = tf.mul(z, sigma);
      steepness.push(tf.mul(sigma, tf.add(1, tf.mul(z, tf.sub(1, sigma)))));
    });
    let back = tf.mul(tf.onesLike(tf.slice(x, [0, 0], [-1, 1])), tf.transpose(kernel(s.hidden.length)));
    for (let layer = s.hidden.length - 1; layer >= 0; layer--)
      back = tf.matMul(tf.mul(back, steepness[layer]!), kernel(layer), false, true);
    return back;
  }

  /** Mean of (‖∂logit/∂x‖ − 1)². */
  function gradientPenalty(vector: Tensor, x: Tensor): Tensor {
    const length = tf.sqrt(tf.add(tf.sum(tf.square(slope(vector, x)), 1), 1e-12));
    return tf.mean(tf.square(tf.sub(length, 1)));
  }

  /** Cross-entropy, and the penalty where there is one. */
  function loss(vector: Tensor, x: Tensor, target: Tensor, dropout?: readonly Tensor[]): Tensor {
    const logits = apply(vector, x, dropout);
    // −y log σ(l) − (1 − y) log(1 − σ(l)) without taking the logarithm of 0.
    const crossEntropy = tf.mean(tf.sub(tf.softplus(logits), tf.mul(target, logits)));
    if (s.gradientPenalty === 0) return crossEntropy;
    return tf.add(crossEntropy, tf.mul(gradientPenalty(vector, x), s.gradientPenalty));
  }

  return {
    state: { classifier: network.layout, ...input.state, ...adamState('classifier', network.layout) },
    logits: (state, obs) => apply(state.classifier!, input.apply(state, obs)),
    loss,
    noise: (rows) => ({
      ...(s.mixup ? { blend: uniformNoise(rows) } : {}),
      ...Object.fromEntries(
        (s.dropout > 0 ? s.hidden : []).map((units, layer) => [
          `dropout.${layer}`,
          dropoutMask(s.dropout, rows, units),
        ]),
      ),
    }),

    update(before, obs, label, noise) {
      const state = { ...before, ...input.observe(before, obs) };
      // The weight of the first of two, uniform from 0 to 1; the other one stands as far from the batch's other end.
      const weight = noise.blend && tf.add(tf.mul(noise.blend, 0.5), 0.5);
      const blended = (values: Tensor, weight: Tensor): Tensor =>
        tf.add(tf.mul(values, weight), tf.mul(tf.reverse(values, 0), tf.sub(1, weight)));
      const seen = input.apply(state, obs);
      const x = weight ? blended(seen, tf.expandDims(weight, 1)) : seen;
      const smooth = tf.add(tf.mul(label, 1 - s.labelSmoothing), s.labelSmoothing / 2);
      const target = weight ? blended(smooth, weight) : smooth;
      const dropout = s.dropout > 0 ? s.hidden.map((_, layer) => noise[`dropout.${layer}`]!) : undefined;
      const { loss: reached, gradient } = valueAndGradient(
        (vector) => ({ loss: loss(vector, x, target, dropout) }),
        state.classifier!,
      );
      const right = tf.equal(tf.greater(apply(state.classifier!, seen), 0), tf.greater(label, 0.5));
      return {
        state: { ...state, ...adam(state, 'classifier', gradient, s.learningRate) },
        metrics: { loss: reached, accuracy: tf.mean(tf.cast(right, 'float32')) },
      };
    },
  };
}

export interface Classifier {
  /** What `update` learns from: fill it first. `[B, O]` and `[B]`, 1 where the task is done. */
  readonly examples: { readonly obs: Float32Array; readonly label: Float32Array };
  update(): Promise<Metrics>;
  /** @param obs `[N, O]` @returns `[N]`, log-odds that the task is done */
  logits(obs: Float32Array): Promise<Float32Array>;
  vectors(): Vectors;
  load(vectors: Vectors): void;
  rngState(): RngState;
  restoreRng(state: RngState): void;
  dispose(): Promise<void>;
}

export interface ClassifierOptions {
  readonly observation: Space;
  readonly settings: ClassifierSettings;
  /** Examples of an update, B. */
  readonly batchSize: number;
  readonly rng: Rng;
  readonly threads?: number;
}

export async function createClassifier(options: ClassifierOptions): Promise<Classifier> {
  const { observation, settings, batchSize, rng, threads = 1 } = options;
  const maths = classifierMaths(observation, settings);
  const state = createState(maths, rng.split('parameters'));
  const specs = maths.noise(batchSize);
  const noise = mapValues(specs, (spec) => new Float32Array(noiseSize(spec)));
  const draws = rng.split('update');
  const examples = {
    obs: new Float32Array(batchSize * observation.size),
    label: new Float32Array(batchSize),
  };
  const shapes: Readonly<Record<string, InputSpec>> = {
    obs: [batchSize, observation.size],
    label: [batchSize],
    ...mapValues(specs, ({ shape }): InputSpec => shape),
  };
  const device = { device: 'cpu', threads } as const;
  const update = await compileUpdate(
    updateProgram(maths, shapes, (state, { obs, label, ...noise }) =>
      maths.update(state, obs!, label!, noise),
    ),
    state,
    { ...examples, ...noise },
    device,
  );
  const judge = await compile(
    ({ obs, ...state }) => ({ logits: maths.logits(state, obs!) }),
    { obs: ['N', observation.size], ...mapValues(maths.state, (layout): InputSpec => [layoutSize(layout)]) },
    device,
  );
  return {
    examples,
    async update() {
      for (const [name, { fill }] of Object.entries(specs)) fill(noise[name]!, draws);
      return update.run();
    },
    logits: async (obs) => (await judge.run({ obs, ...state.vectors() })).logits as Float32Array,
    vectors: state.vectors,
    load: state.load,
    rngState: () => draws.state(),
    restoreRng: (saved) => draws.restore(saved),
    async dispose() {
      await update.dispose();
      await judge.dispose();
    },
  };
}
