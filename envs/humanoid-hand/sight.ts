/**
 * What a policy sees of a hand: its joints, their targets, its touch, and its wrist where that moves; and of what it handles, poses
 * and velocities. Shapes: N scenes, J joints, T places of touch.
 */
import { type HandFleet, jointNames, jointRanges, touchPlaces } from '../../robots/humanoid-hand/index.ts';
import type { BinaryArray } from '../../src/core/bytes.ts';
import { type Component, symmetric, vector } from '../../src/core/space.ts';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import { multiply, unrotate } from '../../src/physics/math.ts';

/** Bounds of what is observed; past them nothing more is told. */
const MAX_RATE = 20;
const MAX_PLACE = 1;
const MAX_SPEED = 2;
const MAX_TURN = 20;
/** Force of the surroundings on a wrist that reads as 1, over the one at which it gives way. */
const LOAD_RANGE = 2;

/** The first two columns of a rotation: continuous, unlike angles and quaternions (Zhou et al. 2019, arXiv:1812.07035). */
export const rotationComponents = (name: string): Component[] =>
  ['xx', 'yx', 'zx', 'xy', 'yy', 'zy'].map((entry) => symmetric(`${name}.rotation.${entry}`, '1', 1));

/** @param rotation quaternions, of which the one from `q` on is written to `obs[at]` and after @returns where it ended */
export function writeRotation(
  rotation: Float32Array | Float64Array,
  q: number,
  obs: Float32Array,
  at: number,
): number {
  const [x, y, z, w] = [rotation[q]!, rotation[q + 1]!, rotation[q + 2]!, rotation[q + 3]!];
  obs[at] = 1 - 2 * (y * y + z * z);
  obs[at + 1] = 2 * (x * y + w * z);
  obs[at + 2] = 2 * (x * z - w * y);
  obs[at + 3] = 2 * (x * y - w * z);
  obs[at + 4] = 1 - 2 * (x * x + z * z);
  obs[at + 5] = 2 * (y * z + w * x);
  return at + 6;
}

/** A place in a scene, m. */
export const placeComponents = (name: string): Component[] => vector(name, 'm', MAX_PLACE);

/** Copies three numbers. @returns where they ended */
export function writeVector(
  from: ArrayLike<number>,
  i: number,
  obs: Float32Array,
  at: number,
  less?: ArrayLike<number>,
  k = 0,
): number {
  for (let axis = 0; axis < 3; axis++) obs[at + axis] = from[i + axis]! - (less ? less[k + axis]! : 0);
  return at + 3;
}

/** A loose body: place, rotation, velocity and rate. */
export const bodyComponents = (name: string): Component[] => [
  ...placeComponents(name),
  ...rotationComponents(name),
  ...vector(`${name}.velocity`, 'm/s', MAX_SPEED),
  ...vector(`${name}.rate`, 'rad/s', MAX_TURN),
];

/** @returns where it ended */
export function observeBody(bodies: BodyFleet, body: number, obs: Float32Array, at: number): number {
  const placed = writeVector(bodies.position, 3 * body, obs, at);
  const turned = writeRotation(bodies.rotation, 4 * body, obs, placed);
  const moved = writeVector(bodies.linearVelocity, 3 * body, obs, turned);
  return writeVector(bodies.angularVelocity, 3 * body, obs, moved);
}

/** Of one hand in every scene. */
export class HandSight {
  readonly components: readonly Component[];
  readonly #hand: HandFleet;
  /** Where the wrist was a control step ago, `[N, 3]` and `[N, 4]`. */
  readonly #position: Float64Array;
  readonly #rotation: Float64Array;
  readonly #rate: number;
  readonly #turn = new Float64Array(3);

  /** @param rate control steps a second @param prefix before the names, where there are several hands */
  constructor(hand: HandFleet, rate: number, prefix = '') {
    this.#hand = hand;
    this.#rate = rate;
    this.#position = hand.wrist.position.slice();
    this.#rotation = hand.wrist.rotation.slice();
    const names = jointNames(hand.model);
    const ranges = jointRanges(hand.model);
    const angle = (name: string) =>
      names.map((joint, i) => ({
        name: `${prefix}${joint}.${name}`,
        unit: 'rad' as const,
        low: ranges[i]![0] - 0.2,
        high: ranges[i]![1] + 0.2,
      }));
    const wrist = [
      ...placeComponents(`${prefix}wrist`),
      ...rotationComponents(`${prefix}wrist`),
      ...vector(`${prefix}wrist.velocity`, 'm/s', MAX_SPEED),
      ...vector(`${prefix}wrist.rate`, 'rad/s', MAX_TURN),
      { name: `${prefix}wrist.load`, unit: '1' as const, low: 0, high: LOAD_RANGE },
    ];
    this.components = [
      ...angle('angle'),
      ...names.map((joint) => symmetric(`${prefix}${joint}.rate`, 'rad/s', MAX_RATE)),
      ...angle('target'),
      ...touchPlaces(hand.model).map((place) => ({
        name: `${prefix}${place}.touch`,
        unit: '1' as const,
        low: 0,
        high: 1,
      })),
      ...(hand.movingWrist ? wrist : []),
    ];
  }

  get state(): BinaryArray[] {
    return [this.#position, this.#rotation];
  }

  /** Remembers where the wrist of `scene` is: before a control step, and when the scene has been built. */
  mark(scene: number): void {
    const { position, rotation } = this.#hand.wrist;
    this.#position.set(position.subarray(3 * scene, 3 * scene + 3), 3 * scene);
    this.#rotation.set(rotation.subarray(4 * scene, 4 * scene + 4), 4 * scene);
  }

  /** @returns where it ended */
  observe(scene: number, obs: Float32Array, start: number): number {
    const { angle, velocity, command, touch, joints, places, model, movingWrist } = this.#hand;
    let at = start;
    for (const values of [angle, velocity, command]) {
      obs.set(values.subarray(joints * scene, joints * (scene + 1)), at);
      at += joints;
    }
    for (let place = 0; place < places; place++)
      obs[at++] = touch[places * scene + place]! / model.touchRange;
    return movingWrist ? this.#observeWrist(scene, obs, at) : at;
  }

  #observeWrist(scene: number, obs: Float32Array, at: number): number {
    const { wrist, model } = this.#hand;
    const placed = writeVector(wrist.position, 3 * scene, obs, at);
    let end = writeRotation(wrist.rotation, 4 * scene, obs, placed);
    for (let axis = 0; axis < 3; axis++) {
      const i = 3 * scene + axis;
      obs[end++] = (wrist.position[i]! - this.#position[i]!) * this.#rate;
    }
    rotationBetween(this.#rotation, wrist.rotation, 4 * scene, this.#turn);
    for (let axis = 0; axis < 3; axis++) obs[end++] = this.#turn[axis]! * this.#rate;
    obs[end++] = wrist.loadOf(scene) / model.wrist.guardForce;
    return end;
  }
}

/** Writes the turn from one rotation to another as axis times angle, rad. @param q of both quaternions */
export function rotationBetween(
  from: Float32Array | Float64Array,
  to: Float32Array | Float64Array,
  q: number,
  out: Float64Array,
): void {
  const [ax, ay, az, aw] = [from[q]!, from[q + 1]!, from[q + 2]!, from[q + 3]!];
  const [bx, by, bz, bw] = [to[q]!, to[q + 1]!, to[q + 2]!, to[q + 3]!];
  // b a*, whose vector part is along the axis.
  const x = bx * aw - bw * ax - by * az + bz * ay;
  const y = by * aw - bw * ay - bz * ax + bx * az;
  const z = bz * aw - bw * az - bx * ay + by * ax;
  const w = bw * aw + bx * ax + by * ay + bz * az;
  const sine = Math.hypot(x, y, z);
  const angle = 2 * Math.atan2(sine, Math.abs(w));
  const scale = sine > 0 ? (Math.sign(w) || 1) * (angle / sine) : 0;
  out[0] = scale * x;
  out[1] = scale * y;
  out[2] = scale * z;
}

/** Writes the rotation of a body as a wrist sees it. @param q of the body's quaternion @returns where it ended */
export function writeRotationFromWrist(
  { wrist }: HandFleet,
  scene: number,
  rotation: Float32Array,
  q: number,
  obs: Float32Array,
  at: number,
): number {
  const [x, y, z, w] = wrist.rotation.subarray(4 * scene, 4 * scene + 4);
  RELATIVE.set([-x!, -y!, -z!, w!]);
  multiply(RELATIVE, 0, RELATIVE, 0, rotation, q);
  return writeRotation(RELATIVE, 0, obs, at);
}
const RELATIVE = new Float64Array(4);

/** The vector from a wrist to a point of the scene, in the wrist's frame. @param i of the point @returns where it ended */
export function writeFromWrist(
  { wrist }: HandFleet,
  scene: number,
  point: ArrayLike<number>,
  i: number,
  obs: Float32Array,
  at: number,
): number {
  writeVector(point, i, obs, at, wrist.position, 3 * scene);
  unrotate(obs, at, wrist.rotation, 4 * scene, obs, at);
  return at + 3;
}
