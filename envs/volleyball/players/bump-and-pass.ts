/** Whoever's turn it is sends the ball high to the other's place; the other goes there and waits. */
import type { ActionMode } from '../../../robots/quadrotor/index.ts';
import type { Space } from '../../../src/core/space.ts';
import type { Triple } from './attitude.ts';
import type { Player } from './player.ts';
import { createSight, createStriker, throwOver, wide } from './striker.ts';

/** Height of the aircraft when it hits, and of the ball between the two, m: the rule asks for 4. */
const HEIGHT = 2.1;
const APEX = 4.35;

export function bumpAndPassPlayer(observation: Space, mode: ActionMode): Player {
  const see = createSight(observation);
  const striker = createStriker(observation, mode, wide);
  const index = (name: string) => observation.components.findIndex((component) => component.name === name);
  const [turn, self] = [index('turn.0'), index('self.0')];
  return (obs, action) => {
    const sight = see(obs);
    if (obs[turn] !== obs[self]) {
      striker.stay(sight, sight.anchor, obs, action);
      return;
    }
    // The two places lie opposite each other across the court.
    const mate: Triple = [sight.anchor[0], -sight.anchor[1], HEIGHT];
    striker.strike(sight, HEIGHT, (from) => throwOver(from, [mate[0], mate[1], from[2]], APEX), obs, action);
  };
}
