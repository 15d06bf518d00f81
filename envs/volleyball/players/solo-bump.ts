/** Keeps the ball in the air, each hit sending it to the wanted apex and back towards the anchor. */
import type { ActionMode } from '../../../robots/quadrotor/index.ts';
import type { Space } from '../../../src/core/space.ts';
import type { Player } from './player.ts';
import { createSight, createStriker, precise, throwOver } from './striker.ts';

/** Height of the aircraft when it hits, m. */
const HEIGHT = 2.05;
/** Highest point of the ball after a hit, m: the rule asks for 3.5. */
const APEX = 3.62;
/** Part of the way back to the anchor that a hit sends the ball. */
const CENTRE = 0.6;

export function soloBumpPlayer(observation: Space, mode: ActionMode): Player {
  const see = createSight(observation);
  const striker = createStriker(observation, mode, precise);
  return (obs, action) => {
    const sight = see(obs);
    const { anchor } = sight;
    striker.strike(
      sight,
      HEIGHT,
      (from) => {
        const [x, y] = [0, 1].map((k) => from[k]! + CENTRE * (anchor[k]! - from[k]!)) as [number, number];
        return throwOver(from, [x, y, from[2]], APEX);
      },
      obs,
      action,
    );
  };
}
