/**
 * The benchmark of Schäfer and Turek (1996): a channel of 22 × 4.1 diameters with a cylinder two diameters from the inlet
 * and from the lower wall, so that it is off the middle. The inflow is a parabola; forces are told by its mean speed.
 */
import { Fluid } from '../../../src/flow/fluid.ts';
import { mean } from '../statistics.ts';
import { oscillation } from './oscillation.ts';
import { circle, type ForceRecord, recordForces } from './rigid-body.ts';
import { quantity, type Validation } from './validation.ts';

const LENGTH = 22;
const HEIGHT = 4.1;
const TOLERANCE = 0.03;
const SOURCE = 'Schäfer and Turek 1996, Benchmark computations of laminar flow around a cylinder';

export interface ChannelSettings {
  /** In nodes; a multiple of 10 gives the height a whole number of them. */
  readonly diameter: number;
  /** Mean of the inflow, in lattice units. */
  readonly speed: number;
}

const DEFAULTS: ChannelSettings = { diameter: 40, speed: 0.03 };

/** Case 2D-1, Reynolds number 20: steady. */
export function validateSteadyChannel(settings: ChannelSettings = DEFAULTS): Validation {
  const { drag, lift, ...run } = channel(settings, 20, 60);
  // Sound from the start still goes to and fro a little.
  const end = (values: Float64Array): number => mean([...values.subarray(Math.round(0.75 * run.steps))]);
  return {
    ...run,
    name: 'channel with a cylinder, steady (2D-1)',
    source: SOURCE,
    quantities: [
      quantity('drag', end(drag), 5.58, TOLERANCE),
      quantity('lift', end(lift), 0.0107, TOLERANCE),
    ],
  };
}

/** Case 2D-2, Reynolds number 100: a street of vortices. */
export function validateSheddingChannel(settings: ChannelSettings = DEFAULTS): Validation {
  const { drag, lift, ...run } = channel(settings, 100, 80);
  const from = Math.round(0.7 * run.steps);
  const lifts = oscillation(lift.subarray(from));
  const drags = oscillation(drag.subarray(from), lift.subarray(from));
  return {
    ...run,
    name: 'channel with a cylinder, shedding (2D-2)',
    source: SOURCE,
    quantities: [
      quantity('highest drag', drags.high, 3.23, TOLERANCE),
      quantity('highest lift', lifts.high, 1, TOLERANCE),
      quantity('Strouhal number', (lifts.frequency * settings.diameter) / settings.speed, 0.3, TOLERANCE),
    ],
  };
}

/** @param time in D/U */
function channel(
  { diameter, speed }: ChannelSettings,
  reynolds: number,
  time: number,
): ForceRecord & Pick<Validation, 'nodes' | 'steps'> {
  const columns = 4 * Math.round((LENGTH * diameter) / 4);
  const rows = Math.round(HEIGHT * diameter);
  const fluid = new Fluid({
    ...{ columns, rows, viscosity: (speed * diameter) / reynolds, inletBuffer: 8 },
    ...{ left: 'velocity', right: 'pressure', bottom: 'wall', top: 'wall' },
    inflow: (y) => (6 * speed * (y - 0.5) * (rows + 0.5 - y)) / rows ** 2,
  });
  const body = circle(fluid, 2 * diameter + 0.5, 2 * diameter + 0.5, diameter);
  const steps = Math.round((time * diameter) / speed);
  return { ...recordForces(fluid, body, { speed, diameter }, steps), nodes: columns * rows, steps };
}
