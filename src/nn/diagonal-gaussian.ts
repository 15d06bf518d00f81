/** Gaussian with independent components, the policy of on-policy agents. Shapes: B batch, A action size. */
import { type Tensor, tf } from '../tensor/index.ts';

const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * log N(sample; mean, exp(logStd)), summed over components, `[B]`.
 * @param mean `[B, A]`
 * @param logStd `[B, A]` or `[1, A]`
 * @param sample `[B, A]`
 */
export function diagonalGaussian(mean: Tensor, logStd: Tensor, sample: Tensor): Tensor {
  const z = tf.mul(tf.sub(sample, mean), tf.exp(tf.neg(logStd)));
  return tf.sum(tf.mul(tf.add(tf.add(tf.square(z), tf.mul(logStd, 2)), LOG_TWO_PI), -0.5), -1);
}

/** KL(N(mean, exp(logStd)) ‖ N(otherMean, exp(otherLogStd))) in closed form, summed over components, `[B]`. */
export function gaussianDivergence(
  mean: Tensor,
  logStd: Tensor,
  otherMean: Tensor,
  otherLogStd: Tensor,
): Tensor {
  const inverse = tf.exp(tf.mul(otherLogStd, -2));
  const spread = tf.mul(tf.add(tf.exp(tf.mul(logStd, 2)), tf.square(tf.sub(mean, otherMean))), inverse);
  return tf.sum(tf.sub(tf.add(tf.sub(otherLogStd, logStd), tf.mul(spread, 0.5)), 0.5), -1);
}
