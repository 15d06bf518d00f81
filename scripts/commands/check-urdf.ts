/** `proprio check-urdf`: what is read of a URDF file, what is changed on the way to a robot, and what is wrong with it. */
import { Command } from 'commander';
import { ProprioError } from '../../src/core/errors.ts';
import { readUrdf } from '../../src/physics/urdf/load.ts';
import { urdfJson, urdfReport } from '../../src/physics/urdf/report.ts';
import { shownPath, urdfOptionsHelp, urdfSource } from '../urdf/source.ts';

interface CheckFlags {
  readonly options?: string;
  readonly json?: boolean;
}

export const checkUrdfCommand = (): Command =>
  new Command('check-urdf')
    .description('Read a URDF file and tell what was merged, capped, guessed, ignored and refused')
    .argument('<file>', 'the URDF file; its meshes are looked for as it names them')
    .option('--options <file>', urdfOptionsHelp)
    .option('--json', 'print one JSON value')
    .addHelpText(
      'after',
      `
Examples:
  proprio check-urdf hand.urdf
  proprio check-urdf hand.urdf --options hand.json --json

It ends with exit code 1 where something is refused. To see the robot and move its joints: proprio view --urdf hand.urdf`,
    )
    .action(async (file: string, { options, json }: CheckFlags) => {
      const source = urdfSource(file, options);
      const reading = await readUrdf(source);
      const shown = shownPath(source);
      console.log(json ? JSON.stringify(urdfJson(shown, reading)) : urdfReport(shown, reading));
      if (reading.robot) return;
      const refused = reading.findings.filter(({ kind }) => kind === 'refused').length;
      const what = refused === 1 ? 'one thing is' : `${refused} things are`;
      throw new ProprioError(`${shown} makes no robot: ${what} refused, as is told above with what to do.`);
    });
