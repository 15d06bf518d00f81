/** Errors that a user can repair: exit codes, and the nearest known name. */
import { describe, expect, it } from 'vitest';
import {
  ConfigurationError,
  lookUp,
  MissingError,
  ProprioError,
  suggestion,
  UsageError,
} from '../../src/core/errors.ts';

describe('errors', () => {
  it.each([
    [new ProprioError('x'), 1, 'ProprioError'],
    [new UsageError('x'), 2, 'UsageError'],
    [new ConfigurationError('x'), 3, 'ConfigurationError'],
    [new MissingError('x'), 4, 'MissingError'],
  ])('%s ends the command line with exit code %i', (error, code, name) => {
    expect(error.exitCode).toBe(code);
    expect(error.name).toBe(name);
    expect(error).toBeInstanceOf(ProprioError);
  });

  it('keep the error that caused them', () => {
    const cause = new Error('inner');
    expect(new ConfigurationError('outer', { cause }).cause).toBe(cause);
  });
});

describe('suggestion', () => {
  const known = ['drone-hover', 'drone-track', 'pendulum'];

  it.each([
    ['pendulm', 'pendulum'],
    ['drone-hovr', 'drone-hover'],
    ['pen', 'pendulum'],
    ['endulump', 'pendulum'],
  ])('offers for "%s" the name "%s"', (name, nearest) => {
    expect(suggestion(name, known)).toBe(` Did you mean "${nearest}"?`);
  });

  it('lists what there is where nothing is near', () => {
    expect(suggestion('xyz', known)).toBe(' Known: drone-hover, drone-track, pendulum.');
  });

  it('says nothing where nothing is known', () => {
    expect(suggestion('x', [])).toBe('');
  });
});

describe('lookUp', () => {
  const table = { alpha: 1, beta: 2 };

  it('gives the entry', () => {
    expect(lookUp('letter', table, 'beta')).toBe(2);
  });

  it('says which kind of name is unknown and offers the nearest', () => {
    expect(() => lookUp('letter', table, 'alpa')).toThrow(
      new UsageError('Unknown letter "alpa". Did you mean "alpha"?'),
    );
  });

  it.each(['toString', '__proto__', 'constructor', ''])('does not find "%s" on the object itself', (name) => {
    expect(() => lookUp('letter', table, name)).toThrow(UsageError);
  });
});
