/**
 * A player of matches, of graded strength: whoever may hit and is nearest to where the ball comes down sends it over the net
 * into the other half; the others keep their places. The weaker it is, the more often it sends the ball too far.
 */
import type { Space } from '../../../src/core/space.ts';
import { GRAVITY } from '../../../src/physics/packed-world.ts';
import { NET_HEIGHT } from '../court.ts';
import type { MatchSettings } from '../match.ts';
import { CONTACT_HEIGHT } from '../scenes.ts';
import type { Triple } from './attitude.ts';
import { swingPlayer, swings } from './hit-the-ball.ts';
import type { Player } from './player.ts';
import { createSight, createStriker, type Sight, throwOver, wide } from './striker.ts';

/** Height of the aircraft when it hits, m. */
const HEIGHT = 2;
/** Highest point of a ball on its way over the net: so high above the net's edge, m, … */
const CLEARANCE = 1.6;
/** … or above the hit by this part of the distance, so that it need not fly fast. */
const STEEPNESS = 0.36;
/** How far behind the net a ball is sent: by how far the own place is from it, and at most so far, m. */
const DEPTH = { part: 1.1, most: 3 } as const;
/** A ball that moves sideways slower than this has not been hit yet, m/s. */
const UNTOUCHED = 0.05;
/** So far from the middle of the other half a ball is sent, to one side or the other, m. */
const ASIDE = 0.7;
/** Periods of `chance` in 1 m or 1 m/s. */
const CHAOS = 150;
/** The weakest sends the ball up to so much too far, m. */
const WORST_EXCESS = 12;

export function ralliesOf(
  observation: Space,
  { actionMode, level }: Pick<MatchSettings, 'actionMode' | 'level'>,
): Player {
  const see = createSight(observation);
  const striker = createStriker(observation, actionMode, wide);
  const mayHit = permission(observation);
  // A team's serve is a swing: it has to fly 6 m and more.
  const serve = observation.components.some(({ name }) => name === 'side.mine')
    ? swingPlayer(observation, actionMode, swings[actionMode])
    : undefined;
  const isNearest = nearness(observation);
  return (obs, action) => {
    const sight = see(obs);
    if (!mayHit(obs) || !isNearest(sight, obs)) {
      striker.stay(sight, sight.anchor, obs, action);
      return;
    }
    if (serve && Math.hypot(sight.ballVelocity[0], sight.ballVelocity[1]) < UNTOUCHED) {
      serve(obs, action);
      return;
    }
    const depth = Math.min(DEPTH.most, DEPTH.part * sight.anchor[0]);
    const luck = chance(sight);
    const excess = WORST_EXCESS * (1 - level) * Math.abs(luck);
    const goal: Triple = [-depth - excess, ASIDE * Math.sign(luck), HEIGHT];
    const send = (from: Triple): Triple => {
      const distance = Math.hypot(goal[0] - from[0], goal[1] - from[1]);
      return throwOver(from, goal, Math.max(NET_HEIGHT + CLEARANCE, from[2] + STEEPNESS * distance));
    };
    striker.strike(sight, HEIGHT, send, obs, action);
  };
}

/**
 * A number from −1 to 1 that is the same while a ball flies, and another one for the next ball: as good as chance, so that the
 * player needs neither a memory nor random numbers.
 */
function chance({ ball, ballVelocity: [vx, vy] }: Sight): number {
  const flight = Math.hypot(vx, vy) < UNTOUCHED ? ball[0] + 2 * ball[1] : vx + 2 * vy;
  const many = CHAOS * flight;
  return 2 * (many - Math.floor(many)) - 1;
}

/** Whether its turn has come, or, in a team, whether it may still hit once the ball is on its side: it goes there before. */
function permission(observation: Space): (obs: Float32Array) => boolean {
  const index = (name: string) => observation.components.findIndex((component) => component.name === name);
  const turn = index('turn.mine');
  if (turn >= 0) return (obs) => obs[turn] === 1;
  const hit = index('hit.yes');
  return (obs) => obs[hit] === 0;
}

/** Whether the ball comes down in the own half, and nobody else of the side is nearer to where. */
function nearness(observation: Space): (sight: Sight, obs: Float32Array) => boolean {
  const mates = observation.components.flatMap(({ name }, i) => (/^mate\.\d+\.x$/.test(name) ? [i] : []));
  return ({ ball: b, ballVelocity: v, position }, obs) => {
    const fall = v[2] ** 2 + 2 * GRAVITY * Math.max(0, b[2] - HEIGHT - CONTACT_HEIGHT);
    const time = (v[2] + Math.sqrt(fall)) / GRAVITY;
    const [x, y] = [b[0] + v[0] * time, b[1] + v[1] * time];
    const own = Math.hypot(position[0] - x, position[1] - y);
    return x > 0 && mates.every((at) => Math.hypot(obs[at]! - x, obs[at + 1]! - y) >= own - 1e-6);
  };
}
