/** Random subsets of critics, and dropout masks. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionValueCritics, dropoutMasks, masksOf, randomSubset } from '../../agents/parts/critics.ts';
import { createRng } from '../../src/core/rng.ts';
import { dropoutMask, noiseSize } from '../../src/learner/index.ts';
import { initialVector } from '../../src/nn/index.ts';
import { tf } from '../../src/tensor/index.ts';

describe('a random subset of critics', () => {
  /** Numbers of the critics that `noise` draws. */
  const drawn = (noise: readonly number[], size: number): number[] => {
    const indices = randomSubset(tf.tensor2d([[...noise]]), size)!;
    return [...indices.dataSync()].sort((a, b) => a - b);
  };

  test('is of those with the greatest random numbers', () => {
    expect(drawn([0.3, -1, 2, 0.5], 2)).toEqual([2, 3]);
  });

  test('is without replacement, and no critic left out has a greater number than one drawn', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(numbers, fc.nat(), (noise, pick) => {
        const size = 1 + (pick % noise.length);
        const critics = drawn(noise, size);
        expect(new Set(critics).size).toBe(size);
        const others = noise.filter((_, critic) => !critics.includes(critic));
        expect(Math.max(...others)).toBeLessThan(Math.min(...critics.map((critic) => noise[critic]!)));
      }),
    );
  });

  // Independent numbers of one distribution come in each order equally often, so it is enough to count the orders.
  test('is uniform: the 24 orders of four numbers draw each of the six pairs four times', () => {
    const counts: Record<string, number> = {};
    for (const order of permutations([0, 1, 2, 3])) {
      const pair = drawn(order, 2).join();
      counts[pair] = (counts[pair] ?? 0) + 1;
    }
    expect(counts).toEqual({ '0,1': 4, '0,2': 4, '0,3': 4, '1,2': 4, '1,3': 4, '2,3': 4 });
  });

  test('is all of them where no random numbers are given', () => {
    expect(randomSubset(undefined, 3)).toBeUndefined();
  });

  test('is all that is computed, and each as if the others were computed too', () => {
    const rng = createRng(6);
    const critics = actionValueCritics({
      inputs: 3,
      actions: 2,
      hidden: [5, 4],
      critics: 6,
      layerNorm: true,
    });
    const vector = tf.tensor1d(initialVector(critics.layout, rng));
    const [x, action] = [3, 2].map((size) =>
      tf.tensor2d(rng.fillNormal(new Float32Array(7 * size)), [7, size]),
    );
    const dropout = [5, 4].map((units) => {
      const mask = dropoutMask(0.3, 6, 7, units);
      const values = new Float32Array(noiseSize(mask));
      mask.fill(values, rng);
      return tf.tensor3d(values, [6, 7, units]);
    });
    const all = critics.value(vector, x!, action!, { dropout });
    const only = tf.tensor1d([4, 1], 'int32');
    const some = critics.value(vector, x!, action!, { dropout, only });
    expect(some.shape).toEqual([2, 7]);
    expect(some.arraySync()).toEqual(tf.gather(all, only).arraySync());
  });
});

const permutations = (items: readonly number[]): number[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item) =>
        permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
      );

describe('dropout masks', () => {
  test('are of every hidden layer, by its number, and none at a rate of zero', () => {
    const masks = dropoutMasks(0.1, 6, 5, [4, 3]);
    expect(Object.entries(masks).map(([layer, { shape }]) => [layer, shape])).toEqual([
      ['0', [6, 5, 4]],
      ['1', [6, 5, 3]],
    ]);
    expect(dropoutMasks(0, 6, 5, [4, 3])).toEqual({});
  });

  test('are found again among an update’s noise, in the order of the layers', () => {
    const [first, last, other] = [tf.scalar(0), tf.scalar(10), tf.scalar(5)];
    const noise = { 'dropout.10': last, 'dropout.0': first, 'nextDropout.0': other, action: other };
    expect(masksOf(noise, 'dropout')).toEqual([first, last]);
    expect(masksOf({ action: other }, 'dropout')).toBeUndefined();
  });

  test.each([0.01, 0.2, 0.5])('at a rate of %d are zero that often, independently', (rate) => {
    const spec = dropoutMask(rate, 100, 20, 100);
    const mask = new Float32Array(noiseSize(spec)).fill(Number.NaN);
    spec.fill(mask, createRng(5));
    const kept = Math.fround(1 / (1 - rate));
    expect([...new Set(mask)].sort()).toEqual([0, kept]);
    // Four standard deviations of a binomial share; for neighbours, which should be zero together at the rate's square.
    const limit = (share: number): number => 4 * Math.sqrt((share * (1 - share)) / mask.length);
    const share = (test: (i: number) => boolean): number =>
      mask.reduce((count, _, i) => count + (test(i) ? 1 : 0), 0) / mask.length;
    expect(Math.abs(share((i) => mask[i] === 0) - rate)).toBeLessThan(limit(rate));
    for (const distance of [1, 2, 100]) {
      const both = share((i) => mask[i] === 0 && mask[i - distance] === 0);
      expect(Math.abs(both - rate ** 2)).toBeLessThan(2 * limit(rate ** 2));
    }
    // So that what is masked keeps its expectation.
    expect(mask.reduce((sum, value) => sum + value, 0) / mask.length).toBeCloseTo(1, 2);
  });

  test('at a rate of zero leave everything', () => {
    const mask = new Float32Array(50).fill(Number.NaN);
    dropoutMask(0, 50).fill(mask, createRng(5));
    expect(new Set(mask)).toEqual(new Set([1]));
  });
});
