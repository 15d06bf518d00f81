/** The non-linear functions between layers, by the names that settings use. */
import { type Tensor, tf } from '../tensor/index.ts';

export const activations = ['relu', 'tanh', 'gelu', 'silu', 'elu'] as const;
export type Activation = (typeof activations)[number];

/** Applies `activation` to each element. `gelu` is the exact x·Φ(x) (arXiv:1606.08415), `silu` is x·sigmoid(x). */
export function activate(activation: Activation, x: Tensor): Tensor {
  switch (activation) {
    case 'relu':
      return tf.relu(x);
    case 'tanh':
      return tf.tanh(x);
    case 'gelu':
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
    case 'silu':
      return tf.mul(x, tf.sigmoid(x));
    case 'elu':
      return tf.elu(x);
  }
}
