/** Losses that several agents share. Shapes: E critics, B batch. */
import type { BatchTensors } from '../../src/learner/index.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';

/** r + γ(1 − terminated)·V. @param nextValue `[B]` or `[B, K]` @returns the same shape */
export function bellmanTarget(
  { reward, terminated, discount }: Pick<BatchTensors, 'reward' | 'terminated' | 'discount'>,
  nextValue: Tensor,
): Tensor {
  const weight = tf.mul(tf.sub(1, terminated), discount);
  if (nextValue.rank === 1) return tf.add(reward, tf.mul(weight, nextValue));
  return tf.add(tf.expandDims(reward, 1), tf.mul(tf.expandDims(weight, 1), nextValue));
}

/** Squared Bellman error, mean over the batch and sum over critics. @param q `[E, B]` @param target `[B]` */
export const criticLoss = (q: Tensor, target: Tensor): Tensor =>
  tf.sum(tf.mean(tf.squaredDifference(q, target), 1));

/** Mean of α log π − Q. @param q what the actor maximises, `[B]` @param logProb `[B]` */
export const softActorLoss = (q: Tensor, logProb: Tensor, temperature: Tensor): Tensor =>
  tf.mean(tf.sub(tf.mul(temperature, logProb), q));

/** ½x² of every element. */
export const halfSquare = (x: Tensor): Tensor => tf.mul(tf.square(x), 0.5);

/** ½x² up to |x| = limit, linear beyond: c·(x − ½c), c = x clipped. */
export function huber(x: Tensor, limit: number): Tensor {
  const c = tf.clipByValue(x, -limit, limit);
  return tf.mul(c, tf.sub(x, tf.mul(c, 0.5)));
}
