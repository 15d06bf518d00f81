/**
 * Every kernel that can be compiled computes what tfjs's own `cpu` backend computes, values and gradients, over
 * generated shapes, axes and element types.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile, type Tensor, tf } from '../../src/tensor/index.ts';
import { type Arrays, allocate, type TypedArray } from '../../src/tensor/program.ts';
import { firstDifference, runOn } from '../support/tensors.ts';
import { elementwiseCases } from './cases/elementwise.ts';
import { indexingCases } from './cases/indexing.ts';
import { reduceCases } from './cases/reduce.ts';
import type { Input, KernelCase, Sample } from './cases/sample.ts';
import { shapeCases } from './cases/shape.ts';

const cases = [...elementwiseCases, ...reduceCases, ...shapeCases, ...indexingCases];
/** float32 rounds at 6e-8; the reference sums in another order and takes its functions from float64 ones. */
const TOLERANCE = 1e-5;
const generation = { seed: 20260101, numRuns: 40 };

/** Kernels that recording has called since it was last cleared. */
const called = new Set<string>();
const kernels = tf.getKernelsForBackend('proprio-recorder');
for (const kernel of kernels) {
  const { kernelFunc } = kernel;
  kernel.kernelFunc = (parameters) => {
    called.add(kernel.kernelName);
    return kernelFunc(parameters);
  };
}

/** The results of a sample as `y0`, `y1`… and, if asked for, the gradients of Σy² as `d.x` for each input `x`. */
function outputsOf({ inputs, fn }: Sample, gradient: boolean) {
  const results = (tensors: Readonly<Record<string, Tensor>>): Tensor[] => [fn(tensors)].flat();
  const floats = Object.keys(inputs).filter((name) => inputs[name]!.dtype === 'float32');
  return (tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> => {
    const outputs = Object.fromEntries(results(tensors).map((y, i) => [`y${i}`, y]));
    if (!gradient || floats.length === 0) return outputs;
    const loss = (...values: Tensor[]): Tensor => {
      const given = { ...tensors, ...Object.fromEntries(floats.map((name, i) => [name, values[i]!])) };
      return tf.addN(results(given).map((y) => tf.sum(tf.square(y))));
    };
    const gradients = tf.grads(loss)(floats.map((name) => tensors[name]!));
    return { ...outputs, ...Object.fromEntries(floats.map((name, i) => [`d.${name}`, gradients[i]!])) };
  };
}

function toArray({ dtype, values }: Input): TypedArray {
  const array = allocate(dtype, values.length);
  array.set(values);
  return array;
}

async function compare(sample: Sample, gradient: boolean): Promise<void> {
  const fn = outputsOf(sample, gradient);
  const specs = Object.fromEntries(
    Object.entries(sample.inputs).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  );
  const arrays: Arrays = Object.fromEntries(
    Object.entries(sample.inputs).map(([name, input]) => [name, toArray(input)]),
  );
  const [compiled, reference] = [
    await compile(fn, specs, { threads: 1 }),
    await compile(fn, specs, { device: 'reference' }),
  ];
  try {
    expect(compiled.outputs).toEqual(reference.outputs);
    const [actual, expected] = [await compiled.run(arrays), await reference.run(arrays)];
    for (const { name } of reference.outputs) {
      const difference = firstDifference(actual[name]!, expected[name]!, TOLERANCE);
      if (difference) throw new Error(`${sample.call}: "${name}" ${difference}`);
    }
  } finally {
    await compiled.dispose();
    await reference.dispose();
  }
}

describe('a compiled kernel equals tfjs on the cpu backend', () => {
  test.each(cases.map((entry) => [entry.kernel, entry] as const))('%s', async (kernel, entry: KernelCase) => {
    called.clear();
    await fc.assert(
      fc.asyncProperty(entry.sample, (sample) => compare(sample, sample.gradient ?? entry.gradient)),
      generation,
    );
    expect([...called]).toContain(kernel);
  });
});

test('every kernel with a lowering has a case', () => {
  const covered = new Set(cases.map(({ kernel }) => kernel));
  expect(kernels.map(({ kernelName }) => kernelName).filter((name) => !covered.has(name))).toEqual([]);
});

test('no kernel has two cases', () => {
  const names = cases.map(({ kernel }) => kernel);
  expect(names).toEqual([...new Set(names)]);
});

// Where tfjs's cpu backend is no reference.
test('of no elements, all are true and not any', async () => {
  const results = await runOn(
    'cpu',
    ({ x }) => ({ all: tf.all(x!, 1), any: tf.any(x!, 1) }),
    { x: { shape: [2, 0], dtype: 'bool' } },
    { x: new Uint8Array(0) },
  );
  expect(results).toEqual({ all: Uint8Array.of(1, 1), any: Uint8Array.of(0, 0) });
});
