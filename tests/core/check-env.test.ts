/** One defect at a time in what an environment says and returns, and the problem that `checkEnv` names. */
import { describe, expect, test } from 'vitest';
import { checkEnv } from '../../src/core/check-env.ts';
import type { Component } from '../../src/core/space.ts';
import {
  broken,
  expectProblems,
  type ProblemCase,
  rowOf,
  whereEnded,
  withArray,
} from '../support/broken-env.ts';
import { TOY_ACTION, TOY_OBSERVATION, toyColumn, toyEnv } from '../support/toy-env.ts';

const { observationSpace, actionSpace, spec } = toyEnv(1);
const { components } = observationSpace;
const withSpec = (changes: Partial<typeof spec>) => broken({ spec: { ...spec, ...changes } });
const withComponent = (index: number, change: Partial<Component>) =>
  broken({
    observationSpace: {
      size: TOY_OBSERVATION,
      components: components.map((component, i) => (i === index ? { ...component, ...change } : component)),
    },
  });

test('a good environment has no problems, alone or with others', () => {
  for (const scenes of [1, 2, 4, 9]) expect(checkEnv(toyEnv(scenes))).toEqual([]);
});

describe('scores', () => {
  const scores = [{ name: 'laps', unit: '1', description: 'laps driven' }] as const;
  const told = (value: number) =>
    broken({
      spec: { ...spec, scores },
      step: (batch) => ({ ...batch, info: { ...batch.info, scores: new Float32Array(4).fill(value) } }),
    });

  test.each<ProblemCase>([
    [
      'array-type',
      /returned Undefined as info\.scores; it must be a Float32Array, \[N, S\]/,
      withSpec({ scores }),
    ],
    ['score-not-finite', /Score "laps" is NaN at the end of an episode in scene \d/, told(Number.NaN)],
  ])('%s: %s', (rules, message, subject) => expectProblems(rules, message, subject));

  test('of any size are fine', () => {
    expect(checkEnv(told(3))).toEqual([]);
  });
});

describe('what an environment says of itself', () => {
  const burn = { name: 'burn', unit: 'N', low: 0, high: 20 } as const;
  const cases: ProblemCase[] = [
    ['member', /no method close\(\)/, broken({ close: undefined as never })],
    ['member', /numEnvs is 0; it must be the number of scenes/, broken({ numEnvs: 0 })],
    ['member', /has snapshot\(\) but not restore\(\); give it both/, broken({ restore: undefined as never })],
    [
      'snapshot-absent',
      /cannot save checkpoints/,
      broken({ snapshot: undefined as never, restore: undefined as never }),
    ],
    ['spec', /spec.id is ""; it must be a name/, withSpec({ id: '' })],
    ['spec', /spec.controlDt is 0; .* in seconds/, withSpec({ controlDt: 0 })],
    ['spec', /spec.agents is 0.5; .* whole number/, withSpec({ agents: 0.5 })],
    ['spec', /spec.maxEpisodeSteps is 2.5; .* whole number/, withSpec({ maxEpisodeSteps: 2.5 })],
    ['spec', /spec.rewardTerms is \[\]; .* each part/, withSpec({ rewardTerms: [] })],
    [
      'space',
      /observationSpace.size is 5 and it has 4 components/,
      broken({ observationSpace: { size: 5, components } }),
    ],
    ['space', /two components "age"/, withComponent(0, { name: 'age' })],
    ['space obs-out-of-bounds', /"x" \[m\] has the bounds \[9, 9\]/, withComponent(2, { low: 9, high: 9 })],
    [
      'action-bounds',
      /Action "burn" \[N\] has the bounds \[0, 20\].*scale to newtons/,
      broken({ actionSpace: { size: TOY_ACTION, components: [actionSpace.components[0]!, burn] } }),
    ],
    [
      'obs-unbounded',
      /Observation "x" \[m\] has the bounds \[-2, Infinity\].*clip the rest/,
      withComponent(toyColumn.x, { high: Number.POSITIVE_INFINITY }),
    ],
  ];
  test.each(cases)('%s: %s', expectProblems);
});

describe('arrays', () => {
  test.each([
    ['obs', 15],
    ['finalObs', 15],
    ['reward', 3],
    ['terminated', 3],
    ['truncated', 3],
    ['appliedActions', 7],
    ['info.rewardTerms', 7],
    ['info.success', 3],
  ])('%s of a wrong length', (name, length) => {
    expectProblems(
      'array-length',
      new RegExp(`step\\(\\) number 1 after reset\\(1\\) returned ${length} values as ${name};`),
      withArray(name, (array) => array.subarray(1)),
    );
  });

  const cases: ProblemCase[] = [
    [
      'array-length',
      /reset\(1\) returned 12 values as obs; \[N, O\] of 4 scenes with 4 each has 16/,
      broken({ reset: (obs) => obs.subarray(TOY_OBSERVATION) }),
    ],
    ['array-length', /0 values.*WebAssembly/, broken({ reset: () => new Float32Array(0) })],
    [
      'array-type',
      /reset\(1\) returned Array as obs; it must be a Float32Array/,
      broken({ reset: (obs) => [...obs] }),
    ],
    ['array-type', /returned Undefined as info.success/, withArray('info.success', () => undefined)],
    ['array-type', /returned 7; it must return a StepBatch/, broken({ step: () => 7 })],
    ['arrays-allocated', /a new array for obs/, broken({ step: (batch) => structuredClone(batch) })],
  ];
  test.each(cases)('%s: %s', expectProblems);
});

describe('observations', () => {
  const cases: ProblemCase[] = [
    [
      'obs-not-finite',
      /^Observation "x" \[m\] is NaN in obs in scene 2 after reset\(1\)\. Look for a division by zero/,
      broken({
        reset(obs) {
          rowOf(obs, 2)[toyColumn.x] = Number.NaN;
        },
      }),
    ],
    [
      'obs-not-finite',
      /"x" \[m\] is Infinity in obs in scene 1 at step 3 after reset\(1\).* So it is with "noise" \[1\]\.$/,
      broken({
        step({ obs, finalObs }) {
          if (rowOf(finalObs, 1)[toyColumn.age] !== 3) return;
          for (const rows of [obs, finalObs]) rowOf(rows, 1).fill(Number.POSITIVE_INFINITY, toyColumn.x);
        },
      }),
    ],
    [
      'obs-out-of-bounds',
      /"age" \[s\] is 101 in finalObs in scene \d at step \d+ .*outside its bounds \[0, 100\]/,
      broken({
        step: (batch) =>
          whereEnded(batch, (scene) => {
            rowOf(batch.finalObs, scene)[toyColumn.age] = 101;
          }),
      }),
    ],
    [
      'obs-constant',
      /Observation "age" \[s\] was 5 in every scene and step.* So it is with "noise" \[1\]\.$/,
      toyEnv(4, {
        observe: (_, obs, rng) => obs.set([rng.uniform(-1, 1), 5, rng.uniform(-1, 1), 0]),
      }),
    ],
  ];
  test.each(cases)('%s: %s', expectProblems);

  test('that are clipped to a bound without a float32 are within it', () => {
    const high = 0.1 + Number.EPSILON;
    expect(Math.fround(high)).toBeGreaterThan(high);
    const bounds = { size: TOY_OBSERVATION, components: components.map((c) => ({ ...c, low: -high, high })) };
    expect(checkEnv(toyEnv(4, { observationSpace: bounds }))).toEqual([]);
  });
});

describe('rewards and flags', () => {
  const rewarding = (value: (scene: number) => number) =>
    toyEnv(4, {
      judge(scene, terms) {
        terms.fill(value(scene));
        return false;
      },
    });
  const cases: ProblemCase[] = [
    [
      'reward-not-finite',
      /^The reward is NaN in scene 3 at step 1 after reset\(1\)\. .* divisions by zero/,
      broken({
        step({ reward }) {
          reward[3] = Number.NaN;
        },
      }),
    ],
    [
      'reward-not-finite',
      /^Reward term "fuel" is Infinity in scene 0/,
      broken({
        step({ info }) {
          info.rewardTerms[1] = Number.POSITIVE_INFINITY;
        },
      }),
    ],
    [
      'reward-sum',
      /^The reward is .* in scene 2 at step 1 .* its terms \(pace, fuel\) sum to .* every part/,
      broken({
        step({ reward }) {
          reward[2]! += 0.01;
        },
      }),
    ],
    ['reward-constant', /^The reward was 0.5 in every scene and step/, rewarding(() => 0.25)],
    ['reward-scale', /root mean square was 3\.00e\+3 .* Divide/, rewarding((scene) => 1499 + scene)],
    [
      'flag-value',
      /terminated is 255 in scene \d at step \d+ after reset\(1\); a flag is 0 or 1/,
      broken({
        step: ({ terminated }) => terminated.set(terminated.map((flag) => 255 * flag)),
      }),
    ],
    [
      'both-ends',
      /both set in scene \d at step .* leave truncated at 0/,
      broken({ step: (batch) => whereEnded(batch, (scene) => batch.truncated.fill(1, scene, scene + 1)) }),
    ],
    [
      'success-without-end',
      /set in scene 2 at step 1 .* where no episode ended/,
      broken({
        step({ info }) {
          info.success[2] = 1;
        },
      }),
    ],
    ['success-undescribed', /spec.success is absent/, withSpec({ success: undefined as never })],
  ];
  test.each(cases)('%s: %s', expectProblems);
});
