/** `proprio bench hands`: what the physics of humanoid hands holds, beside the engine's usual joints, and how fast it is. */
import { Command } from 'commander';
import { lookUp } from '../../src/core/errors.ts';
import { handBenches } from '../bench/hands/index.ts';

export const handsCommand = (): Command =>
  new Command('hands')
    .description(
      'Measure the hands: hold (grips, beside stock joints), crush, exploration, speed; a few minutes in all',
    )
    .argument('[names...]', `${Object.keys(handBenches).join(', ')}; all of them without it`)
    .addHelpText('after', '\nExamples:\n  proprio bench hands hold\n  proprio bench hands --json')
    .action((names: string[], _, command: Command) => {
      const chosen = names.length > 0 ? names : Object.keys(handBenches);
      const runs = chosen.map((name) => [name, lookUp('hand benchmark', handBenches, name)] as const);
      const results = runs.map(([name, { title, run }]) => {
        console.log(title);
        return [name, run()] as const;
      });
      if (command.optsWithGlobals<{ json?: boolean }>().json)
        console.log(JSON.stringify(Object.fromEntries(results)));
    });
