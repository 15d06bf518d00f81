/**
 * What the drone tasks share: aircraft in a packed world, how an episode starts, what the aircraft feels of itself,
 * randomisation, and when it has crashed. Frame of a scene: Z up, the floor at z = 0, the task's centre above the origin.
 */

import {
  type ActionMode,
  actionModes,
  actionNames,
  drawVariation,
  hoverAction,
  iris,
  QuadrotorFleet,
  type VariationSettings,
  variationSettings,
} from '../../robots/quadrotor/index.ts';
import type { Rng } from '../../src/core/rng.ts';
import { choice, number } from '../../src/core/settings.ts';
import { type Component, type Space, space, symmetric, vector } from '../../src/core/space.ts';
import { tiltThenYaw, unrotate, upright, type Vector3 } from '../../src/physics/math.ts';
import { GRAVITY, PackedWorld } from '../../src/physics/packed-world.ts';

/** 50 Hz control. */
export const CONTROL_DT = 0.02;
const PHYSICS_DT = 0.005;
const SUBSTEPS = Math.round(CONTROL_DT / PHYSICS_DT);

/** Edge of a scene's square, m: twice the farthest that a task lets an aircraft go, and room between. */
const SPACING = 14;

/** Settings of every drone task. */
export const droneSettings = {
  actionMode: choice(
    'rates',
    actionModes,
    'rates: body rates and collective thrust; rotors: thrust of each rotor',
  ),
  ...variationSettings,
  sensorNoise: number(
    0,
    0,
    10,
    'sensor noise; 1 is 1 cm, 5 cm/s, 0.02 rad/s and 0.01 of the attitude, standard deviation',
  ),
};

export interface DroneSettings extends VariationSettings {
  readonly actionMode: ActionMode;
  readonly sensorNoise: number;
}

/** Limits of the uniform distribution that an episode starts from. */
export interface StartRange {
  /** About the given point, each axis, m. */
  readonly position: number;
  /** About the given velocity, each axis, m/s. */
  readonly velocity: number;
  /** About a horizontal axis, rad. */
  readonly tilt: number;
  /** Each axis, rad/s. */
  readonly spin: number;
}

/** Largest values that are observed; beyond them observations are clipped. */
const MAX_SPEED = 10;
const MAX_RATE = 10;

/** Standard deviations of the sensors at a `sensorNoise` of 1. */
const NOISE = { position: 0.01, velocity: 0.05, rate: 0.02, attitude: 0.01 } as const;

export class DroneScenes {
  readonly world: PackedWorld;
  readonly fleet: QuadrotorFleet;
  readonly actionSpace: Space;
  /** The action before this one, `[N, 4]`; with it the state of the lagging rotors can be told. */
  readonly lastAction: Float32Array;
  /** Components that `observeSelf` writes. */
  readonly selfComponents: readonly Component[];

  readonly #settings: DroneSettings;
  /** 1 where the floor was touched in the last control step, `[N]`. */
  readonly #touched: Uint8Array;

  constructor(numEnvs: number, settings: DroneSettings) {
    this.#settings = settings;
    this.world = new PackedWorld({ scenes: numEnvs, spacing: SPACING, timestep: PHYSICS_DT, ground: true });
    this.fleet = new QuadrotorFleet(this.world, iris, settings.actionMode);
    this.lastAction = new Float32Array(4 * numEnvs);
    this.#touched = new Uint8Array(numEnvs);
    const names = actionNames[settings.actionMode];
    this.actionSpace = space(names.map((name) => symmetric(name, '1', 1)));
    this.selfComponents = [
      ...vector('velocity', 'm/s', MAX_SPEED),
      ...vector('rate', 'rad/s', MAX_RATE),
      ...vector('up', '1', 1),
      ...vector('last', '1', 1, names),
    ];
  }

  get state(): Float32Array[] {
    return [this.lastAction, ...this.fleet.state];
  }

  /** Starts the aircraft of `scene` near `position` (m) and `velocity` (m/s), rotors at hover thrust. */
  start(scene: number, rng: Rng, range: StartRange, position: Vector3, velocity: Vector3 = [0, 0, 0]): void {
    const { bodies } = this.fleet;
    const around = (limit: number): number => rng.uniform(-limit, limit);
    bodies.position.set(
      position.map((at) => at + around(range.position)),
      3 * scene,
    );
    bodies.linearVelocity.set(
      velocity.map((speed) => speed + around(range.velocity)),
      3 * scene,
    );
    bodies.angularVelocity.set([around(range.spin), around(range.spin), around(range.spin)], 3 * scene);
    const heading = around(Math.PI);
    const axis: Vector3 = [Math.cos(heading), Math.sin(heading), 0];
    bodies.rotation.set(tiltThenYaw(axis, rng.uniform(0, range.tilt), around(Math.PI)), 4 * scene);
    this.fleet.vary(scene, drawVariation(rng, this.#settings));
    const thrustFraction = (hoverAction(iris, GRAVITY) + 1) / 2;
    this.fleet.place(scene, thrustFraction);
    const hover =
      this.#settings.actionMode === 'rates'
        ? [0, 0, 0, 2 * thrustFraction - 1]
        : Array(4).fill(2 * thrustFraction - 1);
    this.lastAction.set(hover, 4 * scene);
  }

  /** One control step. @param actions `[N, 4]` */
  fly(actions: Float32Array): void {
    this.#touched.fill(0);
    this.fleet.fly(actions, SUBSTEPS, { after: () => this.#noteTouches() });
    this.lastAction.set(actions);
  }

  /** Writes `point` (world frame of the scene, m) as seen from the aircraft, in its body frame. @param obs `[3]` at `offset` */
  observePoint(scene: number, point: ArrayLike<number>, obs: Float32Array, offset: number, rng: Rng): void {
    const { position, rotation } = this.fleet.bodies;
    for (let axis = 0; axis < 3; axis++) obs[offset + axis] = point[axis]! - position[3 * scene + axis]!;
    unrotate(obs, offset, rotation, 4 * scene, obs, offset);
    this.#blur(obs, offset, 3, NOISE.position, rng);
  }

  /** Writes velocity, body rates, the direction of up and the last action, all in the body frame, from `offset` on. */
  observeSelf(scene: number, obs: Float32Array, offset: number, rng: Rng): void {
    const { bodies, bodyRates } = this.fleet;
    unrotate(obs, offset, bodies.rotation, 4 * scene, bodies.linearVelocity, 3 * scene);
    this.#blur(obs, offset, 3, NOISE.velocity, rng);
    for (let axis = 0; axis < 3; axis++) obs[offset + 3 + axis] = bodyRates[3 * scene + axis]!;
    this.#blur(obs, offset + 3, 3, NOISE.rate, rng);
    unrotate(obs, offset + 6, bodies.rotation, 4 * scene, UP, 0);
    this.#blur(obs, offset + 6, 3, NOISE.attitude, rng);
    for (let i = 0; i < 4; i++) obs[offset + 9 + i] = this.lastAction[4 * scene + i]!;
  }

  #blur(obs: Float32Array, offset: number, count: number, deviation: number, rng: Rng): void {
    const scale = deviation * this.#settings.sensorNoise;
    if (scale === 0) return;
    for (let i = offset; i < offset + count; i++) obs[i]! += scale * rng.normal();
  }

  /** Distance from the aircraft to `point`, m. */
  distanceTo(scene: number, point: ArrayLike<number>): number {
    const p = this.fleet.bodies.position;
    return Math.hypot(
      p[3 * scene]! - point[0]!,
      p[3 * scene + 1]! - point[1]!,
      p[3 * scene + 2]! - point[2]!,
    );
  }

  /** Cosine of the tilt. */
  upright(scene: number): number {
    return upright(this.fleet.bodies.rotation, 4 * scene);
  }

  /** Magnitude of the body rates, rad/s. */
  spin(scene: number): number {
    const r = this.fleet.bodyRates;
    return Math.hypot(r[3 * scene]!, r[3 * scene + 1]!, r[3 * scene + 2]!);
  }

  /** Whether the lowest point of the airframe was at the floor at any moment of the last control step. */
  crashed(scene: number): boolean {
    return this.#touched[scene] === 1;
  }

  #noteTouches(): void {
    const { radius, halfHeight } = iris.body;
    for (let scene = 0; scene < this.#touched.length; scene++) {
      const cosine = Math.abs(this.upright(scene));
      const reach = halfHeight * cosine + radius * Math.sqrt(Math.max(0, 1 - cosine * cosine));
      if (this.fleet.bodies.position[3 * scene + 2]! < reach + CONTACT_MARGIN) this.#touched[scene] = 1;
    }
  }

  close(): void {
    this.world.free();
  }
}

const UP = Float64Array.of(0, 0, 1);

/** Height within which the airframe counts as touching, m: the engine keeps resting contacts about 1 mm apart. */
const CONTACT_MARGIN = 0.005;
