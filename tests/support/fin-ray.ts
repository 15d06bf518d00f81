/** Fin rays for tests: driven along given paths through their actuators, and what comes of it. */
import {
  FinRayFleet,
  type FinRayModel,
  finRay,
  type OffsetMode,
  WORLD_OPTIONS,
} from '../../robots/fin-ray/index.ts';
import { PackedWorld } from '../../src/physics/packed-world.ts';

export interface Swim {
  readonly world: PackedWorld;
  readonly fleet: FinRayFleet;
}

export function createSwim(model: FinRayModel = finRay, scenes = 1, mode: OffsetMode = 'rest'): Swim {
  const world = new PackedWorld({ ...WORLD_OPTIONS, scenes });
  const fleet = new FinRayFleet(world, model, mode);
  for (let i = 0; i < scenes; i++) fleet.place(i);
  return { world, fleet };
}

/** Position of the three actuators at a time. */
export type Path = (time: number) => readonly [heave: number, pitch: number, offset: number];

/** Sine waves that start softly, by 1 − exp(−2 f²t²). Angles in degrees. */
export interface Sinusoid {
  readonly frequency: number;
  readonly heave: number;
  readonly pitch: number;
  readonly phase: number;
  /** Amplitude of the offset, and its phase. */
  readonly offset?: number;
  readonly offsetPhase?: number;
}

export function sinusoid({ frequency, heave, pitch, phase, offset = 0, offsetPhase = 0 }: Sinusoid): Path {
  const omega = 2 * Math.PI * frequency;
  const wave = (time: number, degrees: number): number =>
    (1 - Math.exp(-2 * (frequency * time) ** 2)) * Math.sin(omega * time + (degrees * Math.PI) / 180);
  return (time) => [
    heave * wave(time, 0),
    ((pitch * Math.PI) / 180) * wave(time, phase),
    offset * wave(time, offsetPhase),
  ];
}

export interface SwimMeans {
  readonly thrust: number;
  readonly power: number;
  readonly offsetPower: number;
  /** Half of the tip's travel across the stream. */
  readonly tipAmplitude: number;
}

/** Drives ray 0 along `path`, from rest. @param from what follows counts */
export function swimAlong({ fleet, world }: Swim, path: Path, duration: number, from: number): SwimMeans {
  const dt = world.timestep;
  const [steps, first] = [Math.round(duration / dt), Math.round(from / dt)];
  const commands = new Float64Array(3);
  let [thrust, power, offsetPower] = [0, 0, 0];
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let step = 0; step < steps; step++) {
    const [now, next] = [path(step * dt), path((step + 1) * dt)];
    for (let i = 0; i < 3; i++) commands[i] = (next[i]! - now[i]!) / dt;
    fleet.swim(commands, 1);
    if (step < first) continue;
    thrust += fleet.means.thrust[0]!;
    power += fleet.means.power[0]!;
    offsetPower += fleet.means.offsetPower[0]!;
    lowest = Math.min(lowest, fleet.tipHeight(0));
    highest = Math.max(highest, fleet.tipHeight(0));
  }
  const count = steps - first;
  return {
    thrust: thrust / count,
    power: power / count,
    offsetPower: offsetPower / count,
    tipAmplitude: (highest - lowest) / 2,
  };
}
