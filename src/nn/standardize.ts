/**
 * Values of mean zero and variance one along an axis, as layer and batch normalisation use them. The gradient is spelled out,
 * because tfjs's own takes twice as many passes over the batch.
 */
import { stopGradient, type Tensor, tf } from '../tensor/index.ts';

/** Constants of the differentiation, with the axis kept at size one. */
export interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

export function momentsOf(x: Tensor, axis: number): Moments {
  const still = stopGradient(x);
  const mean = tf.mean(still, axis, true);
  return { mean, variance: tf.mean(tf.square(tf.sub(still, mean)), axis, true) };
}

/** (x − mean)/√(variance + ε), differentiated with respect to x in the moments too. @param moments those of `x` */
export const standardize = (x: Tensor, { mean, variance }: Moments, axis: number, epsilon: number): Tensor =>
  along(axis)(x, mean, tf.rsqrt(tf.add(variance, epsilon)));

const along = (axis: number) =>
  tf.customGrad(((x: Tensor, mean: Tensor, inverse: Tensor, save: tf.GradSaveFunc) => {
    const standardized = tf.mul(tf.sub(x, mean), inverse);
    save([standardized, mean, inverse]);
    return {
      value: standardized,
      gradFunc: (dy: Tensor, [standardized, mean, inverse]: Tensor[]) => {
        const slope = tf.mul(standardized!, tf.mean(tf.mul(dy, standardized!), axis, true));
        const across = tf.sub(tf.sub(dy, tf.mean(dy, axis, true)), slope);
        return [tf.mul(across, inverse!), tf.zerosLike(mean!), tf.zerosLike(inverse!)];
      },
    };
  }) as never) as (x: Tensor, mean: Tensor, inverse: Tensor) => Tensor;
