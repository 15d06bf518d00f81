/**
 * A hand-written pilot, a cascade of proportional controllers: position → velocity → attitude → body rates. It acts from one row of the
 * observation alone, all in the body frame, so it shows that the tasks can be solved from what is observed.
 */
import type { Space } from '../../src/core/space.ts';
import { GRAVITY } from '../../src/physics/packed-world.ts';
import { iris } from './iris.ts';
import { maxRotorThrust, thrustsOfWrench } from './model.ts';

export interface PilotOptions {
  /** What the actions mean; body rates and thrust unless told. */
  readonly actionMode?: 'rates' | 'rotors';
  /** Height above the point to hold instead of the point itself, m. */
  readonly above?: number;
}

/** Writes the action for one observation. @param obs `[O]` @param action `[4]` */
export type Pilot = (obs: Float32Array, action: Float32Array) => void;

/** Position 1/s², velocity 1/s, attitude 1/s. */
const GAIN = { position: 6, velocity: 4.5, attitude: 9 } as const;
/** Horizontal acceleration that may be asked for, m/s²: a tilt of about 40°, at which thrust still carries the weight. */
const MAX_HORIZONTAL = 8;
const MAX_VERTICAL = 5;
/** Time between two points of the preview, s. */
const PREVIEW_DT = 0.1;

type Triple = [number, number, number];

export function createPilot(
  observation: Space,
  { actionMode = 'rates', above = 0 }: PilotOptions = {},
): Pilot {
  const names = observation.components.map(({ name }) => name);
  const reader = (name: string) => {
    const start = names.indexOf(`${name}.x`);
    if (start < 0) throw new RangeError(`The pilot needs the observation "${name}".`);
    return (obs: Float32Array): Triple => [obs[start]!, obs[start + 1]!, obs[start + 2]!];
  };
  const [velocity, up, rates] = [reader('velocity'), reader('up'), reader('rate')];
  const target = names.includes('target.x') ? stillTarget(reader('target')) : movingTarget(reader);
  const mixer = thrustsOfWrench(iris);

  return (obs, action) => {
    const u = up(obs);
    const { offset, speed, acceleration } = target(obs);
    const [v, w] = [velocity(obs), rates(obs)];
    const wanted = [0, 1, 2].map(
      (i) =>
        GAIN.position * (offset[i]! + above * u[i]!) +
        GAIN.velocity * (speed[i]! - v[i]!) +
        acceleration[i]! +
        iris.linearDrag * v[i]!,
    ) as Triple;
    const thrust = limited(wanted, u).map((a, i) => a + GRAVITY * u[i]!) as Triple;
    const [axisX, axisY] = turnTowards(thrust);
    const rateX = clip((GAIN.attitude * axisX) / iris.maxBodyRate);
    const rateY = clip((GAIN.attitude * axisY) / iris.maxBodyRate);
    const collective = clip((2 * iris.mass * Math.max(0, thrust[2])) / (4 * maxRotorThrust(iris)) - 1);
    if (actionMode === 'rates') action.set([rateX, rateY, 0, collective]);
    else action.set(mix(mixer, [rateX, rateY, 0], w, collective));
  };
}

const clip = (value: number): number => Math.max(-1, Math.min(1, value));

type Target = (obs: Float32Array) => { offset: Triple; speed: Triple; acceleration: Triple };

function stillTarget(read: (obs: Float32Array) => Triple): Target {
  return (obs) => ({ offset: read(obs), speed: [0, 0, 0], acceleration: [0, 0, 0] });
}

/** Velocity and acceleration of the moving point from its next three positions, by finite differences. */
function movingTarget(reader: (name: string) => (obs: Float32Array) => Triple): Target {
  const points = [0, 1, 2].map((i) => reader(`preview.${i}`));
  return (obs) => {
    const [a, b, c] = points.map((read) => read(obs)) as [Triple, Triple, Triple];
    const speed = a.map((_, i) => (4 * b[i]! - 3 * a[i]! - c[i]!) / (2 * PREVIEW_DT)) as Triple;
    const acceleration = a.map((_, i) => (a[i]! - 2 * b[i]! + c[i]!) / PREVIEW_DT ** 2) as Triple;
    return { offset: a, speed, acceleration };
  };
}

/** `wanted` with its parts along and across `up` limited. */
function limited(wanted: Triple, up: Triple): Triple {
  const along = wanted[0] * up[0] + wanted[1] * up[1] + wanted[2] * up[2];
  const across = wanted.map((a, i) => a - along * up[i]!);
  const scale = Math.min(1, MAX_HORIZONTAL / (Math.hypot(...across) + 1e-9));
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
