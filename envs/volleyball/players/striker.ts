/**
 * Hitting a ball where one wants it: wait below where it will come down, rise to meet it with the speed and the tilt that send
 * it off as wanted. All from where the ball is and how it moves. What the players of several tasks share.
 */
import { type ActionMode, racketIris } from '../../../robots/quadrotor/index.ts';
import type { Space } from '../../../src/core/space.ts';
import { GRAVITY } from '../../../src/physics/packed-world.ts';
import { ball } from '../ball.ts';
import { CONTACT_HEIGHT } from '../scenes.ts';
import {
  type AttitudeGains,
  clamp,
  createAttitudeControl,
  dot,
  scaled,
  type Triple,
  unit,
  vectorReader,
} from './attitude.ts';

/** How a strike is carried out. */
export interface Handling extends AttitudeGains {
  /** Time before the hit at which the tilt for it begins, s, … */
  readonly tilt: number;
  /** … and the part of it in which the aircraft is as good as tilted and is pulled sideways, s. */
  readonly pulled: number;
  /** Factors of the wanted velocity, along the court and upwards, for what the strike falls short of. */
  readonly gain: readonly [level: number, up: number];
}

/** For balls that come down almost where they went up. */
export const precise: Handling = {
  ...{ stiffness: 150, damping: 20, rateGain: 9 },
  ...{ tilt: 0.28, pulled: 0, gain: [1, 1] },
};
/** For balls that are to fly metres: a torque as great as that of `precise` would leave too little thrust for the strike. */
export const wide: Handling = {
  ...{ stiffness: 110, damping: 20, rateGain: 9 },
  ...{ tilt: 0.4, pulled: 0.32, gain: [1.12, 1.02] },
};

/** Time before the hit at which the strike begins, s. */
const STRIKE = 0.45;
/** In the last moments the strike's end is not looked at, only its speed, s. */
const LAST = 0.06;
/** Up and down: position 1/s², velocity 1/s, bounds m/s². */
const CLIMB = { stiffness: 14, damping: 6, low: -7, high: 5.5 } as const;
/** To the side: position 1/s², velocity 1/s, bound m/s². */
const SIDE = { stiffness: 4, damping: 4, most: 5 } as const;
const LEAST_UPRIGHT = 0.5;

/** What is seen of aircraft and ball, m and m/s, in the frame of the observation. */
export interface Sight {
  readonly position: Triple;
  readonly velocity: Triple;
  readonly ball: Triple;
  readonly ballVelocity: Triple;
  /** Where the task wants the aircraft to be. */
  readonly anchor: Triple;
}

/** @returns what reads a row of an observation that has position, velocity, ball, ball.velocity and anchor */
export function createSight(observation: Space): (obs: Float32Array) => Sight {
  const read = (name: string) => vectorReader(observation, name);
  const [position, velocity, ballVelocity] = [read('position'), read('velocity'), read('ball.velocity')];
  const [fromAnchor, fromBall] = [read('anchor'), read('ball')];
  return (obs) => {
    const p = position(obs);
    const minus = (offset: Triple): Triple => [p[0] - offset[0], p[1] - offset[1], p[2] - offset[2]];
    return {
      position: p,
      velocity: velocity(obs),
      ball: minus(fromBall(obs)),
      ballVelocity: ballVelocity(obs),
      anchor: minus(fromAnchor(obs)),
    };
  };
}

/** Velocity that takes a ball from `from` to `to` over a highest point at `apex`, m/s. */
export function throwOver(from: Triple, to: Triple, apex: number): Triple {
  const rise = Math.sqrt(2 * GRAVITY * Math.max(0, apex - from[2]));
  const time = (rise + Math.sqrt(2 * GRAVITY * Math.max(0, apex - to[2]))) / GRAVITY;
  return [(to[0] - from[0]) / time, (to[1] - from[1]) / time, rise];
}

export interface Striker {
  /**
   * Goes for the ball.
   * @param height of the aircraft when it hits, m
   * @param send velocity to give the ball where it comes down, m/s
   */
  strike(
    sight: Sight,
    height: number,
    send: (from: Triple) => Triple,
    obs: Float32Array,
    action: Float32Array,
  ): void;
  /** Stays at a place. */
  stay(sight: Sight, place: Triple, obs: Float32Array, action: Float32Array): void;
}

export function createStriker(observation: Space, mode: ActionMode, handling: Handling): Striker {
  const up = vectorReader(observation, 'up');
  const turn = createAttitudeControl(observation, mode, handling);

  function fly(
    sight: Sight,
    x: number,
    y: number,
    climb: number,
    tilt: Triple | null,
    obs: Float32Array,
    action: Float32Array,
  ): void {
    const { position: p, velocity: v } = sight;
    const ax = SIDE.stiffness * (x - p[0]) - SIDE.damping * v[0];
    const ay = SIDE.stiffness * (y - p[1]) - SIDE.damping * v[1];
    const scale = Math.min(1, SIDE.most / (Math.hypot(ax, ay) || 1));
    const lift = clamp(climb, CLIMB.low, CLIMB.high) + GRAVITY;
    const direction: Triple = tilt ?? [ax * scale, ay * scale, lift];
    turn(direction, (racketIris.mass * lift) / Math.max(LEAST_UPRIGHT, up(obs)[2]), obs, action);
  }

  return {
    strike(sight, height, send, obs, action) {
      const { position: p, velocity: v, ball: b, ballVelocity: w } = sight;
      const contact = height + CONTACT_HEIGHT;
      // When and where the ball comes down to the height of the hit.
      const fall = w[2] ** 2 + 2 * GRAVITY * (b[2] - contact);
      const time = fall > 0 ? (w[2] + Math.sqrt(fall)) / GRAVITY : 0;
      const [x, y] = [b[0] + w[0] * time, b[1] + w[1] * time];
      const incoming: Triple = [w[0], w[1], -Math.sqrt(Math.max(fall, 0))];
      const wanted = send([x, y, contact]);
      const [level, upwards] = handling.gain;
      const outgoing: Triple = [level * wanted[0], level * wanted[1], upwards * wanted[2]];
      const normal = unit(outgoing.map((speed, k) => speed - incoming[k]!) as Triple);
      // v⁺ = −e·v⁻ + (1 + e)·u along the normal, u the racket's.
      const { restitution: e } = ball;
      const speed = (dot(outgoing, normal) + e * dot(incoming, normal)) / (1 + e);
      // The tilt also pulls it sideways: it stands that much behind, and part of the strike comes from there.
      const pull: Triple = scaled([normal[0], normal[1], 0], GRAVITY / normal[2]);
      const rise = (speed - handling.pulled * dot(pull, normal)) / normal[2];
      const back = scaled(pull, -(handling.pulled ** 2) / 2);
      const climb = climbTo(height, p[2], v[2], time, rise);
      fly(sight, x + back[0], y + back[1], climb, time < handling.tilt ? normal : null, obs, action);
    },
    stay(sight, [x, y, z], obs, action) {
      const { position: p, velocity: v } = sight;
      fly(sight, x, y, CLIMB.stiffness * (z - p[2]) - CLIMB.damping * v[2], null, obs, action);
    },
  };
}

/** To be at `height` with the speed of the strike when the ball comes: a cubic in time; before, to wait where that takes an even pull. */
function climbTo(height: number, at: number, speed: number, time: number, strike: number): number {
  const below = (strike * STRIKE) / 2;
  if (time <= 0 || time >= STRIKE) return CLIMB.stiffness * (height - below - at) - CLIMB.damping * speed;
  if (time < LAST) return (strike - speed) / LAST;
  return (6 * (height - at) - 2 * time * (strike + 2 * speed)) / time ** 2;
}
