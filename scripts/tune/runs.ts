/** The runs of a tuning, some at a time, each in a process and a folder of its own as in `bench agents`. */
import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import { UsageError } from '../../src/core/errors.ts';
import { currentCommit } from '../bench/agents/commit.ts';
import type { BenchmarkRun } from '../bench/agents/plan.ts';
import { livingProcess, type Outcome, trainRun } from '../bench/agents/train-run.ts';

export interface RunGroup {
  readonly runs: readonly BenchmarkRun[];
  /** Called once all of its runs have ended, unless they were interrupted. */
  readonly ended: (outcomes: readonly Outcome[]) => void;
}

/**
 * Trains the runs of the groups in their order; those that are finished already are not trained again.
 * @param jobs runs at a time
 * @param stop ends the runs under way, each with a checkpoint, and begins no more
 * @returns whether all ended without being interrupted
 * @throws UsageError where a process that an earlier tuning has left behind still trains one of them
 */
export async function trainGroups(
  groups: readonly RunGroup[],
  jobs: number,
  stop: AbortSignal,
): Promise<boolean> {
  const commit = currentCommit();
  const queue = groups.flatMap((group) => group.runs.map((run) => ({ group, run })));
  for (const { run } of queue) assertNobodyTrains(run);
  const outcomes = new Map<RunGroup, Outcome[]>();
  const train = async ({ group, run }: (typeof queue)[number]): Promise<void> => {
    if (stop.aborted) return;
    const outcome: Outcome = run.isFinished ? { kind: 'finished' } : await trainRun(run, commit, stop);
    if (outcome.kind === 'interrupted') return;
    const own = [...(outcomes.get(group) ?? []), outcome];
    outcomes.set(group, own);
    if (own.length === group.runs.length) group.ended(own);
  };
  await lastValueFrom(from(queue).pipe(mergeMap(train, jobs), toArray()));
  return groups.every((group) => outcomes.get(group)?.length === group.runs.length);
}

function assertNobodyTrains({ processFile, path }: BenchmarkRun): void {
  const other = livingProcess(processFile);
  if (other === undefined) return;
  throw new UsageError(
    `Process ${other}, which an earlier tuning has left behind, still trains ${path}: wait until it has ended.`,
  );
}
