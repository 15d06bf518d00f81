/** Results as markdown, ready to stand in docs/benchmarks.md. */
import { estimate, interquartileMean, median, type TimeToReach, timeToReach } from '../statistics.ts';
import { meanScore, stepsTo } from './measures.ts';
import { type Measurement, type Result, SOLVED } from './results.ts';
import { decimal, percent, wholeNumber } from './text.ts';
import { hasSuccess, resultsOf, scoreName, solvedScores, type Variant, variantsByEnv } from './variants.ts';

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
  const columns = columnsOf(variants);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `### ${env}`,
    '',
    row(columns.map(({ title }) => title)),
    row(columns.map(() => '---')),
    ...variants.map((variant) => row(columns.map(({ cell }) => cell(variant)))),
  ].join('\n');
}

function columnsOf(variants: readonly Variant[]): Column[] {
  const score = scoreName(variants);
  const knowsSuccess = hasSuccess(variants);
  const policy = showsKept(variants) ? keptPolicy : lastPolicy;
  return [
    agent,
    steps,
    ...(knowsSuccess ? [success(policy)] : []),
    ...(score === undefined ? [] : [scores(score, policy)]),
    returns(policy),
    ...(knowsSuccess ? [toSolve] : solvedScores(variants).map(toScore)),
    minutes,
  ];
}

/** Which policy of each run a column tells of. */
interface MeasuredPolicy {
  readonly title: string;
  readonly of: (result: Result) => Measurement;
}

const lastPolicy: MeasuredPolicy = { title: 'at the end', of: ({ final }) => final };
const keptPolicy: MeasuredPolicy = { title: 'of the kept policy', of: ({ kept }) => kept! };

/** Where there is a score, and every run has measured its kept policy: a column never mixes that with another one. */
const showsKept = (variants: readonly Variant[]): boolean =>
  scoreName(variants) !== undefined && resultsOf(variants).every(({ kept }) => kept !== null);

const agent: Column = { title: 'agent', cell: ({ name }) => name.replaceAll('|', '\\|') };

const steps: Column = {
  title: 'steps',
  cell: ({ results }) => distinct(results.map(({ steps }) => wholeNumber(steps))).join(' or '),
};

const success = ({ title, of }: MeasuredPolicy): Column => ({
  title: `success ${title}`,
  cell: overSeeds(
    (result) => of(result).success_rate ?? 0,
    percent,
    (part) => (100 * part).toFixed(0),
  ),
});

const scores = (name: string, { title, of }: MeasuredPolicy): Column => ({
  title: `${name} ${title}`,
  cell: overSeeds(
    (result) => of(result).score ?? 0,
    (value) => decimal(value, 2),
  ),
});

const returns = ({ title, of }: MeasuredPolicy): Column => ({
  title: `return ${title}`,
  cell: overSeeds((result) => of(result).return_mean, decimal),
});

const toSolve: Column = {
  title: `steps to ${percent(SOLVED)}`,
  cell: ({ results }) => describeTime(timeToReach(results.map(({ steps_to_solve }) => steps_to_solve))),
};

/** Counted anew, as a run may have been given another bound. */
const toScore = (bound: number): Column => ({
  title: `steps to ${String(bound).replace('-', '−')}`,
  cell: ({ results }) =>
    describeTime(timeToReach(results.map(({ evaluations }) => stepsTo(meanScore, bound, evaluations)))),
});

const minutes: Column = {
  title: 'minutes',
  cell: ({ results }) => decimal(median(results.map(({ seconds }) => seconds)) / 60),
};

/** The interquartile mean of a number of each run, with its interval. */
const overSeeds =
  (of: (result: Result) => number, write: (value: number) => string, writeBound = write) =>
  ({ results }: Variant): string => {
    const { value, low, high } = estimate(results.map(of), interquartileMean);
    return `${write(value)} (${writeBound(low)} to ${writeBound(high)})`;
  };

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
  const byEnv = variantsByEnv(results);
  const variants = byEnv.flatMap(([, ofEnv]) => ofEnv);
  const seeds = distinct(variants.map((variant) => variant.results.length));
  const commits = distinct(results.flatMap(({ commit }) => commit ?? []));
  const jobs = distinct(results.map(({ jobs }) => jobs));
  // The load at the start of a benchmark says nothing of the runs.
  const machines = distinct(results.map(({ machine }) => machine.replace(/, load [\d.]+$/, '')));
  return [
    `Interquartile means and, of steps and minutes, medians over ${seeds.join(' or ')} seeds, with 95 % bootstrap intervals in brackets.`,
    'Minutes are those of acting and learning on one thread, without evaluations.',
    ...(byEnv.some(([, ofEnv]) => showsKept(ofEnv))
      ? ['The kept policy is that of the best evaluation, measured once more on fresh episodes.']
      : []),
    `${jobs.join(' or ')} runs at a time; ${machines.join('; ')}${commits.length > 0 ? `; commit ${commits.join(', ')}` : ''}.`,
  ].join('\n');
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
