/**
 * Many scenes in one Rapier world. A step of a tiny world is nearly all fixed cost, so scenes share one, each on its own
 * square of a grid. Frame: ROS's, Z up, metres, seconds, radians, quaternions (x, y, z, w). All positions that leave
 * this file are relative to their scene's origin. Rapier computes in float32, which at 160 m still resolves 15 µm.
 */
import RAPIER from '@dimforge/rapier3d-compat';
import { BodyFleet, type BodyOptions, type MassProperties, type SolidShape } from './body-fleet.ts';
import { ChainFleet, type ChainOptions } from './chain-fleet.ts';
import { readContacts } from './contacts.ts';

await RAPIER.init();

/** Standard gravity, m/s². */
export const GRAVITY = 9.81;

export interface PackedWorldOptions {
  readonly scenes: number;
  /**
   * Edge of a scene's square, m. What leaves it meets nothing of the scenes up to three squares away. 0 where nothing has
   * solids: then all scenes are in one place, and each calculates the same digits.
   */
  readonly spacing: number;
  /** Duration of a physics step, s. */
  readonly timestep: number;
  /** Gravity along z, m/s²; −9.81 unless told. */
  readonly gravity?: number;
  /** Whether there is a floor at z = 0. */
  readonly ground?: boolean;
  /** Equal parts of a physics step that the engine makes one after the other; its own number unless told. */
  readonly solverIterations?: number;
  /** Sweeps over all joints and contacts in each of those parts; the engine's own number unless told. */
  readonly solverSweeps?: number;
}

/** Farthest that a scene may be from the world's centre, m: there float32 still resolves 0.06 mm. */
const MAX_EXTENT = 500;

/** Scenes meet what is of their own group; the engine has sixteen of them, laid out as squares of this edge. */
const GROUP_EDGE = 4;

export class PackedWorld {
  readonly scenes: number;
  readonly timestep: number;
  #world: RAPIER.World;
  #freed = false;
  /** x and y of each scene's origin in the world, m, `[N, 2]`. The grid is centred, so that coordinates stay small. */
  readonly origins: Float64Array;
  readonly #fleets: BodyFleet[] = [];
  readonly #chains: ChainFleet[] = [];
  /** Of each scene: what it may touch, in the engine's format of two half-words. */
  readonly #groups: Uint32Array;
  /** The engine before its first step. */
  #initial: Uint8Array;

  constructor(options: PackedWorldOptions) {
    const { scenes, spacing, timestep, gravity = -GRAVITY, ground = false } = options;
    this.scenes = scenes;
    this.timestep = timestep;
    const columns = Math.ceil(Math.sqrt(scenes));
    const centre = (columns - 1) / 2;
    if (centre * spacing > MAX_EXTENT) {
      const most = (Math.floor((2 * MAX_EXTENT) / spacing) + 1) ** 2;
      throw new RangeError(
        `${scenes} scenes of ${spacing} m do not fit into one world, whose coordinates would get too coarse: use at most ${most} (--envs).`,
      );
    }
    this.origins = new Float64Array(2 * scenes);
    this.#groups = new Uint32Array(scenes);
    for (let scene = 0; scene < scenes; scene++) {
      const [column, row] = [scene % columns, Math.floor(scene / columns)];
      this.origins[2 * scene] = (column - centre) * spacing;
      this.origins[2 * scene + 1] = (row - centre) * spacing;
      const group = 1 << ((column % GROUP_EDGE) + GROUP_EDGE * (row % GROUP_EDGE));
      this.#groups[scene] = (group << 16) | group;
    }
    this.#world = new RAPIER.World({ x: 0, y: 0, z: gravity });
    this.#world.timestep = timestep;
    if (options.solverIterations) this.#world.numSolverIterations = options.solverIterations;
    if (options.solverSweeps) this.#world.numInternalPgsIterations = options.solverSweeps;
    if (ground) {
      // A half-space, not a wide box: contacts with a box depend in their third digit on where they are and how wide it is.
      this.#world.createCollider(new RAPIER.ColliderDesc(new RAPIER.HalfSpace({ x: 0, y: 0, z: 1 })));
    }
    this.#initial = this.#world.takeSnapshot();
  }

  /** A body in every scene, or several of it there; all bodies are added before the first step. */
  addBodies(properties: MassProperties, options: BodyOptions = {}): BodyFleet {
    const { solids = [], perScene = 1, fast = false, unstoppable = false } = options;
    const count = perScene * this.scenes;
    const origins = Float64Array.from(
      { length: 2 * count },
      (_, i) => this.origins[2 * Math.floor(i / (2 * perScene)) + (i % 2)]!,
    );
    const bodies = Array.from({ length: count }, (_, i) => {
      // A body at rest must not fall asleep: forces on it come from outside the engine.
      const kind = unstoppable
        ? RAPIER.RigidBodyDesc.kinematicVelocityBased()
        : RAPIER.RigidBodyDesc.dynamic();
      const description = kind
        .setTranslation(origins[2 * i]!, origins[2 * i + 1]!, 0)
        .setCanSleep(false)
        .setCcdEnabled(fast);
      const body = this.#world.createRigidBody(description);
      const groups = this.#groups[Math.floor(i / perScene)]!;
      for (const solid of solids)
        this.#world.createCollider(colliderOf(solid).setCollisionGroups(groups), body);
      return body;
    });
    const fleet = new BodyFleet(bodies, origins, perScene);
    for (let i = 0; i < count; i++) fleet.setMass(i, properties);
    this.#fleets.push(fleet);
    this.#initial = this.#world.takeSnapshot();
    return fleet;
  }

  /** An elastic chain in every scene; all chains are added before the first step. */
  addChains(options: ChainOptions): ChainFleet {
    const chains = new ChainFleet(this.#world, this.origins, options);
    this.#chains.push(chains);
    this.#initial = this.#world.takeSnapshot();
    return chains;
  }

  step(): void {
    this.#world.step();
    for (const fleet of this.#fleets) fleet.settle();
  }

  /**
   * Contacts of `scene` in the last step: points and forces, `[C, 6]`, m and N, relative to the scene's
   * origin. A force is the one on the body; between two bodies, on the one that was added first. A body that
   * was placed or restored since then has none.
   */
  contacts(scene: number): Float32Array {
    const colliders = this.#fleets.flatMap((fleet) => fleet.colliders(scene));
    return readContacts(this.#world, colliders, this.origins.subarray(2 * scene, 2 * scene + 2));
  }

  /**
   * Makes the engine as good as new. Contacts leave traces in it, in the order of its internal lists, which
   * change later trajectories in their last digits even where every body is placed anew. Masses are those of
   * `addBodies` again, and no body is held.
   */
  clear(): void {
    this.restore(this.#initial);
    for (const fleet of this.#fleets) fleet.letGo();
  }

  /** The engine's whole state. */
  snapshot(): Uint8Array {
    return this.#world.takeSnapshot();
  }

  restore(snapshot: Uint8Array): void {
    const restored = RAPIER.World.restoreSnapshot(snapshot);
    if (!restored)
      throw new RangeError(
        'The physics engine cannot read this snapshot: it is damaged or of another version.',
      );
    this.#world.free();
    this.#world = restored;
    for (const fleet of this.#fleets) fleet.rebind((handle) => restored.getRigidBody(handle));
    for (const chains of this.#chains) chains.rebind(restored);
  }

  /** Duration of one part of a physics step, s. */
  get solverTimestep(): number {
    return this.timestep / this.#world.numSolverIterations;
  }

  /** Returns the engine's memory; a second call does nothing. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#world.free();
  }
}

/** Without mass: that of a body is told as a whole. */
function colliderOf({
  radius,
  halfHeight,
  height = 0,
  restitution,
  friction,
}: SolidShape): RAPIER.ColliderDesc {
  const solid =
    halfHeight === undefined
      ? RAPIER.ColliderDesc.ball(radius)
      : // Rapier's cylinders stand along y.
        RAPIER.ColliderDesc.cylinder(halfHeight, radius).setRotation(QUARTER_TURN);
  solid.setTranslation(0, 0, height).setDensity(0);
  if (restitution !== undefined) solid.setRestitution(restitution);
  if (friction !== undefined) solid.setFriction(friction);
  return solid;
}

const QUARTER_TURN = { x: Math.SQRT1_2, y: 0, z: 0, w: Math.SQRT1_2 } as const;
