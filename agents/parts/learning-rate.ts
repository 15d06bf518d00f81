/** Step sizes that fall near the end of training. */
import { number } from '../../src/core/settings.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';

/** What is left of a step size at the end. */
const LAST = 0.1;

export const decaySetting = number(
  0,
  0,
  1,
  'last part of training in which all step sizes fall, linearly, to a tenth; 0 keeps them',
);

/**
 * @param progress of the training, `[1]`, from 0 to 1
 * @param decay the last part of training, in which step sizes fall; 0 for never
 * @returns what a step size has become: `[1]` where it changes
 */
export const rateAt =
  (progress: Tensor, decay: number) =>
  (rate: number): number | Tensor => {
    if (decay === 0) return rate;
    const fallen = tf.clipByValue(tf.div(tf.sub(progress, 1 - decay), decay), 0, 1);
    return tf.mul(tf.sub(1, tf.mul(fallen, 1 - LAST)), rate);
  };
