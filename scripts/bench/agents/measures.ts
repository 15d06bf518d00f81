/** What an evaluation is looked at for: numbers that are drawn over the steps of a run. */
import { firstReached } from '../statistics.ts';
import type { EvaluationPoint } from './results.ts';

export type Measure = (point: EvaluationPoint) => number;

export const returnMean: Measure = ([, value]) => value;
/** In [0, 1]. */
export const successRate: Measure = ([, , value]) => value ?? 0;
/** Mean of the environment's first score. */
export const meanScore: Measure = ([, , , value]) => value ?? 0;

/** Control steps until the first evaluation with at least `threshold`; null where there is none. */
export const stepsTo = (
  measure: Measure,
  threshold: number,
  evaluations: readonly EvaluationPoint[],
): number | null =>
  firstReached(
    evaluations.map((point) => [point[0], measure(point)]),
    threshold,
  );
