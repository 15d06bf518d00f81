/** What a finished run came to: one line of `results.jsonl`. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../../../src/core/errors.ts';
import { type Evaluation, firstScore } from '../../../src/rollout/evaluate.ts';
import { explaining } from '../../../src/run/files.ts';
import { RunFolder } from '../../../src/run/run-folder.ts';
import { meanScore, stepsTo, successRate } from './measures.ts';
import { type BenchmarkRun, nameOf } from './plan.ts';
import { type JsonRecord, readRecords } from './records.ts';

/** A task counts as solved from this part of successful evaluation episodes on. */
export const SOLVED = 0.95;

const optional = z.number().nullable();

const evaluationSchema = z.tuple([z.number(), z.number(), optional, optional]);

/** Null where the environment tells no success from failure, or has no score. */
const measurementShape = { return_mean: z.number(), success_rate: optional, score: optional };

const resultSchema = z.object({
  env: z.string(),
  agent: z.string(),
  label: z.string(),
  seed: z.number(),
  /** Control steps of the run as planned. */
  steps: z.number(),
  settings: z.array(z.string()),
  /** Further arguments of `proprio train`; absent where there were none. */
  options: z.array(z.string()).optional(),
  /** Wall-clock seconds of acting and learning, without start and evaluations. */
  seconds: z.number(),
  /** Of the environment's first score, which `score` is the mean of everywhere below; null where there is none. */
  score_name: z.string().nullable(),
  final: z.object(measurementShape),
  /** The evaluation whose policy the run has kept. */
  best: z.object(measurementShape),
  /** That policy once more, on fresh episodes: without the luck that it was chosen by. Null where that was not done. */
  kept: z
    .object({ episodes: z.number(), ...measurementShape, return_std: z.number(), score_std: optional })
    .nullable(),
  /** Score from which on an evaluation counted as solved; null where success decides, or no bound was given. */
  solved_score: optional,
  /** Control steps and seconds until an evaluation was solved; null where none was. */
  steps_to_solve: optional,
  seconds_to_solve: optional,
  /** `[step, return_mean, success_rate, score]` of each evaluation, the oldest first. */
  evaluations: z.array(evaluationSchema).min(1),
  versions: z.record(z.string(), z.string()),
  /** Commit that the run was begun at; null outside the repository. */
  commit: z.string().nullable(),
  machine: z.string(),
  /** Runs that shared the machine at a time. */
  jobs: z.number(),
});
export type Result = z.output<typeof resultSchema>;
export type Measurement = Result['final'];
export type EvaluationPoint = z.output<typeof evaluationSchema>;

export interface ResultOptions {
  readonly kept?: Result['kept'];
  /** First score from which on a task without success counts as solved. */
  readonly solved?: number | undefined;
}

/** Reads a finished run folder. */
export function resultOf(
  run: BenchmarkRun,
  machine: string,
  jobs: number,
  { kept = null, solved }: ResultOptions = {},
): Result {
  const { env, agent, label, seed, steps, settings, options } = run.plan;
  const folder = RunFolder.open(run.path);
  const told = folder.evaluations();
  const [last, best] = [told.at(-1)!, folder.bestEvaluation()!];
  const evaluations = readRecords(join(run.path, 'evaluations.jsonl')).map(({ step }, i) =>
    evaluationPoint(Number(step), told[i]!),
  );
  const metrics = readRecords(join(run.path, 'metrics.jsonl'));
  const bound = solvedScore(measurementOf(last), solved);
  const stepsToSolve =
    bound === null ? stepsTo(successRate, SOLVED, evaluations) : stepsTo(meanScore, bound, evaluations);
  return {
    ...{ env, agent, label, seed, steps, settings: [...settings] },
    ...(options ? { options: [...options] } : {}),
    seconds: trainingSeconds(metrics, evaluations.at(-1)![0]),
    score_name: firstScore(last)?.name ?? null,
    ...{ final: measurementOf(last), best: measurementOf(best), kept },
    solved_score: bound,
    steps_to_solve: stepsToSolve,
    seconds_to_solve: stepsToSolve === null ? null : trainingSeconds(metrics, stepsToSolve),
    evaluations,
    versions: folder.config.versions,
    ...{ commit: run.commit, machine, jobs },
  };
}

export const measurementOf = (evaluation: Evaluation): Measurement => ({
  return_mean: evaluation.returnMean,
  success_rate: evaluation.successRate,
  score: firstScore(evaluation)?.mean ?? null,
});

function evaluationPoint(step: number, evaluation: Evaluation): EvaluationPoint {
  const { return_mean, success_rate, score } = measurementOf(evaluation);
  return [step, return_mean, success_rate, score];
}

/** The bound as it applies to a run that came to this: null where success decides, or where there is no score. */
export const solvedScore = (
  { success_rate, score }: Measurement,
  solved: number | undefined,
): number | null => (success_rate === null && score !== null ? (solved ?? null) : null);

/**
 * Wall-clock seconds of acting and learning up to a step. They are summed from the speeds between lines of metrics, because
 * `time` begins anew when a run is continued and holds the evaluations, of which a benchmark makes many more than a user.
 * @param metrics lines with `step` and `time/fps`, the control steps per second since the line before
 */
export function trainingSeconds(metrics: readonly JsonRecord[], step: number): number {
  let [seconds, reached, speed] = [0, 0, Number.NaN];
  for (const line of metrics) {
    if (reached >= step) break;
    // Speeds are rounded to whole steps per second; less than half a one stands as 0.
    speed = Math.max(0.5, Number(line['time/fps']));
    const next = Math.min(step, Number(line.step));
    seconds += (next - reached) / speed;
    reached = next;
  }
  return reached < step ? seconds + (step - reached) / speed : seconds;
}

export function appendResult(file: string, result: Result): void {
  explaining(file, () => appendFileSync(file, `${JSON.stringify(result)}\n`));
}

/**
 * The results of a file, of each run the latest; none where there is no file.
 * @throws ConfigurationError naming the first record that is no result
 */
export function readResults(file: string): Result[] {
  const results = new Map<string, Result>();
  readRecords(file).forEach((record, i) => {
    const parsed = resultSchema.safeParse(record);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new ConfigurationError(
        `${file}: record ${i + 1} is no result: ${issue!.path.join('.')}: ${issue!.message}.`,
      );
    }
    results.set(nameOf(parsed.data), parsed.data);
  });
  return [...results.values()];
}
