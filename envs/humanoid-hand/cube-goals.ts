/**
 * What a hand is asked to do with a cube: to turn it to one orientation after another, or to spin it. Both are counted in
 * goals; a quarter of a turn is one of a spin. Shapes: N scenes. Rotations are quaternions in the scene's frame.
 */
import type { BinaryArray } from '../../src/core/bytes.ts';
import { createRng, type Rng } from '../../src/core/rng.ts';
import { type Component, symmetric } from '../../src/core/space.ts';
import { aboutAxis, multiply, rotate, type Vector3 } from '../../src/physics/math.ts';
import { rotationBetween, rotationComponents, writeRotation } from './sight.ts';

/** yaw: about the palm's normal. faces: another face up each time. any: any orientation. spin: round and round. */
export const cubeGoals = ['yaw', 'faces', 'any', 'spin'] as const;
export type CubeGoal = (typeof cubeGoals)[number];

/** Goals about the palm's normal are at least so far from the one before, rad. */
const LEAST_YAW = Math.PI / 4;
/** Of a spin, rad. */
const QUARTER = Math.PI / 2;
/** Of a turn that is observed, rad. */
const MAX_TURNED = 20;
const OWN_AXES: readonly Vector3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** What is turned: a body of each scene, `[N, 4]`. */
interface Turned {
  readonly rotation: Float32Array;
}

export interface CubeAim {
  /** What is observed of it. */
  readonly components: readonly Component[];
  /** In this episode, `[N]`. */
  readonly reached: Uint32Array;
  readonly state: readonly BinaryArray[];
  /** An episode begins: the cube has been placed. */
  start(scene: number, rng: Rng): void;
  /** A control step has ended. @returns goals that it reached */
  advance(scene: number): number;
  /** How well it goes, at 1 where all is well: what the dense reward is in proportion to. */
  progress(scene: number): number;
  /** @returns where it ended */
  observe(scene: number, obs: Float32Array, at: number): number;
}

/** Goals that follow one another as soon as each is reached. */
export class OrientationGoals implements CubeAim {
  readonly components = rotationComponents('goal.error');
  readonly reached: Uint32Array;
  /** `[N, 4]` */
  readonly goal: Float32Array;
  readonly #cube: Turned;
  readonly #kind: Exclude<CubeGoal, 'spin'>;
  readonly #normal: Vector3;
  readonly #tolerance: number;
  /** Angle from the goal that counted in the last control step, `[N]` rad. */
  readonly #error: Float32Array;
  /** Of the goals of an episode, `[N]`: the k-th one is drawn from it whenever it is needed. */
  readonly #seed: Uint32Array;
  readonly #turn = new Float64Array(4);
  readonly #vector = new Float64Array(3);

  /** @param normal the palm's, a unit vector @param tolerance angle at which a goal is reached, rad */
  constructor(cube: Turned, kind: Exclude<CubeGoal, 'spin'>, normal: Vector3, tolerance: number) {
    const scenes = cube.rotation.length / 4;
    this.#cube = cube;
    this.#kind = kind;
    this.#normal = normal;
    this.#tolerance = tolerance;
    this.goal = new Float32Array(4 * scenes);
    this.reached = new Uint32Array(scenes);
    this.#error = new Float32Array(scenes);
    this.#seed = new Uint32Array(scenes);
  }

  get state(): BinaryArray[] {
    return [this.goal, this.reached, this.#error, this.#seed];
  }

  start(scene: number, rng: Rng): void {
    this.goal.set(this.#cube.rotation.subarray(4 * scene, 4 * scene + 4), 4 * scene);
    this.reached[scene] = 0;
    this.#seed[scene] = rng.bits();
    this.#draw(scene);
    this.#error[scene] = this.#measure(scene);
  }

  advance(scene: number): number {
    this.#error[scene] = this.#measure(scene);
    if (this.#error[scene]! >= this.#tolerance) return 0;
    this.reached[scene]!++;
    this.#draw(scene);
    return 1;
  }

  progress(scene: number): number {
    return 1 - this.#error[scene]! / Math.PI;
  }

  observe(scene: number, obs: Float32Array, at: number): number {
    const [turn, cube] = [this.#turn, this.#cube.rotation];
    const q = 4 * scene;
    turn.set([-cube[q]!, -cube[q + 1]!, -cube[q + 2]!, cube[q + 3]!]);
    multiply(turn, 0, this.goal, q, turn, 0);
    return writeRotation(turn, 0, obs, at);
  }

  #measure(scene: number): number {
    rotationBetween(this.#cube.rotation, this.goal, 4 * scene, this.#vector);
    return Math.hypot(...this.#vector);
  }

  /** The next goal, from the one before. */
  #draw(scene: number): void {
    const rng = createRng(this.#seed[scene]!).split(`goal ${this.reached[scene]}`);
    const [goal, q] = [this.goal, 4 * scene];
    if (this.#kind === 'any') {
      const sample = [rng.normal(), rng.normal(), rng.normal(), rng.normal()];
      const size = Math.hypot(...sample);
      goal.set(
        sample.map((part) => part / size),
        q,
      );
      return;
    }
    const sense = rng.integer(2) === 0 ? 1 : -1;
    if (this.#kind === 'yaw') {
      this.#turn.set(aboutAxis(this.#normal, sense * rng.uniform(LEAST_YAW, Math.PI)));
      multiply(goal, q, this.#turn, 0, goal, q);
      return;
    }
    const level = OWN_AXES.filter((axis) => Math.abs(this.#uprightness(scene, axis)) < Math.SQRT1_2);
    this.#turn.set(aboutAxis(level[rng.integer(level.length)]!, sense * QUARTER));
    multiply(goal, q, goal, q, this.#turn, 0);
  }

  /** Cosine of the angle between an axis of the cube at its goal and the palm's normal. */
  #uprightness(scene: number, axis: Vector3): number {
    this.#vector.set(axis);
    rotate(this.#vector, 0, this.goal, 4 * scene, this.#vector, 0);
    return this.#normal.reduce((sum, part, i) => sum + part * this.#vector[i]!, 0);
  }
}

/** Counter-clockwise about the palm's normal, seen from where it points to. */
export class Spin implements CubeAim {
  readonly components = [symmetric('cube.turned', 'rad', MAX_TURNED)];
  readonly reached: Uint32Array;
  /** Net angle of this episode, `[N]` rad. */
  readonly turned: Float64Array;
  readonly #cube: Turned;
  readonly #normal: Vector3;
  readonly #controlDt: number;
  /** Of the cube a control step ago, `[N, 4]`. */
  readonly #before: Float32Array;
  /** Of the last control step, `[N]` rad/s. */
  readonly #rate: Float32Array;
  readonly #vector = new Float64Array(3);

  /** @param normal the palm's, a unit vector @param controlDt s */
  constructor(cube: Turned, normal: Vector3, controlDt: number) {
    const scenes = cube.rotation.length / 4;
    this.#cube = cube;
    this.#normal = normal;
    this.#controlDt = controlDt;
    this.turned = new Float64Array(scenes);
    this.reached = new Uint32Array(scenes);
    this.#before = new Float32Array(4 * scenes);
    this.#rate = new Float32Array(scenes);
  }

  get state(): BinaryArray[] {
    return [this.turned, this.reached, this.#before, this.#rate];
  }

  start(scene: number): void {
    this.turned[scene] = 0;
    this.reached[scene] = 0;
    this.#rate[scene] = 0;
    this.#remember(scene);
  }

  advance(scene: number): number {
    rotationBetween(this.#before, this.#cube.rotation, 4 * scene, this.#vector);
    const angle = this.#normal.reduce((sum, part, i) => sum + part * this.#vector[i]!, 0);
    this.#remember(scene);
    this.turned[scene]! += angle;
    this.#rate[scene] = angle / this.#controlDt;
    // A quarter counts once, however often the cube goes back and forth over it.
    const news = Math.max(0, Math.floor(this.turned[scene]! / QUARTER) - this.reached[scene]!);
    this.reached[scene]! += news;
    return news;
  }

  /** Rate of the spin, rad/s. */
  progress(scene: number): number {
    return this.#rate[scene]!;
  }

  observe(scene: number, obs: Float32Array, at: number): number {
    obs[at] = this.turned[scene]!;
    return at + 1;
  }

  #remember(scene: number): void {
    this.#before.set(this.#cube.rotation.subarray(4 * scene, 4 * scene + 4), 4 * scene);
  }
}
