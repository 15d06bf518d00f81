/** A tuning from the first trial to the test of the best one; what is done already is not done again. */
import { agents } from '../../agents/index.ts';
import { ProprioError } from '../../src/core/errors.ts';
import { BenchmarkRun, type RunPlan } from '../bench/agents/plan.ts';
import { resultOf } from '../bench/agents/results.ts';
import { wholeNumber } from '../bench/agents/text.ts';
import type { Outcome } from '../bench/agents/train-run.ts';
import { machine } from '../bench/machine.ts';
import type { TrialRecord, TuningFolder } from './folder.ts';
import { promoted, ranked } from './halving.ts';
import { describeScore, meanScore, nameOfScore, scoreOf } from './objective.ts';
import type { TuningPlan } from './plan.ts';
import { trainGroups } from './runs.ts';
import { groupsOf } from './space.ts';
import { type Test, testBest } from './test-best.ts';
import { assignments, type Trial } from './trials.ts';

/** Evaluations on the first rung; the later ones go on at the same interval. */
const FIRST_EVALUATIONS = 4;
const CHECKPOINTS = 4;

/** @returns undefined where it was interrupted. @throws ProprioError where every trial has failed, or a run of the test */
export async function tune(
  plan: TuningPlan,
  folder: TuningFolder,
  jobs: number,
  stop: AbortSignal,
): Promise<Test | undefined> {
  // What failed for a reason that may be gone is tried again.
  const records = folder.records().filter(({ outcome }) => outcome !== 'failed');
  let entrants = plan.trials.map(({ number }) => number);
  for (const index of plan.rungs.keys()) {
    const climb = { plan, folder, jobs, index, entrants, records };
    if (!(await climbRung(climb, stop))) return undefined;
    const standings = recordsOn(climb);
    if (standings.every(({ score }) => score === null)) throw everyTrialFailed(standings);
    const next = plan.rungs[index + 1];
    entrants = next ? promoted(standings, next.trials) : ranked(standings).map(({ trial }) => trial);
    if (next) console.log(`These go on to ${wholeNumber(next.steps)} steps: ${entrants.join(', ')}`);
  }
  const best = plan.trials[entrants[0]!]!;
  folder.writeBest(bestConfig(plan, best));
  return testBest(plan, folder, best, jobs, stop);
}

interface Climb {
  readonly plan: TuningPlan;
  readonly folder: TuningFolder;
  readonly jobs: number;
  /** Of the rung. */
  readonly index: number;
  /** Numbers of the trials on it. */
  readonly entrants: readonly number[];
  /** Of all rungs; those of this one are added. */
  readonly records: TrialRecord[];
}

const recordsOn = ({ index, entrants, records }: Climb): TrialRecord[] =>
  records.filter(({ rung, trial }) => rung === index && entrants.includes(trial));

/** @returns whether all trials of the rung have ended */
async function climbRung(climb: Climb, stop: AbortSignal): Promise<boolean> {
  const { plan, folder, jobs, index, entrants, records } = climb;
  const recorded = recordsOn(climb).map(({ trial }) => trial);
  const here = machine();
  const groups = entrants
    .filter((number) => !recorded.includes(number))
    .map((number) => {
      const trial = plan.trials[number]!;
      const runs = trialRuns(plan, trial, index, folder.trials);
      const ended = (outcomes: readonly Outcome[]): void => {
        const record = recordOf(plan, trial, index, outcomes, () =>
          runs.map((run) => scoreOf(plan.objective, resultOf(run, here, jobs).evaluations, run.plan.steps)),
        );
        folder.append(record);
        records.push(record);
        const place = `rung ${index + 1}/${plan.rungs.length}, ${recordsOn(climb).length}/${entrants.length}`;
        const which = index === 0 ? describeTrial(trial) : '';
        console.log(`${place}: trial ${number}${which}: ${describeRecord(plan, record)}`);
      };
      return { runs, ended };
    });
  return trainGroups(groups, jobs, stop);
}

/** The runs of a trial up to a rung, one for each tuning seed. */
export function trialRuns(plan: TuningPlan, trial: Trial, index: number, results: string): BenchmarkRun[] {
  const { env, agent, tuningSeeds, settings, steps } = plan;
  const [first, rung] = [plan.rungs[0]!, plan.rungs[index]!];
  // On-policy agents let their step sizes fall up to the end of a run, so a run that is told later of more steps is not the
  // one that knew of them: such agents begin anew on each rung, the others go on bit for bit.
  const goesOn = agents[agent]!.kind === 'off-policy';
  const label = `trial-${trial.number}${goesOn ? '' : `-rung-${index + 1}`}`;
  const part = (whole: number, count: number): number => Math.max(1, Math.floor(whole / count));
  const intervals = [
    `evaluationInterval=${part(first.steps, FIRST_EVALUATIONS)}`,
    `checkpointInterval=${part(steps, CHECKPOINTS)}`,
  ];
  return tuningSeeds.map((seed) => {
    const all = [...intervals, ...settings, ...assignments(trial.settings)];
    const run: RunPlan = { env, agent, label, seed, steps: rung.steps, settings: all };
    return new BenchmarkRun(run, results, { extend: goesOn });
  });
}

/** @param scores of the seeds, asked for once all have finished */
export function recordOf(
  { rungs }: TuningPlan,
  { number: trial, settings }: Trial,
  index: number,
  outcomes: readonly Outcome[],
  scores: () => ReturnType<typeof scoreOf>[],
): TrialRecord {
  const common = { trial, rung: index, steps: rungs[index]!.steps, settings };
  const reasons = outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [outcome.reason] : []));
  if (reasons.length > 0) {
    const diverged = reasons.find((reason) => reason.startsWith('Training diverged'));
    const outcome = diverged ? 'diverged' : 'failed';
    return { ...common, outcome, score: null, reason: diverged ?? reasons[0]! };
  }
  const score = meanScore(scores());
  if (score !== null) return { ...common, outcome: 'finished', score };
  return { ...common, outcome: 'diverged', score, reason: 'a return is not finite' };
}

const describeTrial = ({ settings }: Trial): string =>
  Object.keys(settings).length === 0 ? ' (the defaults)' : ` (${assignments(settings).join(', ')})`;

function describeRecord({ objective, knowsSuccess }: TuningPlan, { outcome, score, reason }: TrialRecord) {
  if (score === null) return `${outcome}: ${reason}`;
  return `${nameOfScore(objective, knowsSuccess)} ${describeScore(objective, knowsSuccess, score[0]!)}`;
}

function everyTrialFailed(records: readonly TrialRecord[]): ProprioError {
  const reasons = [...new Set(records.map(({ reason }) => reason))];
  return new ProprioError(`Every trial failed:\n${reasons.join('\n')}`);
}

/** A file for `proprio train --config` with all settings, so that it means the same when defaults have changed. */
function bestConfig({ defaults, steps, numEnvs }: TuningPlan, { settings }: Trial): object {
  const own = groupsOf(settings);
  return {
    agent: { ...defaults.agent, ...own.agent },
    env: defaults.env,
    training: { ...defaults.training, ...own.training },
    ...{ steps, numEnvs },
  };
}
