/** What goes to and fro between the engine's bodies of an articulation and the rows that its joints are calculated from. */
import type RAPIER from '@dimforge/rapier3d-compat';
import type { ArticulatedBodies } from './articulated-bodies.ts';
import type { JointRows } from './joint-rows.ts';

export class BodyRows {
  readonly #rows: JointRows;
  readonly #driven: boolean;
  readonly #resists: boolean;
  readonly #vector = { x: 0, y: 0, z: 0 };
  readonly #quaternion = { x: 0, y: 0, z: 0, w: 1 };

  /** @param driven whether the base moves @param resists whether speeds are asked for */
  constructor(rows: JointRows, driven: boolean, resists: boolean) {
    this.#rows = rows;
    this.#driven = driven;
    this.#resists = resists;
  }

  /**
   * Where all bodies are and, as far as it is needed, how fast they move.
   * @param position of bases, `[N, 3]` m @param rotation of bases, `[N, 4]`
   */
  read(
    { links, roots }: ArticulatedBodies,
    position: Float64Array,
    rotation: Float64Array,
    scene: number,
  ): void {
    for (let link = 0; link < links.length; link++) this.#readBody(links[link]!, link);
    for (let branch = 0; branch < roots.length; branch++) {
      const row = links.length + branch;
      if (this.#driven) this.#readBody(roots[branch]!, row);
      else this.#standStill(row, position, rotation, scene);
    }
  }

  #readBody(body: RAPIER.RigidBody, row: number): void {
    const { rotation, position, linearVelocity, angularVelocity, hasSlides } = this.#rows;
    const { x, y, z, w } = body.rotation(this.#quaternion);
    rotation[4 * row] = x;
    rotation[4 * row + 1] = y;
    rotation[4 * row + 2] = z;
    rotation[4 * row + 3] = w;
    if (hasSlides) write(body.translation(this.#vector), position, 3 * row);
    if (!this.#resists) return;
    write(body.angvel(this.#vector), angularVelocity, 3 * row);
    if (hasSlides) write(body.linvel(this.#vector), linearVelocity, 3 * row);
  }

  #standStill(row: number, position: Float64Array, rotation: Float64Array, scene: number): void {
    const rows = this.#rows;
    for (let k = 0; k < 4; k++) rows.rotation[4 * row + k] = rotation[4 * scene + k]!;
    for (let k = 0; k < 3; k++) rows.position[3 * row + k] = position[3 * scene + k]!;
  }

  /** Has the base be in a pose after the next step. @param position `[N, 3]` m @param rotation `[N, 4]` */
  moveBase({ base }: ArticulatedBodies, position: Float64Array, rotation: Float64Array, scene: number): void {
    const [v, q] = [this.#vector, this.#quaternion];
    v.x = position[3 * scene]!;
    v.y = position[3 * scene + 1]!;
    v.z = position[3 * scene + 2]!;
    base.setNextKinematicTranslation(v);
    q.x = rotation[4 * scene]!;
    q.y = rotation[4 * scene + 1]!;
    q.z = rotation[4 * scene + 2]!;
    q.w = rotation[4 * scene + 3]!;
    base.setNextKinematicRotation(q);
  }

  /** Hands the sum of what hinges exert to the bodies, instead of what these had. */
  applyTorques({ links, roots }: ArticulatedBodies): void {
    for (let link = 0; link < links.length; link++) this.#applyTorque(links[link]!, link);
    if (!this.#driven) return;
    for (let branch = 0; branch < roots.length; branch++)
      this.#applyTorque(roots[branch]!, links.length + branch);
  }

  #applyTorque(body: RAPIER.RigidBody, row: number): void {
    const { net } = this.#rows;
    this.#vector.x = net[3 * row]!;
    this.#vector.y = net[3 * row + 1]!;
    this.#vector.z = net[3 * row + 2]!;
    body.resetTorques(false);
    body.addTorque(this.#vector, false);
  }

  /** Hands the forces of slides to the bodies, after torques, which these add to. @param forces `[L]` N, of hinges 0 */
  applyForces({ links, roots }: ArticulatedBodies, axes: Float64Array, forces: Float64Array): void {
    const bodies = [...links, ...roots];
    for (const body of bodies) body.resetForces(false);
    links.forEach((body, link) => {
      if (forces[link] === 0) return;
      const [x, y, z] = this.#rows.alongAxis(link, axes, 3 * link, forces[link]!);
      const at = body.translation();
      body.addForceAtPoint({ x: x!, y: y!, z: z! }, at, false);
      bodies[this.#rows.parents[link]!]!.addForceAtPoint({ x: -x!, y: -y!, z: -z! }, at, false);
    });
  }
}

function write({ x, y, z }: RAPIER.Vector, out: Float64Array, o: number): void {
  out[o] = x;
  out[o + 1] = y;
  out[o + 2] = z;
}
