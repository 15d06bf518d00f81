/** The one import of TensorFlow.js. Agents and networks write their maths with this `tf`. */
import * as tf from '@tensorflow/tfjs';

// Production mode: no debug checks, and no advice on the console to install another backend.
tf.enableProdMode();

export { tf };

export type Tensor = tf.Tensor;
export type DataType = 'float32' | 'int32' | 'bool';
