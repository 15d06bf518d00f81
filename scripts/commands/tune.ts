/** `proprio tune`: find settings of an agent for an environment, and test them on seeds of their own. */
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { agents } from '../../agents/index.ts';
import { exitCode } from '../../src/core/errors.ts';
import { runRanges } from '../../src/run/config.ts';
import { wholeNumber } from '../bench/agents/text.ts';
import { stopRunsOnInterrupt } from '../interrupt.ts';
import { TuningFolder } from '../tune/folder.ts';
import { DEFAULTS, REDUCTION } from '../tune/halving.ts';
import { type Objective, objectives } from '../tune/objective.ts';
import { planTuning, type TuningPlan } from '../tune/plan.ts';
import { reportOf, reportText } from '../tune/report.ts';
import { tune } from '../tune/tune.ts';
import { collect, integerOption } from './options.ts';

interface TuneFlags {
  readonly agent: string;
  readonly trials: number;
  readonly steps?: number;
  readonly rungs?: number;
  readonly objective: Objective;
  readonly search: readonly string[];
  readonly only?: readonly string[];
  readonly set: readonly string[];
  readonly tuningSeeds: readonly number[];
  readonly testSeeds: readonly number[];
  readonly seed: number;
  readonly jobs: number;
  readonly out?: string;
  readonly json?: boolean;
}

const DEFAULT_TRIALS = 18;

export const tuneCommand = (): Command =>
  new Command('tune')
    .description('Search settings of an agent by successive halving, and test the best on fresh seeds; hours')
    .argument('<env>', 'environment, see "proprio list envs"')
    .option('--agent <name>', 'algorithm, see "proprio list agents"', 'sac')
    .option(
      '--trials <n>',
      'settings to try; the first are the defaults',
      integerOption('--trials', { low: 1, high: 10_000 }),
      DEFAULT_TRIALS,
    )
    .option(
      '--steps <n>',
      'control steps of a whole run (default: tuned for the environment and the agent)',
      integerOption('--steps', runRanges.steps),
    )
    .option(
      '--rungs <n>',
      'times that trials are compared (default: until one of them is left, at most 3)',
      integerOption('--rungs', { low: 1, high: 10 }),
    )
    .addOption(
      new Option('--objective <name>', 'what is compared, of success or else of return')
        .choices(objectives)
        .default('area'),
    )
    .option(
      '--search <name=values>',
      'search a setting in low..high or in a,b,c; may be repeated',
      collect,
      [],
    )
    .option('--only <a,b>', 'search these settings and no others', names)
    .option('--set <name=value>', 'fix a setting in every run; may be repeated', collect, [])
    .option(
      '--tuning-seeds <list>',
      'seeds that trials are compared by',
      seeds('--tuning-seeds'),
      [1000, 1001],
    )
    .option('--test-seeds <list>', 'seeds of the test', seeds('--test-seeds'), [0, 1, 2, 3, 4])
    .option('--seed <n>', 'seed of the trials’ settings', integerOption('--seed', runRanges.seed), 0)
    .option(
      '--jobs <n>',
      'runs at a time, of one thread each',
      integerOption('--jobs', { low: 1, high: 1024 }),
      availableParallelism(),
    )
    .option('--out <dir>', 'folder of the tuning (default: tune/<env>-<agent>-<number>)')
    .option('--json', 'print one JSON value with the result as the last line')
    .addHelpText(
      'after',
      () => `
Examples:
  proprio tune pendulum --agent sac --trials 9
  proprio tune drone-hover --only actorLearningRate,criticLearningRate,discount
  proprio tune drone-hover --search discount=0.95..0.995 --search 'hidden=[64,64],[256,256]'
  proprio tune drone-hover --search actorLearningRate=log:1e-4..1e-3 --set env.windSpeed=2
  proprio tune pendulum --tuning-seeds 1000..1004 --test-seeds 0..9

A range that spans more than a decade is searched by its logarithm; log: and linear: say it explicitly. Each agent has a
search of its own, which --search overrides and adds to, and --only narrows.

Trials start with a part of the steps; the best third goes on to ${REDUCTION} times as many, and so do the defaults, which are trial
${DEFAULTS}. The last of them is then trained on test seeds, and so are the defaults. Objectives: area (mean height of the curve of
evaluations), final (the last evaluation), steps-to-95 (steps until 95 % succeed).

The same command goes on with a tuning that was interrupted. The folder holds plan.json, trials.jsonl (a line for each
trial and rung), the runs, best.json for "proprio train --config", and report.json. Ctrl-C saves a checkpoint of the runs
under way.

Searched unless told otherwise:
${Object.values(agents)
  .map(({ name, search }) => `  ${name.padEnd(16)} ${Object.keys(search ?? {}).join(', ')}`)
  .join('\n')}`,
    )
    .action(runTuning);

async function runTuning(env: string, flags: TuneFlags): Promise<void> {
  const { set, jobs, out, json, ...options } = flags;
  const plan = planTuning({ ...options, env, settings: set });
  const folder = TuningFolder.open(plan, out);
  const stop = stopRunsOnInterrupt();
  await folder.alone(async () => {
    console.log(describePlan(plan, folder.path, jobs));
    const test = await tune(plan, folder, jobs, stop);
    if (!test) {
      console.log('\nInterrupted, and saved. The same command goes on.');
      process.exitCode = exitCode.interrupted;
      return;
    }
    const report = reportOf(plan, folder, test);
    folder.writeReport(report);
    console.log(`\n${reportText(plan, test, report)}`);
    if (json) console.log(JSON.stringify(report));
  });
}

function describePlan(plan: TuningPlan, path: string, jobs: number): string {
  const { env, agent, trials, rungs, tuningSeeds, testSeeds, space } = plan;
  const steps = rungs.map((rung) => `${wholeNumber(rung.steps)} (${rung.trials})`).join(', ');
  return [
    `Tuning ${agent} on ${env}: ${trials.length} trials, ${jobs} runs at a time, in ${path}`,
    `Searched: ${Object.keys(space).join(', ')}`,
    `Steps, and the trials that get so far beside the defaults: ${steps}`,
    `Tuning seeds ${tuningSeeds.join(', ')}; test seeds ${testSeeds.join(', ')}`,
  ].join('\n');
}

function names(text: string): string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))];
}

const MOST_SEEDS = 1_000;

/** Whole numbers and ranges of them, `0..4,7`. */
function seeds(flag: string): (text: string) => number[] {
  const seed = integerOption(flag, runRanges.seed);
  return (text) => {
    const all = text.split(',').flatMap((part) => {
      const [low, high = low, ...more] = part.trim().split('..').map(seed) as [number, ...number[]];
      if (more.length > 0 || high < low || high - low >= MOST_SEEDS) {
        throw new InvalidArgumentError(`${flag} takes seeds and ranges of them, such as 0..4,7.`);
      }
      return Array.from({ length: high - low + 1 }, (_, i) => low + i);
    });
    if (new Set(all).size === all.length) return all;
    throw new InvalidArgumentError(`${flag} has a seed twice.`);
  };
}
