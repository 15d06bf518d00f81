/** Reading configurations and assignments, and what is said about those that are wrong. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/core/errors.ts';
import { choice, integer, number, settings, widths } from '../../src/core/settings.ts';
import {
  parseAssignments,
  type RunConfig,
  readConfig,
  readConfigFile,
  resolveSettings,
  trainingSettings,
} from '../../src/run/config.ts';
import { temporaryFolder } from '../support/temporary.ts';

const schemas = {
  agent: settings({
    discount: number(0.99, 0, 1, 'discount'),
    hidden: widths([256], 'layers'),
    seedling: integer(0, 0, 9, 'in two groups'),
  }),
  env: settings({
    wind: number(0, 0, 20, 'wind'),
    actions: choice('rotors', ['rotors', 'rates'], 'meaning'),
    seedling: integer(0, 0, 9, 'in two groups'),
  }),
  training: trainingSettings['off-policy'],
};

const config: RunConfig = {
  format: 1,
  env: { id: 'pendulum', settings: {} },
  agent: { name: 'sac', settings: { discount: 0.9 } },
  training: { batchSize: 32 },
  numEnvs: 4,
  steps: 600,
  seed: 7,
  device: 'cpu',
  versions: { node: '20' },
};

const folder = temporaryFolder();
/** A file with this text. */
function fileWith(contents: unknown): string {
  const path = join(folder, 'file.json');
  writeFileSync(path, typeof contents === 'string' ? contents : JSON.stringify(contents));
  return path;
}

describe('parseAssignments', () => {
  it('takes a name without its group where only one group has it', () => {
    expect(parseAssignments(['discount=0.5', 'wind=3', 'batchSize=8'], schemas)).toEqual({
      agent: { discount: 0.5 },
      env: { wind: 3 },
      training: { batchSize: 8 },
    });
  });

  it('takes a name with its group', () => {
    expect(parseAssignments(['agent.seedling=1', 'env.seedling=2'], schemas)).toEqual({
      agent: { seedling: 1 },
      env: { seedling: 2 },
      training: {},
    });
  });

  it('reads JSON where the value is that, and text otherwise', () => {
    expect(parseAssignments(['hidden=[64,64]', 'actions=rates', 'wind=1e1'], schemas)).toMatchObject({
      agent: { hidden: [64, 64] },
      env: { actions: 'rates', wind: 10 },
    });
  });

  it('takes the last of two, and everything behind the first "="', () => {
    const { env } = parseAssignments(['actions=a', 'actions=b=c'], schemas);
    expect(env).toEqual({ actions: 'b=c' });
  });

  it.each([
    ['seedling=1', 'Setting "seedling" is ambiguous: write agent.seedling or env.seedling.'],
    ['discuont=1', 'Unknown setting "discuont". Did you mean "discount"?'],
    ['env.wnd=1', 'Unknown setting "env.wnd". Did you mean "env.wind"?'],
    ['agent.wind=1', 'Unknown setting "agent.wind". Did you mean "env.wind"?'],
    ['discount', '--set takes name=value, not "discount".'],
    ['=1', '--set takes name=value, not "=1".'],
    ['', '--set takes name=value, not "".'],
    ['__proto__=1', /^Unknown setting "__proto__"\./],
  ])('refuses "%s"', (assignment, message) => {
    const parse = () => parseAssignments([assignment], schemas);
    expect(parse).toThrow(ConfigurationError);
    expect(parse).toThrow(typeof message === 'string' ? new ConfigurationError(message) : message);
  });
});

describe('resolveSettings', () => {
  it('lets later layers win and fills in defaults', () => {
    const resolved = resolveSettings(
      schemas,
      { agent: { discount: 0.1, hidden: [1] }, env: { wind: 1 } },
      { agent: { discount: 0.2 } },
      { env: {}, training: { threads: 3 } },
    );
    expect(resolved.agent).toEqual({ discount: 0.2, hidden: [1], seedling: 0 });
    expect(resolved.env).toEqual({ wind: 1, actions: 'rotors', seedling: 0 });
    expect(resolved.training).toMatchObject({ threads: 3, batchSize: 256, updatesPerStep: 1 });
  });

  it('names the group of a setting that is out of range', () => {
    expect(() => resolveSettings(schemas, { env: { wind: 21 } })).toThrow(
      /^Setting env\.wind=21: .*\(wind\)$/,
    );
    expect(() => resolveSettings(schemas, { training: { batchSize: 0 } })).toThrow(
      /^Setting training\.batchSize=0: /,
    );
  });
});

describe('readConfig', () => {
  it('reads what a run writes', () => {
    expect(readConfig(fileWith(config))).toEqual(config);
  });

  it.each([
    ['a seed that is too large', { seed: 2 ** 32 }, /: seed: /],
    ['no scenes', { numEnvs: 0 }, /: numEnvs: /],
    ['a fraction of a step', { steps: 0.5 }, /: steps: /],
    ['another format', { format: 2 }, /: format: /],
    ['a part of the environment missing', { env: { id: 'pendulum' } }, /: env\.settings: /],
  ])('refuses %s, naming the file and the entry', (_, change, message) => {
    const path = fileWith({ ...config, ...change });
    expect(() => readConfig(path)).toThrow(ConfigurationError);
    expect(() => readConfig(path)).toThrow(message);
    expect(() => readConfig(path)).toThrow(`${path} is not a run configuration`);
  });

  it('says that a file is no JSON', () => {
    const path = fileWith('{"format": 1,');
    expect(() => readConfig(path)).toThrow(ConfigurationError);
    expect(() => readConfig(path)).toThrow(`${path} is not valid JSON: `);
  });

  it('says that a file is not there', () => {
    const path = join(folder, 'nowhere.json');
    expect(() => readConfig(path)).toThrow(ConfigurationError);
    expect(() => readConfig(path)).toThrow(`Cannot read ${path}: ENOENT`);
  });
});

describe('readConfigFile', () => {
  it('takes any part of a configuration', () => {
    expect(readConfigFile(fileWith({}))).toEqual({});
    const file = { agent: { discount: 0.9 }, env: {}, training: {}, steps: 10, numEnvs: 2, seed: 0 };
    expect(readConfigFile(fileWith(file))).toEqual(file);
  });

  it.each([
    ['an unknown entry', { stepz: 10 }, 'stepz: '],
    ['a wrong type', { steps: '10' }, 'steps: '],
    ['a seed that config.json could not hold', { seed: 2 ** 32 }, 'seed: '],
    ['more scenes than config.json could hold', { numEnvs: 65_537 }, 'numEnvs: '],
    ['a list', [], ': '],
  ])('refuses %s and says what is known', (_, contents, message) => {
    const path = fileWith(contents);
    expect(() => readConfigFile(path)).toThrow(ConfigurationError);
    expect(() => readConfigFile(path)).toThrow(`${path}: ${message}`);
    expect(() => readConfigFile(path)).toThrow('Known: agent, env, training, steps, numEnvs, actors, seed.');
  });
});
