/** Quantile regression (Dabney et al. 2018, arXiv:1710.10044, Eqs. 9 and 10). */
import { type Tensor, tf } from '../../src/tensor/index.ts';

/**
 * Mean of |τ − 1(δ < 0)|·H(δ) over all pairs of a predicted quantile and a target, δ = target − quantile, H Huber's
 * function with limit 1, τ the quantiles' midpoints (2m − 1)/2M.
 * @param quantiles `[E, B, M]` @param targets constants, `[B, K]`
 */
export const quantileHuberLoss = (quantiles: Tensor, targets: Tensor): Tensor =>
  pairwiseLoss(quantiles, targets);

// The gradient is spelled out, because tfjs would make three times as many passes over all pairs.
const pairwiseLoss = tf.customGrad(((quantiles: Tensor, targets: Tensor, save: tf.GradSaveFunc) => {
  const count = quantiles.shape[2]!;
  const midpoints = Array.from({ length: count }, (_, m) => (2 * m + 1) / (2 * count));
  const tau = tf.tensor(midpoints, [1, 1, count, 1]);
  const error = tf.sub(tf.expandDims(tf.expandDims(targets, 1), 0), tf.expandDims(quantiles, 3));
  const clipped = tf.clipByValue(error, -1, 1);
  // τ·c where the error c is positive, (1 − τ)·c where it is negative.
  const weighted = tf.add(tf.mul(tau, clipped), tf.mul(tf.sub(1, tf.mul(tau, 2)), tf.minimum(clipped, 0)));
  const pairs = error.size;
  save([tf.div(tf.sum(weighted, 3), -pairs), targets]);
  return {
    value: tf.div(tf.sum(tf.mul(weighted, tf.sub(error, tf.mul(clipped, 0.5)))), pairs),
    gradFunc: (dy: Tensor, [slope, targets]: Tensor[]) => [tf.mul(slope!, dy), tf.zerosLike(targets!)],
  };
}) as never) as (quantiles: Tensor, targets: Tensor) => Tensor;
