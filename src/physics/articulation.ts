/**
 * A robot of rigid links and joints as data: branches that hang on a base, and where their links are when joints stand in
 * given places. A link's frame begins at its joint. SI units.
 */
import type { Quaternion, Vector3 } from '../core/appearance.ts';
import type { MassProperties } from './body-fleet.ts';
import { aboutAxis, multiply, rotate } from './math.ts';
import { type Solid, volumeOf } from './solids.ts';

/**
 * A hinge with a motor that holds a target by a torque in proportion to what is missing. Or a slide with one: then what is
 * said of angles is of distances, and of torques of forces; units in brackets are of slides.
 */
export interface Joint {
  readonly name: string;
  /** Whether its link moves along the axis; it turns about it unless told. */
  readonly slides?: boolean;
  /** Unit vector in the link's frame. */
  readonly axis: Vector3;
  /** rad (m); beyond it a stiff spring pushes back, whatever the motor does. */
  readonly range: readonly [low: number, high: number];
  /** Of the motor, N·m/rad (N/m); 0 of a joint that has none. */
  readonly stiffness: number;
  /** N·m (N) */
  readonly maxTorque: number;
  /** Beside the 0.1 N·m·s/rad that the engine damps every hinge by, N·m·s/rad (N·s/m); none unless told. */
  readonly damping?: number;
  /** Coulomb's, N·m (N); none unless told. */
  readonly friction?: number;
}

/** Of a link, in its frame. */
export interface LinkMass extends MassProperties {
  /** Centre of mass, m; at the joint unless told. */
  readonly centre?: Vector3;
  /** Of the axes that the inertia is along; those of the link unless told. */
  readonly rotation?: Quaternion;
}

export interface Link {
  readonly name: string;
  /** Index of the link that it hangs on, which comes before it; −1 of the base, where a branch begins. */
  readonly parent: number;
  /** Where its joint is in the parent's frame, m. */
  readonly position: Vector3;
  /** Of its frame in the parent's where its joint stands at zero; the same unless told. */
  readonly rotation?: Quaternion;
  readonly joint: Joint;
  readonly solids: readonly Solid[];
  /** Beside that of its solids. */
  readonly mass?: LinkMass;
  /** Whether it passes through the base, as next to the joint it would touch it in every posture. */
  readonly clearOfBase?: boolean;
}

/** Links of one branch pass through each other. */
export interface Articulation {
  readonly name: string;
  /** What the base touches others with. */
  readonly base: readonly Solid[];
  /** L of them, each with the joint at its beginning. */
  readonly links: readonly Link[];
}

/** The branch of each link, from 0, `[L]`. */
export function branchesOf(links: readonly Link[]): readonly number[] {
  const branches: number[] = [];
  let next = 0;
  for (const { parent } of links) branches.push(parent < 0 ? next++ : branches[parent]!);
  return branches;
}

/** Of a link and all that hangs on it, kg. */
export function massCarried(links: readonly Link[], link: number): number {
  const { mass, solids } = links[link]!;
  const own = solids.reduce(
    (sum, { geometry, density = 0 }) => sum + density * volumeOf(geometry),
    mass?.mass ?? 0,
  );
  return links.reduce((sum, { parent }, i) => (parent === link ? sum + massCarried(links, i) : sum), own);
}

/** Frames of all links in the base's. */
export interface LinkFrames {
  /** Of the joints, `[L, 3]` m. */
  readonly position: Float64Array;
  /** Quaternions, `[L, 4]`. */
  readonly rotation: Float64Array;
}

export const createFrames = (links: number): LinkFrames => ({
  position: new Float64Array(3 * links),
  rotation: new Float64Array(4 * links),
});

/**
 * Forward kinematics.
 * @param angles of all joints from `offset` on, rad, or m of slides
 * @param frames written
 */
export function poseLinks(
  { links }: Pick<Articulation, 'links'>,
  angles: ArrayLike<number>,
  offset: number,
  { position, rotation }: LinkFrames,
): void {
  links.forEach((link, i) => {
    const { axis, slides } = link.joint;
    const own = Float64Array.from(link.rotation ?? [0, 0, 0, 1]);
    const turn = Float64Array.from(slides ? own : aboutAxis(axis, angles[offset + i]!));
    if (!slides) multiply(turn, 0, own, 0, turn, 0);
    const at = Float64Array.from(link.position);
    if (slides) {
      const away = Float64Array.from(axis, (part) => part * angles[offset + i]!);
      rotate(away, 0, own, 0, away, 0);
      for (let k = 0; k < 3; k++) at[k]! += away[k]!;
    }
    if (link.parent < 0) {
      position.set(at, 3 * i);
      rotation.set(turn, 4 * i);
      return;
    }
    rotate(at, 0, rotation, 4 * link.parent, at, 0);
    for (let axis = 0; axis < 3; axis++)
      position[3 * i + axis] = position[3 * link.parent + axis]! + at[axis]!;
    multiply(rotation, 4 * i, rotation, 4 * link.parent, turn, 0);
  });
}

/** A point of a link in the base's frame. @param out `[3]` from `o` on */
export function pointOfLink(
  frames: LinkFrames,
  link: number,
  point: ArrayLike<number>,
  out: Float64Array,
  o: number,
): void {
  const at = Float64Array.from(point);
  rotate(at, 0, frames.rotation, 4 * link, at, 0);
  for (let axis = 0; axis < 3; axis++) out[o + axis] = frames.position[3 * link + axis]! + at[axis]!;
}
