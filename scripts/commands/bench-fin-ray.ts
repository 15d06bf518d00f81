/** `proprio bench sinusoid` and `fin-trends`: what sine waves make of fin rays. */
import { Command, Option } from 'commander';
import { flowTasks } from '../../envs/fin-ray/flow-tasks.ts';
import { type Objective, objectives } from '../../envs/fin-ray/objective.ts';
import { finTasks } from '../../envs/fin-ray/tasks.ts';
import { exitCode, lookUp } from '../../src/core/errors.ts';
import { benchFinTrends } from '../bench/fin-trends/index.ts';
import type { SearchedTask } from '../bench/sinusoid/grid.ts';
import { benchSinusoid, SINUSOID_FOLDER } from '../bench/sinusoid/index.ts';
import { stopOnInterrupt } from '../interrupt.ts';

interface FinRayFlags {
  readonly out: string;
  readonly json?: boolean;
}

export const sinusoidCommand = (): Command =>
  new Command('sinusoid')
    .description('Find the best sinusoid of the fin-ray tasks for each objective; an hour or two')
    .argument(
      '[envs...]',
      `${Object.keys(finTasks).join(', ')}: all of them without it; ${Object.keys(flowTasks).join(', ')}`,
    )
    .addOption(
      new Option('--objective <name>', 'the only one to search for (default: all of them)').choices(
        objectives,
      ),
    )
    .option('--out <dir>', 'folder of the results', SINUSOID_FOLDER)
    .addHelpText(
      'after',
      `
Examples:
  proprio bench sinusoid
  proprio bench sinusoid fin-base --out results
  proprio bench sinusoid fin-base-fsi --objective thrust

Each wave that is measured is a line of <env>.jsonl in --out; started again, the same command goes on from there. To
measure anew, delete the file. The best of each objective is in <env>-<objective>.json, with an episode of it.`,
    )
    .action(async (names: string[], _, command: Command) => {
      const { out, json, objective } = command.optsWithGlobals<FinRayFlags & { objective?: Objective }>();
      const known = Object.fromEntries(
        [...Object.keys(finTasks), ...Object.keys(flowTasks)].map((name) => [name, name as SearchedTask]),
      );
      const tasks = (names.length > 0 ? names : Object.keys(finTasks)).map((name) =>
        lookUp('fin-ray task', known, name),
      );
      const stop = stopOnInterrupt('Stopping after the wave under way. The same command goes on from here.');
      const { best, interrupted } = await benchSinusoid(
        tasks,
        objective ? [objective] : objectives,
        out,
        stop,
      );
      if (json) console.log(JSON.stringify(best));
      if (interrupted) process.exitCode = exitCode.interrupted;
    });

export const finTrendsCommand = (): Command =>
  new Command('fin-trends')
    .description(
      'Draw efficiency over Strouhal number and thrust over frequency of fin rays, and check their peaks; minutes',
    )
    .option('--out <dir>', 'folder of the pictures', 'docs/images')
    .addHelpText(
      'after',
      '\nExamples:\n  proprio bench fin-trends\n  proprio bench fin-trends --out . --json',
    )
    .action(async (_, command: Command) => {
      const { out, json } = command.optsWithGlobals<FinRayFlags>();
      const checks = await benchFinTrends(out);
      if (json) console.log(JSON.stringify(checks));
    });
