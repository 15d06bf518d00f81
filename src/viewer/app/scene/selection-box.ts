/** The edges of a box around the selected body. */
import {
  Box3,
  BoxGeometry,
  EdgesGeometry,
  LineBasicMaterial,
  LineSegments,
  Matrix4,
  Quaternion,
  Vector3,
} from 'three';
import { POSE_SIZE } from '../../../core/appearance.ts';
import { ORIGIN, UNTURNED } from '../logic/poses.ts';
import { styleColor } from '../media.ts';
import type { World } from './world.ts';

/** So that the edges stand clear of the body. */
const MARGIN = 1.08;

export class SelectionBox {
  readonly lines = new LineSegments(
    new EdgesGeometry(new BoxGeometry(1, 1, 1)),
    new LineBasicMaterial({ depthTest: false, transparent: true }),
  );
  readonly #world: World;
  /** Of the selected body, in its own frame. */
  readonly #box = new Box3();
  readonly #size = new Vector3();
  readonly #center = new Vector3();
  readonly #turn = new Quaternion();
  #body = -1;

  constructor(world: World) {
    this.#world = world;
    this.lines.visible = false;
    this.lines.renderOrder = 1;
    this.lines.frustumCulled = false;
    this.applyColors();
  }

  applyColors(): void {
    this.lines.material.color.set(styleColor('--accent'));
  }

  update(selection: { readonly scene: number; readonly body: number } | null): void {
    this.lines.visible = selection !== null;
    if (!selection) return;
    const { scene, body } = selection;
    if (body !== this.#body) this.#measure(body);
    this.#body = body;
    const { rows, layout } = this.#world;
    this.#turn.fromArray(rows, scene * layout.size + layout.bodies + POSE_SIZE * body + 3);
    this.#world.positionOf(scene, body, this.lines.position);
    this.lines.position.add(this.#box.getCenter(this.#center).applyQuaternion(this.#turn));
    this.lines.quaternion.copy(this.#turn);
    this.lines.scale.copy(this.#box.getSize(this.#size)).multiplyScalar(MARGIN);
  }

  dispose(): void {
    this.lines.geometry.dispose();
    this.lines.material.dispose();
  }

  #measure(body: number): void {
    this.#box.makeEmpty();
    for (const { listed, mesh } of this.#world.shapes) {
      if (listed.body !== body || listed.layer) continue;
      const { position = ORIGIN, rotation = UNTURNED } = listed.shape;
      const placed = new Matrix4().compose(
        new Vector3(...position),
        new Quaternion(...rotation),
        new Vector3(1, 1, 1),
      );
      mesh.geometry.computeBoundingBox();
      this.#box.union(mesh.geometry.boundingBox!.clone().applyMatrix4(placed));
    }
  }
}
