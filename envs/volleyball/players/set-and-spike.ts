/**
 * The setter sends the ball up between the two; the attacker meets it on its way down, with the racket tilted over, and sends it
 * to a goal beyond the net. How far the ball has fallen by then is fixed, and not the height, so that the spike is the same
 * however high the set was.
 */
import type { ActionMode } from '../../../robots/quadrotor/index.ts';
import type { Space } from '../../../src/core/space.ts';
import { GRAVITY } from '../../../src/physics/packed-world.ts';
import { CONTACT_HEIGHT } from '../scenes.ts';
import type { Triple } from './attitude.ts';
import type { Player } from './player.ts';
import { createSight, createStriker, type Handling, throwOver } from './striker.ts';

/** All constants were found by random search. Height of the setter when it hits, and of the ball above the floor after that, m. */
const HEIGHT = 2.81;
const APEX = 4.85;
const setting: Handling = {
  ...{ stiffness: 90, damping: 14.7, rateGain: 9 },
  ...{ tilt: 0.258, pulled: 0.075, gain: [1.05, 1.14] },
  ...{ strike: 0.47, settle: 0.9, maxSide: 9 },
};
/** Where a spike is hit and where it goes. */
interface Spike {
  /** Where the ball is hit, seen from above, m; … */
  readonly spot: readonly [x: number, y: number];
  /** … how far it has fallen by then, m; … */
  readonly drop: number;
  /** … its speed upwards after the hit, m/s; … */
  readonly up: number;
  /** … and what is aimed at, m. */
  readonly goal: Triple;
  readonly handling: Handling;
}

/** Into the target on the floor of the far half. */
const easy: Spike = {
  ...{ spot: [2.07, 0.9], drop: 1.43, up: 0.76, goal: [-4.5, 0, 0.2] },
  handling: {
    ...{ stiffness: 118, damping: 21, rateGain: 9 },
    ...{ tilt: 0.463, pulled: 0.15, gain: [0.96, 0.968] },
    ...{ strike: 0.516, settle: 1.035, maxSide: 7.8 },
  },
};
/** Steeply down close behind the net and far to the side, where the board does not get to in time; the ball falls short of the goal. */
const hard: Spike = {
  ...{ spot: [1.4, 1.5], drop: 1.356, up: -0.8, goal: [-2.8, 4.5, 1.1] },
  handling: {
    ...{ stiffness: 130, damping: 22.6, rateGain: 9 },
    ...{ tilt: 0.32, pulled: 0.148, gain: [0.791, 0.969] },
    ...{ strike: 0.561, settle: 1.174, maxSide: 8.1 },
  },
};

export const setAndSpikeEasyPlayer = (observation: Space, mode: ActionMode): Player =>
  spikePlayer(observation, mode, easy);
export const setAndSpikeHardPlayer = (observation: Space, mode: ActionMode): Player =>
  spikePlayer(observation, mode, hard);

function spikePlayer(
  observation: Space,
  mode: ActionMode,
  { spot: [x, y], drop, up, goal, handling }: Spike,
): Player {
  const see = createSight(observation);
  const setter = createStriker(observation, mode, setting);
  const attacker = createStriker(observation, mode, handling);
  const index = (name: string) => observation.components.findIndex((component) => component.name === name);
  const [setterTurn, attackerTurn, isSetter] = [index('turn.0'), index('turn.1'), index('self.0')];
  const spot: Triple = [x, y, APEX - drop];
  return (obs, action) => {
    const sight = see(obs);
    const { ball, ballVelocity: v, anchor } = sight;
    if (obs[setterTurn]) {
      if (obs[isSetter]) setter.strike(sight, HEIGHT, (from) => throwOver(from, spot, APEX), obs, action);
      else attacker.stay(sight, [x, y, spot[2] - CONTACT_HEIGHT], obs, action);
    } else if (obs[attackerTurn] && !obs[isSetter]) {
      const top = ball[2] + v[2] ** 2 / (2 * GRAVITY);
      attacker.strike(sight, top - drop - CONTACT_HEIGHT, (from) => hitTo(from, goal, up), obs, action);
    } else {
      setter.stay(sight, anchor, obs, action);
    }
  };
}

/** Velocity that takes a ball from `from` down to `to` when it leaves with `up` m/s upwards, m/s. */
function hitTo(from: Triple, to: Triple, up: number): Triple {
  const time = (up + Math.sqrt(up ** 2 + 2 * GRAVITY * Math.max(0, from[2] - to[2]))) / GRAVITY;
  return [(to[0] - from[0]) / time, (to[1] - from[1]) / time, up];
}
