/** The scripted player of `hand-turn-knob`: it goes over the knob, down, closes, and turns its wrist about the knob's axis. */
import type { VectorEnv } from '../../../src/core/env.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { WRIST_SPEED, WRIST_TURN } from '../control.ts';
import { GRASP } from '../objects.ts';
import { clip, type Grip, TabletopHand, type TabletopPlayerSettings } from './tabletop-hand.ts';

/** Found by a random search, as is the place; a firmer grip has the wrist give way. */
const GRIP: Grip = { curl: 0.75, flexion: 0.7, opposition: 0.75 };
/** Where the knob's middle is in the hand's frame when the fingers close, m. */
const HELD = [GRASP[0] + 0.003, GRASP[1] - 0.002, GRASP[2] + 0.006] as const;
/** Off the knob, it does not go down below this, m. */
const CLEARANCE = 0.17;
/** Off by less in all directions, it closes, m. */
const OVER = 0.006;
/** Part of the fastest turn of the wrist. */
const TURN = 0.75;
/** It turns until the knob has come so far, rad. */
const FAR_ENOUGH = 1.65;

export function turnKnobPlayer(env: VectorEnv, settings: TabletopPlayerSettings): Policy {
  const hand = new TabletopHand(env, settings, 'knob', GRIP);
  const angle = hand.indexOf('knob.angle');
  return hand.policy((obs, action) => {
    const [x, y, z] = hand.place(obs);
    const away = hand.level(obs, x - HELD[0], y - HELD[1]);
    const down = HELD[2] - z;
    const closing = hand.closing(obs) || (Math.hypot(...away) < OVER && Math.abs(down) < OVER);
    hand.grip(obs, action, closing);
    hand.goOver(obs, action, away, hand.approach(down), closing ? 0 : CLEARANCE);
    if (hand.closed(obs) && obs[angle]! <= FAR_ENOUGH) turnAbout(hand.level(obs, x, y), action);
  });

  /** The wrist goes round the knob as it turns, so that the knob stays where it is in the hand. */
  function turnAbout([x, y]: readonly [x: number, y: number], action: Float32Array): void {
    const turn = TURN * WRIST_TURN * hand.dt;
    const farthest = WRIST_SPEED * hand.dt;
    const [armX, armY] = [-x, -y];
    action[hand.wrist] = clip(
      action[hand.wrist]! + (armX * (Math.cos(turn) - 1) - armY * Math.sin(turn)) / farthest,
    );
    action[hand.wrist + 1] = clip(
      action[hand.wrist + 1]! + (armX * Math.sin(turn) + armY * (Math.cos(turn) - 1)) / farthest,
    );
    action[hand.wrist + 5] = TURN;
  }
}
