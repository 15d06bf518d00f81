/**
 * What may be searched when an agent is tuned: for each setting the values that it may take, and how they are drawn. In
 * each trial every setting takes a new value, which finds good ones sooner than a grid where only few settings matter
 * (Bergstra and Bengio 2012, jmlr.org/papers/v13/bergstra12a.html).
 */
import type { Rng } from './rng.ts';

/** Numbers from `low` to `high`, both included. */
export interface Range {
  readonly kind: 'range';
  readonly low: number;
  readonly high: number;
  /** Uniform in the number itself, or in its logarithm. */
  readonly scale: 'linear' | 'log';
  /** Whole numbers only. */
  readonly whole: boolean;
}

/** One of a few values, each as likely. */
export interface Choice<T = unknown> {
  readonly kind: 'choice';
  readonly values: readonly T[];
}

/** The values that a setting of type T may take. */
export type Domain<T = unknown> = Choice<T> | ([number] extends [T] ? Range : never);

/** Domains by setting. Those of the training loop have their group before them: `'training.batchSize'`. */
export type SearchSpace<Settings = Record<string, unknown>> = {
  readonly [Name in keyof Settings]?: Domain<Settings[Name]>;
} & { readonly [Name in `training.${string}`]?: Domain };

export interface RangeOptions {
  readonly whole?: boolean;
}

/** @throws RangeError unless low < high */
export function uniform(low: number, high: number, { whole = false }: RangeOptions = {}): Range {
  return rangeOf(low, high, 'linear', whole);
}

/** Each factor as likely as another: for step sizes and other positive scales. @throws RangeError unless 0 < low < high */
export function logUniform(low: number, high: number, { whole = false }: RangeOptions = {}): Range {
  if (low <= 0) throw new RangeError(`A logarithmic range starts above zero, not at ${low}.`);
  return rangeOf(low, high, 'log', whole);
}

/** @throws RangeError for fewer than two values: one alone leaves nothing to search */
export function oneOf<T>(values: readonly T[]): Choice<T> {
  const distinct = new Set(values.map((value) => JSON.stringify(value)));
  if (distinct.size < 2) throw new RangeError('A choice needs two different values or more.');
  if (distinct.size < values.length) throw new RangeError('A choice has each value once.');
  return { kind: 'choice', values };
}

function rangeOf(low: number, high: number, scale: Range['scale'], whole: boolean): Range {
  if (!(Number.isFinite(low) && Number.isFinite(high))) {
    throw new RangeError(`A range has two finite bounds, not ${low} and ${high}.`);
  }
  if (low >= high)
    throw new RangeError(`The range from ${low} to ${high} is empty: give a lower bound first.`);
  if (whole && !(Number.isInteger(low) && Number.isInteger(high))) {
    throw new RangeError(`A range of whole numbers has whole bounds, not ${low} and ${high}.`);
  }
  return { kind: 'range', low, high, scale, whole };
}

/** A value of `domain`. Numbers are rounded to what tells them apart, so that what is printed is what was tried. */
export function draw(domain: Domain, rng: Rng): unknown {
  if (domain.kind === 'choice') return domain.values[rng.integer(domain.values.length)];
  const { low, high } = domain;
  return Math.min(high, Math.max(low, domain.whole ? drawWhole(domain, rng) : drawReal(domain, rng)));
}

function drawWhole({ low, high, scale }: Range, rng: Rng): number {
  if (scale === 'linear') return low + rng.integer(high - low + 1);
  // Each whole number k gets the share of [k, k + 1), so the bounds are as likely as their neighbours.
  return Math.floor(Math.exp(rng.uniform(Math.log(low), Math.log(high + 1))));
}

const SIGNIFICANT_DIGITS = 4;

function drawReal({ low, high, scale }: Range, rng: Rng): number {
  if (scale === 'log') {
    return Number(Math.exp(rng.uniform(Math.log(low), Math.log(high))).toPrecision(SIGNIFICANT_DIGITS));
  }
  const span = high - low;
  const decimals = SIGNIFICANT_DIGITS - 1 - Math.floor(Math.log10(span));
  return Number(rng.uniform(low, high).toFixed(Math.min(100, Math.max(0, decimals))));
}

/**
 * A value for every setting of the space. Each has a stream of its own, so that another domain for one of them leaves the
 * values of the others as they are.
 * @param rng only its seed counts: the same one gives the same values
 */
export function drawSettings(space: Readonly<Record<string, Domain>>, rng: Rng): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(space).map(([name, domain]) => [name, draw(domain, rng.split(name))]),
  );
}
