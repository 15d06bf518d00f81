/**
 * Returns as Gaussians, and how critics learn them: the three refinements of DSAC-T (arXiv:2310.05858), with the losses
 * of the authors' code. Shapes: E critics, B batch.
 */
import { stopGradient, type Tensor, tf } from '../../src/tensor/index.ts';
import { huber } from './losses.ts';

/** Of each critic, `[E, B]` both. */
export interface ReturnDistribution {
  readonly mean: Tensor;
  /** Standard deviation, above zero. */
  readonly deviation: Tensor;
}

/** Samples are taken within this many deviations, and sampled errors clipped there. */
const RANGE = 3;
/** Keeps divisors from zero: ε and ε_ω of the paper, b of the code. */
const EPSILON = 0.1;
const MIN_WEIGHT = 0.1;
const MAX_WEIGHT = 10;
/** Errors beyond this count linearly. */
const HUBER_LIMIT = 50;

/** A return of each critic, `[E, B]`. @param noise standard normal, `[E, B]` */
export const sampledReturn = ({ mean, deviation }: ReturnDistribution, noise: Tensor): Tensor =>
  tf.add(mean, tf.mul(tf.clipByValue(noise, -RANGE, RANGE), deviation));

/**
 * Twin value distribution learning: of each row the critic with the least mean.
 * @param mean `[E, B]` @param sample `[E, B]` @returns its mean and its sample, `[B]`
 */
export function leastMean(mean: Tensor, sample: Tensor): { mean: Tensor; chosen: Tensor } {
  const [means, samples] = [tf.unstack(mean), tf.unstack(sample)];
  let [least, chosen] = [means[0]!, samples[0]!];
  for (let critic = 1; critic < means.length; critic++) {
    const lower = tf.less(means[critic]!, least);
    chosen = tf.where(lower, samples[critic]!, chosen);
    least = tf.where(lower, means[critic]!, least);
  }
  return { mean: least, chosen };
}

/** Running mean of σ, which the first batch starts. @param running `[E]` @param deviation `[E, B]` @returns `[E]` */
export function meanDeviation(running: Tensor, deviation: Tensor, rate: number): Tensor {
  const batch = tf.mean(deviation, 1);
  const moved = tf.add(tf.mul(running, 1 - rate), tf.mul(batch, rate));
  return tf.where(tf.equal(running, 0), batch, moved);
}

/**
 * Mean over the batch, summed over critics, of ω·[H(μ, y) + σ·(σ̇² − H(μ̇, y_z))/(σ̇ + b)]: dots mark constants, H is
 * Huber's function, y_z the sampled target clipped around μ. As in the authors' code H is half the squared error, so that
 * σ² settles at half the variance of the target.
 *
 * With `running` `[E]` (variance-based adjustment) targets are clipped at three times it, and ω is its square over σ²,
 * limited; without, they are clipped at `bound`, and ω is 1/(σ² + ε).
 * @param expected target y of the mean, `[B]` @param sampled target y_z of the deviation, `[B]`
 */
export function returnLoss(
  { mean, deviation }: ReturnDistribution,
  expected: Tensor,
  sampled: Tensor,
  scale: { readonly running: Tensor } | { readonly bound: number },
): Tensor {
  const [stillMean, still] = [stopGradient(mean), stopGradient(deviation)];
  const variance = tf.square(still);
  const running = 'running' in scale ? tf.expandDims(scale.running, 1) : undefined;

  const bound = running ? tf.mul(running, RANGE) : tf.scalar((scale as { bound: number }).bound);
  const error = tf.sub(sampled, stillMean);
  const clipped = tf.maximum(tf.minimum(error, bound), tf.neg(bound));

  const inverse = tf.reciprocal(tf.add(variance, EPSILON));
  const weight = running
    ? tf.clipByValue(tf.mul(tf.square(running), inverse), MIN_WEIGHT, MAX_WEIGHT)
    : inverse;

  const meanPart = huber(tf.sub(mean, expected), HUBER_LIMIT);
  const slope = tf.div(tf.sub(variance, huber(clipped, HUBER_LIMIT)), tf.add(still, EPSILON));
  return tf.sum(tf.mean(tf.mul(weight, tf.add(meanPart, tf.mul(deviation, slope))), 1));
}
