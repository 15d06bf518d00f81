/**
 * The joints of one articulation as maths: their angles from the rotations of bodies, and their torques as torques on
 * bodies. A row is a body: those of the links first, then those that branches hang on. Shapes: L links, R rows.
 */
import { branchesOf, type Hinge, type Link } from './articulation.ts';
import { rotate } from './math.ts';

/** Of the spring that begins where the range of a joint ends, N·m/rad. */
const LIMIT_STIFFNESS = 20;

export class Hinges {
  /** To be written before angles are asked for, `[R, 4]`. */
  readonly rotation: Float64Array;
  /** Sum of what joints exert, `[R, 3]` N·m. */
  readonly net: Float64Array;
  /** Row of what each link hangs on, `[L]`. */
  readonly #parents: Int32Array;
  readonly #axis = new Float64Array(3);

  constructor(links: readonly Link[]) {
    const branches = branchesOf(links);
    const rows = links.length + Math.max(-1, ...branches) + 1;
    this.rotation = new Float64Array(4 * rows);
    this.net = new Float64Array(3 * rows);
    this.#parents = Int32Array.from(links, ({ parent }, i) =>
      parent < 0 ? links.length + branches[i]! : parent,
    );
  }

  /**
   * From where bodies are parallel, rad: 2 atan2(axis · v, w) of the rotation (v, w) between a link and what it hangs on.
   * @param axes of the joint from `a` on, in the frame of either body
   */
  angle(link: number, axes: Float64Array, a: number): number {
    const r = this.rotation;
    const [p, c] = [4 * this.#parents[link]!, 4 * link];
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

  /** Turns a link one way, and what it hangs on the other way. @param axes as of `angle` */
  exert(link: number, axes: Float64Array, a: number, torque: number): void {
    rotate(this.#axis, 0, this.rotation, 4 * link, axes, a);
    const [own, parent] = [3 * link, 3 * this.#parents[link]!];
    for (let k = 0; k < 3; k++) {
      const part = torque * this.#axis[k]!;
      this.net[own + k]! += part;
      this.net[parent + k]! -= part;
    }
  }
}

/**
 * A motor in proportion to what is missing, up to its limit, and a stiff spring beyond the range, N·m.
 * @param stiffness factor on the motor's
 * @param strength factor on the motor's limit
 */
export function hingeTorque(
  { range, stiffness: own, maxTorque }: Hinge,
  angle: number,
  target: number,
  stiffness: number,
  strength: number,
): number {
  const most = strength * maxTorque;
  const torque = Math.max(-most, Math.min(most, stiffness * own * (target - angle)));
  if (angle < range[0]) return torque + LIMIT_STIFFNESS * (range[0] - angle);
  return angle > range[1] ? torque - LIMIT_STIFFNESS * (angle - range[1]) : torque;
}
