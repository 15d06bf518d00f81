/**
 * A hand-written pilot: the cascade, flown to a point that stands still or moves. It acts from one row of the
 * observation alone, so it shows that the tasks can be solved from what is observed.
 */
import type { Space } from '../../src/core/space.ts';
import { createCascade, type Handling, type Target, type Triple, vectorReader } from './cascade.ts';
import type { ActionMode } from './fleet.ts';

export interface PilotOptions {
  /** What the actions mean; body rates and thrust unless told. */
  readonly actionMode?: ActionMode;
  /** Height above the point to hold instead of the point itself, m. */
  readonly above?: number;
}

/** Writes the action for one observation. @param obs `[O]` @param action `[4]` */
export type Pilot = (obs: Float32Array, action: Float32Array) => void;

/** A tilt of up to about 40°, at which thrust still carries the weight. */
const agile: Handling = { velocityGain: 4.5, maxHorizontal: 8 };
/** Time between two points of the preview, s. */
const PREVIEW_DT = 0.1;

export function createPilot(
  observation: Space,
  { actionMode = 'rates', above = 0 }: PilotOptions = {},
): Pilot {
  const reader = (name: string) => vectorReader(observation, name);
  const still = observation.components.some(({ name }) => name === 'target.x');
  const target = still ? stillTarget(reader('target')) : movingTarget(reader);
  const up = reader('up');
  const fly = createCascade(observation, actionMode, agile);
  return (obs, action) => {
    const { offset, ...motion } = target(obs);
    const u = up(obs);
    fly({ ...motion, offset: offset.map((at, i) => at + above * u[i]!) as Triple }, obs, action);
  };
}

function stillTarget(read: (obs: Float32Array) => Triple): (obs: Float32Array) => Target {
  return (obs) => ({ offset: read(obs), speed: [0, 0, 0], acceleration: [0, 0, 0], yawRate: 0 });
}

/** Velocity and acceleration of the moving point from its next three positions, by finite differences. */
function movingTarget(
  reader: (name: string) => (obs: Float32Array) => Triple,
): (obs: Float32Array) => Target {
  const points = [0, 1, 2].map((i) => reader(`preview.${i}`));
  return (obs) => {
    const [a, b, c] = points.map((read) => read(obs)) as [Triple, Triple, Triple];
    const speed = a.map((_, i) => (4 * b[i]! - 3 * a[i]! - c[i]!) / (2 * PREVIEW_DT)) as Triple;
    const acceleration = a.map((_, i) => (a[i]! - 2 * b[i]! + c[i]!) / PREVIEW_DT ** 2) as Triple;
    return { offset: a, speed, acceleration, yawRate: 0 };
  };
}
