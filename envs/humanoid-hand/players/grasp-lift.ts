/**
 * The scripted player of `hand-grasp-lift`: it goes over the object, down, closes, and lifts, slowly at first, as the fingers
 * still sweep the object into the palm. It decides by what it sees alone, without a clock, so that what learns from it can do
 * the same.
 */

import { curlOf, flexionOf, jointRanges, rightHand } from '../../../robots/humanoid-hand/index.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { actTowards, type FingerMode, WRIST_SPEED, WRIST_TURN } from '../control.ts';
import { GRASP } from '../objects.ts';

/** From the middle of the wrist to the palm's surface, m. */
const PALM = 0.012;
/** Off the object by more than this, it does not go down below `CLEARANCE`, m. */
const ASIDE = 0.02;
const CLEARANCE = 0.13;
/** Off by less, and low, it closes, m. */
const OVER = 0.006;
const LOW = 0.005;
/** Curl at which the hand counts as closing, and to which it closes. */
const OPEN_CURL = 0.1;
const CLOSING_CURL = 0.14;
const GRIP = 0.95;
/** Of the thumb. */
const OPPOSITION = 0.85;
/** Full closing takes this long, s. */
const CLOSING_TIME = 0.44;
/** Below this it lifts slowly, m, by this part of the full speed. */
const SWEPT_HEIGHT = 0.11;
const SLOWLY = 0.4;
/** Part of the way to the object that it goes in a control step, at 25 a second. */
const APPROACH = 12.5;

/** What lies there, how the fingers are driven, and control steps a second. */
interface PlayerSettings {
  readonly object: string;
  readonly fingers: FingerMode;
  readonly rate: number;
}

export function graspLiftPlayer(env: VectorEnv, settings: PlayerSettings): Policy {
  const { object, rate } = settings;
  const ranges = jointRanges(rightHand);
  const names = env.observationSpace.components.map(({ name }) => name);
  const [O, A] = [env.observationSpace.size, env.actionSpace.size];
  const at = (name: string): number => names.indexOf(name);
  const seen = {
    height: at('object.z'),
    wristHeight: at('wrist.z'),
    fromWrist: at('object.from-wrist.x'),
    turn: at('object.rotation.xx'),
    wristTurn: at('wrist.rotation.xx'),
    targets: at('index.abduction.target'),
    curl: at('index.mcp.target'),
    thumb: at('thumb.cmc.target'),
  } as const;
  const dt = 1 / rate;
  const inputs = new Float32Array(6);
  /** Where the wrist's part of the action begins. */
  const step = A - 6;
  return {
    async act(obs, actions) {
      for (let scene = 0; scene < obs.length / O; scene++)
        play(obs.subarray(O * scene, O * (scene + 1)), actions.subarray(A * scene, A * (scene + 1)));
    },
  };

  function play(obs: Float32Array, action: Float32Array): void {
    const height = obs[seen.wristHeight]!;
    // Targets tell the inputs that they were made from.
    const curl = curlOf(obs[seen.curl]!);
    const flexion = flexionOf(obs[seen.thumb]!);
    // The palm looks down: its axes x and y are level, and turned by the wrist's heading.
    const [forward, aside] = [obs[seen.fromWrist]! - GRASP[0], obs[seen.fromWrist + 1]! - GRASP[1]];
    const [xx, yx, , xy, yy] = obs.subarray(seen.wristTurn, seen.wristTurn + 5);
    const offX = xx! * forward + xy! * aside;
    const offY = yx! * forward + yy! * aside;
    // What lies there is as high over its middle as its middle is over the table; the palm stays over it.
    const middle = obs[seen.height]!;
    const offZ = Math.max(middle + GRASP[2], 2 * middle + PALM) - height;
    const away = Math.hypot(offX, offY);
    const holding = curl > CLOSING_CURL;
    const closing = holding || (away < OVER && offZ > -LOW);
    const closed = curl > OPEN_CURL + 0.97 * (GRIP - OPEN_CURL);
    const farthest = WRIST_SPEED * dt;
    const clip = (value: number): number => Math.max(-1, Math.min(1, value));
    action.fill(0);
    inputs.fill(closing ? Math.min(GRIP, curl + dt / CLOSING_TIME) : OPEN_CURL);
    inputs[0] = closing ? Math.min(1, flexion + dt / CLOSING_TIME) : 0;
    inputs[1] = OPPOSITION;
    const targets = obs.subarray(seen.targets, seen.targets + ranges.length);
    actTowards(settings, ranges, inputs, targets, action);
    if (!holding) {
      action[step] = clip((APPROACH * dt * offX) / farthest);
      action[step + 1] = clip((APPROACH * dt * offY) / farthest);
      if (object === 'cube') action[step + 5] = clip((APPROACH * dt * faceAngle(obs)) / (WRIST_TURN * dt));
      action[step + 2] = away > ASIDE && height < CLEARANCE ? 0.2 : clip(offZ / farthest);
    } else if (closed) action[step + 2] = height < SWEPT_HEIGHT ? SLOWLY : 1;
  }

  /** From the wrist's heading to that of the nearest face of a cube, rad. */
  function faceAngle(obs: Float32Array): number {
    const heading = (i: number): number => Math.atan2(obs[i + 1]!, obs[i]!);
    const off = heading(seen.turn) - heading(seen.wristTurn);
    return off - (Math.PI / 2) * Math.round(off / (Math.PI / 2));
  }
}
