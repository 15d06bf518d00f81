/** Scenes that depend on each other, and how `checkEnv` tells. */
import { describe, expect, test } from 'vitest';
import { checkEnv } from '../../src/core/check-env.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { broken, expectProblems, type ProblemCase, rowOf, whereEnded } from '../support/broken-env.ts';
import { TOY_ACTION, toyColumn, toyEnv, toyTask } from '../support/toy-env.ts';

describe('scenes', () => {
  /** Scene 1 is pushed by what scene 0 burns, scene 2 by what scene 1 is pushed by. */
  function mixed(): VectorEnv {
    const task = toyTask(4);
    return createVectorEnv({
      ...task,
      advance: (actions) =>
        task.advance(actions.map((value, i) => (i % TOY_ACTION === 0 ? actions[i / TOY_ACTION]! : value))),
    });
  }
  function crowded(scenes: number): VectorEnv {
    const task = toyTask(scenes);
    return createVectorEnv({
      ...task,
      observe(scene, obs, rng) {
        task.observe(scene, obs, rng);
        obs[toyColumn.x]! += 0.1 * scenes;
      },
    });
  }
  /** How an episode begins depends on how many have ended in all scenes. */
  function counting(scenes: number): VectorEnv {
    let ended = 0;
    return broken(
      {
        snapshot: undefined as never,
        restore: undefined as never,
        reset() {
          ended = 0;
        },
        step: (batch) =>
          whereEnded(batch, (scene) => {
            rowOf(batch.obs, scene)[toyColumn.noise]! += 0.4 * ended++;
          }),
      },
      toyEnv(scenes),
    );
  }
  const cases: ProblemCase[] = [
    [
      'scenes-coupled',
      /^Scene 1 went another way when only the actions of scene 0 were changed: .* Read and write only the own row/,
      mixed(),
    ],
    [
      'scenes-coupled snapshot-absent',
      /^Scene \d went another way .* at step \d+\. .* random numbers of its own/,
      counting,
    ],
    [
      'scenes-coupled',
      /^Scene 0 went another way alone than beside 3 others, .* observation "x" \[m\] of scene 0 .* right after the reset/,
      crowded,
    ],
  ];
  test.each(cases)('%s: %s', expectProblems);

  test('may round differently in different company', () => {
    const rounded = (scenes: number) => {
      const task = toyTask(scenes);
      return createVectorEnv({
        ...task,
        observe(scene, obs, rng) {
          task.observe(scene, obs, rng);
          obs[toyColumn.x]! += 1e-5 * scenes;
        },
      });
    };
    expect(checkEnv(rounded)).toEqual([]);
  });

  test('may part through chaos, where next to nothing parts them too', () => {
    /** A map that doubles differences, with a start that depends on the number of scenes by its last digits. */
    const chaotic = (scenes: number, nudge: number) => {
      const task = toyTask(scenes);
      const value = new Float64Array(scenes);
      return createVectorEnv({
        ...task,
        spec: { ...task.spec, maxEpisodeSteps: 60 },
        start(scene, rng) {
          task.start(scene, rng);
          value[scene] = rng.uniform(0.2, 0.8) + 1e-7 * scenes;
        },
        advance(actions) {
          task.advance(actions);
          for (let scene = 0; scene < scenes; scene++) {
            const x = Math.max(0, Math.min(1, value[scene]! + nudge * actions[TOY_ACTION * scene]!));
            value[scene] = 3.9 * x * (1 - x);
          }
        },
        observe(scene, obs, rng) {
          task.observe(scene, obs, rng);
          obs[toyColumn.x] = value[scene]!;
        },
        judge(scene, terms) {
          terms.fill(value[scene]!);
          return false;
        },
        state: [...task.state, value],
      });
    };
    expect(checkEnv((scenes: number) => chaotic(scenes, 0.05))).toEqual([]);
    // With actions that change nothing there is nothing to compare with.
    expectProblems('scenes-coupled', /Scene 0 went another way alone/, (scenes: number) =>
      chaotic(scenes, 0),
    );
  });
});
