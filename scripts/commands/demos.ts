/** `proprio demos`: record a data set of demonstrations, or check one. */
import { Command } from 'commander';
import { gradeNames } from '../../src/core/demonstrator.ts';
import { UsageError } from '../../src/core/errors.ts';
import { runRanges } from '../../src/run/config.ts';
import { checkDataSet } from '../demos/check.ts';
import { recordDataSet } from '../demos/record.ts';
import { collect, integerOption } from './options.ts';

interface DemosFlags {
  readonly grade?: string;
  readonly dial: readonly string[];
  readonly set: readonly string[];
  readonly episodes: number;
  readonly seed: number;
  readonly out?: string;
  readonly check?: string;
  readonly env?: string;
  readonly json?: boolean;
}

export const demosCommand = (): Command =>
  new Command('demos')
    .description('Record demonstrations of a scripted player, as good or bad as wanted; or check a data set')
    .argument('[env]', 'see "proprio list envs"')
    .option('--grade <name>', `${gradeNames.join(', ')}: how often it succeeds (default: expert)`)
    .option('--dial <name=value>', 'change a dial of the player; may be repeated', collect, [])
    .option('--set <name=value>', 'change a setting of the environment; may be repeated', collect, [])
    .option('--episodes <n>', 'episodes', integerOption('--episodes', { low: 1, high: 1e6 }), 200)
    .option('--seed <n>', 'seed of episodes and errors', integerOption('--seed', runRanges.seed), 0)
    .option('--out <folder>', 'where to write it (LeRobotDataset v3.0); it must not exist yet')
    .option('--check <data>', 'tell what a data set holds, and whether it fits: a folder, or an HDF5 file')
    .option('--env <id>', 'with --check: the environment it is to fit (default: the one that it names)')
    .option('--json', 'print one JSON value as the last line')
    .addHelpText(
      'after',
      `
Examples:
  proprio demos hand-grasp-lift --grade mixed --set reward=sparse --out data/lift-mixed
  proprio demos drone-hover --episodes 20 --dial jitter=0.1 --out data/hover
  proprio demos --check data/lift-mixed
  proprio train hand-grasp-lift --set env.reward=sparse --set demonstrationData=data/lift-mixed

Failures are kept, and labelled. The same seed gives the same data.`,
    )
    .action(async (env: string | undefined, { check, env: target, out, ...flags }: DemosFlags) => {
      if (check !== undefined) {
        if (env !== undefined) throw new UsageError(`--check takes the environment as --env ${env}.`);
        return checkDataSet({ path: check, env: target, ...flags });
      }
      if (env === undefined) throw new UsageError('Which environment? See "proprio list envs".');
      if (target !== undefined) throw new UsageError('--env is for --check; name the environment first.');
      if (out === undefined) throw new UsageError('--out <folder> is needed: where to write the data set.');
      return recordDataSet({ env, out, ...flags });
    });
