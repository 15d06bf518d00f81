/**
 * Sine waves of a ray's actuators, and the rates that make actuators follow them: the prescribed base of one task, and the
 * sinusoids that policies are measured by.
 */
import { type ActuatorLimits, actuatorNames } from '../../robots/fin-ray/index.ts';
import { CONTROL_DT } from './rays.ts';

/** All actuators swing at one frequency. Phases are told relative to the heave, degrees. */
export interface Sinusoid {
  /** U/L */
  readonly frequency: number;
  /** Amplitude, L. */
  readonly heave: number;
  /** Amplitude, degrees. */
  readonly pitch: number;
  readonly pitchPhase: number;
  /** Amplitude of the offset of the half-rays, over the distance between them. */
  readonly offset: number;
  readonly offsetPhase: number;
}

/** For so long waves grow from nothing, and nothing is rewarded, L/U. */
export const RAMP = 2;
/** How fast an actuator comes back that is off its wave, per L/U: slowly, since a jerk would swing the whole ray. */
const RETURN_RATE = 1;
const RADIANS = Math.PI / 180;

/** From 0 to 1 without a kink at either end. */
const ramp = (time: number): number => (time >= RAMP ? 1 : (1 - Math.cos((Math.PI * time) / RAMP)) / 2);

/** `[3]`, in the order of `actuatorNames`: L, rad, and part of the distance between the half-rays. */
export const amplitudesOf = ({ heave, pitch, offset }: Sinusoid): readonly [number, number, number] => [
  heave,
  pitch * RADIANS,
  offset,
];

const phasesOf = ({ pitchPhase, offsetPhase }: Sinusoid): readonly [number, number, number] => [
  0,
  pitchPhase * RADIANS,
  offsetPhase * RADIANS,
];

/** Whether the actuators can follow it: position, rate and acceleration at the full amplitude. */
export function isWithin(limits: ActuatorLimits, wave: Sinusoid): boolean {
  const omega = 2 * Math.PI * wave.frequency;
  const amplitudes = amplitudesOf(wave);
  return (
    wave.frequency > 0 &&
    actuatorNames.every((name, i) => {
      const { position, rate, acceleration = Number.POSITIVE_INFINITY } = limits[name];
      const amplitude = amplitudes[i]!;
      const most = Math.min(position, rate / omega, acceleration / omega ** 2);
      return amplitude >= 0 && amplitude <= most * (1 + 1e-9);
    })
  );
}

/**
 * The rate that an actuator is to have in the next control step.
 * @param actuator index among `actuatorNames` @param time since the wave began, L/U @param phase of the heave then, rad
 * @param position where the actuator is now
 */
export function rateAlong(
  wave: Sinusoid,
  actuator: number,
  time: number,
  phase: number,
  position: number,
): number {
  const amplitude = amplitudesOf(wave)[actuator]!;
  const shift = phase + phasesOf(wave)[actuator]!;
  const at = (t: number): number => amplitude * ramp(t) * Math.sin(2 * Math.PI * wave.frequency * t + shift);
  const now = at(time);
  return (at(time + CONTROL_DT) - now) / CONTROL_DT + RETURN_RATE * (now - position);
}
