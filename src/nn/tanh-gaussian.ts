/** Gaussian squashed by tanh, the policy of soft actor-critic (Haarnoja et al. 2018, arXiv:1812.05905, appendix C). */
import { type Tensor, tf } from '../tensor/index.ts';

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

export interface SquashedSample {
  /** In (-1, 1), `[B, A]`. */
  readonly action: Tensor;
  /** log π(action), summed over components, `[B]`. */
  readonly logProb: Tensor;
  /** The action before it was squashed, `[B, A]`. */
  readonly unsquashed: Tensor;
}

/**
 * a = tanh(u), u = mean + exp(logStd)·noise, with log π(a) = Σ log N(u; mean, std) − Σ log(1 − tanh²u).
 *
 * @param mean `[B, A]`
 * @param logStd `[B, A]`
 * @param noise standard normal, `[B, A]`
 */
export function tanhGaussian(mean: Tensor, logStd: Tensor, noise: Tensor): SquashedSample {
  const u = tf.add(mean, tf.mul(tf.exp(logStd), noise));
  return { action: tf.tanh(u), logProb: squashedLogProb(logStd, noise, u), unsquashed: u };
}

/** log π of tanh(u) under another Gaussian than the one that u was drawn from, `[B]`. @param u `[B, A]` */
export function tanhGaussianLogProb(mean: Tensor, logStd: Tensor, u: Tensor): Tensor {
  return squashedLogProb(logStd, tf.mul(tf.sub(u, mean), tf.exp(tf.neg(logStd))), u);
}

/** With log(1 − tanh²u) = 2(log 2 − u − softplus(−2u)), which stays finite where 1 − tanh²u rounds to zero. */
function squashedLogProb(logStd: Tensor, standardised: Tensor, u: Tensor): Tensor {
  const logNormal = tf.sub(tf.mul(tf.square(standardised), -0.5), tf.add(logStd, HALF_LOG_TWO_PI));
  const logSlope = tf.mul(tf.sub(tf.sub(Math.LN2, u), tf.softplus(tf.mul(u, -2))), 2);
  return tf.sum(tf.sub(logNormal, logSlope), -1);
}
