/**
 * The geometry of an articulation's joints: where they stand and how fast they move, from poses and velocities of bodies, and
 * which way they push and turn. A row is a body: those of the links first, then those that branches hang on. Shapes: L links,
 * R rows.
 */
import { branchesOf, type Joint, type Link } from './articulation.ts';
import { rotate, unrotate } from './math.ts';

export class JointRows {
  /** What is asked for is calculated from these, so they are to be written before: `[R, 4]`, and of slides `[R, 3]` m. */
  readonly rotation: Float64Array;
  readonly position: Float64Array;
  /** The same of what is asked of speeds, `[R, 3]` rad/s and m/s. */
  readonly angularVelocity: Float64Array;
  readonly linearVelocity: Float64Array;
  /** Sum of what hinges exert, `[R, 3]` N·m. */
  readonly net: Float64Array;
  readonly hasSlides: boolean;
  /** Row of what each link hangs on, `[L]`. */
  readonly parents: Int32Array;
  readonly #joints: readonly Joint[];
  readonly #axis = new Float64Array(3);
  readonly #arm = new Float64Array(3);

  constructor(links: readonly Link[]) {
    const branches = branchesOf(links);
    const rows = links.length + Math.max(-1, ...branches) + 1;
    this.#joints = links.map(({ joint }) => joint);
    this.hasSlides = links.some(({ joint }) => joint.slides);
    this.rotation = new Float64Array(4 * rows);
    this.position = new Float64Array(3 * rows);
    this.angularVelocity = new Float64Array(3 * rows);
    this.linearVelocity = new Float64Array(3 * rows);
    this.net = new Float64Array(3 * rows);
    this.parents = Int32Array.from(links, ({ parent }, i) =>
      parent < 0 ? links.length + branches[i]! : parent,
    );
  }

  /**
   * Rad of a hinge, from where its bodies are parallel; m of a slide, from where they are in one place.
   * @param axes of the joint from `a` on, in the frame of either body
   */
  stand(link: number, axes: Float64Array, a: number): number {
    return this.#joints[link]!.slides ? this.#displacement(link, axes, a) : this.#angle(link, axes, a);
  }

  #displacement(link: number, axes: Float64Array, a: number): number {
    const parent = this.parents[link]!;
    this.#measureArm(link, parent);
    unrotate(this.#arm, 0, this.rotation, 4 * parent, this.#arm, 0);
    return this.#arm[0]! * axes[a]! + this.#arm[1]! * axes[a + 1]! + this.#arm[2]! * axes[a + 2]!;
  }

  /** From what a link hangs on to it, m. */
  #measureArm(link: number, parent: number): void {
    for (let k = 0; k < 3; k++) this.#arm[k] = this.position[3 * link + k]! - this.position[3 * parent + k]!;
  }

  /** 2 atan2(axis · v, w) of the rotation (v, w) between a link and what it hangs on. */
  #angle(link: number, axes: Float64Array, a: number): number {
    const r = this.rotation;
    const [p, c] = [4 * this.parents[link]!, 4 * link];
    const px = r[p]!;
    const py = r[p + 1]!;
    const pz = r[p + 2]!;
    const pw = r[p + 3]!;
    const cx = r[c]!;
    const cy = r[c + 1]!;
    const cz = r[c + 2]!;
    const cw = r[c + 3]!;
    const along =
      axes[a]! * (pw * cx - cw * px - (py * cz - pz * cy)) +
      axes[a + 1]! * (pw * cy - cw * py - (pz * cx - px * cz)) +
      axes[a + 2]! * (pw * cz - cw * pz - (px * cy - py * cx));
    const angle = 2 * Math.atan2(along, pw * cw + px * cx + py * cy + pz * cz);
    if (angle > Math.PI) return angle - 2 * Math.PI;
    return angle < -Math.PI ? angle + 2 * Math.PI : angle;
  }

  /** rad/s, or m/s of a slide. @param axes as of `stand` */
  speed(link: number, axes: Float64Array, a: number): number {
    const parent = this.parents[link]!;
    rotate(this.#axis, 0, this.rotation, 4 * parent, axes, a);
    const slides = this.#joints[link]!.slides;
    const velocity = slides ? this.linearVelocity : this.angularVelocity;
    let speed = 0;
    for (let k = 0; k < 3; k++)
      speed += this.#axis[k]! * (velocity[3 * link + k]! - velocity[3 * parent + k]!);
    if (!slides) return speed;
    // What it hangs on turns, and takes along what is away from it.
    this.#measureArm(link, parent);
    const [w, d, n] = [this.angularVelocity, this.#arm, this.#axis];
    const [x, y, z] = [w[3 * parent]!, w[3 * parent + 1]!, w[3 * parent + 2]!];
    const [dx, dy, dz] = [d[0]!, d[1]!, d[2]!];
    return speed - n[0]! * (y * dz - z * dy) - n[1]! * (z * dx - x * dz) - n[2]! * (x * dy - y * dx);
  }

  /** Turns the link of a hinge one way, and what it hangs on the other way. @param axes as of `stand` */
  twist(link: number, axes: Float64Array, a: number, torque: number): void {
    const parts = this.alongAxis(link, axes, a, torque);
    const [own, parent] = [3 * link, 3 * this.parents[link]!];
    for (let k = 0; k < 3; k++) {
      this.net[own + k]! += parts[k]!;
      this.net[parent + k]! -= parts[k]!;
    }
  }

  /** Force or torque of a joint in the world's frame, `[3]`, until the next call. @param axes as of `stand` */
  alongAxis(link: number, axes: Float64Array, a: number, effort: number): Float64Array {
    rotate(this.#axis, 0, this.rotation, 4 * link, axes, a);
    for (let k = 0; k < 3; k++) this.#axis[k]! *= effort;
    return this.#axis;
  }
}
