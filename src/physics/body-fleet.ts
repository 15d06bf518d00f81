/** The same body in every scene of a packed world: its pose, its velocities and the forces on it. */
import type RAPIER from '@dimforge/rapier3d-compat';
import { rotate, unrotate, type Vector3 } from './math.ts';

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

/** A force that is held on a body from outside. */
interface HeldForce {
  /** N, world frame. */
  readonly force: Vector3;
  /** The point of the body that it acts on, m, in the body's frame. */
  readonly point: Float64Array;
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
  /** By scene. */
  readonly #held = new Map<number, HeldForce>();
  /** Scenes whose body was placed or restored since the last step: the engine's contacts may be older. */
  readonly #moved = new Set<number>();
  // Reused by every call into the engine.
  readonly #vector = { x: 0, y: 0, z: 0 };
  readonly #quaternion = { x: 0, y: 0, z: 0, w: 1 };
  readonly #lever = new Float64Array(3);

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

  /** Copies the arrays of one scene into the engine: the body goes on from there, with no force on it. */
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
    this.#held.delete(scene);
    this.#moved.add(scene);
  }

  /**
   * Holds a force on the body of `scene`, beside `force` and `torque`, until another one is held or the body
   * is placed. It acts on the point of the body that is at `point` now, and moves with it. It is no part of
   * `state`.
   * @param force N, world frame; zero lets go
   * @param point m, relative to the scene's origin
   */
  hold(scene: number, force: Vector3, point: Vector3): void {
    if (force.every((part) => part === 0)) {
      this.#held.delete(scene);
      return;
    }
    const grip = Float64Array.from(point, (at, axis) => at - this.position[3 * scene + axis]!);
    unrotate(grip, 0, this.rotation, 4 * scene, grip, 0);
    this.#held.set(scene, { force, point: grip });
  }

  /** Lets go of every body. */
  letGo(): void {
    this.#held.clear();
  }

  /** Hands all forces and torques of every scene to the engine for the next step. */
  push(): void {
    for (let scene = 0; scene < this.#bodies.length; scene++) {
      const body = this.#bodies[scene]!;
      body.resetForces(false);
      body.resetTorques(false);
      body.addForce(this.#fill(this.force, 3 * scene), false);
      body.addTorque(this.#fill(this.torque, 3 * scene), false);
    }
    if (this.#held.size > 0) this.#pushHeld();
  }

  /** A held force and its torque r × F about the centre of mass, which is the origin of the body's frame. */
  #pushHeld(): void {
    const lever = this.#lever;
    for (const [scene, { force, point }] of this.#held) {
      const [body, v] = [this.#bodies[scene]!, this.#vector];
      rotate(lever, 0, this.rotation, 4 * scene, point, 0);
      [v.x, v.y, v.z] = force;
      body.addForce(v, false);
      v.x = lever[1]! * force[2] - lever[2]! * force[1];
      v.y = lever[2]! * force[0] - lever[0]! * force[2];
      v.z = lever[0]! * force[1] - lever[1]! * force[0];
      body.addTorque(v, false);
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

  /** Writes the pose of `scene`: position (m), then quaternion. @param row `[7]` from `offset` on */
  writePose(scene: number, row: Float32Array, offset: number): void {
    for (let i = 0; i < 3; i++) row[offset + i] = this.position[3 * scene + i]!;
    for (let i = 0; i < 4; i++) row[offset + 3 + i] = this.rotation[4 * scene + i]!;
  }

  /** What touches in `scene`: nothing where the body has no shape, or has moved without a step. */
  collider(scene: number): RAPIER.Collider | undefined {
    const body = this.#bodies[scene]!;
    return body.numColliders() > 0 && !this.#moved.has(scene) ? body.collider(0) : undefined;
  }

  /** Told by the world after each step: the engine's contacts are now of where the bodies are. */
  settle(): void {
    if (this.#moved.size > 0) this.#moved.clear();
  }

  /** Finds the bodies again in a world that was restored from a snapshot. */
  rebind(find: (handle: number) => RAPIER.RigidBody): void {
    this.#bodies = this.#bodies.map(({ handle }) => find(handle));
    for (let scene = 0; scene < this.#bodies.length; scene++) this.#moved.add(scene);
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
