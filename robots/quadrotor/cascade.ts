/**
 * A cascade of proportional controllers: position → velocity → attitude → body rates. It acts from one row of
 * the observation alone, all in the body frame; where it flies to is told by its target.
 */
import type { Space } from '../../src/core/space.ts';
import { GRAVITY } from '../../src/physics/packed-world.ts';
import type { ActionMode } from './fleet.ts';
import { iris } from './iris.ts';
import { maxRotorThrust, thrustsOfWrench } from './model.ts';

export type Triple = [number, number, number];

/** Where to fly: vectors in the body frame. */
export interface Target {
  /** From the aircraft to the point to be at, m. */
  readonly offset: Triple;
  /** Of that point, m/s and m/s². */
  readonly speed: Triple;
  readonly acceleration: Triple;
  /** Body rate about z that is asked of the rate controller, rad/s. */
  readonly yawRate: number;
}

/** How hard it flies. */
export interface Handling {
  /** Acceleration per error of the velocity, 1/s. */
  readonly velocityGain: number;
  /** Horizontal acceleration that may be asked for, m/s². */
  readonly maxHorizontal: number;
}

/** Position 1/s², attitude 1/s. */
const GAIN = { position: 6, attitude: 9 } as const;
/** Vertical acceleration that may be asked for, m/s². */
const MAX_VERTICAL = 5;

/** @returns what reads the vector `name` from an observation @throws RangeError when it is not observed */
export function vectorReader(observation: Space, name: string): (obs: Float32Array) => Triple {
  const start = observation.components.findIndex((component) => component.name === `${name}.x`);
  if (start < 0) throw new RangeError(`The pilot needs the observation "${name}".`);
  return (obs) => [obs[start]!, obs[start + 1]!, obs[start + 2]!];
}

/** @returns what writes the action `[4]` that flies towards `target`, from one observation `[O]` */
export function createCascade(
  observation: Space,
  actionMode: ActionMode,
  { velocityGain, maxHorizontal }: Handling,
): (target: Target, obs: Float32Array, action: Float32Array) => void {
  const reader = (name: string) => vectorReader(observation, name);
  const [velocity, up, rates] = [reader('velocity'), reader('up'), reader('rate')];
  const mixer = thrustsOfWrench(iris);
  return ({ offset, speed, acceleration, yawRate }, obs, action) => {
    const [u, v] = [up(obs), velocity(obs)];
    const wanted = [0, 1, 2].map(
      (i) =>
        GAIN.position * offset[i]! +
        velocityGain * (speed[i]! - v[i]!) +
        acceleration[i]! +
        iris.linearDrag * v[i]!,
    ) as Triple;
    const thrust = limited(wanted, u, maxHorizontal).map((a, i) => a + GRAVITY * u[i]!) as Triple;
    const [axisX, axisY] = turnTowards(thrust);
    const rateActions = [GAIN.attitude * axisX, GAIN.attitude * axisY, yawRate].map((rate) =>
      clip(rate / iris.maxBodyRate),
    ) as Triple;
    const collective = clip((2 * iris.mass * Math.max(0, thrust[2])) / (4 * maxRotorThrust(iris)) - 1);
    if (actionMode === 'rates') action.set([...rateActions, collective]);
    else action.set(mix(mixer, rateActions, rates(obs), collective));
  };
}

const clip = (value: number): number => Math.max(-1, Math.min(1, value));

/** `wanted` with its parts along and across `up` limited. */
function limited(wanted: Triple, up: Triple, maxHorizontal: number): Triple {
  const along = wanted[0] * up[0] + wanted[1] * up[1] + wanted[2] * up[2];
  const across = wanted.map((a, i) => a - along * up[i]!);
  const scale = Math.min(1, maxHorizontal / (Math.hypot(...across) + 1e-9));
  const vertical = Math.max(-MAX_VERTICAL, Math.min(MAX_VERTICAL, along));
  return across.map((a, i) => a * scale + vertical * up[i]!) as Triple;
}

/** Rotation about x and y, rad, that turns the body's z axis towards `direction` (body frame). */
function turnTowards([x, y, z]: Triple): [number, number] {
  const sideways = Math.hypot(x, y);
  if (sideways === 0) return [0, 0];
  const angle = Math.atan2(sideways, z);
  return [(-y / sideways) * angle, (x / sideways) * angle];
}

/** The body-rate controller of the aircraft, at the control rate, as thrust of each rotor in [-1, 1]. */
function mix(mixer: Float64Array, rateActions: Triple, rates: Triple, collective: number): number[] {
  const full = maxRotorThrust(iris);
  const torque = rateActions.map((r, i) => iris.rateGains[i]! * (r * iris.maxBodyRate - rates[i]!));
  const wrench = [((collective + 1) / 2) * 4 * full, ...torque];
  return [0, 1, 2, 3].map((rotor) => {
    const thrust = wrench.reduce((sum, part, i) => sum + mixer[4 * rotor + i]! * part, 0);
    return clip((2 * thrust) / full - 1);
  });
}
