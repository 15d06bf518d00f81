/** Bodies of `SceneWorlds`, the same ones in every scene: loose ones, and still ones such as a table. */
import RAPIER from '@dimforge/rapier3d-compat';
import { BodyFleet, type MassProperties } from './body-fleet.ts';
import { ALL_GROUPS, groupsOf, type ScenePart, type SolidRange, solidsOf } from './scene-part.ts';
import { colliderOf, type Solid } from './solids.ts';

export interface SceneBodyOptions {
  readonly solids: readonly Solid[];
  /** Of a loose body; absent of one that stands still where it is placed. */
  readonly mass?: MassProperties;
  /** How many of it are in each scene; 1 unless told. */
  readonly perScene?: number;
  /** Part of its angular velocity that it loses, 1/s: what a ball loses by rolling. 0 unless told. */
  readonly angularDamping?: number;
}

export class SceneBodies implements ScenePart {
  readonly fleet: BodyFleet;
  /** Whether they stand still. */
  readonly still: boolean;
  /** Of the bodies of a scene, one after the other. */
  readonly solids: SolidRange;
  readonly #options: SceneBodyOptions;
  readonly #groups: number;
  readonly #bodies: RAPIER.RigidBody[];

  /** @param group the bit of what these bodies are */
  constructor(worlds: readonly RAPIER.World[], firstSolid: number, group: number, options: SceneBodyOptions) {
    const { perScene = 1, solids, mass } = options;
    this.#options = options;
    this.#groups = groupsOf(group, ALL_GROUPS);
    this.still = mass === undefined;
    this.solids = { first: firstSolid, count: perScene * solids.length };
    this.#bodies = worlds.flatMap((world) => Array.from({ length: perScene }, () => this.#create(world)));
    this.fleet = new BodyFleet([...this.#bodies], new Float64Array(2 * this.#bodies.length), perScene);
    for (let i = 0; i < this.#bodies.length; i++) {
      this.fleet.rotation[4 * i + 3] = 1;
      this.#place(i);
    }
  }

  build(world: RAPIER.World, scene: number): RAPIER.Collider[] {
    return this.#replace(scene, (i) => {
      this.#take(i, this.#create(world));
      this.#place(i);
    });
  }

  rebind(world: RAPIER.World, scene: number): RAPIER.Collider[] {
    return this.#replace(scene, (i) => this.#take(i, world.getRigidBody(this.#bodies[i]!.handle)));
  }

  #replace(scene: number, replace: (i: number) => void): RAPIER.Collider[] {
    const { perScene } = this.fleet;
    return Array.from({ length: perScene }, (_, k) => {
      const i = scene * perScene + k;
      replace(i);
      return solidsOf(this.#bodies[i]!);
    }).flat();
  }

  #take(i: number, body: RAPIER.RigidBody): void {
    this.#bodies[i] = body;
    this.fleet.replace(i, body);
  }

  /** A still body is a kinematic one that never moves: contacts with fixed ones are soft in this engine. */
  #create(world: RAPIER.World): RAPIER.RigidBody {
    const { solids, angularDamping = 0 } = this.#options;
    const kind = this.still ? RAPIER.RigidBodyDesc.kinematicPositionBased() : RAPIER.RigidBodyDesc.dynamic();
    const body = world.createRigidBody(kind.setCanSleep(false).setAngularDamping(angularDamping));
    for (const solid of solids) world.createCollider(colliderOf(solid, UPRIGHT, this.#groups), body);
    return body;
  }

  #place(i: number): void {
    if (this.#options.mass) this.fleet.setMass(i, this.#options.mass);
    this.fleet.place(i);
  }
}

const UPRIGHT = Float64Array.of(0, 0, 0, 1);
