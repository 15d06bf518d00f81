/** Networks: numbers by hand, ensembles against single networks, gradients against finite differences. */
import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import { arraySize, layoutSize, type MlpOptions, mlp, type Network, views } from '../../src/nn/index.ts';
import { compile, type Device, type Tensor, tf, valueAndGradient } from '../../src/tensor/index.ts';
import { firstDifference, runOn } from '../support/tensors.ts';

/** A network's output on `device` for the rows `x` `[rows, inputs]`. */
async function outputOf(
  { layout, apply }: Network,
  device: Device,
  vector: ArrayLike<number>,
  x: readonly (readonly number[])[],
): Promise<number[]> {
  const { y } = await runOn(
    device,
    ({ vector, x }) => ({ y: apply(vector!, x!) }),
    { vector: [layoutSize(layout)], x: [x.length, x[0]!.length] },
    { vector: Float32Array.from(vector), x: Float32Array.from(x.flat()) },
  );
  return [...y!];
}

const random = (purpose: string, size: number): Float32Array =>
  createRng(11).split(purpose).fillNormal(new Float32Array(size));

describe.each<Device>(['cpu', 'reference'])('a network on %s', (device) => {
  test('of 2 inputs, 2 units and 1 output computes what one computes by hand', async () => {
    const network = mlp({ inputs: 2, hidden: [2], outputs: 1 });
    const vector = [
      ...[1, -1, 2, 0.5], // kernel: rows of inputs, columns of units
      ...[0.5, -1],
      ...[2, 3],
      ...[-1],
    ];
    // [1, 2]: [1 + 4 + 0.5, −1 + 1 − 1] = [5.5, −1] → [5.5, 0] → 11 − 1.
    // [−1, 1]: [−1 + 2 + 0.5, 1 + 0.5 − 1] = [1.5, 0.5] → 3 + 1.5 − 1.
    const rows = [
      [1, 2],
      [-1, 1],
    ];
    expect(await outputOf(network, device, vector, rows)).toEqual([10, 3.5]);
  });

  test('with layer normalisation computes what one computes by hand', async () => {
    const network = mlp({ inputs: 2, hidden: [2], outputs: 1, layerNorm: true });
    const vector = [
      ...[1, 0, 0, 1], // kernel: the identity
      ...[0, 0],
      ...[2, 1], // scale
      ...[0.5, 0.25], // shift
      ...[1, 1],
      ...[3],
    ];
    // [5, 1]: mean 3, variance 4, ±2/√4.00001 = ±0.99999875; times scale plus shift [2.4999975, −0.74999875];
    // rectified [2.4999975, 0]; sum plus 3.
    expect((await outputOf(network, device, vector, [[5, 1]]))[0]).toBeCloseTo(5.4999975, 6);
  });

  test.each([false, true])(
    'of several members is as many networks (layer normalisation %s)',
    async (layerNorm) => {
      const shape = { inputs: 3, hidden: [4, 5], outputs: 2, layerNorm };
      const [members, rows] = [3, 6];
      const ensemble = mlp({ ...shape, members });
      const vector = random('vector', layoutSize(ensemble.layout));
      const flat = random('x', rows * 3);
      const x = Array.from({ length: rows }, (_, row) => [...flat.subarray(row * 3, row * 3 + 3)]);
      const together = await outputOf(ensemble, device, vector, x);
      expect(together).toHaveLength(members * rows * 2);
      for (let member = 0; member < members; member++) {
        const own = views(vector, ensemble.layout).flatMap(({ array, values }) => {
          const size = arraySize(array) / members;
          return [...values.subarray(member * size, (member + 1) * size)];
        });
        const alone = await outputOf(mlp(shape), device, own, x);
        const part = together.slice(member * rows * 2, (member + 1) * rows * 2);
        expect(firstDifference(part, alone, 1e-6)).toBeUndefined();
      }
    },
  );
});

describe('the layout of a network', () => {
  const shapesOf = (options: MlpOptions): Record<string, readonly number[]> =>
    Object.fromEntries(mlp(options).layout.map(({ name, shape }) => [name, shape]));

  test('names kernels and biases by layer', () => {
    expect(shapesOf({ inputs: 3, hidden: [4], outputs: 2 })).toEqual({
      'layers.0.kernel': [3, 4],
      'layers.0.bias': [1, 4],
      'layers.1.kernel': [4, 2],
      'layers.1.bias': [1, 2],
    });
  });

  test('of an ensemble has members first, and normalisation after hidden layers only', () => {
    expect(shapesOf({ inputs: 3, hidden: [4], outputs: 1, members: 2, layerNorm: true })).toEqual({
      'layers.0.kernel': [2, 3, 4],
      'layers.0.bias': [2, 1, 4],
      'layers.0.norm.scale': [2, 1, 4],
      'layers.0.norm.shift': [2, 1, 4],
      'layers.1.kernel': [2, 4, 1],
      'layers.1.bias': [2, 1, 1],
    });
  });

  test('without hidden layers is one linear map', () => {
    expect(shapesOf({ inputs: 3, hidden: [], outputs: 2 })).toEqual({
      'layers.0.kernel': [3, 2],
      'layers.0.bias': [1, 2],
    });
  });
});

/**
 * Central differences with h = 2⁻⁹ of a loss of some units. float32 rounds it by a few 1e-7, which the division by 2h
 * makes 1e-4; what the third derivative adds is less. A wrong derivative is wrong by its own size. The seed is one with
 * which no rectifier bends within h.
 */
const H = 2 ** -9;
const SLOPE_TOLERANCE = 1e-3;

test.each<[string, MlpOptions]>([
  ['a network', { inputs: 3, hidden: [4, 3], outputs: 2 }],
  ['an ensemble', { inputs: 3, hidden: [4, 3], outputs: 2, members: 2 }],
  [
    'an ensemble with layer normalisation',
    { inputs: 3, hidden: [4, 3], outputs: 1, members: 2, layerNorm: true },
  ],
])('the gradient of %s is the slope of its loss, for parameters and inputs', async (_, options) => {
  const { layout, apply } = mlp(options);
  const rows = 4;
  const rng = createRng(2);
  const arrays = {
    vector: rng.fillNormal(new Float32Array(layoutSize(layout))),
    x: rng.fillNormal(new Float32Array(rows * options.inputs)),
  };
  const loss = (vector: Tensor, x: Tensor): Tensor => tf.mean(tf.square(apply(vector, x)));
  const specs = { vector: [layoutSize(layout)], x: [rows, options.inputs] };
  const value = await compile(({ vector, x }) => ({ loss: loss(vector!, x!) }), specs, {
    device: 'reference',
  });
  const exact = await runOn(
    'reference',
    ({ vector, x }) => ({
      'd.vector': valueAndGradient((v) => ({ loss: loss(v, x!) }), vector!).gradient,
      'd.x': valueAndGradient((v) => ({ loss: loss(vector!, v) }), x!).gradient,
    }),
    specs,
    arrays,
  );
  for (const name of ['vector', 'x'] as const) {
    const lossAt = async (i: number, moved: number) =>
      (await value.run({ ...arrays, [name]: arrays[name].with(i, moved) })).loss![0]!;
    const slopes: number[] = [];
    for (const [i, at] of arrays[name].entries()) {
      slopes.push(((await lossAt(i, at + H)) - (await lossAt(i, at - H))) / (2 * H));
    }
    expect(firstDifference(exact[`d.${name}`]!, slopes, SLOPE_TOLERANCE)).toBeUndefined();
    expect(Math.max(...slopes.map(Math.abs)), 'the slopes are worth comparing').toBeGreaterThan(0.1);
  }
});
