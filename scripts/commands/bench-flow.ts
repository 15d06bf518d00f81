/** `proprio bench flow`: how fast the lattice-Boltzmann fluid is here, and how far it is from published flows. */
import { Command } from 'commander';
import { lookUp } from '../../src/core/errors.ts';
import { benchKernel, flowValidations, type Validation, validationTable } from '../bench/flow/index.ts';

function validate(run: () => readonly Validation[]): readonly Validation[] {
  const validations = run();
  for (const validation of validations) console.log(validationTable(validation));
  return validations;
}

const benches: Readonly<Record<string, () => unknown>> = {
  kernel: benchKernel,
  ...Object.fromEntries(Object.entries(flowValidations).map(([name, run]) => [name, () => validate(run)])),
};

export const flowCommand = (): Command =>
  new Command('flow')
    .description(
      'Measure the fluid: kernel (updates per second), and flows beside published numbers; minutes each',
    )
    .argument('[names...]', `${Object.keys(benches).join(', ')}; all of them without it`)
    .addHelpText('after', '\nExamples:\n  proprio bench flow kernel\n  proprio bench flow cylinder --json')
    .action((names: string[], _, command: Command) => {
      const chosen = names.length > 0 ? names : Object.keys(benches);
      const runs = chosen.map((name) => [name, lookUp('flow benchmark', benches, name)] as const);
      const results = Object.fromEntries(runs.map(([name, run]) => [name, run()]));
      if (command.optsWithGlobals<{ json?: boolean }>().json) console.log(JSON.stringify(results));
    });
