/** `proprio bench flow`: how fast the lattice-Boltzmann fluid is here, and how far it is from published flows. */
import { Command } from 'commander';
import { lookUp, UsageError } from '../../src/core/errors.ts';
import { benchKernel, flowValidations, type Validation, validationTable } from '../bench/flow/index.ts';
import { validateRay } from '../bench/flow/ray.ts';
import { integerOption, numberOption } from './options.ts';

interface FlowFlags {
  readonly resolutions?: readonly number[];
  readonly openTip?: readonly number[];
  readonly smagorinsky?: number;
  readonly json?: boolean;
}

function validate(run: () => readonly Validation[]): readonly Validation[] {
  const validations = run();
  for (const validation of validations) console.log(validationTable(validation));
  return validations;
}

const benches: Readonly<Record<string, () => unknown>> = {
  kernel: benchKernel,
  ...Object.fromEntries(Object.entries(flowValidations).map(([name, run]) => [name, () => validate(run)])),
};

/** The same, with the grids of the ray as the flags say. @throws UsageError where these are of no use */
function benchesWith(
  { resolutions, openTip: openTips, smagorinsky }: FlowFlags,
  names: readonly string[],
): typeof benches {
  const series = { resolutions, openTips, smagorinsky };
  if (Object.values(series).every((value) => value === undefined)) return benches;
  if (!names.includes('ray'))
    throw new UsageError(
      '--resolutions, --open-tip and --smagorinsky are of the ray alone: use "proprio bench flow ray".',
    );
  return { ...benches, ray: () => validate(() => validateRay(series)) };
}

/** Whole numbers with commas between them. */
const integersOf =
  (flag: string, range: { readonly low: number; readonly high: number }) =>
  (text: string): number[] =>
    text.split(',').map(integerOption(flag, range));

const few = { low: 1, high: 1024 };

export const flowCommand = (): Command =>
  new Command('flow')
    .description(
      'Measure the fluid: kernel (updates per second), and flows beside published numbers; minutes each',
    )
    .argument('[names...]', `${Object.keys(benches).join(', ')}; all of them without it`)
    .option('--resolutions <n,m>', 'of the ray: nodes a length', integersOf('--resolutions', few))
    .option(
      '--open-tip <n,m>',
      'of the ray: markers at its tip that hold the fluid across it only',
      integersOf('--open-tip', { ...few, low: 0 }),
    )
    .option(
      '--smagorinsky <c>',
      'of the ray: constant of its subgrid eddies, 0 for none',
      numberOption('--smagorinsky'),
    )
    .addHelpText(
      'after',
      `
Examples:
  proprio bench flow kernel
  proprio bench flow cylinder --json
  proprio bench flow ray --open-tip 0,3,5,6 --resolutions 32,48,64 --smagorinsky 0`,
    )
    .action((names: string[], _, command: Command) => {
      const flags = command.optsWithGlobals<FlowFlags>();
      const table = benchesWith(flags, names);
      const chosen = names.length > 0 ? names : Object.keys(table);
      const runs = chosen.map((name) => [name, lookUp('flow benchmark', table, name)] as const);
      const results = Object.fromEntries(runs.map(([name, run]) => [name, run()]));
      if (flags.json) console.log(JSON.stringify(results));
    });
