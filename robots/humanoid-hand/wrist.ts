/**
 * The wrist of a hand in every scene: where it stands, or how it goes where it is told to. It moves whatever it meets, as
 * a strong arm would; so its speed is limited, and it gives way to the force of its surroundings. The palm is part of it, and
 * passes through what stands still without a force: a task has to keep it above tables. Under impedance control it is held by
 * springs instead, which its surroundings can push away; where they push harder than the guard allows, it gives way all the same.
 */
import type { Vector3 } from '../../src/core/appearance.ts';
import type { BinaryArray } from '../../src/core/bytes.ts';
import { aboutAxis, multiply } from '../../src/physics/math.ts';
import { Spring } from './impedance.ts';
import type { WristLimits } from './model.ts';

/** Shapes: N scenes. */
export class Wrist {
  /** `[N, 3]` m and `[N, 4]`. */
  readonly position: Float64Array;
  readonly rotation: Float64Array;
  /** Where it is to be at the end of the control step, as far as its limits allow, `[N, 3]` m and `[N, 4]`. */
  readonly goalPosition: Float64Array;
  readonly goalRotation: Float64Array;
  /** Force of the surroundings on the hand and what it holds, smoothed, `[N, 3]` N. */
  readonly load: Float32Array;
  /** Means over the last control step, `[N, 3]` m/s and `[N, 3]` rad/s, in the scene's frame. */
  readonly velocity: Float32Array;
  readonly angularVelocity: Float32Array;
  readonly #limits: WristLimits;
  readonly #along: Spring | undefined;
  readonly #about: Spring | undefined;
  readonly #timestep: number;
  readonly #step = new Float64Array(3);
  readonly #turn = new Float64Array(4);
  readonly #positionBefore = new Float64Array(3);
  readonly #rotationBefore = new Float64Array(4);

  /** @param position and `rotation`: of the base that it carries, written @param impedance whether springs hold it */
  constructor(
    position: Float64Array,
    rotation: Float64Array,
    limits: WristLimits,
    timestep: number,
    impedance = false,
  ) {
    this.position = position;
    this.rotation = rotation;
    this.goalPosition = position.slice();
    this.goalRotation = rotation.slice();
    this.load = new Float32Array(position.length);
    this.velocity = new Float32Array(position.length);
    this.angularVelocity = new Float32Array(position.length);
    this.#limits = limits;
    this.#timestep = timestep;
    if (!impedance) return;
    const scenes = position.length / 3;
    this.#along = new Spring(scenes, limits.springs.along, timestep);
    this.#about = new Spring(scenes, limits.springs.about, timestep);
  }

  /** All that it keeps between steps; the pose is the base's. */
  get state(): BinaryArray[] {
    const springs = [...(this.#along?.state ?? []), ...(this.#about?.state ?? [])];
    return [this.goalPosition, this.goalRotation, this.load, this.velocity, this.angularVelocity, ...springs];
  }

  /** Stays at its pose, with nothing on it. */
  rest(scene: number): void {
    this.goalPosition.set(this.position.subarray(3 * scene, 3 * scene + 3), 3 * scene);
    this.goalRotation.set(this.rotation.subarray(4 * scene, 4 * scene + 4), 4 * scene);
    for (const values of [this.load, this.velocity, this.angularVelocity])
      values.fill(0, 3 * scene, 3 * scene + 3);
    this.#along?.rest(scene);
    this.#about?.rest(scene);
  }

  /**
   * What a step is counted from: where it is, so that a way that was barred is not made up for; on springs where it was to be, so
   * that it is held there, but no farther off than the springs reach.
   */
  from(scene: number): { readonly position: Float64Array; readonly rotation: Float64Array } {
    if (!this.#along) return { position: this.position, rotation: this.rotation };
    const { reach } = this.#limits.springs.along;
    for (let i = 3 * scene; i < 3 * scene + 3; i++) {
      const off = this.goalPosition[i]! - this.position[i]!;
      this.goalPosition[i] = this.position[i]! + Math.max(-reach, Math.min(reach, off));
    }
    return { position: this.goalPosition, rotation: this.goalRotation };
  }

  /** A control step begins. */
  begin(scene: number): void {
    for (let axis = 0; axis < 3; axis++) this.#positionBefore[axis] = this.position[3 * scene + axis]!;
    for (let part = 0; part < 4; part++) this.#rotationBefore[part] = this.rotation[4 * scene + part]!;
  }

  /** A control step of `duration` s has ended. */
  end(scene: number, duration: number): void {
    const angle = this.#turnTo(this.#rotationBefore, 0, this.rotation, 4 * scene);
    for (let axis = 0; axis < 3; axis++) {
      const i = 3 * scene + axis;
      this.velocity[i] = (this.position[i]! - this.#positionBefore[axis]!) / duration;
      this.angularVelocity[i] = (angle * this.#turn[axis]!) / duration;
    }
  }

  /** Force of the surroundings, N. */
  loadOf(scene: number): number {
    return Math.hypot(this.load[3 * scene]!, this.load[3 * scene + 1]!, this.load[3 * scene + 2]!);
  }

  /** Takes in the force of the surroundings in the last physics step. @param force `[3]` from `offset` on, N */
  feel(scene: number, force: Float64Array, offset: number): void {
    const gain = 1 - Math.exp(-this.#timestep / this.#limits.guardTimeConstant);
    for (let axis = 0; axis < 3; axis++) {
      const i = 3 * scene + axis;
      this.load[i]! += gain * (force[offset + axis]! - this.load[i]!);
    }
  }

  /** Goes on by a physics step, the first of `remaining` ones to the goal. */
  advance(scene: number, remaining: number): void {
    const pressed = this.loadOf(scene) > this.#limits.guardForce;
    if (this.#along && this.#about) this.#follow(scene, this.#along, this.#about, pressed);
    else this.#lead(scene, remaining, pressed);
  }

  /** Straight on to the goal, as fast as it may. */
  #lead(scene: number, remaining: number, pressed: boolean): void {
    const step = this.#step;
    const farthest = this.#limits.speed * this.#timestep;
    for (let axis = 0; axis < 3; axis++) {
      const i = 3 * scene + axis;
      step[axis] = (this.goalPosition[i]! - this.position[i]!) / remaining;
    }
    const length = Math.hypot(step[0]!, step[1]!, step[2]!);
    const part = length > farthest ? farthest / length : 1;
    for (let axis = 0; axis < 3; axis++) step[axis]! *= part;
    if (pressed) this.#giveWay(scene);
    else this.#turnOn(scene, remaining);
    for (let axis = 0; axis < 3; axis++) this.position[3 * scene + axis]! += step[axis]!;
  }

  /** As the springs have it. What pushes is known as a force, not as a torque, so it turns against none. */
  #follow(scene: number, along: Spring, about: Spring, pressed: boolean): void {
    const { speed, rate } = this.#limits;
    for (let axis = 0; axis < 3; axis++) {
      const i = 3 * scene + axis;
      this.#step[axis] = along.advance(i, this.goalPosition[i]! - this.position[i]!, this.load[i]!, speed);
    }
    if (pressed) {
      this.#giveWay(scene);
      along.rest(scene);
    }
    for (let axis = 0; axis < 3; axis++) this.position[3 * scene + axis]! += this.#step[axis]!;
    const q = 4 * scene;
    const angle = this.#turnTo(this.rotation, q, this.goalRotation, q);
    const error = [angle * this.#turn[0]!, angle * this.#turn[1]!, angle * this.#turn[2]!] as const;
    const turned = error.map((part, axis) => about.advance(3 * scene + axis, part, 0, rate));
    const size = Math.hypot(...turned);
    if (size > 0) this.#turnBy(scene, [turned[0]! / size, turned[1]! / size, turned[2]! / size], size);
  }

  /** Retreats along the load, and goes on across it only; it turns no farther. */
  #giveWay(scene: number): void {
    const force = this.loadOf(scene);
    const along = (axis: number): number => this.load[3 * scene + axis]! / force;
    const step = this.#step;
    const against = Math.min(0, step[0]! * along(0) + step[1]! * along(1) + step[2]! * along(2));
    const retreat = this.#limits.retreatSpeed * this.#timestep - against;
    for (let axis = 0; axis < 3; axis++) step[axis]! += retreat * along(axis);
  }

  #turnOn(scene: number, remaining: number): void {
    const [turn, r] = [this.#turn, this.rotation];
    const q = 4 * scene;
    const angle = this.#turnTo(r, q, this.goalRotation, q);
    const step = Math.min(angle / remaining, this.#limits.rate * this.#timestep);
    this.#turnBy(scene, [turn[0]!, turn[1]!, turn[2]!], step);
  }

  /** @param axis in the wrist's own frame @param angle rad */
  #turnBy(scene: number, axis: Vector3, angle: number): void {
    const [turn, r, q] = [this.#turn, this.rotation, 4 * scene];
    turn.set(aboutAxis(axis, angle));
    multiply(r, q, turn, 0, r, q);
    const norm = Math.hypot(r[q]!, r[q + 1]!, r[q + 2]!, r[q + 3]!);
    for (let part = 0; part < 4; part++) r[q + part]! /= norm;
  }

  /** The rotation between two, the shorter way: writes its axis to `#turn`. @returns its angle, rad */
  #turnTo(from: Float64Array, f: number, to: Float64Array, t: number): number {
    const turn = this.#turn;
    turn.set([-from[f]!, -from[f + 1]!, -from[f + 2]!, from[f + 3]!]);
    multiply(turn, 0, to, t, turn, 0);
    // Of the two quaternions of a rotation, the one that turns by less than half a turn.
    const sign = turn[3]! < 0 ? -1 : 1;
    const sine = Math.hypot(turn[0]!, turn[1]!, turn[2]!);
    const angle = 2 * Math.atan2(sine, sign * turn[3]!);
    for (let axis = 0; axis < 3; axis++) turn[axis] = sine === 0 ? 0 : (sign * turn[axis]!) / sine;
    return angle;
  }
}
