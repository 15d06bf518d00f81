/**
 * A timed swing: full thrust all the way up, a slow lean back, and a flick of the racket just before the ball is there. What an
 * undisturbed swing does is flown once, from a level start; later ones are held to it. The ball falls straight down onto where the
 * aircraft started, so its speed tells the time.
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

/** From this time on, s, the thrust axis is tilted by so much towards +x, rad. */
interface Phase {
  readonly from: number;
  readonly tilt: number;
}

export interface Swing extends AttitudeGains {
  readonly phases: readonly Phase[];
  /** Feedback of place and speed along the court and across, 1/s² and 1/s, and of height and climb. */
  readonly place: number;
  readonly speed: number;
  readonly height: number;
  readonly climb: number;
}

/** Found by random search, with rotors. The last wanted tilt but one is never reached: turning towards it is what counts. */
const timing = {
  phases: [
    { from: 0, tilt: -0.0044 },
    { from: 0.198, tilt: -0.1546 },
    { from: 0.494, tilt: -1.4 },
    { from: 0.7754, tilt: -0.2995 },
  ],
  ...{ place: 10.9, speed: 6.97, height: 0.59, climb: 0.23 },
};
export const swings: Readonly<Record<ActionMode, Swing>> = {
  rotors: { ...timing, stiffness: 130.6, damping: 29.1, rateGain: 0 },
  rates: { ...timing, stiffness: 0, damping: 0, rateGain: 9 },
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
    const { tilt } = swing.phases.findLast(({ from }, i) => i === 0 || step * CONTROL_DT >= from)!;
    const back = (swing.place * (x - now[0]) + swing.speed * (speed - now[1])) / GRAVITY;
    const angle = clamp(tilt + back, -MAX_TILT, MAX_TILT);
    const aside = (-swing.place * away[1] - swing.speed * v[1]) / GRAVITY;
    const direction: Triple = [Math.sin(angle), aside * Math.cos(angle), Math.cos(angle)];
    const lift = swing.height * (z - now[2]) + swing.climb * (climb - now[3]);
    turn(direction, Math.max(0, full + racketIris.mass * lift), obs, action);
    return now;
  };
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
