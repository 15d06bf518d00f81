/** What a finished run came to: one line of `results.jsonl`. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../../../src/core/errors.ts';
import { explaining } from '../../../src/run/files.ts';
import { RunFolder } from '../../../src/run/run-folder.ts';
import { firstReached } from '../statistics.ts';
import { type BenchmarkRun, nameOf } from './plan.ts';
import { type JsonRecord, readRecords } from './records.ts';

/** A task counts as solved from this part of successful evaluation episodes on. */
export const SOLVED = 0.95;

const evaluationSchema = z.tuple([z.number(), z.number(), z.number().nullable()]);

const resultSchema = z.object({
  env: z.string(),
  agent: z.string(),
  label: z.string(),
  seed: z.number(),
  /** Control steps of the run as planned. */
  steps: z.number(),
  settings: z.array(z.string()),
  /** Wall-clock seconds of acting and learning, without start and evaluations. */
  seconds: z.number(),
  final: z.object({ return_mean: z.number(), success_rate: z.number().nullable() }),
  /** The evaluation with most successes, and of those the one with the highest return. */
  best: z.object({ return_mean: z.number(), success_rate: z.number().nullable() }),
  /** Control steps and seconds until an evaluation was solved; null where none was. */
  steps_to_solve: z.number().nullable(),
  seconds_to_solve: z.number().nullable(),
  /** `[step, return_mean, success_rate]` of each evaluation, the oldest first. */
  evaluations: z.array(evaluationSchema).min(1),
  versions: z.record(z.string(), z.string()),
  /** Commit that the run was begun at; null outside the repository. */
  commit: z.string().nullable(),
  machine: z.string(),
  /** Runs that shared the machine at a time. */
  jobs: z.number(),
});
export type Result = z.output<typeof resultSchema>;
export type EvaluationPoint = z.output<typeof evaluationSchema>;

/** Reads a finished run folder. */
export function resultOf(run: BenchmarkRun, machine: string, jobs: number): Result {
  const { env, agent, label, seed, steps, settings } = run.plan;
  const evaluations = readRecords(join(run.path, 'evaluations.jsonl')).map(evaluationPoint);
  const metrics = readRecords(join(run.path, 'metrics.jsonl'));
  const stepsToSolve = firstReached(
    evaluations.map(([step, , success]) => [step, success ?? 0]),
    SOLVED,
  );
  const best = evaluations.reduce((best, next) => (isBetter(next, best) ? next : best));
  return {
    ...{ env, agent, label, seed, steps, settings: [...settings] },
    seconds: trainingSeconds(metrics, evaluations.at(-1)![0]),
    final: score(evaluations.at(-1)!),
    best: score(best),
    steps_to_solve: stepsToSolve,
    seconds_to_solve: stepsToSolve === null ? null : trainingSeconds(metrics, stepsToSolve),
    evaluations,
    versions: RunFolder.open(run.path).config.versions,
    ...{ commit: run.commit, machine, jobs },
  };
}

const evaluationPoint = (record: JsonRecord): EvaluationPoint => [
  Number(record.step),
  Number(record.return_mean),
  record.success_rate === null ? null : Number(record.success_rate),
];

const isBetter = ([, returnA, successA]: EvaluationPoint, [, returnB, successB]: EvaluationPoint): boolean =>
  successA === successB ? returnA > returnB : (successA ?? 0) > (successB ?? 0);

const score = ([, returnMean, successRate]: EvaluationPoint) => ({
  return_mean: returnMean,
  success_rate: successRate,
});

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
