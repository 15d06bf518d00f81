/**
 * A cylinder in a free stream at Reynolds number 100 sheds a street of vortices whose frequency and forces are known. The
 * domain is wide enough for its sides to matter by about a percent.
 */
import { Fluid } from '../../../src/flow/fluid.ts';
import { oscillation } from './oscillation.ts';
import { circle, recordForces } from './rigid-body.ts';
import { quantity, type Validation } from './validation.ts';

const REYNOLDS = 100;
/** Of the domain, and of its parts before and behind the cylinder, in diameters. */
const HEIGHT = 20;
const UPSTREAM = 10;
const DOWNSTREAM = 15;
/** In D/U: of the spin that spares waiting for rounding errors to grow, of the whole run, and of its measured end. */
const SPIN_TIME = 4;
const TIME = 90;
const MEASURED_TIME = 30;
const TOLERANCE = 0.03;

export interface CylinderSettings {
  /** In nodes. */
  readonly diameter: number;
  /** Of the stream, in lattice units. */
  readonly speed: number;
}

export function validateCylinder(
  { diameter, speed }: CylinderSettings = { diameter: 24, speed: 0.1 },
): Validation {
  const columns = 4 * Math.round(((UPSTREAM + DOWNSTREAM) * diameter) / 4);
  const rows = Math.round(HEIGHT * diameter);
  const fluid = new Fluid({
    ...{ columns, rows, viscosity: (speed * diameter) / REYNOLDS, speed },
    ...{ left: 'matched', right: 'convective', bottom: 'matched', top: 'matched' },
    ...{ inletBuffer: 12, outletBuffer: 2 * diameter },
  });
  const body = circle(fluid, UPSTREAM * diameter, (rows + 1) / 2, diameter);
  const perTime = diameter / speed;
  const steps = Math.round(TIME * perTime);
  const spin = (step: number): number => (step < SPIN_TIME * perTime ? speed : 0);
  const record = recordForces(fluid, body, { speed, diameter }, steps, spin);
  const from = steps - Math.round(MEASURED_TIME * perTime);
  const lifts = record.lift.subarray(from);
  const lift = oscillation(lifts);
  const drag = oscillation(record.drag.subarray(from), lifts);
  return {
    name: `cylinder, Reynolds number ${REYNOLDS}, ${diameter} nodes a diameter`,
    source: 'validation report of cuIBM (github.com/barbagroup/cuIBM)',
    nodes: columns * rows,
    steps,
    quantities: [
      quantity('drag', drag.mean, 1.37, TOLERANCE),
      quantity('lift amplitude', (lift.high - lift.low) / 2, 0.339, TOLERANCE),
      quantity('Strouhal number', lift.frequency * perTime, 0.166, TOLERANCE),
    ],
  };
}
