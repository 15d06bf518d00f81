/**
 * `bench agents`: trains agents × environments × seeds, some runs at a time, each in a process and a folder of its own.
 * What is there already is not trained again, so a benchmark that was interrupted goes on where it was.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import { explaining } from '../../src/run/files.ts';
import { currentCommit } from './agents/commit.ts';
import { evaluateKept } from './agents/kept.ts';
import { type BenchmarkOptions, BenchmarkRun, nameOf, plansOf, samePlan } from './agents/plan.ts';
import { appendResult, type Result, readResults, resultOf, solvedScore } from './agents/results.ts';
import { decimal, percent, wholeNumber } from './agents/text.ts';
import { type Outcome, trainRun } from './agents/train-run.ts';
import { machine } from './machine.ts';

export const RESULTS_FOLDER = 'bench-results/agents';
export const RESULTS_FILE = 'results.jsonl';

export interface AgentsBenchmark extends BenchmarkOptions {
  /** Runs at a time. */
  readonly jobs: number;
  /** First score from which on a task without success counts as solved. */
  readonly solved?: number;
  /** The results folder. */
  readonly out: string;
}

export interface BenchmarkReport {
  /** Every result in the folder, those of earlier benchmarks too. */
  readonly results: readonly Result[];
  readonly failed: readonly { readonly run: string; readonly reason: string }[];
  readonly interrupted: boolean;
}

/** @param stop ends the runs under way, each with a checkpoint, and begins no more */
export async function benchAgents(options: AgentsBenchmark, stop: AbortSignal): Promise<BenchmarkReport> {
  const { out, jobs, solved } = options;
  explaining(out, () => mkdirSync(out, { recursive: true }));
  const file = join(out, RESULTS_FILE);
  // All of them before the first begins: a folder that holds something else is refused now, not in an hour.
  const runs = plansOf(options).map((plan) => new BenchmarkRun(plan, out));
  const commit = currentCommit();
  const here = machine();
  const known = new Map(readResults(file).map((result) => [nameOf(result), result]));
  const missing = runs.filter((run) => !isMeasured(run, known.get(run.name), solved));
  console.log(`${runs.length} runs, ${missing.length} to do, ${jobs} at a time, in ${out}; ${here}`);

  let done = runs.length - missing.length;
  const finish = async (run: BenchmarkRun): Promise<{ run: string; outcome: Outcome }> => {
    const outcome = await advance(run, commit, stop);
    if (outcome.kind === 'finished') {
      const result = resultOf(run, here, jobs, { kept: await evaluateKept(run), solved });
      appendResult(file, result);
      console.log(`${++done}/${runs.length} ${run.name}: ${describe(result)}`);
    } else if (outcome.kind === 'failed') console.error(`${run.name} failed: ${outcome.reason}`);
    return { run: run.name, outcome };
  };
  const outcomes = await lastValueFrom(from(missing).pipe(mergeMap(finish, jobs), toArray()));

  return {
    results: readResults(file),
    failed: outcomes.flatMap(({ run, outcome }) =>
      outcome.kind === 'failed' ? [{ run, reason: outcome.reason }] : [],
    ),
    interrupted: outcomes.some(({ outcome }) => outcome.kind === 'interrupted'),
  };
}

/** A line is enough, its folder may be gone. While that is there, another bound asks for another line. */
function isMeasured(run: BenchmarkRun, result: Result | undefined, solved: number | undefined): boolean {
  if (!result || !samePlan(result, run.plan)) return false;
  const sameBound = solved === undefined || solvedScore(result.final, solved) === result.solved_score;
  return sameBound || !run.isFinished;
}

async function advance(run: BenchmarkRun, commit: string | null, stop: AbortSignal): Promise<Outcome> {
  if (run.isFinished) return { kind: 'finished' };
  return stop.aborted ? { kind: 'interrupted' } : trainRun(run, commit, stop);
}

function describe({ score_name, final, steps_to_solve, seconds }: Result): string {
  const success = final.success_rate === null ? '' : `, success ${percent(final.success_rate)}`;
  const score = final.score === null ? '' : `, ${score_name} ${decimal(final.score, 2)}`;
  const solved = steps_to_solve === null ? '' : `, solved after ${wholeNumber(steps_to_solve)} steps`;
  return `return ${final.return_mean.toFixed(1)}${success}${score}${solved}; ${seconds.toFixed(0)} s`;
}
