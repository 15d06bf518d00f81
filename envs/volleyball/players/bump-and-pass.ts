/** Whoever's turn it is sends the ball high to where the other one waits. */
import type { ActionMode } from '../../../robots/quadrotor/index.ts';
import type { Space } from '../../../src/core/space.ts';
import type { Player } from './player.ts';
import { createSight, createStriker, type Handling, throwOver } from './striker.ts';

/** Found by random search, m: height of the aircraft when it hits and while it waits; … */
const [HEIGHT, WAIT] = [2.13, 1.93];
/** … height of the ball between the two, of which the rule asks for 4; … */
const APEX = 4.35;
/** … and how far to the side of the court's middle each waits: nearer than their places are, so that passes need less tilt. */
const ASIDE = 1.82;
const passing: Handling = {
  ...{ stiffness: 126, damping: 20, rateGain: 9 },
  ...{ tilt: 0.311, pulled: 0.213, gain: [1.185, 1.029] },
  ...{ strike: 0.472, settle: 1, maxSide: 8.2 },
};

export function bumpAndPassPlayer(observation: Space, mode: ActionMode): Player {
  const see = createSight(observation);
  const striker = createStriker(observation, mode, passing);
  const index = (name: string) => observation.components.findIndex((component) => component.name === name);
  const [turn, self] = [index('turn.0'), index('self.0')];
  return (obs, action) => {
    const sight = see(obs);
    const [x, y] = sight.anchor;
    const own = ASIDE * Math.sign(y);
    if (obs[turn] !== obs[self]) striker.stay(sight, [x, own, WAIT], obs, action);
    else striker.strike(sight, HEIGHT, (from) => throwOver(from, [x, -own, from[2]], APEX), obs, action);
  };
}
