/** Parameter vectors: where arrays lie, how they start; and the scaling of inputs. */
import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import { space } from '../../src/core/space.ts';
import {
  constant,
  initialVector,
  type Layout,
  layoutSize,
  mlp,
  scaleToUnit,
  unflatten,
  uniformFanIn,
  views,
  zeros,
} from '../../src/nn/index.ts';
import type { Device } from '../../src/tensor/index.ts';
import { runOn } from '../support/tensors.ts';

const layout: Layout = [
  { name: 'kernel', shape: [2, 3], initialize: uniformFanIn(2) },
  { name: 'bias', shape: [1, 3], initialize: zeros },
  { name: 'scale', shape: [1], initialize: constant(1.5) },
];

describe.each<Device>(['cpu', 'reference'])('on %s', (device) => {
  test('the arrays of a vector are its consecutive pieces in their shapes', async () => {
    const vector = Float32Array.from({ length: layoutSize(layout) }, (_, i) => i);
    const shapes: Record<string, readonly number[]> = {};
    const arrays = await runOn(
      device,
      ({ vector }) => {
        const arrays = unflatten(vector!, layout);
        for (const [name, { shape }] of Object.entries(arrays)) shapes[name] = shape;
        return arrays;
      },
      { vector: [10] },
      { vector },
    );
    expect(shapes).toEqual({ kernel: [2, 3], bias: [1, 3], scale: [1] });
    expect(arrays).toEqual({
      kernel: Float32Array.of(0, 1, 2, 3, 4, 5),
      bias: Float32Array.of(6, 7, 8),
      scale: Float32Array.of(9),
    });
    expect(
      Object.fromEntries(views(vector, layout).map(({ array, values }) => [array.name, values])),
    ).toEqual(arrays);
  });

  test('scaleToUnit maps bounds onto ±1 and leaves components without both bounds alone', async () => {
    const component = (name: string, low: number, high: number) => ({ name, unit: 'm', low, high }) as const;
    const bounds = space(
      component('bounded', 10, 20),
      component('symmetric', -4, 4),
      component('free', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
      component('half', 0, Number.POSITIVE_INFINITY),
    );
    const { y } = await runOn(
      device,
      ({ x }) => ({ y: scaleToUnit(x!, bounds) }),
      { x: ['N', 4] },
      { x: Float32Array.of(10, -4, -7, 5, 15, 1, 8, 0, 20, 4, 0, 100, 25, 8, 0, 0) },
    );
    expect([...y!]).toEqual([-1, -1, -7, 5, 0, 0.25, 8, 0, 1, 1, 0, 100, 2, 2, 0, 0]);
  });
});

test('views share the memory of their vector', () => {
  const vector = new Float32Array(10);
  views(vector, layout)[1]!.values.set([1, 2, 3]);
  expect([...vector]).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 3, 0]);
});

describe('initial values', () => {
  const network = mlp({ inputs: 9, hidden: [64], outputs: 4, members: 2, layerNorm: true });
  const initial = (seed: number, of: Layout = network.layout) =>
    Object.fromEntries(
      views(initialVector(of, createRng(seed)), of).map(({ array, values }) => [array.name, [...values]]),
    );

  test('of kernels and biases fill ±1/√fanIn', () => {
    const values = initial(1);
    for (const [layer, limit] of [
      [0, 1 / 3],
      [1, 1 / 8],
    ] as const) {
      const kernel = values[`layers.${layer}.kernel`]!;
      const all = [...kernel, ...values[`layers.${layer}.bias`]!];
      // float32 may round a value just below the limit up to it.
      expect(Math.max(...all.map(Math.abs))).toBeLessThanOrEqual(Math.fround(limit));
      expect(Math.max(...kernel)).toBeGreaterThan(0.97 * limit);
      expect(Math.min(...kernel)).toBeLessThan(-0.97 * limit);
      // 512 and more uniform values: their mean has a standard deviation of limit/√(3·512) = 0.026·limit.
      expect(Math.abs(kernel.reduce((a, b) => a + b) / kernel.length)).toBeLessThan(0.1 * limit);
    }
  });

  test('of a normalisation are scale 1 and shift 0', () => {
    const values = initial(1);
    expect(new Set(values['layers.0.norm.scale'])).toEqual(new Set([1]));
    expect(new Set(values['layers.0.norm.shift'])).toEqual(new Set([0]));
  });

  test('depend on the seed alone', () => {
    expect(initial(3)).toEqual(initial(3));
    expect(initial(3)['layers.0.kernel']).not.toEqual(initial(4)['layers.0.kernel']);
  });

  test('of an array do not depend on the arrays around it', () => {
    const added = { name: 'added', shape: [5], initialize: uniformFanIn(1) };
    const { added: _, ...others } = initial(3, [added, ...network.layout.toReversed()]);
    expect(others).toEqual(initial(3));
  });

  test('of two arrays of one shape differ', () => {
    const twins: Layout = ['a', 'b'].map((name) => ({ name, shape: [8], initialize: uniformFanIn(1) }));
    const { a, b } = initial(3, twins);
    expect(a).not.toEqual(b);
  });
});
