/** A body that a person pulls at: the spring from where it is held to where it is pulled, its arrow, and its requests. */
import { Quaternion, Vector3 } from 'three';
import { POSE_SIZE } from '../../core/appearance.ts';
import type { Outbox } from './logic/outbox.ts';
import { springForce } from './logic/spring.ts';
import { ArrowInstances } from './scene/arrow-instances.ts';
import type { World } from './scene/world.ts';

export interface Selection {
  readonly scene: number;
  readonly body: number;
}

const COLOR = '#e0571a';
/** Width of the arrow's head by the edge of a scene. */
const ARROW_SHARE = 1 / 50;

export class Pull {
  /** Where the body is held, and where it is pulled to, m, all scenes in one frame. */
  readonly grip = new Vector3();
  readonly target = new Vector3();
  readonly #world: World;
  readonly #outbox: Outbox;
  readonly #arrow: ArrowInstances;
  readonly #turn = new Quaternion();
  /** The grip in the frame of the body, m. */
  readonly #held = new Vector3();
  #body: Selection | null = null;
  /** Writes the target. */
  #aim: (out: Vector3) => void = () => {};
  #newtons = 0;

  constructor(world: World, outbox: Outbox) {
    this.#world = world;
    this.#outbox = outbox;
    this.#arrow = new ArrowInstances(COLOR, 1, world.appearance.extent * ARROW_SHARE, 1, true);
    world.root.add(this.#arrow.group);
  }

  /** Size of the force, N; null while nothing is pulled at. */
  get force(): number | null {
    return this.#body && this.#newtons;
  }

  /**
   * Takes hold of a body.
   * @param grip where, m, all scenes in one frame; its middle without one
   * @param aim writes where it is pulled to, m, once `grip` says where it is held
   */
  begin(selection: Selection, grip: Vector3 | null, aim: (out: Vector3) => void): void {
    this.#body = selection;
    this.#aim = aim;
    this.#held.set(0, 0, 0);
    if (!grip) return;
    this.#world.positionOf(selection.scene, selection.body, this.#held);
    this.#held.subVectors(grip, this.#held).applyQuaternion(this.#rotation(selection).invert());
  }

  /** Once a drawing, after the world: the force follows body and target. */
  update(): void {
    if (!this.#body) return;
    const { scene, body } = this.#body;
    this.#world.positionOf(scene, body, this.grip);
    this.grip.add(this.target.copy(this.#held).applyQuaternion(this.#rotation(this.#body)));
    this.#aim(this.target);
    const { x, y, z } = this.grip;
    const mass = this.#world.appearance.bodies[body]!.mass!;
    const force = springForce(mass, [x, y, z], this.target.toArray());
    this.#newtons = Math.hypot(...force);
    this.#arrow.count = 1;
    this.#arrow.write(0, [x, y, z, this.target.x - x, this.target.y - y, this.target.z - z], 0, [0, 0]);
    this.#outbox.offer({ type: 'push', scene, body, force, point: this.#gripIn(scene) });
  }

  end(): void {
    if (!this.#body) return;
    const { scene, body } = this.#body;
    this.#body = null;
    this.#arrow.count = 0;
    this.#outbox.sendNow({ type: 'push', scene, body, force: [0, 0, 0], point: this.#gripIn(scene) });
  }

  dispose(): void {
    this.#arrow.dispose();
  }

  #rotation({ scene, body }: Selection): Quaternion {
    const { rows, layout } = this.#world;
    return this.#turn.fromArray(rows, scene * layout.size + layout.bodies + POSE_SIZE * body + 3);
  }

  /** The grip in the frame of its scene, m. */
  #gripIn(scene: number): [x: number, y: number, z: number] {
    const [x, y] = this.#world.grid.offsets[scene]!;
    return [this.grip.x - x, this.grip.y - y, this.grip.z];
  }
}
