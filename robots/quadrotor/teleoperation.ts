/**
 * How a person flies a quadrotor: velocity along the heading and upwards, and the rate of turning, held by
 * the cascade. Left alone, it comes to rest. Gamepad: mode 2, height and yaw on the left stick.
 */
import type { Control, Teleoperation } from '../../src/core/appearance.ts';
import type { Space } from '../../src/core/space.ts';
import { createCascade, type Handling, type Triple, vectorReader } from './cascade.ts';
import type { ActionMode } from './fleet.ts';
import { iris } from './iris.ts';

/** A tilt of up to about 17°: what is left of the thrust catches a fall, also where the aircraft spins. */
const gentle: Handling = { velocityGain: 3, maxHorizontal: 3 };
/** At full deflection, m/s. */
const MAX_SPEED = 2;
/** At full deflection, rad/s. */
const MAX_YAW_RATE = 1;
/** How fast an error of the yaw rate decays, 1/s, as far as the torque allows … */
const YAW_GAIN = 3;
/** … that answers this rate error, rad/s: 0.6 rad/s². More would take thrust that a fall may need. */
const MAX_RATE_ERROR = 2.5;

const controls: readonly Control[] = [
  { name: 'forward', low: 'backward', high: 'forward', keys: ['KeyS', 'KeyW'], axis: { index: 3 } },
  { name: 'left', low: 'right', high: 'left', keys: ['KeyD', 'KeyA'], axis: { index: 2, inverted: true } },
  { name: 'up', low: 'down', high: 'up', keys: ['KeyF', 'KeyR'], axis: { index: 1 } },
  {
    name: 'yaw',
    low: 'turn right',
    high: 'turn left',
    keys: ['KeyE', 'KeyQ'],
    axis: { index: 0, inverted: true },
  },
];

/** @param observation has to hold velocity, body rates and the direction of up, in the body frame */
export function quadrotorTeleoperation(observation: Space, actionMode: ActionMode): Teleoperation {
  const [up, rates] = [vectorReader(observation, 'up'), vectorReader(observation, 'rate')];
  const fly = createCascade(observation, actionMode, gentle);
  return {
    controls,
    act(commands, obs, action) {
      const [forward, left, climb, yaw] = commands as unknown as [number, number, number, number];
      const velocity = alongHeading(forward, left, climb, up(obs)).map((part) => MAX_SPEED * part) as Triple;
      const yawRate = rateCommand(MAX_YAW_RATE * yaw, rates(obs)[2]);
      fly({ offset: [0, 0, 0], speed: velocity, acceleration: [0, 0, 0], yawRate }, obs, action);
    },
  };
}

/** A vector along the heading (the body's x axis laid level), to its left and upwards, in the body frame. */
function alongHeading(forward: number, left: number, climb: number, [x, y, z]: Triple): Triple {
  // The part of (1, 0, 0) across up; it vanishes where the nose points straight up or down.
  const level = Math.max(1e-3, Math.sqrt(Math.max(0, 1 - x * x)));
  const ahead: Triple = [(1 - x * x) / level, (-x * y) / level, (-x * z) / level];
  const aside: Triple = [
    y * ahead[2] - z * ahead[1],
    z * ahead[0] - x * ahead[2],
    x * ahead[1] - y * ahead[0],
  ];
  return [x, y, z].map((up, i) => forward * ahead[i]! + left * aside[i]! + climb * up) as Triple;
}

/** What to ask of the rate controller, rad/s, whose torque is gain·(command − rate), to near `wanted`. */
function rateCommand(wanted: number, rate: number): number {
  const acceleration = YAW_GAIN * (wanted - rate) + iris.angularDrag * rate;
  const error = (iris.inertia[2] * acceleration) / iris.rateGains[2];
  return rate + Math.max(-MAX_RATE_ERROR, Math.min(MAX_RATE_ERROR, error));
}
