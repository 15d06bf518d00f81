/** Results as markdown, ready to stand in docs/benchmarks.md. */
import {
  type Estimate,
  estimate,
  interquartileMean,
  median,
  type TimeToReach,
  timeToReach,
} from '../statistics.ts';
import { type Result, SOLVED } from './results.ts';
import { decimal, percent, wholeNumber } from './text.ts';
import { hasSuccess, type Variant, variantsByEnv } from './variants.ts';

interface Column {
  readonly title: string;
  readonly cell: (variant: Variant) => string;
}

/** A table for each environment, after what has to be known about all of them. */
export function resultTables(results: readonly Result[]): string {
  const tables = variantsByEnv(results).map(([env, variants]) => resultTable(env, variants));
  return [provenance(results), ...tables].join('\n\n');
}

function resultTable(env: string, variants: readonly Variant[]): string {
  const columns = hasSuccess(variants)
    ? [agent, steps, success, returns, toSolve, minutes]
    : [agent, steps, returns, minutes];
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `### ${env}`,
    '',
    row(columns.map(({ title }) => title)),
    row(columns.map(() => '---')),
    ...variants.map((variant) => row(columns.map(({ cell }) => cell(variant)))),
  ].join('\n');
}

const agent: Column = { title: 'agent', cell: ({ name }) => name.replaceAll('|', '\\|') };

const steps: Column = {
  title: 'steps',
  cell: ({ results }) => distinct(results.map(({ steps }) => wholeNumber(steps))).join(' or '),
};

const success: Column = {
  title: 'success at the end',
  cell: ({ results }) =>
    withInterval(
      estimate(
        results.map(({ final }) => final.success_rate ?? 0),
        interquartileMean,
      ),
      percent,
      (part) => (100 * part).toFixed(0),
    ),
};

const returns: Column = {
  title: 'return at the end',
  cell: ({ results }) =>
    withInterval(
      estimate(
        results.map(({ final }) => final.return_mean),
        interquartileMean,
      ),
      decimal,
    ),
};

const toSolve: Column = {
  title: `steps to ${percent(SOLVED)}`,
  cell: ({ results }) => describeTime(timeToReach(results.map(({ steps_to_solve }) => steps_to_solve))),
};

const minutes: Column = {
  title: 'minutes',
  cell: ({ results }) => decimal(median(results.map(({ seconds }) => seconds)) / 60),
};

function withInterval(
  { value, low, high }: Estimate,
  write: (value: number) => string,
  writeBound = write,
): string {
  return `${write(value)} (${writeBound(low)} to ${writeBound(high)})`;
}

/** A median or a bound is infinite where too many seeds never got there. */
function describeTime({ value, low, high, reached, runs }: TimeToReach): string {
  const seeds = `${reached} of ${runs} seeds`;
  if (value === Number.POSITIVE_INFINITY) return `not reached, ${seeds}`;
  const interval =
    high === Number.POSITIVE_INFINITY
      ? `${wholeNumber(low)} or more`
      : `${wholeNumber(low)} to ${wholeNumber(high)}`;
  return `${wholeNumber(value)} (${interval}), ${seeds}`;
}

function provenance(results: readonly Result[]): string {
  const variants = variantsByEnv(results).flatMap(([, ofEnv]) => ofEnv);
  const seeds = distinct(variants.map((variant) => variant.results.length));
  const commits = distinct(results.flatMap(({ commit }) => commit ?? []));
  const jobs = distinct(results.map(({ jobs }) => jobs));
  // The load at the start of a benchmark says nothing of the runs.
  const machines = distinct(results.map(({ machine }) => machine.replace(/, load [\d.]+$/, '')));
  return [
    `Interquartile means and, of steps and minutes, medians over ${seeds.join(' or ')} seeds, with 95 % bootstrap intervals in brackets.`,
    'Minutes are those of acting and learning on one thread, without evaluations.',
    `${jobs.join(' or ')} runs at a time; ${machines.join('; ')}${commits.length > 0 ? `; commit ${commits.join(', ')}` : ''}.`,
  ].join('\n');
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
