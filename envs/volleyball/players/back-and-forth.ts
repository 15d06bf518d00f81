/** Flies straight to the target: as fast as it can still brake, then slowly through the last half metre. */
import { type ActionMode, racketIris } from '../../../robots/quadrotor/index.ts';
import type { Space } from '../../../src/core/space.ts';
import { GRAVITY } from '../../../src/physics/packed-world.ts';
import { type AttitudeGains, clamp, createAttitudeControl, type Triple, vectorReader } from './attitude.ts';
import type { Player } from './player.ts';

interface Handling extends AttitudeGains {
  /** Greatest speed, m/s. */
  readonly cruise: number;
  /** Deceleration that the approach is planned with, m/s², down to a stop … */
  readonly brake: number;
  /** … this far before the target, m. */
  readonly lead: number;
  /** Speed of the rest of the way, m/s, falling to 0 within `NEAR`. */
  readonly close: number;
  /** Acceleration per error of the velocity, 1/s, and its bound, m/s². */
  readonly velocityGain: number;
  readonly maxAcceleration: number;
}

/** Found by random search. */
const handling: Readonly<Record<ActionMode, Handling>> = {
  rotors: {
    ...{ stiffness: 152, damping: 30.2, rateGain: 0 },
    ...{ cruise: 6.15, brake: 5.36, lead: 0.656, close: 0.392, velocityGain: 11, maxAcceleration: 14.3 },
  },
  rates: {
    ...{ stiffness: 0, damping: 0, rateGain: 4.5 },
    ...{ cruise: 9.4, brake: 3.2, lead: 0.977, close: 0.49, velocityGain: 4.56, maxAcceleration: 11.2 },
  },
};

/** m */
const NEAR = 0.6;
/** Height: position 1/s², velocity 1/s, bound of the acceleration m/s². */
const CLIMB = { stiffness: 6, damping: 4, most: 4 } as const;
/** Thrust is not raised beyond the weight's over this cosine of the tilt. */
const LEAST_UPRIGHT = 0.3;

export function backAndForthPlayer(observation: Space, mode: ActionMode): Player {
  const read = (name: string) => vectorReader(observation, name);
  const [target, velocity, up] = [read('target'), read('velocity'), read('up')];
  const h = handling[mode];
  const turn = createAttitudeControl(observation, mode, h);
  return (obs, action) => {
    const [offset, v] = [target(obs), velocity(obs)];
    const distance = Math.hypot(...offset) || 1;
    const speed = Math.min(
      h.cruise,
      Math.sqrt(2 * h.brake * Math.max(0, distance - h.lead)) + h.close * Math.min(1, distance / NEAR),
    );
    const [x, y] = [0, 1].map((k) => h.velocityGain * ((offset[k]! / distance) * speed - v[k]!)) as [
      number,
      number,
    ];
    const scale = Math.min(1, h.maxAcceleration / (Math.hypot(x, y) || 1));
    const climb = clamp(CLIMB.stiffness * offset[2] - CLIMB.damping * v[2], -CLIMB.most, CLIMB.most);
    const direction: Triple = [x * scale, y * scale, climb + GRAVITY];
    turn(direction, (racketIris.mass * direction[2]) / Math.max(LEAST_UPRIGHT, up(obs)[2]), obs, action);
  };
}
