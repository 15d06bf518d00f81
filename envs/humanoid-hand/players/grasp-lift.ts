/**
 * The scripted player of `hand-grasp-lift`: it goes over the object, down, closes, and lifts, slowly at first, as the fingers
 * still sweep the object into the palm.
 */
import type { VectorEnv } from '../../../src/core/env.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { GRASP } from '../objects.ts';
import { type Grip, TabletopHand, type TabletopPlayerSettings } from './tabletop-hand.ts';

const GRIP: Grip = { curl: 0.95, flexion: 1, opposition: 0.85 };
/** From the middle of the wrist to the palm's surface, m. */
const PALM = 0.012;
/** Off the object, it does not go down below this, m. */
const CLEARANCE = 0.13;
/** Off by less, and low, it closes, m. */
const OVER = 0.006;
const LOW = 0.005;
/** Below this it lifts slowly, m, by this part of the full speed. */
const SWEPT_HEIGHT = 0.11;
const SLOWLY = 0.4;

/** And what lies there. */
interface PlayerSettings extends TabletopPlayerSettings {
  readonly object: string;
}

export function graspLiftPlayer(env: VectorEnv, settings: PlayerSettings): Policy {
  const hand = new TabletopHand(env, settings, 'object', GRIP);
  const seen = {
    height: hand.indexOf('object.z'),
    turn: hand.indexOf('object.rotation.xx'),
    wristTurn: hand.indexOf('wrist.rotation.xx'),
  } as const;
  return hand.policy((obs, action) => {
    const [x, y] = hand.place(obs);
    const away = hand.level(obs, x - GRASP[0], y - GRASP[1]);
    // What lies there is as high over its middle as its middle is over the table; the palm stays over it.
    const middle = obs[seen.height]!;
    const down = Math.max(middle + GRASP[2], 2 * middle + PALM) - hand.height(obs);
    const holding = hand.closing(obs);
    hand.grip(obs, action, holding || (Math.hypot(...away) < OVER && down > -LOW));
    if (!holding) {
      hand.goOver(obs, action, away, hand.step(down), CLEARANCE);
      if (settings.object === 'cube') action[hand.wrist + 5] = hand.turn(faceAngle(obs));
    } else if (hand.closed(obs)) action[hand.wrist + 2] = hand.height(obs) < SWEPT_HEIGHT ? SLOWLY : 1;
  });

  /** From the wrist's heading to that of the nearest face of a cube, rad. */
  function faceAngle(obs: Float32Array): number {
    const heading = (i: number): number => Math.atan2(obs[i + 1]!, obs[i]!);
    const off = heading(seen.turn) - heading(seen.wristTurn);
    return off - (Math.PI / 2) * Math.round(off / (Math.PI / 2));
  }
}
