/** The best trial and the defaults on seeds that nothing was chosen by. */
import { join } from 'node:path';
import { ProprioError } from '../../src/core/errors.ts';
import { writeFileAtomic } from '../../src/run/files.ts';
import { BenchmarkRun } from '../bench/agents/plan.ts';
import { type Result, resultOf } from '../bench/agents/results.ts';
import type { Outcome } from '../bench/agents/train-run.ts';
import { machine } from '../bench/machine.ts';
import type { TuningFolder } from './folder.ts';
import { DEFAULTS } from './halving.ts';
import type { TuningPlan } from './plan.ts';
import { trainGroups } from './runs.ts';
import { assignments, type Trial } from './trials.ts';

export interface Test {
  readonly best: Trial;
  /** Of the best trial, one for each test seed; none where it is the defaults. */
  readonly tuned: readonly Result[];
  readonly defaults: readonly Result[];
}

/** @returns undefined where it was interrupted. @throws ProprioError naming the runs that failed */
export async function testBest(
  plan: TuningPlan,
  folder: TuningFolder,
  best: Trial,
  jobs: number,
  stop: AbortSignal,
): Promise<Test | undefined> {
  const defaults = testRuns(plan, 'defaults', {}, folder.test);
  const tuned = best.number === DEFAULTS ? [] : testRuns(plan, 'best', best.settings, folder.test);
  // Seed by seed, so that what both share of the machine's load is about the same.
  const runs = defaults.flatMap((run, i) => [run, ...tuned.slice(i, i + 1)]);
  console.log(`Trial ${best.number} is the best; ${runs.length} runs on test seeds`);
  const failed: string[] = [];
  let done = 0;
  const groups = runs.map((run) => ({
    runs: [run],
    ended: ([outcome]: readonly Outcome[]): void => {
      const text = outcome!.kind === 'failed' ? `failed: ${outcome.reason}` : 'finished';
      if (outcome!.kind === 'failed') failed.push(`${run.name}: ${outcome.reason}`);
      console.log(`test ${++done}/${runs.length}: ${run.name} ${text}`);
    },
  }));
  if (!(await trainGroups(groups, jobs, stop))) return undefined;
  if (failed.length > 0) {
    throw new ProprioError(
      `Failed on test seeds, so the settings cannot be compared:\n${failed.join('\n')}\nThe same command tries again.`,
    );
  }
  const results = (of: readonly BenchmarkRun[]): Result[] => of.map((run) => resultOf(run, machine(), jobs));
  const test = { best, tuned: results(tuned), defaults: results(defaults) };
  const lines = [...test.defaults, ...test.tuned].map((result) => `${JSON.stringify(result)}\n`);
  writeFileAtomic(join(folder.test, 'results.jsonl'), lines.join(''));
  return test;
}

function testRuns(
  { env, agent, steps, settings, testSeeds }: TuningPlan,
  label: string,
  own: Trial['settings'],
  results: string,
): BenchmarkRun[] {
  return testSeeds.map((seed) => {
    const all = [...settings, ...assignments(own)];
    return new BenchmarkRun({ env, agent, label, seed, steps, settings: all }, results);
  });
}
