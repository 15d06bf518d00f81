/** The physics of hands in numbers: what a grip holds, a wrist crushes, and exploration breaks, and how fast it all is. */
import type { HandScenesOptions } from '../../../robots/humanoid-hand/index.ts';
import { machine } from '../machine.ts';
import { type CrushOptions, crush } from './crush.ts';
import { explore } from './exploration.ts';
import { grip, gripModel, hold, shapes } from './grip.ts';
import { benchHandSpeed, timed, undisturbed } from './speed.ts';

const DEGREE = Math.PI / 180;
const HOLD_SECONDS = 5;
/** An object that has moved farther has been lost, m. */
const LOST = 0.02;

const model = gripModel;
const engineDefaults = { lengthUnit: 1, contactFrequency: 30, solverIterations: 4, solverSweeps: 1 } as const;
const variants: Readonly<Record<string, Partial<HandScenesOptions>>> = {
  'ours, fixed wrist': { hands: [{ model }] },
  'ours, moving wrist': { hands: [{ model, movingWrist: true }] },
  'stock joints, engine defaults': { hands: [{ model, joints: 'impulse' }], ...engineDefaults },
  'stock joints, our contacts': {
    hands: [{ model, joints: 'impulse' }],
    solverIterations: 4,
    solverSweeps: 4,
  },
};

interface HoldRow {
  readonly variant: string;
  readonly object: string;
  /** Of so many grips. */
  readonly held: number;
  readonly of: number;
  /** Means over those that held: mm, degrees, mm. */
  readonly drift: number;
  readonly spin: number;
  readonly depth: number;
  /** Of a physics step of one scene with all that goes with it, µs. */
  readonly microseconds: number;
}

function benchHold(): readonly HoldRow[] {
  const objects = Object.keys(shapes) as (keyof typeof shapes)[];
  return Object.entries(variants).flatMap(([variant, options]) =>
    objects.map((object) => {
      const gripped = grip(object, options);
      const shifts = hold(gripped, HOLD_SECONDS);
      const durations = Array.from({ length: 50 }, () => timed(() => gripped.scenes.advance(8)));
      const kept = shifts.filter(({ drift }) => drift < LOST);
      const mean = (of: (shift: (typeof shifts)[number]) => number): number =>
        kept.reduce((sum, shift) => sum + of(shift), 0) / kept.length;
      const row = {
        variant,
        object,
        held: kept.length,
        of: shifts.length,
        drift: mean(({ drift }) => 1e3 * drift),
        spin: mean(({ spin }) => spin / DEGREE),
        depth: mean(({ depth }) => 1e3 * depth),
        microseconds: (1e3 * undisturbed(durations)) / (8 * shifts.length),
      };
      gripped.scenes.worlds.free();
      console.log(
        [
          `  ${variant.padEnd(30)} ${object}  held ${row.held}/${row.of}`,
          `drift ${row.drift.toFixed(2)} mm`,
          `spin ${row.spin.toFixed(1)}°`,
          `depth ${row.depth.toFixed(2)} mm`,
          `${row.microseconds.toFixed(0)} µs/step`,
        ].join('  '),
      );
      return row;
    }),
  );
}

function benchCrush() {
  const cases: readonly CrushOptions[] = [
    { speed: 0.1, cube: true },
    { speed: 0.5, cube: true },
    { speed: 0.5, cube: false },
    { speed: 0.5, cube: true, guardForce: Number.POSITIVE_INFINITY },
    { speed: 0.1, cube: false },
    { speed: 0.1, cube: false, impedance: true },
    { speed: 0.1, cube: true, impedance: true },
  ];
  return cases.map((options) => {
    const result = crush(options);
    const guard = options.guardForce === undefined ? 'guarded' : 'unguarded';
    const [what, wrist] = [options.cube ? 'cube' : 'no cube', options.impedance ? 'on springs' : guard];
    const [force, depth] = [result.force.toFixed(0), (1e3 * result.depth).toFixed(1)];
    console.log(`  ${options.speed} m/s, ${what}, ${wrist}: ${force} N, depth ${depth} mm`);
    return { ...options, ...result };
  });
}

/** Ten minutes in all. */
function benchExploration() {
  const found = explore(10, 60, 1);
  const part = (steps: number): string => `${((100 * steps) / found.controlSteps).toFixed(1)} %`;
  console.log(
    [
      `  faults ${found.faults}`,
      `not finite ${found.notFinite}`,
      `touching ${part(found.touching)} of the time`,
      `deeper than 2 mm ${part(found.deep)}`,
      `deepest ${(1e3 * found.depth).toFixed(1)} mm`,
      `beyond a range by ${found.beyondRange.toFixed(3)} rad`,
    ].join(', '),
  );
  return found;
}

function benchSpeed() {
  const speeds = benchHandSpeed();
  for (const { name, controlSteps, target, torqueLaw } of speeds) {
    const speed = `${controlSteps.toFixed(0)} control steps/s (to reach: ${target})`;
    console.log(`  ${name.padEnd(26)} ${speed}, torque law ${(100 * torqueLaw).toFixed(0)} %`);
  }
  return speeds;
}

/** Each prints a table as it goes. */
export const handBenches: Readonly<Record<string, { readonly title: string; readonly run: () => unknown }>> =
  {
    hold: { title: `grip of ${HOLD_SECONDS} s in a hand that looks down, 100 g`, run: benchHold },
    crush: { title: 'a wrist that is driven into a table: peak force on it', run: benchCrush },
    exploration: { title: 'ten minutes of random commands', run: benchExploration },
    speed: { title: `speed, one core; ${machine()}`, run: benchSpeed },
  };
