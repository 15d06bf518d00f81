/**
 * The same articulation in every scene of `SceneWorlds`, in reduced coordinates: a multibody for each branch, as one for all
 * would cost three times as much. Its base stands still, or is driven from pose to pose.
 *
 * Every body is made parallel to the base, whatever posture it begins in, and joint axes and solids are turned instead: the
 * engine's angles then begin at 0, the only value that they can begin at. Its multibodies have no motors, so what joints exert
 * is calculated here (`joint-law.ts`).
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
import { BodyRows } from './body-rows.ts';
import { JointLaw } from './joint-law.ts';
import { JointRows } from './joint-rows.ts';
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
  /** Of the joints, `[N, L]` rad, or m of slides. Where a scene is built, it begins with these. */
  readonly angle: Float32Array;
  /** What the motors hold, `[N, L]` rad, or m. */
  readonly target: Float32Array;
  /** Of motor and limits in the last step, `[N, L]` N·m, or N; 0 of impulse joints, which do not tell. */
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
  /**
   * What is added to where bodies say that joints stand, `[N, L]` rad, or m: angles that the scene was built with, and of
   * slides how far their bodies were apart at zero. Rotations and axes of the links then, in the base's frame.
   */
  readonly #reference: Float64Array;
  readonly #frameRotation: Float64Array;
  readonly #axis: Float64Array;
  /** What is still to come of damping and friction, `[N, L]` N·m, or N. */
  readonly #lateResistance: Float64Array;
  readonly #laws: readonly JointLaw[];
  // Reused by every step, one scene after the other.
  readonly #rows: JointRows;
  readonly #bodyRows: BodyRows;
  readonly #forces: Float64Array;
  readonly #measured: Float64Array;
  readonly #vector = { x: 0, y: 0, z: 0 };

  constructor(
    articulation: Articulation,
    scenes: number,
    firstSolid: number,
    firstGroup: number,
    timestep: number,
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
    this.#lateResistance = new Float64Array(total);
    this.#laws = links.map((_, link) => new JointLaw(links, link, timestep));
    this.#rows = new JointRows(links);
    const resists = this.#laws.some((law) => law.resists);
    this.#bodyRows = new BodyRows(this.#rows, driven, resists);
    this.#forces = new Float64Array(links.length);
    if (joints === 'impulse' && this.#rows.hasSlides)
      throw new RangeError(`"${articulation.name}" has slides, which impulse joints are not made for.`);
    this.#measured = new Float64Array(links.length);
  }

  /** All that it keeps between steps, beside the engine's own state. */
  get state(): BinaryArray[] {
    const { angle, target, torque, basePosition, baseRotation, linkPosition, linkRotation } = this;
    const readings = [angle, target, torque, basePosition, baseRotation, linkPosition, linkRotation];
    return [
      ...readings,
      this.#factors,
      this.#reference,
      this.#frameRotation,
      this.#axis,
      this.#lateResistance,
    ];
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
      angles: this.angle.subarray(first, end),
    };
    this.#refer(scene, frames.position);
    this.#bodies[scene] = buildArticulation(world, articulation, posture, {
      ...this.#options,
      firstGroup: this.#firstGroup,
      friction: this.#factors[FACTORS * scene]!,
    });
    this.target.set(this.angle.subarray(first, end), first);
    this.torque.fill(0, first, end);
    this.#lateResistance.fill(0, first, end);
    this.pull(scene);
    return this.#solids(scene);
  }

  /** @param origins of the links' frames in the base's, `[L, 3]` m */
  #refer(scene: number, origins: Float64Array): void {
    this.articulation.links.forEach(({ parent, joint }, link) => {
      const i = this.links * scene + link;
      this.#reference[i] = this.angle[i]!;
      if (!joint.slides) return;
      for (let k = 0; k < 3; k++) {
        const apart = origins[3 * link + k]! - (parent < 0 ? 0 : origins[3 * parent + k]!);
        this.#reference[i]! -= apart * this.#axis[3 * i + k]!;
      }
    });
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
    const { basePosition, baseRotation } = this;
    if (driven) this.#bodyRows.moveBase(this.#bodies[scene]!, basePosition, baseRotation, scene);
    if (joints === 'impulse') this.#aimMotors(scene);
    else this.#applyTorques(scene);
    return true;
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
    const rows = this.#rows;
    const stiffness = this.#factors[FACTORS * scene + 1]!;
    const strength = this.#factors[FACTORS * scene + 2]!;
    rows.net.fill(0);
    for (let link = 0; link < this.links; link++) {
      const i = this.links * scene + link;
      const law = this.#laws[link]!;
      this.torque[i] = law.drive(this.angle[i]!, this.target[i]!, stiffness, strength);
      const resistance = law.resists
        ? law.resist(rows.speed(link, this.#axis, 3 * i), this.#lateResistance, i)
        : 0;
      const effort = this.torque[i]! + resistance;
      if (law.slides) this.#forces[link] = effort;
      else rows.twist(link, this.#axis, 3 * i, effort);
    }
    const bodies = this.#bodies[scene]!;
    this.#bodyRows.applyTorques(bodies);
    if (!rows.hasSlides) return;
    const axes = this.#axis.subarray(3 * this.links * scene, 3 * this.links * (scene + 1));
    this.#bodyRows.applyForces(bodies, axes, this.#forces);
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
      multiply(this.linkRotation, 4 * i, this.#rows.rotation, 4 * link, this.#frameRotation, 4 * i);
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

  /** Reads where all bodies of `scene` are, and where joints stand. @returns whether all is finite */
  #measure(scene: number): boolean {
    const { basePosition, baseRotation } = this;
    this.#bodyRows.read(this.#bodies[scene]!, basePosition, baseRotation, scene);
    let sum = 0;
    for (let link = 0; link < this.links; link++) {
      const i = this.links * scene + link;
      const angle = this.#rows.stand(link, this.#axis, 3 * i) + this.#reference[i]!;
      this.#measured[link] = angle;
      sum += angle;
    }
    if (!Number.isFinite(sum)) return false;
    this.angle.set(this.#measured, this.links * scene);
    return true;
  }
}
