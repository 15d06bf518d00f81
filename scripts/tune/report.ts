/** What a tuning has found, for people and for programs. */
import { resultTables } from '../bench/agents/table.ts';
import { type Estimate, estimate, interquartileMean } from '../bench/statistics.ts';
import { commandLine } from '../commands/command-line.ts';
import { probabilityOfImprovement, type Verdict, verdictOf } from './comparison.ts';
import type { TuningFolder } from './folder.ts';
import { compareScores, describeScore, nameOfScore, type Score, scoreOf } from './objective.ts';
import type { TuningPlan } from './plan.ts';
import type { Test } from './test-best.ts';
import { assignments } from './trials.ts';

/** `report.json`, and what `--json` prints. */
export interface TuningReport {
  readonly env: string;
  readonly agent: string;
  readonly objective: string;
  /** Number of the best trial; 0 is the defaults. */
  readonly trial: number;
  /** What differs from the defaults, by full name. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** For `proprio train --config`. */
  readonly config: string;
  /** Interquartile means of the objective over the test seeds; those of the best settings are null where these are the defaults. */
  readonly best: Estimate | null;
  readonly defaults: Estimate;
  /** That a run with the best settings beats one with the defaults. */
  readonly probability_of_improvement: Estimate | null;
  readonly verdict: Verdict | 'defaults';
}

export function reportOf(plan: TuningPlan, folder: TuningFolder, test: Test): TuningReport {
  const { env, agent, objective, steps, testSeeds } = plan;
  const scores = (results: Test['tuned']): Score[] =>
    results.map(({ evaluations }) => scoreOf(objective, evaluations, steps) ?? [Number.NEGATIVE_INFINITY]);
  const [tuned, defaults] = [scores(test.tuned), scores(test.defaults)];
  const improvement = tuned.length === 0 ? null : probabilityOfImprovement(tuned, defaults, compareScores);
  return {
    ...{ env, agent, objective },
    trial: test.best.number,
    settings: test.best.settings,
    config: folder.bestFile,
    best: tuned.length === 0 ? null : summary(plan, tuned),
    defaults: summary(plan, defaults),
    probability_of_improvement: improvement,
    verdict: improvement === null ? 'defaults' : verdictOf(improvement, testSeeds.length),
  };
}

/** Of the first numbers, steps counted up. */
function summary({ objective }: TuningPlan, scores: readonly Score[]): Estimate {
  const sign = objective === 'steps-to-95' ? -1 : 1;
  return estimate(
    scores.map((score) => sign * score[0]!),
    interquartileMean,
  );
}

export function reportText(plan: TuningPlan, test: Test, report: TuningReport): string {
  return [
    resultTables([...test.defaults, ...test.tuned]),
    comparison(plan, report),
    `To train with ${report.trial === 0 ? 'them' : 'the best settings'}, two ways to say the same:
  ${trainLine(plan, `--config ${report.config}`)}
  ${trainLine(plan, [`--steps ${plan.steps}`, ...[...plan.settings, ...assignments(test.best.settings)].map(setFlag)].join(' '))}`,
  ].join('\n\n');
}

const trainLine = ({ env, agent }: TuningPlan, flags: string): string =>
  commandLine('train', `${env} --agent ${agent} ${flags}`);

/** Quoted where a shell would see more in it than text. */
const setFlag = (assignment: string): string =>
  `--set ${/[^\w.=+-]/.test(assignment) ? `'${assignment}'` : assignment}`;

function comparison(plan: TuningPlan, report: TuningReport): string {
  const { objective, knowsSuccess, testSeeds } = plan;
  const sign = objective === 'steps-to-95' ? -1 : 1;
  const number = (value: number): string => describeScore(objective, knowsSuccess, sign * value);
  const text = ({ value, low, high }: Estimate): string =>
    `${number(value)} (${number(low)} to ${number(high)})`;
  const name = nameOfScore(objective, knowsSuccess);
  const { best, defaults, probability_of_improvement: improvement } = report;
  if (best === null || improvement === null) {
    return `No trial was better than the defaults on the tuning seeds: they stay. Their ${name} on test seeds: ${text(defaults)}.`;
  }
  const [low, high] = [improvement.low.toFixed(2), improvement.high.toFixed(2)];
  return [
    `On test seeds (${testSeeds.length}), ${name}: best ${text(best)}, defaults ${text(defaults)}.`,
    `Probability that a run with the best settings beats one with the defaults: ${improvement.value.toFixed(2)} (${low} to ${high}).`,
    verdicts[report.verdict],
  ].join('\n');
}

const verdicts: Readonly<Record<TuningReport['verdict'], string>> = {
  better: 'The best settings are better, by more than noise: the interval lies above one half.',
  worse:
    'The best settings are worse than the defaults on seeds that they were not chosen by: keep the defaults.',
  noise: 'The difference is no more than noise: the interval holds one half. More --test-seeds may tell.',
  'too-few-seeds':
    'Whether the difference is more than noise cannot be told from fewer than 4 test seeds: give more --test-seeds.',
  defaults: '',
};
