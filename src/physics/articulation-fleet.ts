/**
 * The same articulation in every scene of `SceneWorlds`, in reduced coordinates: a multibody for each branch, as one for all
 * would cost three times as much. Its base stands still, or is driven from pose to pose.
 *
 * Every body is made parallel to the base, whatever posture it begins in, and joint axes and solids are turned instead: the
 * engine's angles then begin at 0, the only value that they can begin at. Its multibodies have no motors, so their torques
 * are calculated here. The engine damps each hinge by 0.1 N·m·s/rad, implicitly; a damping of our own would be explicit,
 * and oscillate where it is as large.
 */
import type RAPIER from '@dimforge/rapier3d-compat';
import type { BinaryArray } from '../core/bytes.ts';
import {
  type ArticulatedBodies,
  aimMotor,
  buildArticulation,
  findArticulation,
  type JointModel,
} from './articulated-bodies.ts';
import { type Articulation, createFrames, poseLinks } from './articulation.ts';
import { Hinges, hingeTorque } from './hinges.ts';
import { multiply, rotate } from './math.ts';
import { type ScenePart, type SolidRange, solidsOf } from './scene-part.ts';

export interface ArticulationOptions {
  /** Whether the base is to be driven from pose to pose; it stands still unless told. */
  readonly driven?: boolean;
  /** `reduced` unless told; `impulse` is what others are compared with. */
  readonly joints?: JointModel;
}

/** Factors on what an articulation's description says. */
export interface ArticulationVariation {
  /** From the next time on that the scene is built. */
  readonly friction: number;
  readonly stiffness: number;
  readonly maxTorque: number;
}

const FACTORS = 3;

/** Shapes: N scenes, L links, and as many joints. */
export class ArticulationFleet implements ScenePart {
  readonly articulation: Articulation;
  readonly links: number;
  /** Its solids in a scene: those of the base, then those of the links, in order. */
  readonly solids: SolidRange;
  /** Bits that it takes of the engine's groups. */
  readonly groups: number;
  /** Of the joints, `[N, L]` rad. Where a scene is built, it begins with these. */
  readonly angle: Float32Array;
  /** What the motors hold, `[N, L]` rad. */
  readonly target: Float32Array;
  /** Of motor and limits in the last step, `[N, L]` N·m; 0 of impulse joints, which do not tell. */
  readonly torque: Float32Array;
  /** Of the base, `[N, 3]` m and `[N, 4]`: where it stands, or is after the next step. */
  readonly basePosition: Float64Array;
  readonly baseRotation: Float64Array;
  /** Of the links' frames, `[N, L, 3]` m and `[N, L, 4]`. */
  readonly linkPosition: Float32Array;
  readonly linkRotation: Float32Array;

  readonly #options: Required<ArticulationOptions>;
  readonly #firstGroup: number;
  readonly #factors: Float64Array;
  /** By scene. */
  readonly #bodies: ArticulatedBodies[] = [];
  /** Angles that the scene was built with, `[N, L]` rad; frames and axes of the links then, in the base's frame. */
  readonly #reference: Float64Array;
  readonly #frameRotation: Float64Array;
  readonly #axis: Float64Array;
  // Reused by every step, one scene after the other.
  readonly #hinges: Hinges;
  readonly #measured: Float64Array;
  readonly #vector = { x: 0, y: 0, z: 0 };
  readonly #quaternion = { x: 0, y: 0, z: 0, w: 1 };

  constructor(
    articulation: Articulation,
    scenes: number,
    firstSolid: number,
    firstGroup: number,
    { driven = false, joints = 'reduced' }: ArticulationOptions,
  ) {
    const { base, links } = articulation;
    this.articulation = articulation;
    this.links = links.length;
    this.#options = { driven, joints };
    this.#firstGroup = firstGroup;
    this.groups = 1 + links.filter(({ parent }) => parent < 0).length;
    const count = links.reduce((sum, { solids }) => sum + solids.length, base.length);
    this.solids = { first: firstSolid, count };
    const total = scenes * links.length;
    this.angle = new Float32Array(total);
    this.target = new Float32Array(total);
    this.torque = new Float32Array(total);
    this.basePosition = new Float64Array(3 * scenes);
    this.baseRotation = new Float64Array(4 * scenes).map((_, i) => (i % 4 === 3 ? 1 : 0));
    this.linkPosition = new Float32Array(3 * total);
    this.linkRotation = new Float32Array(4 * total);
    this.#factors = new Float64Array(FACTORS * scenes).fill(1);
    this.#reference = new Float64Array(total);
    this.#frameRotation = new Float64Array(4 * total);
    this.#axis = new Float64Array(3 * total);
    this.#hinges = new Hinges(links);
    this.#measured = new Float64Array(links.length);
  }

  /** All that it keeps between steps, beside the engine's own state. */
  get state(): BinaryArray[] {
    const { angle, target, torque, basePosition, baseRotation, linkPosition, linkRotation } = this;
    const readings = [angle, target, torque, basePosition, baseRotation, linkPosition, linkRotation];
    return [...readings, this.#factors, this.#reference, this.#frameRotation, this.#axis];
  }

  vary(scene: number, { friction, stiffness, maxTorque }: ArticulationVariation): void {
    this.#factors.set([friction, stiffness, maxTorque], FACTORS * scene);
  }

  /** At rest in the posture of `angle`, which the motors hold. */
  build(world: RAPIER.World, scene: number): RAPIER.Collider[] {
    const { links, articulation } = this;
    const [first, end] = [links * scene, links * (scene + 1)];
    const frames = createFrames(links);
    poseLinks(articulation, this.angle, first, frames);
    this.#reference.set(this.angle.subarray(first, end), first);
    this.#frameRotation.set(frames.rotation, 4 * first);
    const axes = this.#axis.subarray(3 * first, 3 * end);
    articulation.links.forEach(({ joint }, i) => {
      rotate(axes, 3 * i, frames.rotation, 4 * i, Float64Array.from(joint.axis), 0);
    });
    const posture = {
      position: this.basePosition.subarray(3 * scene, 3 * scene + 3),
      rotation: this.baseRotation.slice(4 * scene, 4 * scene + 4),
      frames,
      axes,
      angles: this.#reference.subarray(first, end),
    };
    this.#bodies[scene] = buildArticulation(world, articulation, posture, {
      ...this.#options,
      firstGroup: this.#firstGroup,
      friction: this.#factors[FACTORS * scene]!,
    });
    this.target.set(this.angle.subarray(first, end), first);
    this.torque.fill(0, first, end);
    this.pull(scene);
    return this.#solids(scene);
  }

  rebind(world: RAPIER.World, scene: number): RAPIER.Collider[] {
    this.#bodies[scene] = findArticulation(world, this.#bodies[scene]!);
    return this.#solids(scene);
  }

  #solids(scene: number): RAPIER.Collider[] {
    const { base, links } = this.#bodies[scene]!;
    return [base, ...links].flatMap(solidsOf);
  }

  /**
   * Hands the base's pose and the torques of all joints to the engine for the next step of `scene`.
   * @returns whether the angles that it reads are finite; nothing is handed over where they are not
   */
  push(scene: number): boolean {
    if (!this.#measure(scene)) return false;
    const { driven, joints } = this.#options;
    if (driven) this.#moveBase(scene);
    if (joints === 'impulse') this.#aimMotors(scene);
    else this.#applyTorques(scene);
    return true;
  }

  #moveBase(scene: number): void {
    const { basePosition: p, baseRotation: r } = this;
    const { base } = this.#bodies[scene]!;
    base.setNextKinematicTranslation(this.#toVector(p, 3 * scene));
    const q = this.#quaternion;
    q.x = r[4 * scene]!;
    q.y = r[4 * scene + 1]!;
    q.z = r[4 * scene + 2]!;
    q.w = r[4 * scene + 3]!;
    base.setNextKinematicRotation(q);
  }

  #aimMotors(scene: number): void {
    const stiffness = this.#factors[FACTORS * scene + 1]!;
    this.articulation.links.forEach(({ joint }, link) => {
      const i = this.links * scene + link;
      const motor = this.#bodies[scene]!.motors[link]!;
      aimMotor(motor, this.target[i]! - this.#reference[i]!, stiffness * joint.stiffness);
    });
  }

  #applyTorques(scene: number): void {
    const hinges = this.#hinges;
    const stiffness = this.#factors[FACTORS * scene + 1]!;
    const strength = this.#factors[FACTORS * scene + 2]!;
    hinges.net.fill(0);
    for (let link = 0; link < this.links; link++) {
      const i = this.links * scene + link;
      const { joint } = this.articulation.links[link]!;
      const torque = hingeTorque(joint, this.angle[i]!, this.target[i]!, stiffness, strength);
      this.torque[i] = torque;
      hinges.exert(link, this.#axis, 3 * i, torque);
    }
    const { links, roots } = this.#bodies[scene]!;
    for (let link = 0; link < links.length; link++) this.#applyNet(links[link]!, link);
    if (!this.#options.driven) return;
    for (let branch = 0; branch < roots.length; branch++) this.#applyNet(roots[branch]!, this.links + branch);
  }

  #applyNet(body: RAPIER.RigidBody, row: number): void {
    body.resetTorques(false);
    body.addTorque(this.#toVector(this.#hinges.net, 3 * row), false);
  }

  /** Reads angles and poses of `scene` from the engine. @returns whether they are finite; nothing is written if not */
  pull(scene: number): boolean {
    if (!this.#measure(scene)) return false;
    const v = this.#vector;
    for (let link = 0; link < this.links; link++) {
      const i = this.links * scene + link;
      this.#bodies[scene]!.links[link]!.translation(v);
      this.linkPosition[3 * i] = v.x;
      this.linkPosition[3 * i + 1] = v.y;
      this.linkPosition[3 * i + 2] = v.z;
      multiply(this.linkRotation, 4 * i, this.#hinges.rotation, 4 * link, this.#frameRotation, 4 * i);
    }
    return true;
  }

  /** The greatest speed of a link in `scene`, m/s. */
  topSpeed(scene: number): number {
    let top = 0;
    for (const body of this.#bodies[scene]!.links) {
      const { x, y, z } = body.linvel(this.#vector);
      top = Math.max(top, x * x + y * y + z * z);
    }
    return Math.sqrt(top);
  }

  /** Reads the rotations of all bodies of `scene`, and the angles between them. @returns whether all are finite */
  #measure(scene: number): boolean {
    const { links, roots } = this.#bodies[scene]!;
    for (let branch = 0; branch < roots.length; branch++) {
      const row = this.links + branch;
      if (this.#options.driven) this.#readRotation(roots[branch]!, row);
      else for (let k = 0; k < 4; k++) this.#hinges.rotation[4 * row + k] = this.baseRotation[4 * scene + k]!;
    }
    let sum = 0;
    for (let link = 0; link < this.links; link++) {
      this.#readRotation(links[link]!, link);
      const i = this.links * scene + link;
      const angle = this.#hinges.angle(link, this.#axis, 3 * i) + this.#reference[i]!;
      this.#measured[link] = angle;
      sum += angle;
    }
    if (!Number.isFinite(sum)) return false;
    this.angle.set(this.#measured, this.links * scene);
    return true;
  }

  #readRotation(body: RAPIER.RigidBody, row: number): void {
    const { x, y, z, w } = body.rotation(this.#quaternion);
    const r = this.#hinges.rotation;
    r[4 * row] = x;
    r[4 * row + 1] = y;
    r[4 * row + 2] = z;
    r[4 * row + 3] = w;
  }

  #toVector(values: Float64Array, i: number): RAPIER.Vector {
    this.#vector.x = values[i]!;
    this.#vector.y = values[i + 1]!;
    this.#vector.z = values[i + 2]!;
    return this.#vector;
  }
}
