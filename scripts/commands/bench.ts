/**
 * `proprio bench`: measure speed on this machine, and how well agents learn. Numbers of other machines are in
 * docs/benchmarks.md.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import { exitCode, lookUp } from '../../src/core/errors.ts';
import { runRanges } from '../../src/run/config.ts';
import { resultTables } from '../bench/agents/table.ts';
import { benchAgents, RESULTS_FILE, RESULTS_FOLDER } from '../bench/agents.ts';
import { benchEnv } from '../bench/env.ts';
import { benchMemory } from '../bench/memory.ts';
import { benchPlot } from '../bench/plot.ts';
import { benchTrain } from '../bench/train.ts';
import { BATCH_SIZES, sweepUpdate } from '../bench/update/sweep.ts';
import { benchUpdate, DEFAULT_AGENTS } from '../bench/update.ts';
import { soakView } from '../bench/view/soak.ts';
import { benchView } from '../bench/view.ts';
import { stopRunsOnInterrupt } from '../interrupt.ts';
import { actorsCommand } from './bench-actors.ts';
import { demonstratorsCommand } from './bench-demonstrators.ts';
import { finCompareCommand } from './bench-fin-compare.ts';
import { finTrendsCommand, sinusoidCommand } from './bench-fin-ray.ts';
import { flowCommand } from './bench-flow.ts';
import { handsCommand } from './bench-hands.ts';
import { type BesideFlags, besideArguments, withBesideOptions } from './beside-options.ts';
import { collect, integerOption, numberOption } from './options.ts';

const benches: Readonly<Record<string, () => Promise<unknown>>> = {
  update: benchUpdate,
  env: benchEnv,
  memory: benchMemory,
  train: benchTrain,
};
const DEFAULT_ENVS = ['pendulum', 'drone-hover', 'drone-track'];
const DEFAULT_SEEDS = 5;

/** A command whose subcommands show errors and end as the program does, where it is added after they were. */
class CommandGroup extends Command {
  override copyInheritedSettings(source: Command): this {
    super.copyInheritedSettings(source);
    for (const command of this.commands) command.copyInheritedSettings(this);
    return this;
  }
}

export const benchCommand = (): Command =>
  new CommandGroup('bench')
    .description(
      'Measure this machine: update (of the agents, beside PyTorch), env (steps per second), memory, train (three tasks, three seeds; about half an hour)',
    )
    .argument('[names...]', 'benchmarks to run; all four without it')
    .option('--json', 'print one JSON value as the last line')
    .addHelpText(
      'after',
      '\nExamples:\n  proprio bench env\n  proprio bench update memory --json\n  proprio bench agents --help',
    )
    .action(async (names: string[], { json }: { json?: boolean }) =>
      runBenches(names.length > 0 ? names : Object.keys(benches), json),
    )
    .addCommand(updateCommand())
    .addCommand(viewCommand())
    .addCommand(actorsCommand())
    .addCommand(flowCommand())
    .addCommand(handsCommand())
    .addCommand(demonstratorsCommand())
    .addCommand(sinusoidCommand())
    .addCommand(finTrendsCommand())
    .addCommand(finCompareCommand())
    .addCommand(agentsCommand())
    .addCommand(plotCommand());

async function runBenches(names: readonly string[], json?: boolean, table = benches): Promise<void> {
  const chosen = names.map((name) => [name, lookUp('benchmark', table, name)] as const);
  const results: Record<string, unknown> = {};
  for (const [name, bench] of chosen) results[name] = await bench();
  if (json) console.log(JSON.stringify(results));
}

interface UpdateFlags {
  readonly agents?: readonly string[];
  readonly sweep?: boolean;
  readonly batches?: readonly number[];
  readonly rounds?: number;
  readonly updates?: number;
  readonly json?: boolean;
}

function updateCommand(): Command {
  const few = { low: 1, high: 10_000 };
  return new Command('update')
    .description('Measure the update of agents on this CPU, beside PyTorch where python3 has it')
    .argument('[names...]', 'benchmarks to run after it')
    .option(
      '--agents <a,b>',
      `see "proprio list agents" (default: ${DEFAULT_AGENTS.join(',')})`,
      namesOf('agent', agents),
    )
    .addOption(new Option('--sweep', 'SAC at growing batches on each device that loads').conflicts('agents'))
    .addOption(
      new Option('--batches <n,m>', `those of the sweep (default: ${BATCH_SIZES.join(',')})`)
        .argParser(integersOf)
        .implies({ sweep: true }),
    )
    .addOption(new Option('--rounds <n>').argParser(integerOption('--rounds', few)).hideHelp())
    .addOption(new Option('--updates <n>').argParser(integerOption('--updates', few)).hideHelp())
    .addHelpText(
      'after',
      `
Examples:
  proprio bench update
  proprio bench update --agents tqc,ppo
  PYTHON=venv/bin/python proprio bench update --json
  proprio bench update --sweep`,
    )
    .action(async (names: string[], _, command: Command) => {
      const { json, sweep, batches = BATCH_SIZES, ...flags } = command.optsWithGlobals<UpdateFlags>();
      const update = () => (sweep ? sweepUpdate({ ...flags, batchSizes: batches }) : benchUpdate(flags));
      await runBenches(['update', ...names], json, { ...benches, update });
    });
}

interface ViewFlags {
  readonly rounds: number;
  readonly seconds?: number;
  readonly soak?: boolean;
  readonly json?: boolean;
}

/** Lengths unless told otherwise, s. */
const WINDOW_SECONDS = 20;
const SOAK_SECONDS = 600;

function viewCommand(): Command {
  return new Command('view')
    .description(
      'Measure what a page at a training run costs it, or with --soak what pages that stop reading do',
    )
    .option(
      '--rounds <n>',
      'windows with a page and without',
      integerOption('--rounds', { low: 1, high: 1000 }),
      8,
    )
    .option(
      '--seconds <n>',
      `length of a window, or of the soak (default: ${WINDOW_SECONDS}, or ${SOAK_SECONDS})`,
      integerOption('--seconds', { low: 1, high: 1e6 }),
    )
    .option('--soak', 'watch memory instead, with pages that stop reading')
    .addHelpText('after', '\nExamples:\n  proprio bench view\n  proprio bench view --soak')
    .action(async (_, command: Command) => {
      const { soak, rounds, seconds, json } = command.optsWithGlobals<ViewFlags>();
      const result = soak
        ? await soakView(seconds ?? SOAK_SECONDS, console.log)
        : await benchView({ rounds, seconds: seconds ?? WINDOW_SECONDS });
      if (json) console.log(JSON.stringify(result));
    });
}

interface AgentsFlags extends BesideFlags {
  readonly agents?: readonly string[];
  readonly envs?: readonly string[];
  readonly seeds: number;
  readonly jobs: number;
  readonly steps?: number;
  readonly set: readonly string[];
  readonly label: string;
  readonly solved?: number;
  readonly out: string;
  readonly json?: boolean;
}

function agentsCommand(): Command {
  return withBesideOptions(new Command('agents'))
    .description('Train agents on environments with several seeds, and compare how they learn; hours')
    .option('--agents <a,b>', 'see "proprio list agents" (default: all)', namesOf('agent', agents))
    .option(
      '--envs <a,b>',
      `see "proprio list envs" (default: ${DEFAULT_ENVS.join(',')})`,
      namesOf('environment', envs),
    )
    .option(
      '--seeds <n>',
      'seeds of each: 0, 1, …',
      integerOption('--seeds', { low: 1, high: 1000 }),
      DEFAULT_SEEDS,
    )
    .option(
      '--jobs <n>',
      'runs at a time, of one thread each',
      integerOption('--jobs', { low: 1, high: 1024 }),
      availableParallelism(),
    )
    .option(
      '--steps <n>',
      'control steps of each run (default: tuned for the environment and the agent)',
      integerOption('--steps', runRanges.steps),
    )
    .option('--set <name=value>', 'change a setting in every run; may be repeated', collect, [])
    .option('--label <text>', 'name of this variant, beside the agent in tables', '')
    .option(
      '--solved <score>',
      'first score from which on a task without success counts as solved (default: none)',
      numberOption('--solved'),
    )
    .option('--out <dir>', 'folder of the results', RESULTS_FOLDER)
    .addHelpText(
      'after',
      `
Examples:
  proprio bench agents --envs pendulum --seeds 3
  proprio bench agents --agents sac --set criticLayerNorm=false --label plain
  proprio bench agents --envs volley-solo-bump --solved 8
  proprio bench agents --envs hand-grasp-lift --agents residual --seeds 3 --base runs/clone-{seed}
  proprio bench plot

{seed} in a name stands for each seed. Each run has a folder in --out, and a line in its ${RESULTS_FILE} once it is finished. Started again, the same command goes
on: runs with a line are skipped, others continue from their checkpoint. Ctrl-C saves a checkpoint of the runs under way.
To measure a run anew, delete its folder and its line.`,
    )
    .action(async (_, command: Command) => runAgents(command.optsWithGlobals<AgentsFlags>()));
}

async function runAgents(flags: AgentsFlags): Promise<void> {
  const { set, json, ...others } = flags;
  const options = {
    ...{ agents: Object.keys(agents), envs: DEFAULT_ENVS, ...others },
    settings: set,
    options: besideArguments(flags),
  };
  const { results, failed, interrupted } = await benchAgents(options, stopRunsOnInterrupt());
  if (results.length > 0) console.log(`\n${resultTables(results)}`);
  if (failed.length > 0) {
    console.error(
      `Error: failed: ${failed.map(({ run }) => run).join(', ')}. Their output is in ${flags.out}.`,
    );
  }
  if (interrupted) console.log('\nInterrupted, and saved. The same command goes on.');
  if (json) {
    console.log(JSON.stringify({ results: join(flags.out, RESULTS_FILE), finished: results.length, failed }));
  }
  if (interrupted) process.exitCode = exitCode.interrupted;
  else if (failed.length > 0) process.exitCode = exitCode.failure;
}

interface PlotFlags {
  readonly from: string;
  readonly out: string;
  readonly agents?: readonly string[];
  readonly json?: boolean;
}

function plotCommand(): Command {
  return new Command('plot')
    .description(
      'Draw learning curves of "proprio bench agents", a picture for each environment, and print tables',
    )
    .option('--from <file>', 'results to draw', join(RESULTS_FOLDER, RESULTS_FILE))
    .option('--agents <a,b>', 'agents to show (default: all that have results)', namesOf('agent', agents))
    .option('--out <dir>', 'folder of the pictures', 'docs/curves')
    .addHelpText(
      'after',
      '\nExamples:\n  proprio bench plot\n  proprio bench plot --from other/results.jsonl --out .',
    )
    .action((_, command: Command) => {
      const { from, out, agents: shown, json } = command.optsWithGlobals<PlotFlags>();
      const pictures = benchPlot(from, out, shown);
      if (json) console.log(JSON.stringify(pictures));
    });
}

/** Names with commas between them, each listed in `table`. */
const namesOf =
  (kind: string, table: Readonly<Record<string, unknown>>) =>
  (text: string): string[] => {
    const names = [...new Set(text.split(',').map((name) => name.trim()))];
    for (const name of names) lookUp(kind, table, name);
    return names;
  };

/** Batch sizes with commas between them. */
const integersOf = (text: string): number[] =>
  text.split(',').map(integerOption('--batches', { low: 1, high: 1_000_000 }));
