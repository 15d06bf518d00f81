#!/usr/bin/env node
/** The `proprio` program: commands, help, errors and exit codes. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { exitCode, ProprioError } from '../src/core/errors.ts';
import { benchCommand } from './commands/bench.ts';
import { checkUrdfCommand } from './commands/check-urdf.ts';
import { demosCommand } from './commands/demos.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { listCommand } from './commands/list.ts';
import { trainCommand } from './commands/train.ts';
import { tuneCommand } from './commands/tune.ts';
import { viewCommand } from './commands/view.ts';
import { packageFile } from './package-file.ts';

const { version, description } = JSON.parse(readFileSync(packageFile, 'utf8')) as Record<string, string>;

const program = new Command('proprio')
  .description(description!)
  .version(version!)
  .option('--debug', 'show where in the code an error arose')
  .showHelpAfterError('(--help shows what can be given)')
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    `
Start here:
  proprio train drone-hover             train a quadrotor to hover; a few minutes on two cores
  proprio evaluate runs/drone-hover-sac-1
  proprio view runs/drone-hover-sac-1   watch it fly, and push it about
  proprio list envs                     what can be trained
  proprio train --help                  how to change settings, continue a run, choose a device

Exit codes: 0 success, 1 failure, 2 wrong usage, 3 invalid setting, 4 something is missing on this machine,
130 interrupted after saving.`,
  );

const commands = [
  trainCommand(),
  evaluateCommand(),
  viewCommand(),
  checkUrdfCommand(),
  demosCommand(),
  tuneCommand(),
  listCommand(),
  benchCommand(),
  doctorCommand(),
];
for (const command of [program, ...commands]) command.exitOverride();
for (const command of commands) program.addCommand(command.copyInheritedSettings(program));

// Whoever reads the output may leave early, as in `proprio list | head -1`; the work goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Tells the user what went wrong. @returns the exit code */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has printed its message; help and version count as success.
    return error.exitCode === 0 ? exitCode.success : exitCode.usage;
  }
  const debug = program.opts<{ debug?: boolean }>().debug;
  if (error instanceof ProprioError || error instanceof RangeError) {
    console.error(`Error: ${debug ? error.stack : error.message}`);
    return error instanceof ProprioError ? error.exitCode : exitCode.failure;
  }
  const { message, stack } = error as Error;
  console.error(
    debug
      ? stack
      : `Error: ${message}\nThis looks like a fault of proprio itself; --debug shows where it arose.`,
  );
  return exitCode.failure;
}
