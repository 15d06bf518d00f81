/** What makes a trial better than another one. */
import { type EvaluationPoint, SOLVED } from '../bench/agents/results.ts';
import { decimal, percent, wholeNumber } from '../bench/agents/text.ts';
import { firstReached, mean } from '../bench/statistics.ts';

/**
 * - `area`, the default: the area under the curve of evaluations over the distance, which is its mean height. It rewards
 *   learning soon as well as learning well. It rests on all evaluations, so it is less a matter of luck than any one of
 *   them, and luck is what a tuning has most to fear (arXiv:2306.01324). And it still tells trials apart that all end solved.
 * - `final`: the last evaluation alone, for who cares only where a run ends. Swings between evaluations count in full.
 * - `steps-to-95`: control steps until 95 % of an evaluation's episodes succeed. A run that never gets there counts as twice
 *   its length, the usual penalty where algorithms are configured for speed (PAR2).
 */
export const objectives = ['area', 'final', 'steps-to-95'] as const;
export type Objective = (typeof objectives)[number];

/**
 * The more, the better; the first number that differs decides. Success comes before return where the environment knows
 * success, as in the choice of the best policy; early in training, when nothing succeeds yet, the return decides.
 */
export type Score = readonly number[];

/** Above zero where `a` is better, zero where they are equal. */
export function compareScores(a: Score, b: Score): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

/**
 * @param evaluations of one run, the oldest first; those after the one at `steps` do not count
 * @returns null where a return is not finite
 */
export function scoreOf(
  objective: Objective,
  evaluations: readonly EvaluationPoint[],
  steps: number,
): Score | null {
  const end = evaluations.findIndex(([step]) => step >= steps);
  const points = end < 0 ? evaluations : evaluations.slice(0, end + 1);
  const returns = points.map(([step, value]) => [step, value] as const);
  const knowsSuccess = points.every(([, , success]) => success !== null);
  const curves = knowsSuccess
    ? [points.map(([step, , success]) => [step, success!] as const), returns]
    : [returns];
  const score =
    objective === 'final'
      ? curves.map((curve) => curve.at(-1)![1])
      : curves.map((curve) => meanHeight(curve));
  if (objective === 'steps-to-95') score.unshift(-(firstReached(curves[0]!, SOLVED) ?? 2 * steps));
  return score.every(Number.isFinite) ? score : null;
}

type Curve = readonly (readonly [step: number, value: number])[];

/** Area under the straight lines between points, over their distance; the value itself where there is one point alone. */
export function meanHeight(curve: Curve): number {
  if (curve.length === 1) return curve[0]![1];
  let area = 0;
  for (let i = 1; i < curve.length; i++) {
    const [[from, before], [to, after]] = [curve[i - 1]!, curve[i]!];
    area += ((to - from) * (before + after)) / 2;
  }
  return area / (curve.at(-1)![0] - curve[0]![0]);
}

/** Of the seeds of a trial; null where one of them has none. */
export function meanScore(scores: readonly (Score | null)[]): Score | null {
  const sound = scores.filter((score) => score !== null);
  if (sound.length < scores.length) return null;
  return sound[0]!.map((_, i) => mean(sound.map((score) => score[i]!)));
}

/** What the first number of a score is. */
export function nameOfScore(objective: Objective, knowsSuccess: boolean): string {
  const what = knowsSuccess ? 'success' : 'return';
  return { area: `mean ${what} over training`, final: `${what} at the end`, 'steps-to-95': 'steps to 95 %' }[
    objective
  ];
}

/** The first number of a score, as people read it. */
export function describeScore(objective: Objective, knowsSuccess: boolean, value: number): string {
  if (objective === 'steps-to-95') return wholeNumber(-value);
  return knowsSuccess ? percent(value, 1) : decimal(value);
}
