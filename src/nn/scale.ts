/** Network inputs of comparable size, from the bounds that a space declares. */
import type { Space } from '../core/space.ts';
import { type Tensor, tf } from '../tensor/index.ts';

/** Maps each bounded component of `x` `[B, size]` from its bounds onto [-1, 1]; leaves unbounded ones as they are. */
export function scaleToUnit(x: Tensor, { components }: Space): Tensor {
  const bounded = (low: number, high: number): boolean => Number.isFinite(low) && Number.isFinite(high);
  const centre = components.map(({ low, high }) => (bounded(low, high) ? (low + high) / 2 : 0));
  const scale = components.map(({ low, high }) => (bounded(low, high) ? 2 / (high - low) : 1));
  return tf.mul(tf.sub(x, tf.tensor2d([centre])), tf.tensor2d([scale]));
}
