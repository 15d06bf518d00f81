/**
 * What the scripted players of one hand over a table share: what they see of the hand and of what it is to grasp, how they
 * go there, and how they close the fingers. They decide by what they see alone, without a clock, so that what learns from
 * them can do the same.
 */
import { curlOf, flexionOf, jointRanges, rightHand } from '../../../robots/humanoid-hand/index.ts';
import type { Vector3 } from '../../../src/core/appearance.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { actTowards, type FingerMode, WRIST_SPEED, WRIST_TURN } from '../control.ts';

/** Curl of an open hand, and from which on it counts as closing. */
const OPEN_CURL = 0.1;
const CLOSING_CURL = 0.14;
/** Of the way to the grip, at which the hand counts as closed. */
const CLOSED = 0.97;
/** Full closing takes this long, s. */
const CLOSING_TIME = 0.44;
/** Part of the way to a thing, or of a turn, that it makes in a second. */
const APPROACH = 12.5;
/** Off a thing by more than this, level, it goes up rather than down, m. */
const ASIDE = 0.02;
/** Action with which it goes up there. */
const RISE = 0.2;

/** How the fingers are driven, and control steps a second. */
export interface TabletopPlayerSettings {
  readonly fingers: FingerMode;
  readonly rate: number;
}

/** Inputs of the synergy of a closed hand: the curl of all fingers, flexion and opposition of the thumb. */
export interface Grip {
  readonly curl: number;
  readonly flexion: number;
  readonly opposition: number;
}

/** Reads and writes rows: observations `[O]` and actions `[A]` of one scene. */
export class TabletopHand {
  /** Of a control step, s. */
  readonly dt: number;
  /** Index of the wrist's six numbers in an action. */
  readonly wrist: number;
  readonly #env: VectorEnv;
  readonly #settings: TabletopPlayerSettings;
  readonly #grip: Grip;
  readonly #ranges = jointRanges(rightHand);
  readonly #inputs = new Float32Array(6);
  readonly #seen: Readonly<Record<'height' | 'turn' | 'fromWrist' | 'targets' | 'curl' | 'thumb', number>>;

  /** @param thing what it is to grasp, as observations name it */
  constructor(env: VectorEnv, settings: TabletopPlayerSettings, thing: string, grip: Grip) {
    this.dt = 1 / settings.rate;
    this.wrist = env.actionSpace.size - 6;
    this.#env = env;
    this.#settings = settings;
    this.#grip = grip;
    this.#seen = {
      height: this.indexOf('wrist.z'),
      turn: this.indexOf('wrist.rotation.xx'),
      fromWrist: this.indexOf(`${thing}.from-wrist.x`),
      targets: this.indexOf('index.abduction.target'),
      curl: this.indexOf('index.mcp.target'),
      thumb: this.indexOf('thumb.cmc.target'),
    };
  }

  /** Of a component of the observations. */
  indexOf(name: string): number {
    return this.#env.observationSpace.components.findIndex((each) => each.name === name);
  }

  /** A policy that plays each scene by itself. @param play writes the action, which is zero before */
  policy(play: (obs: Float32Array, action: Float32Array) => void): Policy {
    const [O, A] = [this.#env.observationSpace.size, this.#env.actionSpace.size];
    return {
      async act(obs, actions) {
        actions.fill(0);
        for (let scene = 0; scene < obs.length / O; scene++)
          play(obs.subarray(O * scene, O * (scene + 1)), actions.subarray(A * scene, A * (scene + 1)));
      },
    };
  }

  /** Of the wrist, m. */
  height(obs: Float32Array): number {
    return obs[this.#seen.height]!;
  }

  /** Where the thing is, in the hand's frame, m. */
  place(obs: Float32Array): Vector3 {
    const { fromWrist } = this.#seen;
    return [obs[fromWrist]!, obs[fromWrist + 1]!, obs[fromWrist + 2]!];
  }

  /** Level part, in the scene's frame, of a vector in the frame of a hand whose palm looks down. */
  level(obs: Float32Array, x: number, y: number): readonly [x: number, y: number] {
    // The palm's axes x and y are level, and turned by the wrist's heading.
    const { turn } = this.#seen;
    const [xx, yx, xy, yy] = [obs[turn]!, obs[turn + 1]!, obs[turn + 3]!, obs[turn + 4]!];
    return [xx * x + xy * y, yx * x + yy * y];
  }

  /** Whether it has begun to close, and whether it has closed. */
  closing(obs: Float32Array): boolean {
    return this.#curl(obs) > CLOSING_CURL;
  }
  closed(obs: Float32Array): boolean {
    return this.#curl(obs) > OPEN_CURL + CLOSED * (this.#grip.curl - OPEN_CURL);
  }

  /** Goes on closing the fingers, or opens them. */
  grip(obs: Float32Array, action: Float32Array, close: boolean): void {
    const { curl, flexion, opposition } = this.#grip;
    const [inputs, on] = [this.#inputs, this.dt / CLOSING_TIME];
    const { targets, thumb } = this.#seen;
    // Targets tell the inputs that they were made from.
    inputs.fill(close ? Math.min(curl, this.#curl(obs) + on) : OPEN_CURL);
    inputs[0] = close ? Math.min(flexion, flexionOf(obs[thumb]!) + on) : 0;
    inputs[1] = opposition;
    const joints = obs.subarray(targets, targets + this.#ranges.length);
    actTowards(this.#settings, this.#ranges, inputs, joints, action);
  }

  /** The action of an axis of the wrist that goes so far, m, as far as it can. */
  step(distance: number): number {
    return clip(distance / (WRIST_SPEED * this.dt));
  }

  /** The action of an axis that goes to something so far away, m, slower the nearer it comes. */
  approach(distance: number): number {
    return clip((APPROACH * this.dt * distance) / (WRIST_SPEED * this.dt));
  }

  /** The action that turns the wrist by an angle, rad, slower the smaller it gets. */
  turn(angle: number): number {
    return clip((APPROACH * this.dt * angle) / (WRIST_TURN * this.dt));
  }

  /**
   * Moves the wrist over a thing: not down to it from the side, which would hit it.
   * @param away of the thing, level, m @param down action of the vertical step, once over it
   * @param clearance height of the wrist below which it goes up instead, m
   */
  goOver(
    obs: Float32Array,
    action: Float32Array,
    away: readonly [x: number, y: number],
    down: number,
    clearance: number,
  ): void {
    action[this.wrist] = this.approach(away[0]);
    action[this.wrist + 1] = this.approach(away[1]);
    const aside = Math.hypot(...away) > ASIDE && this.height(obs) < clearance;
    action[this.wrist + 2] = aside ? RISE : down;
  }

  #curl(obs: Float32Array): number {
    return curlOf(obs[this.#seen.curl]!);
  }
}

export const clip = (value: number): number => Math.max(-1, Math.min(1, value));
