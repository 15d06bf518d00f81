/**
 * The driven fin ray on three grids, beside what finer ones tend to, and with other numbers of open markers at its tip.
 * Thrust is measured twice, on the ray and from the momentum of the fluid around it.
 */
import { type FlowGrid, finRayInFlow, RayInFlow, trainingGrid } from '../../../robots/fin-ray/ray-in-flow.ts';
import { ControlVolume } from './control-volume.ts';
import { type Quantity, quantity, type Validation } from './validation.ts';

/** Heave h sin 2πft and pitch θ sin(2πft + ψ), which start softly; degrees. */
interface Motion {
  readonly frequency: number;
  readonly heave: number;
  readonly pitch: number;
  readonly phase: number;
  /** What grids of 64 to 128 nodes tend to, to first order in their spacing, with closed tips and with open ones alike. */
  readonly limit: Readonly<Record<'thrust' | 'power' | 'tip amplitude', number>>;
}

const motions: Readonly<Record<string, Motion>> = {
  'heaving at 1 U/L by 0.15 L': {
    ...{ frequency: 1, heave: 0.15, pitch: 0, phase: 0 },
    limit: { thrust: 0.315, power: 1.8, 'tip amplitude': 0.279 },
  },
  'heaving at 0.8 U/L by 0.15 L, pitching by 15° at 270°': {
    ...{ frequency: 0.8, heave: 0.15, pitch: 15, phase: 270 },
    limit: { thrust: 0.171, power: 1.43, 'tip amplitude': 0.344 },
  },
};

/** What the grid is varied in; that of the tasks unless told. */
export interface RaySeries {
  /** Nodes a length of the ray. */
  readonly resolutions?: readonly number[] | undefined;
  /** Numbers of open markers at the tip. */
  readonly openTips?: readonly number[] | undefined;
  readonly smagorinsky?: number | undefined;
}

const RESOLUTIONS = [32, 48, 64];
const PERIODS = 4;
const MEASURED_PERIODS = 2;
const TOLERANCE = 0.1;
/** Of thrust on the ray against thrust from momentum. */
const BALANCE_TOLERANCE = 0.01;

export function validateRay({
  resolutions = RESOLUTIONS,
  openTips = [trainingGrid.openTip],
  smagorinsky = trainingGrid.smagorinsky,
}: RaySeries = {}): Validation[] {
  const grids = openTips.flatMap((openTip) =>
    resolutions.map((resolution) => ({ ...trainingGrid, resolution, openTip, smagorinsky })),
  );
  return Object.entries(motions).flatMap(([name, motion]) => grids.map((grid) => swim(name, motion, grid)));
}

function swim(name: string, motion: Motion, grid: FlowGrid): Validation {
  const { resolution, openTip, smagorinsky, speed } = grid;
  const ray = new RayInFlow(finRayInFlow, grid);
  const { fluid, timestep, originX, originY } = ray;
  const around = (x: number, y: number): [number, number] => [
    Math.round(originX + x * resolution),
    Math.round(originY + y * resolution),
  ];
  const [left, bottom] = around(-0.55, -0.9);
  const [right, top] = around(1.55, 0.9);
  const steps = Math.round(PERIODS / motion.frequency / timestep);
  const from = steps - Math.round(MEASURED_PERIODS / motion.frequency / timestep);
  let volume: ControlVolume | undefined;
  let [thrust, power, high, low] = [0, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let step = 0; step < steps; step++) {
    if (step === from) volume = new ControlVolume(fluid, { left, right, bottom, top });
    const made = ray.advance({ ...driveAt(motion, (step + 1) * timestep), offset: 0, offsetRate: 0 });
    if (!volume) continue;
    volume.add();
    thrust += made.thrust / (steps - from);
    power += made.fluidPower / (steps - from);
    [high, low] = [Math.max(high, ray.tipHeight), Math.min(low, ray.tipHeight)];
  }
  const byMomentum = volume!.force / (speed ** 2 * resolution);
  const { limit } = motion;
  const quantities: Quantity[] = [
    quantity('thrust', thrust, limit.thrust, TOLERANCE),
    quantity('power', power, limit.power, TOLERANCE),
    quantity('efficiency', thrust / power, limit.thrust / limit.power, TOLERANCE),
    quantity('tip amplitude', (high - low) / 2, limit['tip amplitude'], TOLERANCE),
    quantity('thrust over that of flow', thrust / byMomentum, 1, BALANCE_TOLERANCE),
  ];
  return {
    name: `ray ${name}, ${resolution} nodes a length, ${openTip} open markers, Smagorinsky ${smagorinsky}`,
    source: 'first-order limit of grids of 64 to 128 nodes',
    nodes: fluid.columns * fluid.rows,
    steps,
    quantities,
  };
}

/** Of the base; it starts by 1 − exp(−2 f²t²). */
function driveAt({ frequency, heave, pitch, phase }: Motion, time: number) {
  const omega = 2 * Math.PI * frequency;
  const rest = Math.exp(-2 * (frequency * time) ** 2);
  const growth = 4 * frequency ** 2 * time * rest;
  const wave = (amplitude: number, shift: number): [number, number] => {
    const angle = omega * time + shift;
    return [
      amplitude * (1 - rest) * Math.sin(angle),
      amplitude * (growth * Math.sin(angle) + (1 - rest) * omega * Math.cos(angle)),
    ];
  };
  const [y, yRate] = wave(heave, 0);
  const [angle, angleRate] = wave((pitch * Math.PI) / 180, (phase * Math.PI) / 180);
  return { heave: y, heaveRate: yRate, pitch: angle, pitchRate: angleRate };
}
