/** `proprio bench fin-compare`: learned policies of fin rays beside the best sinusoids. */
import { Command } from 'commander';
import { benchFinCompare } from '../bench/fin-compare/index.ts';
import { SINUSOID_FOLDER } from '../bench/sinusoid/index.ts';
import { collect, integerOption } from './options.ts';

interface FinCompareFlags {
  readonly episodes: number;
  readonly in?: string;
  readonly set: readonly string[];
  readonly sinusoids: string;
  readonly out?: string;
  readonly waveforms?: string;
  readonly json?: boolean;
}

export const finCompareCommand = (): Command =>
  new Command('fin-compare')
    .description(
      'Compare policies that were learned for fin rays with the best sinusoids, on the same episodes',
    )
    .argument('<runs...>', 'run folders; those that differ in their seed only are told together')
    .option('--episodes <n>', 'episodes of each', integerOption('--episodes', { low: 2, high: 128 }), 20)
    .option('--in <env>', 'play in another environment of fin rays with the same observations and actions')
    .option('--set <name=value>', 'change a setting of what is played in; may be repeated', collect, [])
    .option(
      '--sinusoids <dir>',
      'results of "proprio bench sinusoid", for thrust at equal power',
      SINUSOID_FOLDER,
    )
    .option('--out <file>', 'append a line of JSON for each run')
    .option('--waveforms <dir>', 'draw the best run of each task and objective beside the sinusoid')
    .addHelpText(
      'after',
      `
Examples:
  proprio bench fin-compare runs/fin-base-sac-1
  proprio bench fin-compare bench-results/agents/fin-base-*/run --out docs/curves/fin-ray.jsonl --waveforms docs/images
  proprio bench fin-compare runs/fin-base-sac-1 --in fin-base-fsi --set resolution=64

Settings of a run hold in the other environment too, as far as it has them.`,
    )
    .action(async (runs: string[], _, command: Command) => {
      const flags = command.optsWithGlobals<FinCompareFlags>();
      const { episodes, sinusoids, out, waveforms, json } = flags;
      const stage = { playedIn: flags.in, assignments: flags.set };
      const report = await benchFinCompare({ runs, stage, episodes, sinusoids, out, waveforms });
      if (json) console.log(JSON.stringify(report));
    });
