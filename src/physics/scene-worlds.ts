/**
 * Many scenes, each in a Rapier world of its own. Where robots grasp, a step of one scene is so long that sharing a
 * world saves nothing, and apart, scenes calculate the same digits whatever stands beside them, and a fault stays in its
 * scene. A scene is not put back to its start: it is built anew, as reduced coordinates take no pose once they
 * exist. Frame: Z up, metres, seconds, radians, quaternions (x, y, z, w).
 */
import RAPIER from '@dimforge/rapier3d-compat';
import type { Vector3 } from '../core/appearance.ts';
import { packBytes, unpackBytes } from '../core/bytes.ts';
import type { Articulation } from './articulation.ts';
import { ArticulationFleet, type ArticulationOptions } from './articulation-fleet.ts';
import { readContacts } from './contacts.ts';
import { GRAVITY } from './packed-world.ts';
import { SceneBodies, type SceneBodyOptions } from './scene-bodies.ts';
import type { ScenePart } from './scene-part.ts';

await RAPIER.init();

export interface SceneWorldOptions {
  readonly scenes: number;
  /** Duration of a physics step, s. */
  readonly timestep: number;
  /** Size of what is typically there, m: the engine's tolerances are in proportion. 1 unless told. */
  readonly lengthUnit?: number;
  /** How fast overlaps are pushed apart, Hz. The engine's 30 unless told. */
  readonly contactFrequency?: number;
  /** Equal parts of a physics step that the engine makes one after the other; its own number unless told. */
  readonly solverIterations?: number;
  /** Sweeps over all joints and contacts in each of those parts; the engine's own number unless told. */
  readonly solverSweeps?: number;
}

/** Pairs of solids that pressed on each other in the last step that was made, C of them. */
export interface ContactList {
  /** `[C]` each: the two solids, as they are counted in a scene. */
  readonly first: number[];
  readonly second: number[];
  /** Sum over the points of a pair, `[C]` N. Friction is not part of it. */
  readonly force: number[];
  /** The same as vectors: what the second solid feels, `[C, 3]` N. */
  readonly vector: number[];
}

/** Bits of what solids are, in the engine's sixteen groups; articulations have those that follow. */
const GROUP = { still: 1 << 0, loose: 1 << 1, articulations: 2 } as const;
const GROUPS = 16;

export class SceneWorlds {
  readonly scenes: number;
  readonly timestep: number;
  /** Of the last `step`, whichever scene that was of. */
  readonly contacts: ContactList = { first: [], second: [], force: [], vector: [] };
  readonly #options: SceneWorldOptions;
  readonly #worlds: RAPIER.World[];
  readonly #parts: ScenePart[] = [];
  /** Of each scene, in the order in which they were added. */
  readonly #solids: RAPIER.Collider[][];
  /** Scenes are built alike, so that the engine's handles are the same in all of them. */
  readonly #solidOf = new Map<number, number>();
  /** Of each scene from the next time on that it is built, a unit vector. */
  readonly #down: Vector3[];
  readonly #queue = new RAPIER.EventQueue(true);
  #nextGroup: number = GROUP.articulations;
  #freed = false;
  // Reused by every call into the engine.
  readonly #vector = { x: 0, y: 0, z: 0 };

  constructor(options: SceneWorldOptions) {
    this.#options = options;
    this.scenes = options.scenes;
    this.timestep = options.timestep;
    this.#down = Array.from({ length: options.scenes }, () => [0, 0, -1]);
    this.#worlds = this.#down.map((down) => this.#create(down));
    this.#solids = this.#worlds.map(() => []);
  }

  /** An articulation in every scene; like bodies, all are added before the first step. */
  addArticulation(articulation: Articulation, options: ArticulationOptions): ArticulationFleet {
    const firstSolid = this.#solids[0]!.length;
    const fleet = new ArticulationFleet(
      articulation,
      this.scenes,
      firstSolid,
      this.#nextGroup,
      this.timestep,
      options,
    );
    this.#nextGroup += fleet.groups;
    if (this.#nextGroup > GROUPS)
      throw new RangeError(
        `A scene's articulations and their branches may be ${GROUPS - GROUP.articulations} together; "${articulation.name}" makes them ${this.#nextGroup - GROUP.articulations}.`,
      );
    this.#worlds.forEach((world, scene) => {
      this.#solids[scene]!.push(...fleet.build(world, scene));
    });
    this.#add(fleet);
    return fleet;
  }

  addBodies(options: SceneBodyOptions): SceneBodies {
    const group = options.mass ? GROUP.loose : GROUP.still;
    const bodies = new SceneBodies(this.#worlds, this.#solids[0]!.length, group, options);
    this.#worlds.forEach((world, scene) => {
      this.#solids[scene]!.push(...bodies.rebind(world, scene));
    });
    this.#add(bodies);
    return bodies;
  }

  #add(part: ScenePart): void {
    this.#parts.push(part);
    this.#solids[0]?.forEach(({ handle }, i) => {
      this.#solidOf.set(handle, i);
    });
  }

  /** Where things fall in `scene` from the next time on that it is built. @param down of length 1 */
  pointDown(scene: number, down: Vector3): void {
    this.#down[scene] = down;
  }

  /** Builds `scene` anew, with everything where its arrays say. */
  build(scene: number): void {
    this.#worlds[scene]!.free();
    const world = this.#create(this.#down[scene]!);
    this.#worlds[scene] = world;
    this.#solids[scene] = this.#parts.flatMap((part) => part.build(world, scene));
    // What is asked before the first step is to be of where bodies are now.
    world.propagateModifiedBodyPositionsToColliders();
  }

  /** Makes one physics step in `scene`, and lists its contacts. */
  step(scene: number): void {
    const { contacts } = this;
    this.#worlds[scene]!.step(this.#queue);
    for (const list of Object.values(contacts)) list.length = 0;
    this.#queue.drainContactForceEvents(this.#list);
  }

  readonly #list = (event: RAPIER.TempContactForceEvent): void => {
    const { first, second, force, vector } = this.contacts;
    first.push(this.#solidOf.get(event.collider1())!);
    second.push(this.#solidOf.get(event.collider2())!);
    force.push(event.totalForceMagnitude());
    const { x, y, z } = event.totalForce(this.#vector);
    vector.push(x, y, z);
  };

  /** How deep two solids of `scene` are in each other, m; 0 where they do not touch. */
  depth(scene: number, first: number, second: number): number {
    const solids = this.#solids[scene]!;
    const contact = solids[first]!.contactCollider(solids[second]!, 0);
    return contact ? Math.max(0, -contact.distance) : 0;
  }

  /** The greatest depth of any two solids of `scene` that can touch each other, m: to be looked at before the first step. */
  overlap(scene: number): number {
    const groups = this.#solids[scene]!.map((solid) => solid.collisionGroups());
    let deepest = 0;
    for (let a = 0; a < groups.length; a++) {
      for (let b = 0; b < a; b++) {
        const touch = ((groups[a]! >>> 16) & groups[b]!) !== 0 && ((groups[b]! >>> 16) & groups[a]!) !== 0;
        if (touch) deepest = Math.max(deepest, this.depth(scene, a, b));
      }
    }
    return deepest;
  }

  /** Points and forces of the last step in `scene`, `[C, 6]`, m and N: what `EnvView.contacts` tells. */
  contactPoints(scene: number): Float32Array {
    return readContacts(this.#worlds[scene]!, this.#solids[scene]!, ORIGIN);
  }

  /** Earlier runs leave nothing behind: every scene is built anew when an episode of it begins. */
  clear(): void {}

  /** The engine's whole state. */
  snapshot(): Uint8Array {
    return packBytes(this.#worlds.map((world) => world.takeSnapshot()));
  }

  /** @throws RangeError for a snapshot of another number of scenes, or one that the engine cannot read */
  restore(snapshot: Uint8Array): void {
    const snapshots = unpackBytes(snapshot);
    if (snapshots.length !== this.scenes)
      throw new RangeError(
        `The snapshot holds ${snapshots.length} scenes where ${this.scenes} are needed: it is of another environment.`,
      );
    const worlds = snapshots.map((bytes) => RAPIER.World.restoreSnapshot(bytes));
    if (worlds.some((world) => !world))
      throw new RangeError(
        'The physics engine cannot read this snapshot: it is damaged or of another version.',
      );
    worlds.forEach((world, scene) => {
      this.#worlds[scene]!.free();
      this.#worlds[scene] = world;
      this.#solids[scene] = this.#parts.flatMap((part) => part.rebind(world, scene));
    });
  }

  /** Returns the engine's memory; a second call does nothing. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    for (const world of this.#worlds) world.free();
    this.#queue.free();
  }

  #create([x, y, z]: Vector3): RAPIER.World {
    const { timestep, lengthUnit, contactFrequency, solverIterations, solverSweeps } = this.#options;
    const world = new RAPIER.World({ x: GRAVITY * x, y: GRAVITY * y, z: GRAVITY * z });
    world.timestep = timestep;
    if (lengthUnit) world.lengthUnit = lengthUnit;
    if (contactFrequency) world.integrationParameters.contact_natural_frequency = contactFrequency;
    if (solverIterations) world.numSolverIterations = solverIterations;
    if (solverSweeps) world.numInternalPgsIterations = solverSweeps;
    return world;
  }
}

const ORIGIN = new Float64Array(2);
