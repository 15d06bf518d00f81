/** One defect at a time in how actions are taken and seeds are used, and the problem that `checkEnv` names. */
import { describe, test } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { broken, expectProblems, type ProblemCase, rowOf } from '../support/broken-env.ts';
import { toyColumn, toyEnv, toyTask } from '../support/toy-env.ts';

describe('actions', () => {
  const clip = (actions: Float32Array) => actions.map((value) => Math.max(-1, Math.min(1, value)));
  const largest = (actions: Float32Array) => Math.max(...actions.map(Math.abs));
  /** Each action acts a step later, read from the array that the caller gave it in. */
  function delayed() {
    let previous: Float32Array | undefined;
    return broken({
      snapshot: undefined as never,
      restore: undefined as never,
      reset() {
        previous = undefined;
      },
      act(actions) {
        if (actions.some(Number.isNaN)) return actions; // Which is refused.
        const due = previous ?? new Float32Array(actions.length);
        previous = actions;
        return due;
      },
      step: ({ appliedActions }, actions) => appliedActions.set(clip(actions)),
    });
  }
  /** The reward is taken from the observations that the caller has. */
  function readingBack() {
    let shown: Float32Array;
    let seen = 0;
    return broken({
      reset(obs) {
        shown = obs;
      },
      act(given) {
        seen = shown[toyColumn.x]!;
        return given;
      },
      step({ reward, info }) {
        reward[0]! += seen;
        info.rewardTerms[0]! += seen;
      },
    });
  }
  const cases: ProblemCase[] = [
    [
      'actions-written',
      /changed action "burn" \[1\] of scene 1 of the array .* copy it first/,
      broken({
        step(_, actions) {
          actions[3] = 0.123;
        },
      }),
    ],
    [
      'applied-actions',
      /^appliedActions has 0 for action "push" \[1\] of scene 0 at step\(\) number 1 .* fill it in every step/,
      broken({
        step({ appliedActions }) {
          appliedActions.fill(0);
        },
      }),
    ],
    [
      'actions-unclipped',
      /^appliedActions has -?[12]\.\d+ for action "\w+" \[1\] of scene 0, .* a policy may go beyond/,
      broken({ step: ({ appliedActions }, actions) => appliedActions.set(actions) }),
    ],
    [
      'actions-unclipped',
      /^Actions beyond \[-1, 1\] act otherwise .* reward of scene 0 was .*, and then .*, at step 1\./,
      broken({
        step({ reward, info }, actions) {
          for (const rows of [reward, info.rewardTerms])
            rows.set(rows.map((value) => value * Math.max(1, largest(actions))));
        },
      }),
    ],
    [
      'actions-kept snapshot-absent',
      /written to after step\(\) had returned.* copy what is needed/,
      delayed(),
    ],
    [
      'returned-arrays-read',
      /written to between two steps.* reward of scene 0 .* Keep state in arrays of its own/,
      readingBack(),
    ],
  ];
  test.each(cases)('%s: %s', expectProblems);
});

describe('refusals', () => {
  const started = toyEnv(4);
  started.reset(0);
  const cases: ProblemCase[] = [
    ['step-before-reset', /accepted before the first reset\(seed\).* Throw an error that says so/, started],
    [
      'action-not-finite',
      /accepted an action that is NaN\. Throw a RangeError that names its component and scene/,
      broken({ act: (actions) => actions.map((value) => (Number.isNaN(value) ? 0 : value)) }),
    ],
    [
      'action-count',
      /accepted 7 action values; 4 scenes of 2 need 8/,
      broken({ act: (actions) => (actions.length === 8 ? actions : new Float32Array(8)) }),
    ],
  ];
  test.each(cases)('%s: %s', expectProblems);
});

describe('seeds', () => {
  /** The observed noise is changed. */
  const noisy = (scenes: number, change: (noise: number) => number) => {
    const task = toyTask(scenes);
    return createVectorEnv({
      ...task,
      observe(scene, obs, rng) {
        task.observe(scene, obs, rng);
        obs[toyColumn.noise] = change(obs[toyColumn.noise]!);
      },
    });
  };
  const unvaried = () => {
    const task = toyTask(4);
    return createVectorEnv({
      ...task,
      start: (scene) => task.start(scene, createRng(7)),
      observe(scene, obs) {
        task.observe(scene, obs, createRng(7));
        obs[toyColumn.episode] = obs[toyColumn.age]! / 100;
        obs[toyColumn.noise] = 2 * obs[toyColumn.x]!;
      },
    });
  };
  let draws = 0;
  /** As `Math.random`, but a test can be repeated. */
  const unseeded = () => Math.sin(++draws);
  /** Counts on through resets, but anew in each instance. */
  const counting = (scenes: number) => {
    let count = 0;
    return noisy(scenes, () => Math.sin(++count));
  };
  let instances = 0;
  const shown = new Float32Array(toyEnv(4).reset(0).length);
  const cases: ProblemCase[] = [
    [
      'unseeded',
      /^After reset\(1\) .* observation "noise" \[1\] of scene 0 was .* right after the reset\. Look for Math.random/,
      noisy(4, unseeded),
    ],
    ['unseeded', /Look for Math.random/, (scenes: number) => noisy(scenes, unseeded)],
    ['unseeded', /let reset set every variable anew/, counting(4)],
    ['reset-incomplete', /A new instance repeats the first time, so reset leaves something behind/, counting],
    [
      'instances-differ',
      /^A second instance led elsewhere .* which instances share/,
      (scenes: number) => {
        const offset = 0.01 * ++instances;
        return noisy(scenes, (noise) => noise + offset);
      },
    ],
    ['seeds-alike', /^reset\(1\) and reset\(2\) start with equal observations/, unvaried()],
    [
      'scenes-alike',
      /^After reset\(1\) all 4 scenes have equal observations.*createRng\(seed\)/,
      broken({
        reset(obs) {
          for (const scene of [1, 2, 3]) rowOf(obs, scene).set(rowOf(obs, 0));
        },
      }),
    ],
    [
      'stale-obs',
      /^reset\(2\) returned the observations of before the reset/,
      broken({
        reset(obs) {
          const stale = shown.slice();
          shown.set(obs);
          return stale;
        },
        step: ({ obs }) => shown.set(obs),
      }),
    ],
  ];
  test.each(cases)('%s: %s', expectProblems);
});
