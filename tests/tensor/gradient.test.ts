/** `valueAndGradient`: numbers by hand, and who owns the tensors. */
import { expect, test } from 'vitest';
import { type Device, type Tensor, tf, valueAndGradient } from '../../src/tensor/index.ts';
import { runOn } from '../support/tensors.ts';

/** Σx³, with 3x beside it. */
const cubes = (x: Tensor) => ({ loss: tf.sum(tf.pow(x, 3)), triple: tf.mul(x, 3) });

test.each<Device>(['cpu', 'reference'])(
  'on %s it gives loss, gradient and what else was returned',
  async (device) => {
    const results = await runOn(
      device,
      ({ x }) => ({ ...valueAndGradient(cubes, x!) }),
      { x: [2] },
      { x: Float32Array.of(1, 2) },
    );
    expect(results).toEqual({
      loss: Float32Array.of(9), // 1 + 8
      triple: Float32Array.of(3, 6),
      gradient: Float32Array.of(3, 12), // 3x²
    });
  },
);

test('a gradient of what a gradient step made is its own', async () => {
  // x = 1 → x' = x − 0.5·2x = 0; then d(x' − 3)²/dx' = −6.
  const twoSteps = ({ x }: Readonly<Record<string, Tensor>>) => {
    const first = valueAndGradient((v) => ({ loss: tf.sum(tf.square(v)) }), x!);
    const moved = tf.sub(x!, tf.mul(first.gradient, 0.5));
    const second = valueAndGradient((v) => ({ loss: tf.sum(tf.square(tf.sub(v, 3))) }), moved);
    return { moved, slope: second.gradient };
  };
  const results = await runOn('cpu', twoSteps, { x: [1] }, { x: Float32Array.of(1) });
  expect(results).toEqual({ moved: Float32Array.of(0), slope: Float32Array.of(-6) });
});

test('within a scope its results live as long as the scope, and nothing stays behind', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  const values = tf.tidy(() => {
    const { loss, triple, gradient } = valueAndGradient(cubes, tf.tensor1d([1, 2]));
    return [loss, triple, gradient].map((tensor) => [...tensor.dataSync()]);
  });
  expect(values).toEqual([[9], [3, 6], [3, 12]]);
  expect(tf.memory().numTensors).toBe(before);
});

test('an enclosing scope that returns one of its results disposes of the others', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  const triple = tf.tidy(() => valueAndGradient(cubes, tf.tensor1d([1, 2])).triple);
  expect([...triple.dataSync()]).toEqual([3, 6]);
  expect(tf.memory().numTensors).toBe(before + 1);
  triple.dispose();
});
