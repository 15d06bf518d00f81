/** Results of the same agent with the same label: what curves and tables compare. */
import { type Estimate, estimate, interquartileMean } from '../statistics.ts';
import type { Measure } from './measures.ts';
import type { EvaluationPoint, Result } from './results.ts';

export interface Variant {
  readonly name: string;
  /** One for each seed. */
  readonly results: readonly Result[];
}

export interface CurvePoint extends Estimate {
  /** Control steps. */
  readonly step: number;
}

/** Environments and, in each, its variants, both in the order of their names. */
export function variantsByEnv(results: readonly Result[]): [env: string, variants: Variant[]][] {
  return groupByName(results, ({ env }) => env).map(([env, ofEnv]) => [
    env,
    groupByName(ofEnv, variantName).map(([name, ofVariant]) => ({ name, results: ofVariant })),
  ]);
}

/** `sac`, or `sac, small` where it has a label. */
export const variantName = ({ agent, label }: Result): string =>
  label === '' ? agent : `${agent}, ${label}`;

function groupByName<T>(items: readonly T[], nameOf: (item: T) => string): [name: string, items: T[]][] {
  const names = [...new Set(items.map(nameOf))].sort();
  return names.map((name) => [name, items.filter((item) => nameOf(item) === name)]);
}

/** Whether the environment tells success from failure. */
export const hasSuccess = (variants: readonly Variant[]): boolean =>
  resultsOf(variants).some(({ final }) => final.success_rate !== null);

/** Of the environment's first score; undefined where it has none. */
export const scoreName = (variants: readonly Variant[]): string | undefined =>
  resultsOf(variants).find(({ score_name }) => score_name !== null)?.score_name ?? undefined;

/** Scores from which on the task counted as solved, ascending; none where no bound was given. */
export const solvedScores = (variants: readonly Variant[]): number[] =>
  [...new Set(resultsOf(variants).flatMap(({ solved_score }) => solved_score ?? []))].sort((a, b) => a - b);

export const resultsOf = (variants: readonly Variant[]): Result[] =>
  variants.flatMap(({ results }) => results);

/**
 * Interquartile mean over the seeds at each step that the shortest run was evaluated at. Where another seed was evaluated
 * at other steps, its value is interpolated linearly.
 */
export function curveOf({ results }: Variant, measure: Measure): CurvePoint[] {
  const lastStep = ({ evaluations }: Result): number => evaluations.at(-1)![0];
  const shortest = results.reduce((a, b) => (lastStep(b) < lastStep(a) ? b : a));
  const first = Math.max(...results.map(({ evaluations }) => evaluations[0]![0]));
  return shortest.evaluations
    .map(([step]) => step)
    .filter((step) => step >= first)
    .map((step) => ({
      step,
      ...estimate(
        results.map(({ evaluations }) => valueAt(evaluations, measure, step)),
        interquartileMean,
      ),
    }));
}

/** @param step between the first and the last evaluation */
function valueAt(evaluations: readonly EvaluationPoint[], measure: Measure, step: number): number {
  const next = evaluations.findIndex((point) => point[0] >= step);
  const after = evaluations[next]!;
  if (after[0] === step) return measure(after);
  const before = evaluations[next - 1]!;
  const part = (step - before[0]) / (after[0] - before[0]);
  return measure(before) + part * (measure(after) - measure(before));
}
