/**
 * Hands and what they handle, in N scenes: built where a task says, driven by control steps, watched for faults of the
 * physics. A task places hands and bodies by their arrays, builds the scene, writes commands, and advances.
 */
import type { BinaryArray } from '../../src/core/bytes.ts';
import type { Articulation } from '../../src/physics/articulation.ts';
import type { ArticulationFleet } from '../../src/physics/articulation-fleet.ts';
import type { BodyFleet } from '../../src/physics/body-fleet.ts';
import type { SceneBodies, SceneBodyOptions } from '../../src/physics/scene-bodies.ts';
import { type SceneWorldOptions, SceneWorlds } from '../../src/physics/scene-worlds.ts';
import { HandFleet, type HandOptions } from './fleet.ts';
import { Touch } from './touch.ts';

/** Of the worlds that hands grasp in: 400 physics steps a second, and contacts stiff enough that a grasp does not creep. */
export const WORLD_OPTIONS: Required<Omit<SceneWorldOptions, 'scenes'>> = {
  timestep: 0.0025,
  lengthUnit: 0.05,
  contactFrequency: 480,
  solverIterations: 2,
  solverSweeps: 1,
};

/** What physics cannot have done: the episode is to end, and what followed says nothing. */
export const physicsFaults = ['not finite', 'too fast', 'too deep'] as const;
export type PhysicsFault = (typeof physicsFaults)[number];

/** What counts as one. */
export const faultLimits = {
  /** m/s; the engine lets nothing be faster than 400 length units a second, 20 m/s. */
  speed: 10,
  /** Of two solids in each other, m. */
  depth: 0.015,
} as const;

/** World options are `WORLD_OPTIONS` unless told. */
export interface HandScenesOptions extends Partial<Omit<SceneWorldOptions, 'scenes'>> {
  readonly hands: readonly HandOptions[];
}

export class HandScenes {
  readonly worlds: SceneWorlds;
  readonly hands: readonly HandFleet[];
  /** The deepest that solids which press on each other are in each other after a control step, `[N]` m. */
  readonly depth: Float32Array;
  readonly #bodies: SceneBodies[] = [];
  readonly #mechanisms: ArticulationFleet[] = [];
  readonly #touch: Touch;
  /** 1 + the index of the fault of each scene, or 0. */
  readonly #fault: Uint8Array;
  /** Scenes that stay as they are, `[N]`. */
  readonly #left: Uint8Array;

  constructor(scenes: number, { hands, ...world }: HandScenesOptions) {
    this.worlds = new SceneWorlds({ scenes, ...WORLD_OPTIONS, ...world });
    this.hands = hands.map((options) => new HandFleet(this.worlds, options));
    this.#touch = new Touch(this.hands, scenes);
    this.depth = new Float32Array(scenes);
    this.#fault = new Uint8Array(scenes);
    this.#left = new Uint8Array(scenes);
  }

  /** The same bodies in every scene: a ball, a table. All are added before the first step. */
  addBodies(options: SceneBodyOptions): BodyFleet {
    const bodies = this.worlds.addBodies(options);
    this.#bodies.push(bodies);
    this.#touch.add(bodies);
    return bodies.fleet;
  }

  /** A knob, a door: what turns on hinges where it stands, in every scene. */
  addMechanism(articulation: Articulation): ArticulationFleet {
    const mechanism = this.worlds.addArticulation(articulation, {});
    this.#mechanisms.push(mechanism);
    this.#touch.addStill(mechanism.solids);
    return mechanism;
  }

  /** All that is kept between steps, beside the engine's own state. */
  get state(): BinaryArray[] {
    const bodies = this.#bodies.flatMap(({ fleet }) => fleet.state);
    const articulated = [...this.hands, ...this.#mechanisms].flatMap(({ state }) => state);
    return [...articulated, ...bodies, ...this.#touch.state, this.depth, this.#fault];
  }

  /** Builds `scene` anew: hands where they were placed, at rest, and bodies where their arrays say. */
  build(scene: number): void {
    this.worlds.build(scene);
    this.#left[scene] = 0;
    this.#fault[scene] = 0;
    this.depth[scene] = 0;
    this.#touch.begin(scene);
    for (const hand of this.hands) hand.settle(scene);
  }

  /** Lets `scene` stay as it is until it is built anew. */
  leave(scene: number): void {
    this.#left[scene] = 1;
  }

  /** Makes a control step of `substeps` physics steps in every scene. A scene with a fault stays as it is. */
  advance(substeps: number): void {
    for (let scene = 0; scene < this.worlds.scenes; scene++) {
      if (this.#left[scene] === 1) continue;
      if (this.#fault[scene] === 0) this.#fault[scene] = this.#advance(scene, substeps);
    }
  }

  /** What has gone wrong in `scene` since it was built. */
  fault(scene: number): PhysicsFault | undefined {
    return physicsFaults[this.#fault[scene]! - 1];
  }

  /** Mean force of a hand on a loose body over the last control step, N. @param body in the order of `addBodies` */
  grip(scene: number, hand: number, body: number): number {
    return this.#touch.grip(scene, hand, body);
  }

  /** @returns 1 + the index of a fault, or 0 */
  #advance(scene: number, substeps: number): number {
    const { worlds, hands } = this;
    this.#touch.begin(scene);
    for (const hand of hands) hand.begin(scene);
    for (let remaining = substeps; remaining > 0; remaining--) {
      for (const hand of hands) if (!hand.push(scene, remaining)) return faultCode('not finite');
      for (const mechanism of this.#mechanisms) if (!mechanism.push(scene)) return faultCode('not finite');
      for (const { still, fleet } of this.#bodies) if (!still) fleet.push(...rangeOf(fleet, scene));
      worlds.step(scene);
      this.#touch.read(worlds.contacts, scene, 1 / substeps);
    }
    return this.#pull(scene, substeps * worlds.timestep);
  }

  #pull(scene: number, duration: number): number {
    for (const hand of this.hands) if (!hand.pull(scene, duration)) return faultCode('not finite');
    for (const mechanism of this.#mechanisms) if (!mechanism.pull(scene)) return faultCode('not finite');
    let top = 0;
    for (const { still, fleet } of this.#bodies) {
      if (still) continue;
      const range = rangeOf(fleet, scene);
      fleet.pull(...range);
      if (!makeFinite(fleet, ...range)) return faultCode('not finite');
      top = Math.max(top, topSpeed(fleet.linearVelocity, ...range));
    }
    const articulations = [...this.hands.map(({ articulation }) => articulation), ...this.#mechanisms];
    for (const articulation of articulations) top = Math.max(top, articulation.topSpeed(scene));
    if (top > faultLimits.speed) return faultCode('too fast');
    this.#measureDepth(scene);
    return this.depth[scene]! > faultLimits.depth ? faultCode('too deep') : 0;
  }

  /** Of the contacts of the last step, which was one of `scene`. */
  #measureDepth(scene: number): void {
    const { first, second } = this.worlds.contacts;
    let deepest = 0;
    for (let i = 0; i < first.length; i++)
      deepest = Math.max(deepest, this.worlds.depth(scene, first[i]!, second[i]!));
    this.depth[scene] = deepest;
  }
}

/** @returns whether all numbers of bodies `first` to `end` are finite; those that are not read 0 from now on */
function makeFinite(fleet: BodyFleet, first: number, end: number): boolean {
  const sizes = [3, 4, 3, 3];
  let finite = true;
  fleet.state.forEach((values, k) => {
    for (let i = sizes[k]! * first; i < sizes[k]! * end; i++) {
      if (Number.isFinite(values[i])) continue;
      values[i] = 0;
      finite = false;
    }
  });
  return finite;
}

function topSpeed(velocity: Float32Array, first: number, end: number): number {
  let top = 0;
  for (let i = first; i < end; i++)
    top = Math.max(top, Math.hypot(velocity[3 * i]!, velocity[3 * i + 1]!, velocity[3 * i + 2]!));
  return top;
}

const faultCode = (fault: PhysicsFault): number => 1 + physicsFaults.indexOf(fault);

const rangeOf = ({ perScene }: BodyFleet, scene: number): [first: number, end: number] => [
  perScene * scene,
  perScene * (scene + 1),
];
