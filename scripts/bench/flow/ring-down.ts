/**
 * An elastic plate that is let go in still fluid, bent in its first mode: frequency and damping. Without viscosity a plate of
 * endless span swings with the added mass of that mode, 0.566 ρL a length, which follows from the potential of a thin plate
 * and from which the frequency is known. Viscosity takes some of it: less, the higher the Reynolds number.
 */
import { beamStiffness } from '../../../src/flow/elastic-chain.ts';
import { Fluid } from '../../../src/flow/fluid.ts';
import { ImmersedChain } from '../../../src/flow/immersed-chain.ts';
import { mean } from '../statistics.ts';
import { quantity, type Validation } from './validation.ts';

/** Units L = U = ρ = 1, where U is what the Reynolds number and the stiffness EI are told by. */
const MASS = 0.1;
const STIFFNESS = 2;
/** Of the joints, L/U: enough against the highest modes, whose period is near that of a step. */
const DAMPING = 0.001;
const ADDED_MASS = 0.566;
const REYNOLDS = 1000;
const AMPLITUDE = 0.02;
const TIME = 4;
/** After which it swings as it will. */
const SETTLING_TIME = 0.25;
/** Of a cantilever's first mode, over the length. */
const FIRST_WAVE = 1.8751;
/** Edge of the domain, and where the base is in it. */
const SIZE = 5;
const BASE = 2;
const LINKS = 8;
const TOLERANCE = 0.08;

export interface RingDownSettings {
  /** Nodes a length of the coarse grid; the fine one has twice as many. */
  readonly resolution: number;
  /** U in lattice units: low, since sound takes energy away. */
  readonly speed: number;
}

export function validateRingDown(
  { resolution, speed }: RingDownSettings = { resolution: 32, speed: 0.03 },
): Validation {
  const [coarse, fine] = [ringDown(resolution, speed), ringDown(2 * resolution, speed)];
  const potential = (FIRST_WAVE ** 2 / (2 * Math.PI)) * Math.sqrt(STIFFNESS / (MASS + ADDED_MASS));
  const frequency = (name: string, value: number) => quantity(name, value, potential, TOLERANCE);
  return {
    name: `plate let go in still fluid, Reynolds number ${REYNOLDS}; damping ratio ${fine.dampingRatio.toFixed(3)}`,
    source: 'potential flow around a thin plate that bends in its first mode',
    nodes: fine.nodes,
    steps: fine.steps,
    quantities: [
      frequency(`frequency, ${resolution} nodes a length`, coarse.frequency),
      frequency(`frequency, ${2 * resolution} nodes`, fine.frequency),
      frequency('to first order, without end', 2 * fine.frequency - coarse.frequency),
    ],
  };
}

function ringDown(resolution: number, speed: number) {
  const edge = 4 * Math.round((SIZE * resolution) / 4);
  const fluid = new Fluid({
    ...{ columns: edge, rows: edge, viscosity: (speed * resolution) / REYNOLDS },
    ...{ left: 'matched', right: 'matched', bottom: 'matched', top: 'matched' },
    ...{ inletBuffer: 12, outletBuffer: 12 },
  });
  const rigidity = STIFFNESS * speed ** 2 * resolution ** 3;
  const perTime = resolution / speed;
  const body = new ImmersedChain(fluid, {
    length: resolution,
    mass: MASS * resolution,
    stiffness: beamStiffness(rigidity, resolution, LINKS),
    damping: DAMPING * perTime,
    markersPerLink: resolution / LINKS,
  });
  const base = { x: BASE * resolution, y: edge / 2 + 0.63, angle: 0, velocityX: 0, velocityY: 0, rate: 0 };
  body.chain.place(base, firstMode(LINKS));
  const steps = Math.round(TIME * perTime);
  const tip = new Float64Array(steps);
  for (let step = 0; step < steps; step++) {
    body.advance(base);
    fluid.advance();
    tip[step] = body.chain.tip[1] - base.y;
  }
  const { frequency, dampingRatio } = decay(tip.subarray(Math.round(SETTLING_TIME * perTime)));
  return { frequency: frequency * perTime, dampingRatio, nodes: edge * edge, steps };
}

/** Angles of joints for a cantilever in its first mode. */
function firstMode(links: number): number[] {
  const wave = FIRST_WAVE;
  const shape = (Math.cosh(wave) + Math.cos(wave)) / (Math.sinh(wave) + Math.sin(wave));
  // Of the mode that is 2 high at its end.
  const slope = (s: number): number =>
    wave * (Math.sinh(wave * s) + Math.sin(wave * s) - shape * (Math.cosh(wave * s) - Math.cos(wave * s)));
  const angles = Array.from({ length: links }, (_, link) => (AMPLITUDE / 2) * slope((link + 0.5) / links));
  return angles.map((angle, i) => angle - (angles[i - 1] ?? 0));
}

/** Of a signal that swings about zero, dying out. */
function decay(signal: Float64Array): { frequency: number; dampingRatio: number } {
  const zeros: number[] = [];
  const peaks: number[] = [];
  let peak = 0;
  for (let i = 1; i < signal.length; i++) {
    peak = Math.max(peak, Math.abs(signal[i]!));
    if (signal[i - 1]! * signal[i]! >= 0) continue;
    if (zeros.length > 0) peaks.push(peak);
    peak = 0;
    zeros.push(i - signal[i]! / (signal[i]! - signal[i - 1]!));
  }
  const falls = peaks.slice(1).map((height, i) => Math.log(peaks[i]! / height));
  return {
    frequency: (zeros.length - 1) / (2 * (zeros.at(-1)! - zeros[0]!)),
    dampingRatio: mean(falls) / Math.PI,
  };
}
