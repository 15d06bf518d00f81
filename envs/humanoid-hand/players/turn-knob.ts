/**
 * The scripted player of `hand-turn-knob`: it goes over the knob, down, closes, and turns its wrist about the knob's axis. It
 * decides by what it sees alone, without a clock, so that what learns from it can do the same.
 */
import { curlOf, flexionOf, jointRanges, rightHand } from '../../../robots/humanoid-hand/index.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { actTowards, type FingerMode, WRIST_SPEED, WRIST_TURN } from '../control.ts';
import { GRASP } from '../objects.ts';

/** Where the knob's middle is in the hand's frame when the fingers close, m: found by a random search, like the grip. */
const HELD = [GRASP[0] + 0.003, GRASP[1] - 0.002, GRASP[2] + 0.006] as const;
/** Off the knob by more than the first, it does not go down below the second, m. */
const ASIDE = 0.02;
const CLEARANCE = 0.17;
/** Off by less in all directions, it closes, m. */
const OVER = 0.006;
/** Curl of an open hand, at which it counts as closing, and to which it closes: a firmer grip has the wrist give way. */
const OPEN_CURL = 0.1;
const CLOSING_CURL = 0.14;
const GRIP = 0.75;
/** Of the thumb. */
const OPPOSITION = 0.75;
const FLEXION = 0.7;
/** Full closing takes this long, s. */
const CLOSING_TIME = 0.44;
/** Part of the fastest turn of the wrist. */
const TURN = 0.75;
/** It turns until the knob has come so far, rad. */
const FAR_ENOUGH = 1.65;
/** Part of the way to the knob that it goes in a second. */
const APPROACH = 12.5;

/** How the fingers are driven, and control steps a second. */
interface PlayerSettings {
  readonly fingers: FingerMode;
  readonly rate: number;
}

export function turnKnobPlayer(env: VectorEnv, settings: PlayerSettings): Policy {
  const ranges = jointRanges(rightHand);
  const names = env.observationSpace.components.map(({ name }) => name);
  const [O, A] = [env.observationSpace.size, env.actionSpace.size];
  const at = (name: string): number => names.indexOf(name);
  const seen = {
    height: at('wrist.z'),
    fromWrist: at('knob.from-wrist.x'),
    wristTurn: at('wrist.rotation.xx'),
    angle: at('knob.angle'),
    targets: at('index.abduction.target'),
    curl: at('index.mcp.target'),
    thumb: at('thumb.cmc.target'),
  } as const;
  const dt = 1 / settings.rate;
  const farthest = WRIST_SPEED * dt;
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
    // Targets tell the inputs that they were made from.
    const curl = curlOf(obs[seen.curl]!);
    const flexion = flexionOf(obs[seen.thumb]!);
    // The palm looks down: its axes x and y are level, and turned by the wrist's heading.
    const [x, y, z] = obs.subarray(seen.fromWrist, seen.fromWrist + 3);
    const [xx, yx, , xy, yy] = obs.subarray(seen.wristTurn, seen.wristTurn + 5);
    const [offX, offY] = [x! - HELD[0], y! - HELD[1]];
    const off = [xx! * offX + xy! * offY, yx! * offX + yy! * offY, HELD[2] - z!] as const;
    const away = Math.hypot(off[0], off[1]);
    const closing = curl > CLOSING_CURL || (away < OVER && Math.abs(off[2]) < OVER);
    const closed = curl > OPEN_CURL + 0.97 * (GRIP - OPEN_CURL);
    action.fill(0);
    inputs.fill(closing ? Math.min(GRIP, curl + dt / CLOSING_TIME) : OPEN_CURL);
    inputs[0] = closing ? Math.min(FLEXION, flexion + dt / CLOSING_TIME) : 0;
    inputs[1] = OPPOSITION;
    const targets = obs.subarray(seen.targets, seen.targets + ranges.length);
    actTowards(settings, ranges, inputs, targets, action);
    for (let axis = 0; axis < 3; axis++) action[step + axis] = clip((APPROACH * dt * off[axis]!) / farthest);
    if (!closing && away > ASIDE && obs[seen.height]! < CLEARANCE) action[step + 2] = 0.2;
    if (!closed || obs[seen.angle]! > FAR_ENOUGH) return;
    // The wrist goes round the knob as it turns, so that the knob stays where it is in the hand.
    const turn = TURN * WRIST_TURN * dt;
    const [armX, armY] = [-(xx! * x! + xy! * y!), -(yx! * x! + yy! * y!)];
    action[step] = clip(action[step]! + (armX * (Math.cos(turn) - 1) - armY * Math.sin(turn)) / farthest);
    action[step + 1] = clip(
      action[step + 1]! + (armX * Math.sin(turn) + armY * (Math.cos(turn) - 1)) / farthest,
    );
    action[step + 5] = TURN;
  }
}

const clip = (value: number): number => Math.max(-1, Math.min(1, value));
