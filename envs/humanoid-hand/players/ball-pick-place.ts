/**
 * The scripted player of `hand-ball-pick-place`: it goes over the ball, down, closes, lifts, carries the ball over the bin or
 * the other tray, opens, and goes up. Whatever goes wrong, it begins again from what it sees then.
 */
import type { VectorEnv } from '../../../src/core/env.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { bin, tray } from '../tabletop-bin.ts';
import { type Grip, TabletopHand, type TabletopPlayerSettings } from './tabletop-hand.ts';

/** Found by a random search, as is the place, with balls up to 1 cm beside it: other grips squeeze so large a ball out. */
const GRIP: Grip = { curl: 0.97, flexion: 0.92, opposition: 0.85 };
/** Where the ball is in the hand's frame when the fingers close, m: it touches the palm, well to the thumb's side. */
const HELD = [0.075, -0.038, 0.047] as const;
/** Off the ball, it does not go down below this, m. */
const CLEARANCE = 0.145;
/** Off by less, and low, it closes, m. */
const OVER = 0.006;
const LOW = 0.005;
/** A ball that is farther from there has been lost, m. */
const LOST = 0.06;
/** Below this it lifts slowly, m, by this part of the full speed. */
const SWEPT_HEIGHT = 0.11;
const SLOWLY = 0.4;
/** Of the ball's middle: from the first on it is carried, at the second, m. */
const CARRIED = 0.15;
const CARRY_HEIGHT = 0.18;
/** Off the bin's middle by less than this, it lets go, m. */
const AIM = 0.015;
/** Height of the wrist to which it goes up then, m. */
const UP = 0.25;

export interface BallPickPlacePlayerSettings extends TabletopPlayerSettings {
  readonly containers: 'bin' | 'trays';
}

export function ballPickPlacePlayer(env: VectorEnv, settings: BallPickPlacePlayerSettings): Policy {
  const target = settings.containers === 'bin' ? bin : tray;
  const hand = new TabletopHand(env, settings, 'ball', GRIP);
  const [ball, goal] = [hand.indexOf('ball.x'), hand.indexOf('bin.x')];
  return hand.policy((obs, action) => {
    const [x, y, z] = hand.place(obs);
    const height = obs[ball + 2]!;
    const offBin = [obs[goal]! - obs[ball]!, obs[goal + 1]! - obs[ball + 1]!] as const;
    const away = hand.level(obs, x - HELD[0], y - HELD[1]);
    const inHand = Math.hypot(...away, z - HELD[2]) < LOST;
    const closing = inHand && hand.closing(obs);
    // A hand that has begun to open over the bin goes on, also where the ball has rolled away from the middle since.
    const letsGo = height < target.depth || !hand.closed(obs) || Math.hypot(...offBin) < AIM;
    if (letsGo && target.beside(...offBin) === 0) {
      hand.grip(obs, action, false);
      if (!closing) action[hand.wrist + 2] = hand.step(UP - hand.height(obs));
      return;
    }
    const down = HELD[2] - z;
    hand.grip(obs, action, closing || (Math.hypot(...away) < OVER && down > -LOW));
    if (!closing) hand.goOver(obs, action, away, hand.step(down), CLEARANCE);
    else if (hand.closed(obs)) carry(obs, action, offBin);
  });

  /** Up, slowly at first, as the fingers still sweep the ball into the palm, and over to the bin. */
  function carry(obs: Float32Array, action: Float32Array, offBin: readonly [x: number, y: number]): void {
    const height = obs[ball + 2]!;
    const up = hand.height(obs) < SWEPT_HEIGHT ? SLOWLY : hand.approach(CARRY_HEIGHT - height);
    action[hand.wrist + 2] = up;
    if (height < CARRIED) return;
    action[hand.wrist] = hand.approach(offBin[0]);
    action[hand.wrist + 1] = hand.approach(offBin[1]);
  }
}
