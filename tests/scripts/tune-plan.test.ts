/** What a tuning will search and try, and what it refuses before anything starts. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import { tuneCommand } from '../../scripts/commands/tune.ts';
import { planTuning, type TuningOptions } from '../../scripts/tune/plan.ts';
import { type SpaceOptions, tuningSpace } from '../../scripts/tune/space.ts';
import { assignments } from '../../scripts/tune/trials.ts';
import { ProprioError } from '../../src/core/errors.ts';
import { logUniform, oneOf, uniform } from '../../src/core/search.ts';
import { schemasFor } from '../../src/run/config.ts';
import { expectFailure, proprio } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

const options: TuningOptions = {
  ...{ env: 'pendulum', agent: 'sac', trials: 9, objective: 'area', seed: 0 },
  ...{ tuningSeeds: [1000, 1001], testSeeds: [0, 1, 2] },
  ...{ search: [], settings: [] },
};
const plan = (changes: Partial<TuningOptions> = {}) => planTuning({ ...options, ...changes });

const schemas = schemasFor(envs.pendulum!, agents.sac!);
const space = (changes: Partial<SpaceOptions>) =>
  tuningSpace({ discount: uniform(0.9, 0.99), 'training.batchSize': oneOf([64, 128]) }, schemas, {
    ...{ search: [], settings: [] },
    ...changes,
  });

describe('the space of a tuning', () => {
  it('is what the agent declares, by full names', () => {
    expect(space({})).toEqual({
      'agent.discount': uniform(0.9, 0.99),
      'training.batchSize': oneOf([64, 128]),
    });
  });

  it.each([
    ['discount=0.5..0.9', uniform(0.5, 0.9)],
    ['agent.discount=0.1,0.2', oneOf([0.1, 0.2])],
    ['actorLearningRate=1e-4..3e-3', logUniform(1e-4, 3e-3)],
    // A decade and no more.
    ['actorLearningRate=1e-4..1e-3', uniform(1e-4, 1e-3)],
    ['actorLearningRate=log:1e-4..1e-3', logUniform(1e-4, 1e-3)],
    ['actorLearningRate=linear:1e-4..1e-2', uniform(1e-4, 1e-2)],
    ['targetEntropyPerAction=-2..-.5', uniform(-2, -0.5)],
    ['policyDelay=1..4', uniform(1, 4, { whole: true })],
    ['batchSize=32..1024', logUniform(32, 1024, { whole: true })],
    [
      'hidden=[64,64],[128, 128]',
      oneOf([
        [64, 64],
        [128, 128],
      ]),
    ],
    ['activation=relu,tanh', oneOf(['relu', 'tanh'])],
    ['criticLayerNorm=true,false', oneOf([true, false])],
  ])('takes --search %s', (text, domain) => {
    const [name] = text.split('=') as [string];
    const found = Object.entries(space({ search: [text] })).find(([full]) => `.${full}`.endsWith(`.${name}`));
    expect(found?.[1]).toEqual(domain);
  });

  it('is narrowed by --only, and leaves out what --set fixes', () => {
    expect(Object.keys(space({ only: ['batchSize'] }))).toEqual(['training.batchSize']);
    expect(Object.keys(space({ only: ['critics'], search: ['critics=1..4'] }))).toEqual(['agent.critics']);
    expect(Object.keys(space({ settings: ['discount=0.9'] }))).toEqual(['training.batchSize']);
  });

  it('is declared by every agent that needs neither data nor a base', () => {
    const without = Object.values(agents).filter(({ search }) => !search);
    expect(without.map(({ name }) => name)).toEqual(['bc', 'dagger', 'hg-dagger', 'residual']);
  });

  it.each(Object.entries(agents).filter(([name, { search }]) => search && name !== 'rlif'))(
    'that %s declares holds its own settings alone, in their ranges',
    (name) => {
      expect(Object.keys(agents[name]!.search ?? {}).length).toBeGreaterThan(3);
      const { trials } = plan({ agent: name, steps: 1_000_000, trials: 3 });
      expect(trials).toHaveLength(3);
    },
  );
});

describe('trials', () => {
  it('begin with the defaults, and are the same again and however many there are', () => {
    const { trials } = plan();
    expect(trials[0]).toEqual({ number: 0, settings: {} });
    expect(trials.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(plan().trials).toEqual(trials);
    expect(plan({ trials: 4 }).trials).toEqual(trials.slice(0, 4));
    expect(plan({ seed: 1 }).trials.slice(1)).not.toEqual(trials.slice(1));
  });

  it('are all different, from the defaults too', () => {
    // Tuned for the pendulum: layer normalisation is off.
    const { trials } = plan({ only: ['criticLayerNorm'], trials: 2 });
    expect(trials[1]!.settings).toEqual({ 'agent.criticLayerNorm': true });
    expect(() => plan({ only: ['criticLayerNorm'], trials: 3 })).toThrow(/Only 2 different trials/);
  });

  it('fit together: what contradicts itself is drawn again', () => {
    const search = ['critics=1,3', 'targetSubset=2,3'];
    const { trials } = plan({ search, only: ['critics', 'targetSubset'], trials: 3 });
    // Of the four only these two have as many critics as a subset takes.
    expect(trials.slice(1).map(({ settings }) => settings['agent.critics'])).toEqual([3, 3]);
  });

  it('are written as --set takes them', () => {
    expect(assignments({ 'agent.hidden': [64, 64], 'agent.activation': 'tanh', 'agent.critics': 3 })).toEqual(
      ['agent.hidden=[64,64]', 'agent.activation=tanh', 'agent.critics=3'],
    );
  });
});

describe('a plan', () => {
  it('has the tuned steps, and settings that hold in every trial', () => {
    const { steps, numEnvs, rungs, defaults, knowsSuccess } = plan({ settings: ['batchSize=32'] });
    expect([steps, numEnvs, knowsSuccess]).toEqual([20_000, 1, false]);
    expect(rungs.map((rung) => rung.steps)).toEqual([2_222, 6_666, 20_000]);
    expect(defaults.training).toMatchObject({ batchSize: 32, learningStarts: 1_000 });
    expect(defaults.agent).toMatchObject({ actorLearningRate: 1e-3 });
  });

  it.each<[string, Partial<TuningOptions>, number, RegExp]>([
    [
      'an unknown environment',
      { env: 'pendulm' },
      2,
      /Unknown environment "pendulm". Did you mean "pendulum"/,
    ],
    ['an unknown agent', { agent: 'sca' }, 2, /Unknown agent "sca". Did you mean "sac"/],
    ['an agent that needs data', { agent: 'bc' }, 2, /"bc" cannot be tuned: it needs data/],
    ['an agent that needs an expert', { agent: 'rlif' }, 2, /"rlif" cannot be tuned: .* an expert/],
    ['seeds of both kinds', { testSeeds: [5, 1001] }, 2, /overlap in 1001/],
    ['successes of a task without', { objective: 'steps-to-95' }, 2, /no notion of them/],
    [
      'an unknown setting',
      { search: ['discont=0.9..0.99'] },
      3,
      /Unknown setting "discont". Did you mean "discount"/,
    ],
    ['a setting of on-policy agents', { search: ['rolloutSteps=64,128'] }, 3, /no meaning for "sac"/],
    ['a setting of the task', { env: 'drone-hover', search: ['windSpeed=0..2'] }, 3, /changes the task/],
    ['an empty range', { search: ['discount=0.99..0.9'] }, 3, /--search discount=0.99..0.9: .*empty/],
    ['a single value', { search: ['discount=0.99'] }, 3, /two different values/],
    ['no values', { search: ['discount='] }, 3, /takes name=low..high/],
    ['half a range', { search: ['discount=0.9..'] }, 3, /two numbers/],
    ['a logarithm of zero', { search: ['discount=log:0..1'] }, 3, /above zero/],
    ['a range of words', { search: ['activation=1..2'] }, 3, /agent.activation=1/],
    ['fractions of a whole number', { search: ['critics=1.5..3'] }, 3, /whole bounds/],
    ['values out of range', { search: ['discount=0.9..1.5'] }, 3, /agent.discount=1.5/],
    ['values of another type', { search: ['criticLayerNorm=yes,no'] }, 3, /agent.criticLayerNorm="yes"/],
    ['an unknown name to keep', { only: ['targetRat'] }, 3, /Did you mean "targetRate"/],
    [
      'what is fixed and searched',
      { search: ['discount=0.9,0.99'], settings: ['discount=0.9'] },
      3,
      /agent.discount is fixed by --set/,
    ],
    [
      'a first rung too short to learn',
      { steps: 10_000 },
      3,
      /first of 3 rungs has 1111 steps, and needs 2000/,
    ],
    [
      'a rollout longer than a rung',
      { agent: 'ppo', steps: 9_000 },
      3,
      /has 1000 steps, and needs 4096, two rollouts/,
    ],
    ['defaults that contradict each other', { settings: ['targetSubset=9'] }, 3, /targetSubset/],
  ])('is refused for %s', (_, changes, code, message) => {
    expect(() => plan(changes)).toThrow(message);
    try {
      plan(changes);
    } catch (error) {
      expect(error).toBeInstanceOf(ProprioError);
      expect((error as ProprioError).exitCode).toBe(code);
    }
  });
});

describe('flags', () => {
  const parse = (...flags: readonly string[]): Promise<unknown> =>
    tuneCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .parseAsync(['pendulum', ...flags], { from: 'user' });

  it.each([
    [['--trials', '-1'], /--trials takes a whole number from 1 to 10000/],
    [['--rungs', '0'], /--rungs takes a whole number from 1/],
    [['--objective', 'best'], /Allowed choices are area, final, steps-to-95/],
    [['--test-seeds', '0..4,3'], /--test-seeds has a seed twice/],
    [['--test-seeds', '4..0'], /takes seeds and ranges of them/],
    [['--tuning-seeds', '1..2..3'], /takes seeds and ranges of them/],
    [['--tuning-seeds', 'many'], /--tuning-seeds takes a whole number/],
  ])('%j are refused', async (flags, message) => {
    await expect(parse(...flags)).rejects.toThrow(message);
  });
});

describe.concurrent('proprio tune', () => {
  it.each<[string, string[], number, string]>([
    ['no trials', ['--trials', '0'], 2, '--trials takes a whole number from 1 to 10000.'],
    ['an unknown setting', ['--search', 'discont=0,1'], 3, 'Did you mean "discount"?'],
  ])('refuses %s before anything is written', async (_, flags, code, message) => {
    const out = join(temporaryFolder(), 'tuning');
    const ended = await proprio('tune', 'pendulum', '--out', out, ...flags);
    expectFailure(ended, code);
    expect(ended.stderr).toContain(message);
    expect(existsSync(out)).toBe(false);
  });

  it('shows what to type', async () => {
    const { code, stdout, stderr } = await proprio('tune', '--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/Examples:\n {2}proprio tune pendulum/);
  });
});
