/** What `compile` promises: clear refusals, free dimensions, bound arrays, no leaks. */
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  compile,
  type Device,
  type Tensor,
  tf,
  trace,
  UnsupportedOperationError,
} from '../../src/tensor/index.ts';

const devices: readonly Device[] = ['cpu', 'reference'];
const square = ({ x }: Readonly<Record<string, Tensor>>) => ({ y: tf.square(x!) });

/** The error that `work` ends with. */
async function failure(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('It did not fail.');
}

describe('a function that cannot be compiled', () => {
  test('is refused with the name of the operation and the line that called it', async () => {
    const error = await failure(() => compile(({ x }) => ({ y: tf.cumprod(x!) }), { x: [2, 2] }));
    expect(error).toBeInstanceOf(UnsupportedOperationError);
    expect(error.message).toContain('Cumprod cannot be compiled');
    expect(error.message).toContain(basename(import.meta.url));
  });

  test('is refused when it reads a value', async () => {
    const error = await failure(() =>
      compile(({ x }) => ({ y: x!.dataSync()[0]! > 0 ? tf.neg(x!) : x! }), { x: [2] }),
    );
    expect(error.message).toContain('A tensor was read while its function was being compiled');
  });

  test('is refused when it gives an output the name of an input', () => {
    expect(() => trace(({ x }) => ({ x: tf.neg(x!) }), { x: [2] })).toThrow(
      '"x" is both an input and an output',
    );
  });

  test('is refused when it uses a tensor of another call', async () => {
    let kept: Tensor | undefined;
    const keepsOne = ({ x }: Readonly<Record<string, Tensor>>) => {
      kept ??= x!;
      return { y: tf.add(kept, x!) };
    };
    expect((await failure(() => compile(keepsOne, { x: [2] }))).message).toContain(
      'tensors must not outlive the function',
    );
  });

  test('leaves tfjs usable', async () => {
    const before = tf.memory().numTensors;
    await failure(() => compile(({ x }) => ({ y: tf.cumprod(tf.square(x!)) }), { x: [2] }));
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.tidy(() => [...tf.square([1, 2, 3]).dataSync()])).toEqual([1, 4, 9]);
  });
});

describe.each(devices)('arrays of a program on %s', (device) => {
  const product = ({ x, w }: Readonly<Record<string, Tensor>>) => ({ y: tf.matMul(x!, w!) });
  const shapes = { x: ['N', 3], w: [3, 2] };
  const w = Float32Array.of(1, 0, 0, 1, 0, 0);

  test('may not be missing or of the wrong length', async () => {
    const program = await compile(product, shapes, { device, threads: 1 });
    const x = new Float32Array(6);
    expect(() => program.bind({ x }, { y: new Float32Array(4) })).toThrow('Input "w" [3, 2] is missing.');
    expect(() => program.bind({ x, w: new Float32Array(5) }, { y: new Float32Array(4) })).toThrow(
      'Input "w" has 5 elements; its shape is [3, 2].',
    );
    expect(() => program.bind({ x: new Float32Array(7), w }, { y: new Float32Array(4) })).toThrow(
      'Input "x" has 7 elements; its shape is [N, 3].',
    );
    const outputs = (y?: Float32Array) => failure(() => program.bind({ x, w }, y ? { y } : {})());
    expect(await outputs(new Float32Array(3))).toEqual(
      new RangeError('Output "y" has 3 elements; its shape is [N, 2].'),
    );
    expect(await outputs(new Float32Array(6))).toBeInstanceOf(RangeError);
    expect(await outputs()).toEqual(new RangeError('Output "y" is missing; its shape is [N, 2].'));
    await program.dispose();
  });

  test('may have any number of rows along a free dimension', async () => {
    const program = await compile(product, shapes, { device, threads: 1 });
    expect(program.inputs.map(({ shape }) => shape)).toEqual([
      ['N', 3],
      [3, 2],
    ]);
    expect(program.outputs).toEqual([{ name: 'y', shape: ['N', 2], type: 'float32' }]);
    for (const rows of [1, 2, 7, 11, 100]) {
      const x = Float32Array.from({ length: rows * 3 }, (_, i) => i);
      const { y } = await program.run({ x, w });
      expect([...y!]).toEqual(Array.from({ length: rows }, (_, row) => [row * 3, row * 3 + 1]).flat());
    }
    await program.dispose();
  });

  test('may have them along a later axis, beside the members of an ensemble', async () => {
    // Means over three members of a product's last component, and sums of rows that were repeated one by one.
    const perMember = ({ x, w }: Readonly<Record<string, Tensor>>) => {
      const products = tf.matMul(tf.expandDims(x!, 0), w!);
      const last = tf.squeeze(tf.slice(products, [0, 0, 1], [-1, -1, 1]), [2]);
      const twice = tf.reshape(tf.tile(x!, [1, 2]), [-1, 3]);
      return { last: tf.mean(last, 0), pairs: tf.reshape(tf.sum(twice, 1), [-1, 2]) };
    };
    const program = await compile(perMember, { x: ['N', 3], w: [3, 3, 2] }, { device, threads: 1 });
    expect(program.outputs.map(({ shape }) => shape)).toEqual([['N'], ['N', 2]]);
    const w = Float32Array.from({ length: 18 }, (_, i) => Math.floor(i / 6));
    for (const rows of [1, 2, 7, 12]) {
      const x = Float32Array.from({ length: rows * 3 }, (_, i) => i);
      const { last, pairs } = await program.run({ x, w });
      const sums = Array.from({ length: rows }, (_, row) => 9 * row + 3);
      expect([...last!]).toEqual(sums);
      expect([...pairs!]).toEqual(sums.flatMap((sum) => [sum, sum]));
    }
    await program.dispose();
  });

  test('are read anew and written in place at each call of a bound program', async () => {
    const program = await compile(square, { x: [2] }, { device, threads: 1 });
    const [x, y] = [Float32Array.of(1, 2), new Float32Array(2)];
    const run = program.bind({ x }, { y });
    await run();
    expect([...y]).toEqual([1, 4]);
    x.set([3, -5]);
    await run();
    expect([...y]).toEqual([9, 25]);
    await program.dispose();
  });

  test('may hold int32 and bool', async () => {
    const program = await compile(
      ({ n, b }) => ({ m: tf.neg(n!), c: tf.logicalNot(b!) }),
      { n: { shape: [2], dtype: 'int32' }, b: { shape: [2], dtype: 'bool' } },
      { device, threads: 1 },
    );
    const { m, c } = await program.run({ n: Int32Array.of(-3, 4), b: Uint8Array.of(0, 1) });
    expect(m).toEqual(Int32Array.of(3, -4));
    expect(c).toEqual(Uint8Array.of(1, 0));
    await program.dispose();
  });

  test('may serve as output unchanged', async () => {
    const program = await compile(({ x }) => ({ y: x!, z: tf.reshape(x!, [1, 2]) }), { x: [2] }, { device });
    expect(await program.run({ x: Float32Array.of(1, 2) })).toEqual({
      y: Float32Array.of(1, 2),
      z: Float32Array.of(1, 2),
    });
    await program.dispose();
  });
});

describe('a free dimension', () => {
  test('may not enter the result by its size', async () => {
    const error = await failure(() => compile(({ x }) => ({ y: tf.div(x!, x!.shape[0]!) }), { x: ['N'] }));
    expect(error).toBeInstanceOf(UnsupportedOperationError);
    expect(error.message).toContain('depends on the size of its free dimension "N"');
  });

  test('may not change which operations there are', () => {
    expect(() => trace(({ x }) => ({ y: x!.shape[0]! > 10 ? tf.neg(x!) : x! }), { x: ['N'] })).toThrow(
      UnsupportedOperationError,
    );
  });

  test('may not have a second one beside it', () => {
    expect(() => trace(({ a, b }) => ({ y: tf.sum(a!), z: tf.sum(b!) }), { a: ['N'], b: ['M'] })).toThrow(
      'Only one dimension can be free, not N and M.',
    );
  });
});

describe.each(devices)('programs on %s', (device) => {
  test('leave no tensors behind', async () => {
    const layered = ({ x }: Readonly<Record<string, Tensor>>) => {
      const loss = (t: Tensor): Tensor => tf.sum(tf.relu(tf.reshape(tf.clone(t), [3]).slice(0, 3)));
      return { y: tf.grad(loss)(x!), parts: tf.concat(tf.split(x!, [3])) };
    };
    const run = async () => {
      const program = await compile(layered, { x: [3] }, { device, threads: 1 });
      await program.run({ x: Float32Array.of(1, -2, 3) });
      await program.dispose();
      return tf.memory();
    };
    const { numTensors, numDataBuffers } = await run();
    for (let i = 0; i < 3; i++) expect(await run()).toMatchObject({ numTensors, numDataBuffers });
  });

  test('give identical results each time', async () => {
    const program = await compile(
      ({ x }) => ({ y: tf.softmax(tf.matMul(x!, x!, false, true)) }),
      { x: [64, 64] },
      { device, threads: 2 },
    );
    const x = Float32Array.from({ length: 4096 }, (_, i) => Math.sin(i));
    const first = await program.run({ x });
    for (let i = 0; i < 3; i++) expect(await program.run({ x })).toEqual(first);
    await program.dispose();
  });
});

test('results do not depend on the number of threads', async () => {
  const x = Float32Array.from({ length: 256 * 256 }, (_, i) => Math.sin(i));
  const results = [];
  for (const threads of [1, 2]) {
    const program = await compile(
      ({ x }) => ({ y: tf.sum(tf.tanh(tf.matMul(x!, x!)), 1), z: tf.sum(x!) }),
      { x: [256, 256] },
      { threads },
    );
    results.push(await program.run({ x }));
    await program.dispose();
  }
  expect(results[1]).toEqual(results[0]);
});

test('a call of a bound program allocates no more than the copy of its outputs that the runtime makes', async () => {
  const program = await compile(square, { x: [1_000_000] }, { threads: 1 });
  const [x, y] = [new Float32Array(1_000_000), new Float32Array(1_000_000)];
  const run = program.bind({ x }, { y });
  await run();
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 5; i++) await run();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5.5 * y.byteLength);
  await program.dispose();
});

test('equal constants are stored once', () => {
  const ramp = (step: number): Tensor => tf.tensor1d(Array.from({ length: 500 }, (_, i) => i * step));
  const size = (a: number, b: number): number =>
    trace(({ x }) => ({ y: tf.mul(tf.add(x!, ramp(a)), ramp(b)) }), { x: [500] }).model.length;
  expect(size(1, 2) - size(1, 1)).toBeGreaterThan(500 * 4);
});
