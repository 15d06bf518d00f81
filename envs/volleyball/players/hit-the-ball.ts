/**
 * A timed swing: up with nearly full thrust, leaning ever further over, and back again as the ball comes. What an undisturbed
 * swing does is flown once, from a level start; later ones are held to it. The ball falls straight down onto where the aircraft
 * started, so its speed tells the time.
 */
import { type ActionMode, maxRotorThrust, racketIris } from '../../../robots/quadrotor/index.ts';
import { createRng } from '../../../src/core/rng.ts';
import type { Space } from '../../../src/core/space.ts';
import { GRAVITY } from '../../../src/physics/packed-world.ts';
import { ANCHOR, createDrill } from '../drill.ts';
import { hitTheBall as rules } from '../rules/by-task.ts';
import { CONTROL_DT, type VolleySettings } from '../scenes.ts';
import { type AttitudeGains, clamp, createAttitudeControl, type Triple, vectorReader } from './attitude.ts';
import type { Player } from './player.ts';

/** Time between two knots of a swing, s; between them it is interpolated. */
const KNOT = 0.1;

export interface Swing extends AttitudeGains {
  /** Tilt of the thrust axis towards +x at each knot, rad. */
  readonly tilts: readonly number[];
  /** Thrust at each knot, as a part of the greatest. */
  readonly thrusts: readonly number[];
  /** Feedback of place and speed along the court and across, 1/s² and 1/s, and of height and climb. */
  readonly place: number;
  readonly speed: number;
  readonly height: number;
  readonly climb: number;
}

/** Found by the cross-entropy method on random starts. */
export const swings: Readonly<Record<ActionMode, Swing>> = {
  rotors: {
    tilts: [0.0747, 0.0652, 0.0383, -0.1335, -0.3985, -0.6134, -0.8987, -0.9034, -0.3713, -0.5951],
    thrusts: [0.932, 0.94, 0.974, 0.995, 0.913, 1, 0.98, 0.748, 0.824, 0.886],
    ...{ place: 8.63, speed: 6.64, height: 0.489, climb: 0.341 },
    ...{ stiffness: 80.9, damping: 19.2, rateGain: 0 },
  },
  rates: {
    tilts: [0.0884, -0.0038, -0.0409, -0.1672, -0.5083, -0.6572, -1.026, -0.9863, -0.2843, -0.649],
    thrusts: [0.805, 0.927, 0.959, 0.892, 0.908, 1, 0.992, 0.722, 0.861, 0.923],
    ...{ place: 7.12, speed: 4.71, height: 0.531, climb: 0.348 },
    ...{ stiffness: 0, damping: 0, rateGain: 7.13 },
  },
};

const MAX_TILT = 1.5;
/** A ball that moves sideways faster than this has been hit, m/s. */
const STRUCK = 0.05;
/** After the hit: part of the weight that it carries, which keeps it from climbing on. */
const SINK = 0.9;
/** Of the ball above the aircraft at the start, m. */
const SERVE_HEIGHT = 3;
/** A swing that has not hit by then never will, s. */
const LONGEST = 2;

/** An instant of a swing: place along the court and height, from the ball, m; and their speeds, m/s. */
type Instant = readonly [x: number, speed: number, z: number, climb: number];

export const hitTheBallPlayer = (observation: Space, mode: ActionMode): Player =>
  swingPlayer(observation, mode, swings[mode]);

export function swingPlayer(observation: Space, mode: ActionMode, swing: Swing): Player {
  const swingAt = createSwing(observation, mode, swing);
  const plan = undisturbed(mode, swing);
  return (obs, action) => swingAt(obs, action, plan);
}

type SwingAt = (obs: Float32Array, action: Float32Array, plan: readonly Instant[] | undefined) => Instant;

function createSwing(observation: Space, mode: ActionMode, swing: Swing): SwingAt {
  const read = (name: string) => vectorReader(observation, name);
  const [velocity, fromBall, ballVelocity] = [read('velocity'), read('ball'), read('ball.velocity')];
  const turn = createAttitudeControl(observation, mode, swing);
  const full = 4 * maxRotorThrust(racketIris);
  return (obs, action, plan) => {
    const [v, away, w] = [velocity(obs), fromBall(obs), ballVelocity(obs)];
    const now: Instant = [away[0], v[0], away[2], v[2]];
    if (Math.hypot(w[0], w[1]) > STRUCK || w[2] > STRUCK) {
      turn([-v[0], -v[1], GRAVITY], SINK * racketIris.mass * GRAVITY, obs, action);
      return now;
    }
    const time = -w[2] / GRAVITY;
    const step = Math.round(time / CONTROL_DT);
    const [x, speed, z, climb] = plan?.[Math.min(step, plan.length - 1)] ?? now;
    const back = (swing.place * (x - now[0]) + swing.speed * (speed - now[1])) / GRAVITY;
    const angle = clamp(at(swing.tilts, time) + back, -MAX_TILT, MAX_TILT);
    const aside = (-swing.place * away[1] - swing.speed * v[1]) / GRAVITY;
    const direction: Triple = [Math.sin(angle), aside * Math.cos(angle), Math.cos(angle)];
    const lift = swing.height * (z - now[2]) + swing.climb * (climb - now[3]);
    const thrust = full * at(swing.thrusts, time) + racketIris.mass * lift;
    turn(direction, clamp(thrust, 0, full), obs, action);
    return now;
  };
}

/** What knots say of a time, s; after the last one, that. */
function at(knots: readonly number[], time: number): number {
  const place = Math.min(time / KNOT, knots.length - 1);
  const before = Math.min(Math.floor(place), knots.length - 2);
  return knots[before]! + (place - before) * (knots[before + 1]! - knots[before]!);
}

/** The swing from a level start, up to the hit. */
function undisturbed(mode: ActionMode, swing: Swing): Instant[] {
  const { scenes, game, observationSpace, observe } = createDrill(1, unvaried(mode), rules);
  const swingAt = createSwing(observationSpace, mode, swing);
  scenes.start(0, createRng(0), ANCHOR, { position: [0, 0, 0], tilt: 0, yaw: [0, 0] });
  scenes.game!.serve(0, 0, SERVE_HEIGHT);
  const obs = new Float32Array(observationSpace.size);
  const action = new Float32Array(4);
  const plan: Instant[] = [];
  const limit = LONGEST / CONTROL_DT;
  while (game.referee.sheet.hits[0] === 0 && plan.length < limit) {
    observe(0, obs);
    plan.push(swingAt(obs, action, undefined));
    scenes.fly(action);
  }
  scenes.close();
  return plan;
}

const unvaried = (actionMode: ActionMode): VolleySettings => ({
  ...{ actionMode, massVariation: 0, inertiaVariation: 0, motorLagVariation: 0, thrustVariation: 0 },
  windSpeed: 0,
});
