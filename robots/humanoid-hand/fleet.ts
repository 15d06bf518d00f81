/** The same hand in every scene: what it is told, its wrist, what it feels. Shapes: N scenes, J joints, T places. */
import type { Quaternion, Vector3 } from '../../src/core/appearance.ts';
import type { BinaryArray } from '../../src/core/bytes.ts';
import type { JointModel } from '../../src/physics/articulated-bodies.ts';
import type { ArticulationFleet, ArticulationVariation } from '../../src/physics/articulation-fleet.ts';
import { rotate } from '../../src/physics/math.ts';
import type { SceneWorlds } from '../../src/physics/scene-worlds.ts';
import { type Fingertip, fingertips, handArticulation, touchPlaces } from './links.ts';
import type { HandModel } from './model.ts';
import { Wrist } from './wrist.ts';

export interface HandOptions {
  readonly model: HandModel;
  /** Whether its wrist moves, which takes twice as long to calculate; it stands still unless told. */
  readonly movingWrist?: boolean;
  /** Whether springs hold a wrist that moves (impedance control), instead of its being led; not unless told. */
  readonly impedance?: boolean;
  /** `impulse`: the engine's usual joints, to be compared with. */
  readonly joints?: JointModel;
}

/** Where a hand is to begin. */
export interface HandPose {
  /** Of all joints, `[J]` rad. */
  readonly angles: ArrayLike<number>;
  /** Of the wrist, m and a quaternion. */
  readonly position: Vector3;
  readonly rotation: Quaternion;
}

export class HandFleet {
  readonly model: HandModel;
  readonly articulation: ArticulationFleet;
  readonly wrist: Wrist;
  readonly movingWrist: boolean;
  readonly joints: number;
  readonly places: number;
  /** Joint angles to be held at the end of the control step, `[N, J]` rad; on the way, targets go there evenly. */
  readonly command: Float32Array;
  /** Mean rates over the last control step, `[N, J]` rad/s: the engine's own are off by more at rest. */
  readonly velocity: Float32Array;
  /** Mean force along the normal over the last control step, `[N, T]` N. */
  readonly touch: Float32Array;
  /** In the scene's frame, `[N, 5, 3]` m. */
  readonly tips: Float32Array;
  readonly #tips: readonly Fingertip[];
  readonly #before: Float32Array;
  readonly #point = new Float64Array(3);

  constructor(
    worlds: SceneWorlds,
    { model, movingWrist = false, impedance = false, joints = 'reduced' }: HandOptions,
  ) {
    this.model = model;
    this.movingWrist = movingWrist;
    this.articulation = worlds.addArticulation(handArticulation(model), { driven: movingWrist, joints });
    const { basePosition, baseRotation, links } = this.articulation;
    this.wrist = new Wrist(basePosition, baseRotation, model.wrist, worlds.timestep, impedance);
    this.joints = links;
    this.places = touchPlaces(model).length;
    this.#tips = fingertips(model);
    this.command = new Float32Array(worlds.scenes * links);
    this.velocity = new Float32Array(worlds.scenes * links);
    this.#before = new Float32Array(links);
    this.touch = new Float32Array(worlds.scenes * this.places);
    this.tips = new Float32Array(worlds.scenes * 3 * this.#tips.length);
  }

  /** All that it keeps between steps, beside the engine's own state. */
  get state(): BinaryArray[] {
    const { command, velocity, touch, tips } = this;
    return [...this.articulation.state, ...this.wrist.state, command, velocity, touch, tips];
  }

  /** Joint angles, `[N, J]` rad. */
  get angle(): Float32Array {
    return this.articulation.angle;
  }

  /** Of the motors and at the ends of ranges, in the last physics step, `[N, J]` N·m. */
  get torque(): Float32Array {
    return this.articulation.torque;
  }

  /** Factors on friction, stiffness and torque of the hand in `scene`, from the next time on that it is built. */
  vary(scene: number, variation: ArticulationVariation): void {
    this.articulation.vary(scene, variation);
  }

  /** Where the hand of `scene` is to be when the scene is built. */
  place(scene: number, { angles, position, rotation }: HandPose): void {
    this.angle.set(angles, this.joints * scene);
    this.wrist.position.set(position, 3 * scene);
    this.wrist.rotation.set(rotation, 4 * scene);
  }

  /** At rest, holding its posture: the scene has been built. */
  settle(scene: number): void {
    const [first, end] = [this.joints * scene, this.joints * (scene + 1)];
    this.command.set(this.angle.subarray(first, end), first);
    this.velocity.fill(0, first, end);
    this.touch.fill(0, this.places * scene, this.places * (scene + 1));
    this.wrist.rest(scene);
    this.#findTips(scene);
  }

  /** A control step begins. */
  begin(scene: number): void {
    this.#before.set(this.angle.subarray(this.joints * scene, this.joints * (scene + 1)));
    this.touch.fill(0, this.places * scene, this.places * (scene + 1));
    this.wrist.begin(scene);
  }

  /** Before a physics step, the first of `remaining` ones in its control step. @returns whether what is read is finite */
  push(scene: number, remaining: number): boolean {
    const { target } = this.articulation;
    for (let i = this.joints * scene; i < this.joints * (scene + 1); i++)
      target[i]! += (this.command[i]! - target[i]!) / remaining;
    if (this.movingWrist) this.wrist.advance(scene, remaining);
    return this.articulation.push(scene);
  }

  /** A control step of `duration` s has ended. @returns whether what is read is finite; nothing is written if not */
  pull(scene: number, duration: number): boolean {
    if (!this.articulation.pull(scene)) return false;
    for (let joint = 0; joint < this.joints; joint++) {
      const i = this.joints * scene + joint;
      this.velocity[i] = (this.angle[i]! - this.#before[joint]!) / duration;
    }
    this.wrist.end(scene, duration);
    this.#findTips(scene);
    return true;
  }

  #findTips(scene: number): void {
    const { linkPosition, linkRotation } = this.articulation;
    for (let tip = 0; tip < this.#tips.length; tip++) {
      const { link, point } = this.#tips[tip]!;
      const at = this.joints * scene + link;
      this.#point.set(point);
      rotate(this.#point, 0, linkRotation, 4 * at, this.#point, 0);
      for (let axis = 0; axis < 3; axis++)
        this.tips[3 * (this.#tips.length * scene + tip) + axis] =
          linkPosition[3 * at + axis]! + this.#point[axis]!;
    }
  }
}
