/** `proprio bench demonstrators`: see `scripts/bench/demonstrators.ts`. */
import { Command } from 'commander';
import { demonstratorOf } from '../../src/core/demonstrator.ts';
import { runRanges } from '../../src/run/config.ts';
import { benchDemonstrators, bisectDial, type DemonstratorRow } from '../bench/demonstrators.ts';
import { findSubject } from '../view/subject.ts';
import { parseDials } from './dial-options.ts';
import { collect, integerOption, numberOption } from './options.ts';

interface DemonstratorFlags {
  readonly set: readonly string[];
  readonly dial: readonly string[];
  readonly episodes: number;
  readonly seed: number;
  readonly bisect?: string;
  readonly target: number;
  readonly most: number;
  readonly rounds: number;
  readonly json?: boolean;
}

/** Far from the seeds that data sets are recorded with. */
const BENCH_SEED = 2_000_003;

export const demonstratorsCommand = (): Command =>
  new Command('demonstrators')
    .description(
      'Measure how often each grade of a demonstrator succeeds, or find the dial for a success rate',
    )
    .argument('<env>', 'see "proprio list envs"')
    .option('--set <name=value>', 'change a setting of the environment; may be repeated', collect, [])
    .option('--episodes <n>', 'episodes of each', integerOption('--episodes', { low: 1, high: 1e6 }), 200)
    .option('--seed <n>', 'seed of the episodes', integerOption('--seed', runRanges.seed), BENCH_SEED)
    .option('--bisect <dial>', 'search the value of this dial, from 0 to --most')
    .option('--target <rate>', 'success rate to search for', numberOption('--target'), 0.55)
    .option('--most <value>', 'of the dial that is searched', numberOption('--most'), 1)
    .option('--rounds <n>', 'halvings', integerOption('--rounds', { low: 1, high: 30 }), 6)
    .option('--dial <name=value>', 'the dials beside it; may be repeated', collect, [])
    .addHelpText(
      'after',
      `
Examples:
  proprio bench demonstrators hand-grasp-lift --set reward=sparse
  proprio bench demonstrators hand-grasp-lift --set reward=sparse --bisect poseBias.0 --most 0.04 --target 0.35 --dial scale=0.5`,
    )
    .action(async (name: string, _, command: Command) => {
      const flags = command.optsWithGlobals<DemonstratorFlags>();
      const { definition, settings } = findSubject(name, flags.set);
      const bench = { definition, settings, episodes: flags.episodes, seed: flags.seed };
      const { bisect: dial, target, most, rounds, json } = flags;
      if (dial === undefined) {
        const rows = await benchDemonstrators(bench, (grade, row) => console.log(line(grade, row)));
        if (json) console.log(JSON.stringify(rows));
        return;
      }
      const others = parseDials(demonstratorOf(definition), flags.dial);
      const value = await bisectDial(bench, { dial, target, most, rounds, others }, (tried, row) =>
        console.log(line(`${dial}=${tried}`, row)),
      );
      console.log(`${dial}=${value} for a success rate of ${target}`);
      if (json) console.log(JSON.stringify({ dial, value, target }));
    });

function line(
  name: string,
  { successes, episodes, interval, returnMean, lengthMean }: DemonstratorRow,
): string {
  const percent = (rate: number): string => (100 * rate).toFixed(1);
  const [low, high] = interval.map(percent);
  return [
    `  ${name.padEnd(16)} ${successes} of ${episodes}: ${percent(successes / episodes)} % (${low} to ${high})`,
    `return ${returnMean.toFixed(2)}`,
    `length ${lengthMean.toFixed(1)}`,
  ].join(', ');
}
