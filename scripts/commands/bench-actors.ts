/** `proprio bench actors`: see `scripts/bench/actors.ts`. */
import { join } from 'node:path';
import { Command } from 'commander';
import { runRanges } from '../../src/run/config.ts';
import { benchActors } from '../bench/actors.ts';
import { integerOption, numberOption } from './options.ts';

interface ActorsFlags {
  readonly actors: readonly number[];
  readonly steps: number;
  readonly delay: number;
  readonly seeds: number;
  readonly target: number;
  readonly out: string;
  readonly json?: boolean;
}

export const actorsCommand = (): Command =>
  new Command('actors')
    .description(
      'Time the training of "ks" serially, with actors in lockstep and with asynchronous ones; an hour',
    )
    .option('--actors <a,b>', 'numbers of actors', countsOf, [1, 2, 4, 8])
    .option('--steps <n>', 'control steps of each run', integerOption('--steps', runRanges.steps), 12_000)
    .option('--delay <s>', 'by which each step is held up, s', numberOption('--delay'), 0.02)
    .option('--seeds <n>', 'seeds of each: 0, 1, …', integerOption('--seeds', { low: 1, high: 100 }), 3)
    .option(
      '--target <return>',
      'of training episodes, that counts as learnt',
      numberOption('--target'),
      -700,
    )
    .option('--out <dir>', 'folder of the results', join('bench-results', 'actors'))
    .addHelpText(
      'after',
      '\nExamples:\n  proprio bench actors\n  proprio bench actors --actors 2,4 --seeds 1\n\nStarted again, it goes on with what has no line in its results.jsonl yet.',
    )
    .action(async (_, command: Command) => {
      const { json, ...options } = command.optsWithGlobals<ActorsFlags>();
      const results = await benchActors(options);
      if (json) console.log(JSON.stringify(results));
    });

const countsOf = (text: string): number[] =>
  text.split(',').map(integerOption('--actors', { low: 1, high: runRanges.actors.high }));
