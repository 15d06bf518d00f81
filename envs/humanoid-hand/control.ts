/**
 * How actions drive a hand: its fingers by targets, by increments or by the six inputs of a synergy, and its wrist by small
 * steps. Every action is in [-1, 1]. Shapes: N scenes, J joints, A components of the action.
 */
import {
  type HandFleet,
  jointNames,
  jointRanges,
  synergyNames,
  writeSynergy,
} from '../../robots/humanoid-hand/index.ts';
import type { Vector3 } from '../../src/core/appearance.ts';
import type { BinaryArray } from '../../src/core/bytes.ts';
import { type Component, symmetric, vector } from '../../src/core/space.ts';
import { aboutAxis, multiply } from '../../src/physics/math.ts';

/**
 * targets: where each joint is to go within its range, no faster than 6 rad/s. increments: how far each target moves on.
 * synergy: six inputs, as hands with six motors have them.
 */
export const fingerModes = ['targets', 'increments', 'synergy'] as const;
export type FingerMode = (typeof fingerModes)[number];

/** Of targets of joints, rad/s. */
const TARGET_RATE = 6;
/** Of targets under increments of 1, rad/s. */
const INCREMENT_RATE = 3.75;
/** Of inputs of a synergy, 1/s. */
const SYNERGY_RATE = 4;
/** Of a wrist under actions of 1, m/s and rad/s. */
export const WRIST_SPEED = 0.3;
export const WRIST_TURN = 1.5;

export interface HandControlOptions {
  readonly fingers: FingerMode;
  /** Actions a second. */
  readonly rate: number;
  /** Before the names of the components, where there are several hands: `right.` */
  readonly prefix?: string;
  /** Corners of the box that the wrist stays in, m; anywhere unless told. */
  readonly workspace?: Workspace;
}

export interface Workspace {
  readonly low: Vector3;
  readonly high: Vector3;
}

export class HandControl {
  readonly components: readonly Component[];
  readonly size: number;
  /** Inputs of the synergy as they have come so far, `[N, 6]` in [0, 1]; unused under the other modes. */
  readonly synergy: Float32Array;
  readonly #hand: HandFleet;
  readonly #fingers: FingerMode;
  readonly #dt: number;
  readonly #ranges: readonly (readonly [number, number])[];
  readonly #workspace: Workspace;
  readonly #turn = new Float64Array(4);

  constructor(hand: HandFleet, { fingers, rate, prefix = '', workspace = ANYWHERE }: HandControlOptions) {
    this.#hand = hand;
    this.#fingers = fingers;
    this.#dt = 1 / rate;
    this.#workspace = workspace;
    this.#ranges = jointRanges(hand.model);
    const names = fingers === 'synergy' ? synergyNames : jointNames(hand.model);
    this.components = [
      ...names.map((name) => symmetric(`${prefix}${name}`, '1', 1)),
      ...(hand.movingWrist
        ? [...vector(`${prefix}wrist.step`, '1', 1), ...vector(`${prefix}wrist.turn`, '1', 1)]
        : []),
    ];
    this.size = this.components.length;
    this.synergy = new Float32Array(synergyNames.length * (hand.command.length / hand.joints));
  }

  get state(): BinaryArray[] {
    return [this.synergy];
  }

  /** The hand of `scene` has been put where it begins. @param inputs of the synergy that its posture is of */
  start(scene: number, inputs: ArrayLike<number> = NO_INPUTS): void {
    this.synergy.set(inputs, synergyNames.length * scene);
  }

  /** Tells the hand of `scene` where to go within the next control step. @param actions `[A]` from `at` on */
  command(scene: number, actions: Float32Array, at: number): void {
    if (this.#fingers === 'synergy') this.#curl(scene, actions, at);
    else this.#bend(scene, actions, at);
    if (this.#hand.movingWrist) this.#moveWrist(scene, actions, at + this.size - 6);
  }

  #bend(scene: number, actions: Float32Array, at: number): void {
    const { command, joints } = this.#hand;
    const byTargets = this.#fingers === 'targets';
    const most = (byTargets ? TARGET_RATE : INCREMENT_RATE) * this.#dt;
    for (let joint = 0; joint < joints; joint++) {
      const [low, high] = this.#ranges[joint]!;
      const i = joints * scene + joint;
      const wanted = byTargets
        ? low + ((1 + actions[at + joint]!) / 2) * (high - low)
        : command[i]! + most * actions[at + joint]!;
      const reached = Math.max(command[i]! - most, Math.min(command[i]! + most, wanted));
      command[i] = Math.max(low, Math.min(high, reached));
    }
  }

  #curl(scene: number, actions: Float32Array, at: number): void {
    const { command, joints } = this.#hand;
    const most = SYNERGY_RATE * this.#dt;
    const first = synergyNames.length * scene;
    for (let input = 0; input < synergyNames.length; input++) {
      const i = first + input;
      const wanted = (1 + actions[at + input]!) / 2;
      this.synergy[i] = Math.max(this.synergy[i]! - most, Math.min(this.synergy[i]! + most, wanted));
    }
    writeSynergy(this.synergy, first, command, joints * scene);
  }

  /** @param at of the six numbers */
  #moveWrist(scene: number, actions: Float32Array, at: number): void {
    const { goalPosition, goalRotation } = this.#hand.wrist;
    const { position, rotation } = this.#hand.wrist.from(scene);
    const { low, high } = this.#workspace;
    for (let axis = 0; axis < 3; axis++) {
      const i = 3 * scene + axis;
      const wanted = position[i]! + WRIST_SPEED * this.#dt * actions[at + axis]!;
      goalPosition[i] = Math.max(low[axis]!, Math.min(high[axis]!, wanted));
    }
    const [x, y, z] = [actions[at + 3]!, actions[at + 4]!, actions[at + 5]!];
    const size = Math.hypot(x, y, z);
    const axis = size > 0 ? ([x / size, y / size, z / size] as const) : ([0, 0, 1] as const);
    this.#turn.set(aboutAxis(axis, WRIST_TURN * this.#dt * size));
    multiply(goalRotation, 4 * scene, this.#turn, 0, rotation, 4 * scene);
  }
}

/**
 * Writes the actions of the fingers that bring them to a posture of the synergy as soon as they can, whatever drives them.
 * @param inputs `[6]` in [0, 1] @param targets of the joints now, `[J]` rad, as they are observed @param action written from `at` on
 */
export function actTowards(
  { fingers, rate }: Pick<HandControlOptions, 'fingers' | 'rate'>,
  ranges: readonly (readonly [low: number, high: number])[],
  inputs: Float32Array,
  targets: ArrayLike<number>,
  action: Float32Array,
  at = 0,
): void {
  if (fingers === 'synergy') {
    for (let input = 0; input < inputs.length; input++) action[at + input] = 2 * inputs[input]! - 1;
    return;
  }
  const wanted = new Float32Array(ranges.length);
  writeSynergy(inputs, 0, wanted, 0);
  ranges.forEach(([low, high], joint) => {
    const angle = wanted[joint]!;
    const value =
      fingers === 'targets'
        ? (2 * (angle - low)) / (high - low) - 1
        : ((angle - targets[joint]!) * rate) / INCREMENT_RATE;
    action[at + joint] = Math.max(-1, Math.min(1, value));
  });
}

const ANYWHERE: Workspace = {
  low: [-Infinity, -Infinity, -Infinity],
  high: [Infinity, Infinity, Infinity],
};
const NO_INPUTS = new Float32Array(synergyNames.length);
