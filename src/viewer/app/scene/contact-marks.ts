/** Contacts of the focused scene: a dot where two bodies touch, and an arrow for the force. */
import { Group, InstancedMesh, MeshBasicMaterial, SphereGeometry } from 'three';
import { type Appearance, ARROW_SIZE } from '../../../core/appearance.ts';
import { MATRIX_SIZE } from '../logic/poses.ts';
import { ArrowInstances } from './arrow-instances.ts';

const MAX_CONTACTS = 128;
const COLOR = '#d8472b';
/** By the edge of a scene: dots, arrow heads, and the arrow of a force that holds up all that can be pushed. */
const DOT_SHARE = 1 / 160;
const HEAD_SHARE = 1 / 80;
const WEIGHT_SHARE = 1 / 8;
/** m/s² */
const GRAVITY = 9.81;

export class ContactMarks {
  readonly group = new Group();
  readonly #arrows: ArrowInstances;
  readonly #dots: InstancedMesh<SphereGeometry, MeshBasicMaterial>;

  constructor({ bodies, extent }: Appearance) {
    const mass = bodies.reduce((sum, body) => sum + (body.mass ?? 0), 0) || 1;
    const scale = (extent * WEIGHT_SHARE) / (mass * GRAVITY);
    this.#arrows = new ArrowInstances(COLOR, scale, extent * HEAD_SHARE, MAX_CONTACTS, true);
    this.#dots = new InstancedMesh(
      new SphereGeometry(extent * DOT_SHARE, 12, 8),
      new MeshBasicMaterial({ color: COLOR, depthTest: false }),
      MAX_CONTACTS,
    );
    this.#dots.frustumCulled = false;
    this.#dots.count = 0;
    this.group.add(this.#dots, this.#arrows.group);
  }

  /** @param contacts point, m, and force, N, `[C, 6]` @param offset of their scene, m */
  update(contacts: Float32Array, offset: readonly [x: number, y: number]): void {
    const count = Math.min(MAX_CONTACTS, contacts.length / ARROW_SIZE);
    const matrices = this.#dots.instanceMatrix.array as Float32Array;
    for (let i = 0; i < count; i++) {
      const at = MATRIX_SIZE * i;
      matrices.fill(0, at, at + MATRIX_SIZE);
      matrices[at] = matrices[at + 5] = matrices[at + 10] = matrices[at + 15] = 1;
      matrices[at + 12] = contacts[ARROW_SIZE * i]! + offset[0];
      matrices[at + 13] = contacts[ARROW_SIZE * i + 1]! + offset[1];
      matrices[at + 14] = contacts[ARROW_SIZE * i + 2]!;
      this.#arrows.write(i, contacts, ARROW_SIZE * i, offset);
    }
    this.#dots.instanceMatrix.needsUpdate = true;
    this.#dots.count = count;
    this.#arrows.count = count;
  }

  dispose(): void {
    this.#dots.geometry.dispose();
    this.#dots.material.dispose();
    this.#dots.dispose();
    this.#arrows.dispose();
  }
}
