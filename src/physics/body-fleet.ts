/** The same body in every scene of a packed world, once or several times: poses, velocities and the forces on them. */
import type RAPIER from '@dimforge/rapier3d-compat';
import { rotate, unrotate, type Vector3 } from './math.ts';

/** A rigid body's mass properties; the inertia is about its centre of mass, along its own axes. */
export interface MassProperties {
  /** kg */
  readonly mass: number;
  /** kg·m² */
  readonly inertia: Vector3;
}

/** A solid that a body touches others with. */
export interface SolidShape {
  /** m */
  readonly radius: number;
  /** Of an upright cylinder, m; absent of a sphere. */
  readonly halfHeight?: number;
  /** Of its centre above the body's origin, m; 0 unless told. */
  readonly height?: number;
  /** Part of the approach speed that an impact gives back; of two bodies the mean counts. 0 unless told. */
  readonly restitution?: number;
  /** Coefficient of friction; of two bodies the mean counts. The engine's 0.5 unless told. */
  readonly friction?: number;
}

export interface BodyOptions {
  /** What it touches others with; nothing unless told. */
  readonly solids?: readonly SolidShape[];
  /** How many of it are in each scene; 1 unless told. */
  readonly perScene?: number;
  /** Whether it may move farther than its own size in a physics step, and must hit what lies between. */
  readonly fast?: boolean;
  /** Whether it goes where its velocities say, whatever it meets. */
  readonly unstoppable?: boolean;
}

/** A force that is held on a body from outside. */
interface HeldForce {
  /** N, world frame. */
  readonly force: Vector3;
  /** The point of the body that it acts on, m, in the body's frame. */
  readonly point: Float64Array;
}

/** One body, or P of it, in every scene, their state in flat arrays: body i is the i mod P-th of scene ⌊i/P⌋. Shapes: N bodies. */
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

  /** Bodies in each scene, P. */
  readonly perScene: number;
  #bodies: RAPIER.RigidBody[];
  /** Of each body's scene, `[N, 2]` m. */
  readonly #origins: Float64Array;
  /** By body. */
  readonly #held = new Map<number, HeldForce>();
  /** Bodies that were placed or restored since the last step: the engine's contacts may be older. */
  readonly #moved = new Set<number>();
  // Reused by every call into the engine.
  readonly #vector = { x: 0, y: 0, z: 0 };
  readonly #quaternion = { x: 0, y: 0, z: 0, w: 1 };
  readonly #lever = new Float64Array(3);

  constructor(bodies: RAPIER.RigidBody[], origins: Float64Array, perScene: number) {
    const count = bodies.length;
    this.perScene = perScene;
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

  setMass(i: number, { mass, inertia: [x, y, z] }: MassProperties): void {
    const centre = { x: 0, y: 0, z: 0 };
    this.#bodies[i]!.setAdditionalMassProperties(mass, centre, { x, y, z }, { x: 0, y: 0, z: 0, w: 1 }, true);
  }

  /** Copies the arrays of body `i` into the engine: it goes on from there, with no force on it. */
  place(i: number): void {
    const body = this.#bodies[i]!;
    const { position: p, rotation: r } = this;
    const [v, q] = [3 * i, 4 * i];
    const [x, y] = [this.#origins[2 * i]!, this.#origins[2 * i + 1]!];
    body.setTranslation({ x: p[v]! + x, y: p[v + 1]! + y, z: p[v + 2]! }, true);
    body.setRotation({ x: r[q]!, y: r[q + 1]!, z: r[q + 2]!, w: r[q + 3]! }, true);
    body.setLinvel(this.#fill(this.linearVelocity, v), true);
    body.setAngvel(this.#fill(this.angularVelocity, v), true);
    this.force.fill(0, v, v + 3);
    this.torque.fill(0, v, v + 3);
    this.#held.delete(i);
    this.#moved.add(i);
  }

  /**
   * Holds a force on body `i`, beside `force` and `torque`, until another one is held or the body
   * is placed. It acts on the point of the body that is at `point` now, and moves with it. It is no part of
   * `state`.
   * @param force N, world frame; zero lets go
   * @param point m, relative to the scene's origin
   */
  hold(i: number, force: Vector3, point: Vector3): void {
    if (force.every((part) => part === 0)) {
      this.#held.delete(i);
      return;
    }
    const grip = Float64Array.from(point, (at, axis) => at - this.position[3 * i + axis]!);
    unrotate(grip, 0, this.rotation, 4 * i, grip, 0);
    this.#held.set(i, { force, point: grip });
  }

  /** Lets go of every body. */
  letGo(): void {
    this.#held.clear();
  }

  /** Hands the forces and torques of bodies `first` to `end` to the engine for the next step; of all of them unless told. */
  push(first = 0, end = this.#bodies.length): void {
    for (let i = first; i < end; i++) {
      const body = this.#bodies[i]!;
      body.resetForces(false);
      body.resetTorques(false);
      body.addForce(this.#fill(this.force, 3 * i), false);
      body.addTorque(this.#fill(this.torque, 3 * i), false);
    }
    if (this.#held.size > 0) this.#pushHeld(first, end);
  }

  /** A held force and its torque r × F about the centre of mass, which is the origin of the body's frame. */
  #pushHeld(first: number, end: number): void {
    const lever = this.#lever;
    for (const [i, { force, point }] of this.#held) {
      if (i < first || i >= end) continue;
      const [body, v] = [this.#bodies[i]!, this.#vector];
      rotate(lever, 0, this.rotation, 4 * i, point, 0);
      [v.x, v.y, v.z] = force;
      body.addForce(v, false);
      v.x = lever[1]! * force[2] - lever[2]! * force[1];
      v.y = lever[2]! * force[0] - lever[0]! * force[2];
      v.z = lever[0]! * force[1] - lever[1]! * force[0];
      body.addTorque(v, false);
    }
  }

  /** Reads poses and velocities of bodies `first` to `end` from the engine; of all of them unless told. */
  pull(first = 0, end = this.#bodies.length): void {
    const origins = this.#origins;
    const v = this.#vector;
    const q = this.#quaternion;
    for (let i = first; i < end; i++) {
      const body = this.#bodies[i]!;
      body.translation(v);
      this.position[3 * i] = v.x - origins[2 * i]!;
      this.position[3 * i + 1] = v.y - origins[2 * i + 1]!;
      this.position[3 * i + 2] = v.z;
      body.rotation(q);
      this.rotation[4 * i] = q.x;
      this.rotation[4 * i + 1] = q.y;
      this.rotation[4 * i + 2] = q.z;
      this.rotation[4 * i + 3] = q.w;
      this.#store(body.linvel(v), this.linearVelocity, 3 * i);
      this.#store(body.angvel(v), this.angularVelocity, 3 * i);
    }
  }

  /** Writes the pose of body `i`: position (m), then quaternion. @param row `[7]` from `offset` on */
  writePose(i: number, row: Float32Array, offset: number): void {
    for (let axis = 0; axis < 3; axis++) row[offset + axis] = this.position[3 * i + axis]!;
    for (let part = 0; part < 4; part++) row[offset + 3 + part] = this.rotation[4 * i + part]!;
  }

  /** What touches in `scene`: nothing of a body that has no solids, or has moved without a step. */
  colliders(scene: number): RAPIER.Collider[] {
    const bodies = this.#bodies.slice(scene * this.perScene, (scene + 1) * this.perScene);
    return bodies.flatMap((body, k) =>
      this.#moved.has(scene * this.perScene + k)
        ? []
        : Array.from({ length: body.numColliders() }, (_, i) => body.collider(i)),
    );
  }

  /** Told by the world after each step: the engine's contacts are now of where the bodies are. */
  settle(): void {
    if (this.#moved.size > 0) this.#moved.clear();
  }

  /** Finds the bodies again in a world that was restored from a snapshot. */
  rebind(find: (handle: number) => RAPIER.RigidBody): void {
    this.#bodies = this.#bodies.map(({ handle }) => find(handle));
    for (let i = 0; i < this.#bodies.length; i++) this.#moved.add(i);
  }

  /** Goes on with `body` as body `i`, whose world was built or restored. */
  replace(i: number, body: RAPIER.RigidBody): void {
    this.#bodies[i] = body;
    this.#moved.add(i);
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
