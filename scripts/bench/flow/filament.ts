/**
 * A filament that hangs on a pin in a stream which flows the way of gravity: it flaps (Huang, Shin and Sung 2007).
 */
import { beamStiffness } from '../../../src/flow/elastic-chain.ts';
import { Fluid } from '../../../src/flow/fluid.ts';
import { ImmersedChain } from '../../../src/flow/immersed-chain.ts';
import { oscillation } from './oscillation.ts';
import { quantity, type Validation } from './validation.ts';

/** Units L = U = ρ = 1. */
const REYNOLDS = 200;
const MASS = 1.5;
const RIGIDITY = 0.0015;
const GRAVITY = 0.5;
const TILT = 0.1 * Math.PI;
const DAMPING = 0.001;
/** Edge of the domain, and from the inlet to the pin. */
const SIZE = 8;
const UPSTREAM = 2;
const LINKS = 32;
/** As many as at the tip of the fin ray. */
const OPEN_TIP = 6;
/** Of the whole run, and of its measured end. */
const TIME = 40;
const MEASURED_TIME = 18;
const TOLERANCE = 0.1;

export interface FilamentSettings {
  /** Nodes a length of the coarse grid, a multiple of the 32 links; the fine one has twice as many. */
  readonly resolution: number;
  /** Of the stream, in lattice units. */
  readonly speed: number;
}

export function validateFilament(
  { resolution, speed }: FilamentSettings = { resolution: 32, speed: 0.05 },
): Validation {
  const [coarse, fine] = [flap(resolution, speed), flap(2 * resolution, speed)];
  const amplitude = (name: string, value: number) => quantity(name, value, 0.35, TOLERANCE);
  const frequency = (name: string, value: number) => quantity(name, value, 0.3, TOLERANCE);
  return {
    name: `hanging filament, Reynolds number ${REYNOLDS}`,
    source: 'Huang, Shin and Sung 2007, J. Comput. Phys. 226:2206',
    nodes: fine.nodes,
    steps: fine.steps,
    quantities: [
      amplitude(`amplitude, ${resolution} nodes a length`, coarse.amplitude),
      amplitude(`amplitude, ${2 * resolution} nodes`, fine.amplitude),
      amplitude('to first order, without end', 2 * fine.amplitude - coarse.amplitude),
      frequency(`frequency, ${resolution} nodes`, coarse.frequency),
      frequency(`frequency, ${2 * resolution} nodes`, fine.frequency),
      frequency('to first order, without end', 2 * fine.frequency - coarse.frequency),
    ],
  };
}

function flap(resolution: number, speed: number) {
  const edge = SIZE * resolution;
  const fluid = new Fluid({
    ...{ columns: edge, rows: edge, viscosity: (speed * resolution) / REYNOLDS, speed },
    ...{ left: 'matched', right: 'convective', bottom: 'matched', top: 'matched' },
    ...{ inletBuffer: 12, outletBuffer: resolution },
  });
  const perTime = resolution / speed;
  const stiffness = beamStiffness(RIGIDITY * speed ** 2 * resolution ** 3, resolution, LINKS);
  stiffness[0] = 0;
  const body = new ImmersedChain(fluid, {
    ...{ length: resolution, mass: MASS * resolution, stiffness, damping: DAMPING * perTime },
    gravity: [(GRAVITY * speed ** 2) / resolution, 0],
    markersPerLink: resolution / LINKS,
    openTip: OPEN_TIP,
  });
  const base = {
    ...{ x: UPSTREAM * resolution, y: edge / 2 + 0.63, angle: TILT },
    ...{ velocityX: 0, velocityY: 0, rate: 0 },
  };
  body.chain.place(base);
  const steps = Math.round(TIME * perTime);
  const tip = new Float64Array(steps);
  for (let step = 0; step < steps; step++) {
    body.advance(base);
    fluid.advance();
    tip[step] = (body.chain.tip[1] - base.y) / resolution;
  }
  const { high, low, frequency } = oscillation(tip.subarray(steps - Math.round(MEASURED_TIME * perTime)));
  return { amplitude: (high - low) / 2, frequency: frequency * perTime, nodes: edge * edge, steps };
}
