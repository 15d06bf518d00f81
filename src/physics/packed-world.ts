/**
 * Many scenes in one Rapier world. A step of a tiny world is nearly all fixed cost, so scenes share one, each on its own
 * square of a grid. Frame: ROS's, Z up, metres, seconds, radians, quaternions (x, y, z, w). All positions that leave
 * this file are relative to their scene's origin. Rapier computes in float32, which at 160 m still resolves 15 µm.
 */
import RAPIER from '@dimforge/rapier3d-compat';
import type { Vector3 } from './math.ts';

await RAPIER.init();

/** Standard gravity, m/s². */
export const GRAVITY = 9.81;

export interface PackedWorldOptions {
  readonly scenes: number;
  /** Edge of a scene's square, m; bodies must stay within it. */
  readonly spacing: number;
  /** Duration of a physics step, s. */
  readonly timestep: number;
  /** Gravity along z, m/s²; −9.81 unless told. */
  readonly gravity?: number;
  /** Whether there is a floor at z = 0. */
  readonly ground?: boolean;
}

/** A rigid body's mass properties; the inertia is about its centre of mass, along its own axes. */
export interface MassProperties {
  /** kg */
  readonly mass: number;
  /** kg·m² */
  readonly inertia: Vector3;
}

export interface BodyShape {
  /** Upright cylinder, m; omitted for a body that touches nothing. */
  readonly cylinder?: { readonly radius: number; readonly halfHeight: number };
}

/** Farthest that a scene may be from the world's centre, m: there float32 still resolves 0.06 mm. */
const MAX_EXTENT = 500;

export class PackedWorld {
  readonly scenes: number;
  readonly timestep: number;
  #world: RAPIER.World;
  #freed = false;
  /** x and y of each scene's origin in the world, m, `[N, 2]`. The grid is centred, so that coordinates stay small. */
  readonly origins: Float64Array;
  readonly #fleets: BodyFleet[] = [];
  /** The engine before its first step. */
  #initial: Uint8Array;

  constructor({ scenes, spacing, timestep, gravity = -GRAVITY, ground = false }: PackedWorldOptions) {
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
    for (let scene = 0; scene < scenes; scene++) {
      this.origins[2 * scene] = ((scene % columns) - centre) * spacing;
      this.origins[2 * scene + 1] = (Math.floor(scene / columns) - centre) * spacing;
    }
    this.#world = new RAPIER.World({ x: 0, y: 0, z: gravity });
    this.#world.timestep = timestep;
    if (ground) {
      // A half-space, not a wide box: contacts with a box depend in their third digit on where they are and how wide it is.
      this.#world.createCollider(new RAPIER.ColliderDesc(new RAPIER.HalfSpace({ x: 0, y: 0, z: 1 })));
    }
    this.#initial = this.#world.takeSnapshot();
  }

  /** One dynamic body in every scene; all bodies are added before the first step. */
  addBodies(properties: MassProperties, shape: BodyShape = {}): BodyFleet {
    const bodies = Array.from({ length: this.scenes }, (_, scene) => {
      const [x, y] = [this.origins[2 * scene]!, this.origins[2 * scene + 1]!];
      // A body at rest must not fall asleep: forces on it come from outside the engine.
      const body = this.#world.createRigidBody(
        RAPIER.RigidBodyDesc.dynamic().setTranslation(x, y, 0).setCanSleep(false),
      );
      if (shape.cylinder) {
        const { radius, halfHeight } = shape.cylinder;
        // Rapier's cylinders stand along y.
        const quarterTurn = { x: Math.SQRT1_2, y: 0, z: 0, w: Math.SQRT1_2 };
        const collider = RAPIER.ColliderDesc.cylinder(halfHeight, radius)
          .setRotation(quarterTurn)
          .setDensity(0);
        this.#world.createCollider(collider, body);
      }
      return body;
    });
    const fleet = new BodyFleet(bodies, this.origins);
    for (let scene = 0; scene < this.scenes; scene++) fleet.setMass(scene, properties);
    this.#fleets.push(fleet);
    this.#initial = this.#world.takeSnapshot();
    return fleet;
  }

  step(): void {
    this.#world.step();
  }

  /**
   * Makes the engine as good as new. Contacts leave traces in it, in the order of its internal lists, which change later
   * trajectories in their last digits even where every body is placed anew. Masses are those of `addBodies` again.
   */
  clear(): void {
    this.restore(this.#initial);
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
  }

  /** Returns the engine's memory; a second call does nothing. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#world.free();
  }
}

/** The same body in every scene, its state in flat arrays. Shapes: N scenes. */
export class BodyFleet {
  /** Relative to the scene's origin, `[N, 3]` m. */
  readonly position: Float32Array;
  /** (x, y, z, w), body to world, `[N, 4]`. */
  readonly rotation: Float32Array;
  /** World frame, `[N, 3]` m/s. */
  readonly linearVelocity: Float32Array;
  /** World frame, `[N, 3]` rad/s. */
  readonly angularVelocity: Float32Array;
  /** World frame, applied at the centre of mass during the next step, `[N, 3]` N. */
  readonly force: Float32Array;
  /** World frame, `[N, 3]` N·m. */
  readonly torque: Float32Array;

  #bodies: RAPIER.RigidBody[];
  readonly #origins: Float64Array;
  // Reused by every call into the engine.
  readonly #vector = { x: 0, y: 0, z: 0 };
  readonly #quaternion = { x: 0, y: 0, z: 0, w: 1 };

  constructor(bodies: RAPIER.RigidBody[], origins: Float64Array) {
    const count = bodies.length;
    this.#bodies = bodies;
    this.#origins = origins;
    this.position = new Float32Array(3 * count);
    this.rotation = new Float32Array(4 * count);
    this.linearVelocity = new Float32Array(3 * count);
    this.angularVelocity = new Float32Array(3 * count);
    this.force = new Float32Array(3 * count);
    this.torque = new Float32Array(3 * count);
  }

  /** Everything that a snapshot of the engine leaves out. */
  get state(): Float32Array[] {
    return [this.position, this.rotation, this.linearVelocity, this.angularVelocity];
  }

  setMass(scene: number, { mass, inertia: [x, y, z] }: MassProperties): void {
    const centre = { x: 0, y: 0, z: 0 };
    this.#bodies[scene]!.setAdditionalMassProperties(
      mass,
      centre,
      { x, y, z },
      { x: 0, y: 0, z: 0, w: 1 },
      true,
    );
  }

  /** Copies the arrays of one scene into the engine, so that the body continues from there. */
  place(scene: number): void {
    const body = this.#bodies[scene]!;
    const { position: p, rotation: r } = this;
    const [i, q] = [3 * scene, 4 * scene];
    const [x, y] = [this.#origins[2 * scene]!, this.#origins[2 * scene + 1]!];
    body.setTranslation({ x: p[i]! + x, y: p[i + 1]! + y, z: p[i + 2]! }, true);
    body.setRotation({ x: r[q]!, y: r[q + 1]!, z: r[q + 2]!, w: r[q + 3]! }, true);
    body.setLinvel(this.#fill(this.linearVelocity, i), true);
    body.setAngvel(this.#fill(this.angularVelocity, i), true);
    this.force.fill(0, i, i + 3);
    this.torque.fill(0, i, i + 3);
  }

  /** Hands `force` and `torque` of every scene to the engine for the next step. */
  push(): void {
    for (let scene = 0; scene < this.#bodies.length; scene++) {
      const body = this.#bodies[scene]!;
      body.resetForces(false);
      body.resetTorques(false);
      body.addForce(this.#fill(this.force, 3 * scene), false);
      body.addTorque(this.#fill(this.torque, 3 * scene), false);
    }
  }

  /** Reads every scene's pose and velocity from the engine. */
  pull(): void {
    const origins = this.#origins;
    const v = this.#vector;
    const q = this.#quaternion;
    for (let scene = 0; scene < this.#bodies.length; scene++) {
      const body = this.#bodies[scene]!;
      const i = 3 * scene;
      body.translation(v);
      this.position[i] = v.x - origins[2 * scene]!;
      this.position[i + 1] = v.y - origins[2 * scene + 1]!;
      this.position[i + 2] = v.z;
      body.rotation(q);
      this.rotation[4 * scene] = q.x;
      this.rotation[4 * scene + 1] = q.y;
      this.rotation[4 * scene + 2] = q.z;
      this.rotation[4 * scene + 3] = q.w;
      this.#store(body.linvel(v), this.linearVelocity, i);
      this.#store(body.angvel(v), this.angularVelocity, i);
    }
  }

  /** Finds the bodies again in a world that was restored from a snapshot. */
  rebind(find: (handle: number) => RAPIER.RigidBody): void {
    this.#bodies = this.#bodies.map(({ handle }) => find(handle));
  }

  #fill(values: Float32Array, i: number): RAPIER.Vector {
    this.#vector.x = values[i]!;
    this.#vector.y = values[i + 1]!;
    this.#vector.z = values[i + 2]!;
    return this.#vector;
  }

  #store({ x, y, z }: RAPIER.Vector, values: Float32Array, i: number): void {
    values[i] = x;
    values[i + 1] = y;
    values[i + 2] = z;
  }
}
