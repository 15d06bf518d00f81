/**
 * The inner loop of the scripted players: turns the thrust axis to a direction with a collective thrust, from what the
 * volleyball tasks observe. Torque goes before thrust where the rotors cannot give both; the yaw is only damped.
 */
import {
  type ActionMode,
  maxRotorThrust,
  racketIris,
  type Triple,
  thrustsOfWrench,
  vectorReader,
} from '../../../robots/quadrotor/index.ts';
import type { Space } from '../../../src/core/space.ts';

export { type Triple, vectorReader };

export const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Triple, b: Triple): Triple => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const scaled = (a: Triple, factor: number): Triple => [a[0] * factor, a[1] * factor, a[2] * factor];
export const unit = (a: Triple): Triple => scaled(a, 1 / (Math.hypot(...a) || 1));
export const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

/** How hard it turns. */
export interface AttitudeGains {
  /** Angular acceleration per angle, 1/s², and per rate, 1/s; where rotors are commanded. */
  readonly stiffness: number;
  readonly damping: number;
  /** Body rate per angle, 1/s; where body rates are commanded. */
  readonly rateGain: number;
}

/** Torque per yaw rate, N·m·s. */
const YAW_DAMPING = 0.02;
/** Where a torque cannot be had, this part of it is tried, at most so many times. */
const RETREAT = 0.7;
const RETREATS = 5;

/** Turns the body's z axis to `direction` with `thrust` N. @param action `[4]`, written */
export type Turn = (direction: Triple, thrust: number, obs: Float32Array, action: Float32Array) => void;

export function createAttitudeControl(observation: Space, mode: ActionMode, gains: AttitudeGains): Turn {
  const read = (name: string) => vectorReader(observation, name);
  const [heading, up, rate] = [read('heading'), read('up'), read('rate')];
  const full = maxRotorThrust(racketIris);
  const rotors = rowsOf(thrustsOfWrench(racketIris));
  const { inertia, maxBodyRate } = racketIris;

  return (direction, thrust, obs, action) => {
    const [x, z] = [heading(obs), up(obs)];
    const y = cross(z, x);
    const toBody = (v: Triple): Triple => [dot(v, x), dot(v, y), dot(v, z)];
    const [errorX, errorY] = toBody(turnTo(z, unit(direction)));
    if (mode === 'rates') {
      action[0] = clamp((gains.rateGain * errorX) / maxBodyRate, -1, 1);
      action[1] = clamp((gains.rateGain * errorY) / maxBodyRate, -1, 1);
      action[2] = 0;
      action[3] = clamp(thrust / (2 * full) - 1, -1, 1);
      return;
    }
    const spin = toBody(rate(obs));
    const torque: Triple = [
      inertia[0] * (gains.stiffness * errorX - gains.damping * spin[0]),
      inertia[1] * (gains.stiffness * errorY - gains.damping * spin[1]),
      -YAW_DAMPING * spin[2],
    ];
    const thrusts = rotorThrusts(rotors, thrust, torque, full);
    thrusts.forEach((newton, i) => {
      action[i] = clamp((2 * newton) / full - 1, -1, 1);
    });
  };
}

/** The rotation vector, rad, that turns `from` to `to`, both of length 1. */
function turnTo(from: Triple, to: Triple): Triple {
  const axis = cross(from, to);
  const sine = Math.hypot(...axis);
  return sine > 1e-6 ? scaled(axis, Math.atan2(sine, dot(from, to)) / sine) : [0, 0, 0];
}

type Row = readonly [thrust: number, x: number, y: number, z: number];
const rowsOf = (matrix: Float64Array): Row[] =>
  [0, 1, 2, 3].map((rotor) => [...matrix.subarray(4 * rotor, 4 * rotor + 4)] as unknown as Row);

/** Rotor thrusts, N, with the wanted torque, or the part of it that is possible, and the nearest possible collective thrust. */
function rotorThrusts(rotors: readonly Row[], collective: number, torque: Triple, full: number): number[] {
  for (let [scale, tries] = [1, 0]; ; scale *= RETREAT, tries++) {
    const parts = rotors.map((row) => scale * (row[1] * torque[0] + row[2] * torque[1] + row[3] * torque[2]));
    const low = Math.max(0, ...rotors.map((row, i) => -parts[i]! / row[0]));
    const high = Math.min(...rotors.map((row, i) => (full - parts[i]!) / row[0]));
    if (low > high && tries < RETREATS) continue;
    const thrust = Math.min(high, Math.max(low, collective));
    return rotors.map((row, i) => row[0] * thrust + parts[i]!);
  }
}
