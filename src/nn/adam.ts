/** Adam (Kingma and Ba 2015, arXiv:1412.6980, algorithm 1) on one flat vector, inside the graph. */
import { type Tensor, tf } from '../tensor/index.ts';
import { type Layout, zeros } from './parameters.ts';

const BETA_2 = 0.999;

export interface AdamOptions {
  /** Decay of the first moment; 0.9 unless told. */
  readonly beta1?: number;
  /** Keeps the divisor from zero; 1e-8 unless told. */
  readonly epsilon?: number;
}

/** Names of the vectors that belong to a trained vector `name`. */
const momentNames = (name: string) =>
  ({ step: `${name}.adam.step`, first: `${name}.adam.first`, second: `${name}.adam.second` }) as const;

/** State to keep for the trained vector `name`: both moments, in its layout, and the number of steps taken. */
export function adamState(name: string, layout: Layout): Record<string, Layout> {
  const { step, first, second } = momentNames(name);
  const moments = layout.map((array) => ({ ...array, initialize: zeros }));
  return { [step]: [{ name: 'step', shape: [1], initialize: zeros }], [first]: moments, [second]: moments };
}

/**
 * One step down `gradient`.
 * @param state holds `name` and its `adamState`
 * @param learningRate a number, or `[1]` where it changes in the course of training
 * @returns the new values of all of them
 */
export function adam(
  state: Readonly<Record<string, Tensor>>,
  name: string,
  gradient: Tensor,
  learningRate: number | Tensor,
  { beta1 = 0.9, epsilon = 1e-8 }: AdamOptions = {},
): Record<string, Tensor> {
  const names = momentNames(name);
  const step = tf.add(state[names.step]!, 1);
  const first = tf.add(tf.mul(state[names.first]!, beta1), tf.mul(gradient, 1 - beta1));
  const second = tf.add(tf.mul(state[names.second]!, BETA_2), tf.mul(tf.square(gradient), 1 - BETA_2));
  // learningRate·m̂/(√v̂ + ε), with the corrections m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ) moved onto scalars.
  const rootCorrection = tf.sqrt(oneMinusPower(BETA_2, step));
  const rate = tf.div(tf.mul(rootCorrection, learningRate), oneMinusPower(beta1, step));
  const move = tf.div(first, tf.add(tf.sqrt(second), tf.mul(rootCorrection, epsilon)));
  return {
    [name]: tf.sub(state[name]!, tf.mul(move, rate)),
    [names.step]: step,
    [names.first]: first,
    [names.second]: second,
  };
}

/** 1 − base^exponent = −2h/(1 − h), h = tanh(½·exponent·log base): exact in float32 where base^exponent is near 1. */
function oneMinusPower(base: number, exponent: Tensor): Tensor {
  if (base === 0) return tf.onesLike(exponent);
  const h = tf.tanh(tf.mul(exponent, Math.log(base) / 2));
  return tf.div(tf.mul(h, -2), tf.sub(1, h));
}

/** Moves `target` a fraction `rate` of the way to `source`: θ̄ ← θ̄ + τ(θ − θ̄). */
export const moveToward = (target: Tensor, source: Tensor, rate: number): Tensor =>
  tf.add(target, tf.mul(tf.sub(source, target), rate));

/** Scales gradients so that their joint length is at most `limit`, as PyTorch's `clip_grad_norm_` does. */
export function clipGradients(gradients: readonly Tensor[], limit: number): Tensor[] {
  const norm = tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
  const scale = tf.minimum(tf.div(limit, tf.add(norm, 1e-6)), 1);
  return gradients.map((gradient) => tf.mul(gradient, scale));
}
