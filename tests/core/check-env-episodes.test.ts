/** One defect at a time in how episodes end, begin and repeat, and the problem that `checkEnv` names. */
import { describe, expect, test } from 'vitest';
import { checkEnv } from '../../src/core/check-env.ts';
import { createVectorEnv, type Task } from '../../src/core/vector-env.ts';
import { broken, expectProblems, type ProblemCase, rowOf, whereEnded } from '../support/broken-env.ts';
import { TOY_ACTION, TOY_STEPS, toyColumn, toyEnv, toyTask } from '../support/toy-env.ts';

const { spec } = toyEnv(1);
const withLimit = (maxEpisodeSteps: number) => ({ ...spec, maxEpisodeSteps });
const judged =
  (ends: boolean): Task['judge'] =>
  (scene, terms) => {
    terms.fill(scene);
    return ends;
  };
/** Ends only when time is up. */
const patient = (changes?: Partial<Task>) => toyEnv(4, { judge: judged(false), ...changes });

describe('time limits', () => {
  const cases: ProblemCase[] = [
    [
      'truncated-early',
      /truncated after 6 control steps in scene \d at step \d+ after reset\(1\), before spec.maxEpisodeSteps, 8/,
      broken({ spec: withLimit(8) }),
    ],
    [
      'time-limit-missed',
      /went on after control step 5 in scene \d .* The longest went on for 6\. Set truncated in that step/,
      broken({ spec: withLimit(5) }),
    ],
    [
      'time-limit-missed',
      /The longest went on for 10\./,
      broken({ spec: withLimit(4) }, patient({ spec: withLimit(1000) })),
    ],
    [
      'time-limit-terminated',
      /^All 8 episodes that reached spec.maxEpisodeSteps, 6, were terminated there .* is truncated/,
      broken(
        {
          step({ terminated, truncated }) {
            terminated.set(truncated);
            truncated.fill(0);
          },
        },
        patient(),
      ),
    ],
    [
      'time-limit-unseen',
      /the longest took 1 control steps\. Give options.controller/,
      toyEnv(4, { judge: judged(true) }),
    ],
    [
      'not-restarted',
      /^After an episode ended, the next step ended one again \(first in scene 0 at step 7 after reset\(1\)\)/,
      broken(
        {
          spec,
          step: ({ obs, truncated }) =>
            truncated.set(
              truncated.map((_, scene) => (rowOf(obs, scene)[toyColumn.age]! >= TOY_STEPS ? 1 : 0)),
            ),
        },
        patient({ spec: withLimit(1000) }),
      ),
    ],
  ];
  test.each(cases)('%s: %s', expectProblems);

  /** Only a push of a half does not end an episode. */
  function narrow() {
    const task = toyTask(4);
    const off = new Uint8Array(4);
    return createVectorEnv({
      ...task,
      advance(actions) {
        task.advance(actions);
        for (let scene = 0; scene < 4; scene++) off[scene] = actions[TOY_ACTION * scene] === 0.5 ? 0 : 1;
      },
      judge(scene, terms) {
        task.judge(scene, terms);
        return off[scene] === 1;
      },
    });
  }

  test('are seen with a controller that keeps episodes going', () => {
    expectProblems('time-limit-unseen', /the longest took 1 control steps/, narrow());
    const controller = (_: Float32Array, actions: Float32Array) => actions.fill(0.5);
    expect(checkEnv(narrow(), { controller })).toEqual([]);
  });

  test('are not seen in fewer steps', () => {
    expectProblems('time-limit-unseen', /the longest took 3 control steps/, patient(), { steps: 3 });
  });
});

describe('final observations', () => {
  /** Gives each step's changes the observations of before the step. */
  function rememberingStep(
    change: (before: Float32Array, obs: Float32Array, finalObs: Float32Array, ended: boolean) => void,
  ) {
    const before = new Float32Array(4 * rowOf(new Float32Array(100), 0).length);
    return broken({
      snapshot: undefined as never,
      restore: undefined as never,
      reset: (obs) => before.set(obs),
      step({ obs, finalObs, terminated, truncated }) {
        const next = obs.slice();
        for (let scene = 0; scene < 4; scene++) {
          const ended = terminated[scene] === 1 || truncated[scene] === 1;
          change(rowOf(before, scene), rowOf(obs, scene), rowOf(finalObs, scene), ended);
        }
        before.set(next);
      },
    });
  }
  const cases: ProblemCase[] = [
    [
      'final-obs-unfilled',
      /^finalObs is all zeros in scene 0 at step 1 after reset\(1\)\. Fill it in every step/,
      broken({ step: ({ finalObs }) => finalObs.fill(0) && undefined }),
    ],
    [
      'final-obs-unfilled snapshot-absent',
      /^finalObs is all zeros .* Fill it in every step, not only where an episode ends/,
      rememberingStep((_, __, finalObs, ended) => {
        if (!ended) finalObs.fill(0);
      }),
    ],
    [
      'final-obs-unfilled',
      /^finalObs is all zeros where an episode was terminated \(first in scene/,
      broken({ step: (batch) => whereEnded(batch, (scene) => rowOf(batch.finalObs, scene).fill(0)) }),
    ],
    [
      'final-obs-fresh',
      /equal wherever an episode was truncated \(first in scene 0 at step 6 .* before the scene is started anew/,
      broken(
        {
          step: (batch) =>
            whereEnded(batch, (scene) => rowOf(batch.finalObs, scene).set(rowOf(batch.obs, scene))),
        },
        patient(),
      ),
    ],
    [
      'final-obs-fresh',
      /equal wherever an episode was terminated/,
      broken({
        step: (batch) =>
          whereEnded(batch, (scene) => {
            if (batch.terminated[scene]) rowOf(batch.finalObs, scene).set(rowOf(batch.obs, scene));
          }),
      }),
    ],
    [
      'final-obs-old final-obs-old snapshot-absent',
      /before the step wherever an episode was terminated .* Write it after the scene has moved/,
      rememberingStep((before, _, finalObs, ended) => {
        if (ended) finalObs.set(before);
      }),
    ],
    [
      'final-obs-differs snapshot-absent',
      /obs and finalObs differ in scene 0 at step 1 .* observe once and copy/,
      rememberingStep((_, obs, __, ended) => {
        if (!ended) obs[toyColumn.noise]! += 0.01;
      }),
    ],
    [
      'stale-obs snapshot-absent',
      /^obs is still the observation of before the step in scene 0 at step 1/,
      rememberingStep((before, obs, _, ended) => {
        if (!ended) obs.set(before);
      }),
    ],
  ];
  test.each(cases)('%s: %s', expectProblems);
});
