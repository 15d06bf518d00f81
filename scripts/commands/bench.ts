/** `proprio bench`: measure speed on this machine. Numbers of other machines are in docs/benchmarks.md. */
import { Command } from 'commander';
import { lookUp } from '../../src/core/errors.ts';
import { benchEnv } from '../bench/env.ts';
import { benchMemory } from '../bench/memory.ts';
import { benchTrain } from '../bench/train.ts';
import { benchUpdate } from '../bench/update.ts';

const benches = { update: benchUpdate, env: benchEnv, memory: benchMemory, train: benchTrain } as const;

export const benchCommand = (): Command =>
  new Command('bench')
    .description(
      'Measure this machine: update (SAC update on each device), env (steps per second), memory, train (three tasks, three seeds; about half an hour)',
    )
    .argument('[names...]', 'benchmarks to run; all of them without it')
    .option('--json', 'print one JSON value as the last line')
    .addHelpText('after', '\nExamples:\n  proprio bench env\n  proprio bench update memory --json')
    .action(async (names: string[], { json }: { json?: boolean }) => {
      const chosen = (names.length > 0 ? names : Object.keys(benches)).map(
        (name) => [name, lookUp('benchmark', benches, name)] as const,
      );
      const results: Record<string, unknown> = {};
      for (const [name, bench] of chosen) results[name] = await bench();
      if (json) console.log(JSON.stringify(results));
    });
