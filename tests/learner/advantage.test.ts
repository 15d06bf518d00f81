/** Advantages against sums written out, at both ends of λ and at both ends of an episode. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Trajectories } from '../../src/core/batch.ts';
import { estimateAdvantages } from '../../src/learner/index.ts';

interface Story {
  readonly reward: readonly number[];
  readonly value: readonly number[];
  readonly nextValue: readonly number[];
  readonly terminated?: readonly number[];
  readonly truncated?: readonly number[];
}

/** Scenes with a story each, as rows step after step. */
function estimate(stories: readonly Story[], discount: number, traceDecay: number) {
  const steps = stories[0]!.reward.length;
  const column = (of: (story: Story) => readonly number[] | undefined): Float32Array =>
    Float32Array.from({ length: steps * stories.length }, (_, row) => {
      const story = stories[row % stories.length]!;
      return of(story)?.[Math.floor(row / stories.length)] ?? 0;
    });
  const none = new Float32Array(0);
  const trajectories: Trajectories = {
    steps,
    numEnvs: stories.length,
    obs: none,
    nextObs: none,
    noise: none,
    reward: column(({ reward }) => reward),
    terminated: column(({ terminated }) => terminated),
    truncated: column(({ truncated }) => truncated),
  };
  const [value, nextValue] = [column(({ value }) => value), column(({ nextValue }) => nextValue)];
  return estimateAdvantages(trajectories, value, nextValue, discount, traceDecay);
}

describe('by hand, γ = ½, λ = ½', () => {
  test('an episode that goes on: each error and a quarter of what follows', () => {
    // Errors: 1 + ½·2 − 0 = 2, 2 + ½·4 − 2 = 2, 3 + ½·6 − 4 = 2.
    const story = { reward: [1, 2, 3], value: [0, 2, 4], nextValue: [2, 4, 6] };
    const { advantage, return: returns } = estimate([story], 0.5, 0.5);
    expect([...advantage]).toEqual([2 + (2 + 2 / 4) / 4, 2 + 2 / 4, 2]);
    expect([...returns]).toEqual([2.625, 4.5, 6]);
  });

  test('a termination is worth nothing afterwards, a time limit the value of its last observation', () => {
    const story = { reward: [1, 1], value: [0, 0], nextValue: [8, 8] };
    const ended = estimate([{ ...story, terminated: [1, 0] }], 0.5, 0.5).advantage;
    const cut = estimate([{ ...story, truncated: [1, 0] }], 0.5, 0.5).advantage;
    expect([...ended]).toEqual([1, 5]);
    expect([...cut]).toEqual([5, 5]); // And no trace of the next episode in either.
  });
});

const finite = fc.float({ min: -10, max: 10, noNaN: true });
const scene = fc.array(fc.tuple(finite, finite, finite, fc.constantFrom(0, 0, 0, 1, 2)), {
  minLength: 12,
  maxLength: 12,
});
const asStory = (rows: readonly (readonly [number, number, number, number])[]): Story => ({
  reward: rows.map(([reward]) => reward),
  value: rows.map(([, value]) => value),
  nextValue: rows.map(([, , next]) => next),
  terminated: rows.map(([, , , end]) => Number(end === 1)),
  truncated: rows.map(([, , , end]) => Number(end === 2)),
});

test('with λ = 0 it is the temporal difference of each step', () => {
  fc.assert(
    fc.property(scene, (rows) => {
      const { advantage } = estimate([asStory(rows)], 0.9, 0);
      rows.forEach(([reward, value, next, end], i) => {
        expect(advantage[i]).toBeCloseTo(reward + (end === 1 ? 0 : 0.9 * next) - value, 4);
      });
    }),
  );
});

test('with λ = 1 returns are discounted sums of rewards to the end of the episode', () => {
  fc.assert(
    fc.property(scene, (rows) => {
      // Values between the ends cancel only where each step's next value is the next step's value.
      const story = asStory(rows);
      const value = story.value.map((_, i) => (i === 0 ? 3 : story.nextValue[i - 1]!));
      const chained = { ...story, value };
      const { return: returns } = estimate([chained], 0.9, 1);
      rows.forEach((_, first) => {
        let [sum, weight] = [0, 1];
        for (let i = first; i < rows.length; i++) {
          sum += weight * story.reward[i]!;
          weight *= 0.9;
          const last = i === rows.length - 1 || story.truncated![i] === 1;
          if (last && story.terminated![i] === 0) sum += weight * story.nextValue[i]!;
          if (last || story.terminated![i] === 1) break;
        }
        expect(returns[first]).toBeCloseTo(sum, 3);
      });
    }),
  );
});

test('scenes do not mix', () => {
  fc.assert(
    fc.property(scene, scene, (first, second) => {
      const both = estimate([asStory(first), asStory(second)], 0.9, 0.8).advantage;
      const alone = estimate([asStory(second)], 0.9, 0.8).advantage;
      expect([...both].filter((_, row) => row % 2 === 1)).toEqual([...alone]);
    }),
  );
});
