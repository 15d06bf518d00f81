/**
 * The benchmarks FSI2 and FSI3 of Turek and Hron (2006): an elastic beam behind a cylinder in a channel, which swings by
 * itself. The beam is thicker than markers are wide, so it has two lines of them, and what they enclose moves with it:
 * the mass of that fluid is taken off the beam's own.
 *
 * The channel is cut at 2 m of its 2.5 m. Forces are low-passed: sound goes to and fro in the channel, above 50 Hz.
 */
import { beamStiffness } from '../../../src/flow/elastic-chain.ts';
import { Fluid } from '../../../src/flow/fluid.ts';
import { ImmersedChain } from '../../../src/flow/immersed-chain.ts';
import { oscillation } from './oscillation.ts';
import { circle } from './rigid-body.ts';
import { quantity, type Validation } from './validation.ts';

/** SI units from here on. */
const DIAMETER = 0.1;
const LENGTH = 2;
const HEIGHT = 0.41;
/** Of the cylinder's middle from the inlet and from the lower wall. */
const PLACE = 0.2;
const BEAM_LENGTH = 0.35;
const BEAM_HEIGHT = 0.02;
const DENSITY = 1000;
const POISSON = 0.4;
/** Kinematic. */
const VISCOSITY = 1e-3;
const LINKS = 10;
/** Of the joints, as part of the time that the mean flow takes along the beam. */
const DAMPING = 0.001;
/** Of the box that forces are averaged in, twice, s. */
const SMOOTHING = 1 / 80;
/** How far within the beam's surface markers lie, in nodes: their push reaches that far. */
const RETRACTION = 0.3;
/** In nodes: nearer to the cylinder its own markers hold the fluid. */
const CLEARANCE = 1.5;

export interface TurekHronSettings {
  /** Nodes a diameter, a multiple of 10, which gives the channel a whole number of rows. */
  readonly diameter: number;
  /** Mean of the inflow, in lattice units. */
  readonly speed: number;
}

interface Case {
  readonly name: string;
  /** Mean of the inflow. */
  readonly speed: number;
  /** Of the beam's material over the fluid's. */
  readonly densityRatio: number;
  readonly youngsModulus: number;
  /** Of the run, and of its measured end. */
  readonly time: number;
  readonly measuredTime: number;
  readonly tolerance: number;
  /** Mean and amplitude of displacements of the tip, mm, of drag and of lift, N/m, and the frequency of lift, Hz. */
  readonly reference: Readonly<Record<(typeof names)[number], number>>;
}

const names = [
  'u_y amplitude',
  'frequency',
  'u_x mean',
  'u_x amplitude',
  'drag mean',
  'drag amplitude',
  'lift amplitude',
] as const;

const DEFAULTS: TurekHronSettings = { diameter: 20, speed: 0.04 };

export const validateTurekHron2 = (settings: TurekHronSettings = DEFAULTS): Validation =>
  validate(settings, {
    name: 'FSI2, heavy and soft',
    ...{ speed: 1, densityRatio: 10, youngsModulus: 1.4e6 },
    ...{ time: 14, measuredTime: 4, tolerance: 0.1 },
    reference: {
      ...{ 'u_y amplitude': 80.6, frequency: 2, 'u_x mean': -14.58, 'u_x amplitude': 12.44 },
      ...{ 'drag mean': 208.83, 'drag amplitude': 73.75, 'lift amplitude': 234.2 },
    },
  });

export const validateTurekHron3 = (settings: TurekHronSettings = DEFAULTS): Validation =>
  validate(settings, {
    name: 'FSI3, as heavy as the fluid',
    ...{ speed: 2, densityRatio: 1, youngsModulus: 5.6e6 },
    ...{ time: 6, measuredTime: 2, tolerance: 0.15 },
    reference: {
      ...{ 'u_y amplitude': 34.38, frequency: 5.3, 'u_x mean': -2.69, 'u_x amplitude': 2.53 },
      ...{ 'drag mean': 457.3, 'drag amplitude': 22.66, 'lift amplitude': 149.78 },
    },
  });

function validate({ diameter, speed }: TurekHronSettings, benchmark: Case): Validation {
  const cells = diameter / DIAMETER;
  const columns = 4 * Math.round((LENGTH * cells) / 4);
  const rows = Math.round(HEIGHT * cells);
  const timestep = speed / benchmark.speed / cells;
  const fluid = new Fluid({
    ...{ columns, rows, viscosity: VISCOSITY * timestep * cells ** 2, inletBuffer: 8 },
    ...{ left: 'velocity', right: 'pressure', bottom: 'wall', top: 'wall' },
    inflow: (y) => (6 * speed * (y - 0.5) * (rows + 0.5 - y)) / rows ** 2,
  });
  const place = PLACE * cells + 0.5;
  const cylinder = circle(fluid, place, place, diameter);
  const still = new Float64Array(cylinder.count);
  const [length, height] = [BEAM_LENGTH * cells, BEAM_HEIGHT * cells];
  const offset = height / 2 - RETRACTION;
  // EI for plane strain, over the fluid's density, in lattice units.
  const rigidity =
    ((benchmark.youngsModulus * BEAM_HEIGHT ** 3) / 12 / (1 - POISSON ** 2) / DENSITY) *
    timestep ** 2 *
    cells ** 5;
  const beam = new ImmersedChain(fluid, {
    length,
    mass: benchmark.densityRatio * height - 2 * offset,
    stiffness: beamStiffness(rigidity, length, LINKS),
    damping: (DAMPING * length) / speed,
    markersPerLink: Math.round(length / LINKS),
    lines: [-offset, offset],
    clearance: CLEARANCE,
  });
  const base = { x: place + diameter / 2, y: place, angle: 0, velocityX: 0, velocityY: 0, rate: 0 };
  beam.chain.place(base);
  const steps = Math.round(benchmark.time / timestep);
  const record = (): Float64Array => new Float64Array(steps);
  const [tipX, tipY, drag, lift] = [record(), record(), record(), record()];
  const unit = (DENSITY * cells ** -3) / timestep ** 2;
  for (let step = 0; step < steps; step++) {
    beam.advance(base);
    cylinder.sample();
    cylinder.drive(still, still);
    cylinder.spread();
    fluid.advance();
    const [x, y] = beam.chain.tip;
    tipX[step] = (1000 * (x - base.x - length)) / cells;
    tipY[step] = (1000 * (y - base.y)) / cells;
    drag[step] = -unit * (beam.push.forceX + sum(cylinder.forceX));
    lift[step] = -unit * (beam.push.forceY + sum(cylinder.forceY));
  }
  const width = Math.round(SMOOTHING / timestep);
  const end = (signal: Float64Array): Float64Array =>
    signal.subarray(steps - 2 * width - Math.round(benchmark.measuredTime / timestep), steps - 2 * width);
  const smoothed = (signal: Float64Array): Float64Array => end(boxAverage(boxAverage(signal, width), width));
  const clock = end(tipY);
  const [ux, uy] = [oscillation(end(tipX), clock), oscillation(clock)];
  const [drags, lifts] = [oscillation(smoothed(drag), clock), oscillation(smoothed(lift), clock)];
  const amplitude = ({ high, low }: { high: number; low: number }): number => (high - low) / 2;
  const middle = ({ high, low }: { high: number; low: number }): number => (high + low) / 2;
  const values: Record<(typeof names)[number], number> = {
    'u_y amplitude': amplitude(uy),
    frequency: uy.frequency / timestep,
    'u_x mean': middle(ux),
    'u_x amplitude': amplitude(ux),
    'drag mean': middle(drags),
    'drag amplitude': amplitude(drags),
    'lift amplitude': amplitude(lifts),
  };
  return {
    name: `beam behind a cylinder (${benchmark.name}), ${diameter} nodes a diameter; mm, Hz, N/m`,
    source: 'Turek and Hron 2006, Proposal for numerical benchmarking of fluid-structure interaction',
    nodes: columns * rows,
    steps,
    quantities: names.map((name) =>
      quantity(name, values[name], benchmark.reference[name], benchmark.tolerance),
    ),
  };
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** Mean of each value and the `width − 1` after it; the last ones have fewer. */
function boxAverage(values: Float64Array, width: number): Float64Array {
  const means = new Float64Array(values.length);
  let total = 0;
  for (let i = values.length - 1; i >= 0; i--) {
    total += values[i]! - (values[i + width] ?? 0);
    means[i] = total / Math.min(width, values.length - i);
  }
  return means;
}
