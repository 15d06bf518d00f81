/** Settings: defaults, ranges, and messages that name what is wrong. */
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/core/errors.ts';
import {
  choice,
  describeSettings,
  flag,
  integer,
  number,
  parseSettings,
  settings,
  widths,
} from '../../src/core/settings.ts';

const schema = settings({
  discount: number(0.99, 0, 1, 'discount per step'),
  batchSize: integer(256, 1, 1024, 'rows of a minibatch'),
  clip: flag(false, 'whether to clip'),
  actions: choice('rotors', ['rotors', 'rates'], 'what an action means'),
  hidden: widths([64, 32], 'units of the hidden layers'),
});
const defaults = { discount: 0.99, batchSize: 256, clip: false, actions: 'rotors', hidden: [64, 32] };
const parse = (values: Record<string, unknown>): unknown => parseSettings('agent', schema, values);

/** The message that `values` are refused with. */
function complaint(values: Record<string, unknown>): string {
  try {
    parse(values);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).exitCode).toBe(3);
    return (error as Error).message;
  }
  throw new Error(`${JSON.stringify(values)} was accepted`);
}

describe('parseSettings', () => {
  it('fills in every default', () => {
    expect(parse({})).toEqual(defaults);
  });

  it('keeps what is given', () => {
    const given = { discount: 0.5, batchSize: 8, clip: true, actions: 'rates', hidden: [] };
    expect(parse(given)).toEqual(given);
  });

  it('gives every caller a default array of its own', () => {
    (parse({}) as typeof defaults).hidden.push(1);
    expect(parse({})).toEqual(defaults);
  });

  it.each([{ discount: 0 }, { discount: 1 }, { batchSize: 1 }, { batchSize: 1024 }])(
    'takes %j, a bound of the range',
    (values) => {
      expect(parse(values)).toEqual({ ...defaults, ...values });
    },
  );

  it.each([
    [{ discount: 1.01 }, 'agent.discount=1.01'],
    [{ discount: -0.01 }, 'agent.discount=-0.01'],
    [{ discount: 'high' }, 'agent.discount="high"'],
    [{ discount: Number.NaN }, 'agent.discount='],
    [{ batchSize: 0 }, 'agent.batchSize=0'],
    [{ batchSize: 2.5 }, 'agent.batchSize=2.5'],
    [{ clip: 1 }, 'agent.clip=1'],
    [{ actions: 'thrust' }, 'agent.actions="thrust"'],
    [{ hidden: 64 }, 'agent.hidden=64'],
    [{ hidden: [64, 0] }, 'agent.hidden.1=0'],
  ])('refuses %j, naming the setting and the value', (values, named) => {
    expect(complaint(values)).toContain(`Setting ${named}`);
  });

  it('says what the setting means', () => {
    expect(complaint({ hidden: [64, -1] })).toContain('(units of the hidden layers)');
  });

  it('offers the nearest name for one that is unknown', () => {
    expect(complaint({ discuont: 0.9 })).toBe('Unknown setting "agent.discuont". Did you mean "discount"?');
  });

  it('reports every problem, a line each', () => {
    const lines = complaint({ discount: 2, batchSize: 0, hiden: [] }).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.join()).toMatch(/agent\.discount=2.*agent\.batchSize=0.*agent\.hiden/);
  });
});

describe('describeSettings', () => {
  it('lists name, default and meaning in order', () => {
    const described = describeSettings(schema);
    expect(described.map(({ name }) => name)).toEqual(Object.keys(defaults));
    expect(described[1]).toEqual({ name: 'batchSize', default: 256, meaning: 'rows of a minibatch' });
  });
});
