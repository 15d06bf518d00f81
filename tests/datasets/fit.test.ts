/** Whether a data set fits an environment: each field that does not, with what is expected, found, and to do. */
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/core/errors.ts';
import { type DataSet, headerFor } from '../../src/datasets/data-set.ts';
import { assertFits, type Misfit, misfitsOf } from '../../src/datasets/fit.ts';
import { episodeOf } from '../support/episodes.ts';
import { TOY_ACTION, TOY_OBSERVATION, TOY_STEPS, toyEnv } from '../support/toy-env.ts';

const env = toyEnv(1);
const settings = { reward: 'sparse', wind: 0 };
const header = headerFor(env, settings);
const tame = { actions: new Float32Array(2 * TOY_ACTION), rewards: Float32Array.of(1, 2) };
const episode = episodeOf(
  { length: 2, observation: TOY_OBSERVATION, action: TOY_ACTION },
  { ...tame, observations: new Float32Array(3 * TOY_OBSERVATION) },
);
const fits = (changes: Partial<DataSet['header']> = {}, episodes = [episode]): Misfit[] =>
  misfitsOf({ header: { ...header, ...changes }, episodes }, { env, settings });
const told = (misfits: readonly Misfit[]) =>
  misfits.map(({ field, expected, found, harmless = false }) => [field, expected, found, harmless]);
const replaced = (kind: 'observation' | 'action', at: number, change: object) => ({
  [kind]: header[kind].map((field, i) => (i === at ? { ...field, ...change } : field)),
});

test('what was recorded in the environment fits', () => {
  expect(fits()).toEqual([]);
  expect(assertFits({ header }, { env, settings })).toEqual([]);
  expect(header.fps).toBe(10);
});

describe('what does not fit', () => {
  test.each([
    ['its rate', { fps: 25 }, ['fps', '10 (a control step of 0.1 s)', '25']],
    ['its agents', { agents: 2 }, ['agents', '1', '2']],
    ['its rewards', { rewarded: false }, ['rewards', 'rewards of each step', 'none']],
    ['a unit', replaced('observation', 2, { unit: 'rad' }), ['observation[2].unit ("x")', 'm', 'rad']],
    ['a name', replaced('action', 1, { name: 'brake' }), ['action[1].name', 'burn', 'brake']],
    ['what an action of 1 means', replaced('action', 0, { high: 2 }), ['action[0].high ("push")', '1', '2']],
    [
      'what is rewarded',
      { env: { id: 'toy', settings: { ...settings, reward: 'dense' } } },
      ['env.settings.reward', '"sparse"', '"dense"'],
    ],
  ] as const)('%s', (_, changes, expected) => {
    expect(told(fits(changes))).toEqual([[...expected, false]]);
    expect(() => assertFits({ header: { ...header, ...changes } }, { env, settings }, 'data/x')).toThrow(
      `data/x does not fit the environment "toy":\n  ${expected[0]}: expected ${expected[1]}, found ${expected[2]}; `,
    );
    expect(() => assertFits({ header: { ...header, ...changes } }, { env, settings })).toThrow(
      ConfigurationError,
    );
  });

  test('sizes, and where the names part', () => {
    expect(told(fits({ observation: header.observation.slice(0, 2) }))).toEqual([
      ['observation size', '4', '2', false],
      ['observation[2].name', 'x', 'nothing', false],
    ]);
    expect(told(fits({ action: [...header.action, { name: 'flaps' }] }))).toEqual([
      ['action size', '2', '3', false],
    ]);
  });

  test('the order of names, with where each is', () => {
    const [first, second] = header.action as [
      DataSet['header']['action'][number],
      (typeof header.action)[number],
    ];
    const misfits = fits({ action: [second, first] });
    expect(told(misfits).map(([field]) => field)).toEqual(['action[0].name', 'action[1].name']);
    expect(misfits[0]!.advice).toContain('it is there as number 1, so put them in order');
  });

  test('lengths, numbers that are not finite, and actions in another unit', () => {
    const long = episodeOf(
      { length: TOY_STEPS + 1, observation: TOY_OBSERVATION, action: TOY_ACTION },
      {
        observations: new Float32Array((TOY_STEPS + 2) * TOY_OBSERVATION),
        actions: new Float32Array((TOY_STEPS + 1) * TOY_ACTION),
        rewards: new Float32Array(TOY_STEPS + 1),
      },
    );
    const infinite = { ...episode, rewards: Float32Array.of(0, Infinity) };
    const degrees = { ...episode, actions: Float32Array.of(0, 0, 45, 0) };
    expect(told(fits({}, [episode, long, infinite, degrees]))).toEqual([
      ['episode 1.length', 'at most 6 control steps', '7', false],
      ['episode 2, step 1, "reward"', 'a finite number', 'Infinity', false],
      ['action[0] ("push")', 'values from -1 to 1', '0.000 to 45.000', false],
    ]);
  });

  test('is told up to a number', () => {
    const all = header.observation.map((field) => ({ ...field, unit: 'N' }));
    const run = () => assertFits({ header: { ...header, observation: all, fps: 3, agents: 2 } }, { env });
    expect(run).toThrow(/\n {2}and 1 more$/);
  });
});

describe('what is worth a note', () => {
  test.each([
    ['another environment', { env: { id: 'toy-2', settings } }, ['env', '"toy"', '"toy-2"']],
    [
      'another setting',
      { env: { id: 'toy', settings: { reward: 'sparse', wind: 3 } } },
      ['env.settings.wind', '0', '3'],
    ],
    ['no rate', { fps: 0 }, ['fps', '10 (a control step of 0.1 s)', 'nothing']],
    [
      'what is seen at most',
      replaced('observation', 3, { high: 2 }),
      ['observation[3].high ("noise")', '10', '2'],
    ],
    [
      'no names',
      { action: [{ name: 'action.0' }, { name: 'action.1' }] },
      ['action names', 'names and units', 'none'],
    ],
  ] as const)('%s', (_, changes, expected) => {
    expect(told(fits(changes))).toEqual([[...expected, true]]);
    expect(assertFits({ header: { ...header, ...changes } }, { env, settings })).toHaveLength(1);
  });

  test('actions a little beyond what is executed', () => {
    const noisy = { ...episode, actions: Float32Array.of(0, 0, 1.5, 0) };
    expect(told(fits({}, [noisy]))).toEqual([
      ['action[0] ("push")', 'values from -1 to 1', '0.000 to 1.500', true],
    ]);
  });
});
