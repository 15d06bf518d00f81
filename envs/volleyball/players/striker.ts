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
  /** Time before the hit at which the strike upwards begins, s. */
  readonly strike: number;
  /** The way to the side is flown as the beginning of a cubic in time that comes to rest after so long, s, … */
  readonly settle: number;
  /** … with no more acceleration than this, m/s². */
  readonly maxSide: number;
}

/** For balls that come down almost where they went up. */
export const precise: Handling = {
  ...{ stiffness: 150, damping: 20, rateGain: 9 },
  ...{ tilt: 0.28, pulled: 0, gain: [1, 1] },
  ...{ strike: 0.45, settle: 1.2, maxSide: 5 },
};
/** For balls that are to fly metres: a torque as great as that of `precise` would leave too little thrust for the strike. */
export const wide: Handling = {
  ...{ stiffness: 110, damping: 20, rateGain: 9 },
  ...{ tilt: 0.4, pulled: 0.25, gain: [1.12, 1.02] },
  ...{ strike: 0.45, settle: 1.2, maxSide: 5 },
};

/** In the last moments the strike's end is not looked at, only its speed, s. */
const LAST = 0.06;
/** Up and down: position 1/s², velocity 1/s, bounds m/s². */
const CLIMB = { stiffness: 14, damping: 6, low: -7, high: 5.5 } as const;
/** Staying at a place, to the side: position 1/s², velocity 1/s. */
const SIDE = { stiffness: 4, damping: 4 } as const;
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

  /** @param side acceleration along x and y, m/s²; where a tilt is given, that is held instead */
  function fly(
    [x, y]: readonly [number, number],
    climb: number,
    tilt: Triple | null,
    obs: Float32Array,
    action: Float32Array,
  ): void {
    const scale = Math.min(1, handling.maxSide / (Math.hypot(x, y) || 1));
    const lift = clamp(climb, CLIMB.low, CLIMB.high) + GRAVITY;
    const direction: Triple = tilt ?? [x * scale, y * scale, lift];
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
      // Where it is to be when the ball meets the middle of the tilted racket, and, to the side, when the tilt begins.
      const place = [x, y, contact].map((at, k) => at - CONTACT_HEIGHT * normal[k]!) as Triple;
      const { settle } = handling;
      const side = [0, 1].map((k) => {
        const way = place[k]! - (pull[k]! * handling.pulled ** 2) / 2 - p[k]!;
        return (6 * way - 4 * settle * v[k]!) / settle ** 2;
      }) as [number, number];
      const climb = climbTo(place[2], p[2], v[2], time, rise, handling.strike);
      fly(side, climb, time < handling.tilt ? normal : null, obs, action);
    },
    stay({ position: p, velocity: v }, place, obs, action) {
      const [x, y] = place.map((at, k) => SIDE.stiffness * (at - p[k]!) - SIDE.damping * v[k]!) as Triple;
      fly([x, y], CLIMB.stiffness * (place[2] - p[2]) - CLIMB.damping * v[2], null, obs, action);
    },
  };
}

/**
 * To be at `height` with the speed of the strike when the ball comes: a cubic in time; before, to wait where that takes an even pull.
 * @param time until then, s
 * @param strike speed then, m/s
 * @param lasting from when on it rises, s before
 */
function climbTo(
  height: number,
  at: number,
  speed: number,
  time: number,
  strike: number,
  lasting: number,
): number {
  const below = (strike * lasting) / 2;
  if (time <= 0 || time >= lasting) return CLIMB.stiffness * (height - below - at) - CLIMB.damping * speed;
  if (time < LAST) return (strike - speed) / LAST;
  return (6 * (height - at) - 2 * time * (strike + 2 * speed)) / time ** 2;
}
