/** Arrows of one kind, such as the wind in every scene, in two draw calls: shafts and heads. */
import {
  type BufferGeometry,
  ConeGeometry,
  CylinderGeometry,
  Group,
  InstancedMesh,
  MeshBasicMaterial,
} from 'three';
import type { Color } from '../../../core/appearance.ts';
import { writeArrow } from '../logic/arrows.ts';

export class ArrowInstances {
  readonly group = new Group();
  readonly capacity: number;
  readonly #shafts: InstancedMesh;
  readonly #heads: InstancedMesh;
  readonly #material: MeshBasicMaterial;
  readonly #width: number;
  /** Length for each unit, m. */
  readonly #scale: number;

  /**
   * @param scale length for each unit, m
   * @param width of the heads, m
   * @param capacity most arrows at a time
   * @param onTop whether they are seen through bodies, as forces are that act inside of one
   */
  constructor(color: Color, scale: number, width: number, capacity: number, onTop = false) {
    this.capacity = capacity;
    this.#scale = scale;
    this.#width = width;
    // What is transparent is drawn after all that is not.
    this.#material = new MeshBasicMaterial({ color, depthTest: !onTop, transparent: onTop });
    const instances = (geometry: BufferGeometry): InstancedMesh => {
      // From the origin to 1 along z.
      geometry.translate(0, 0.5, 0).rotateX(Math.PI / 2);
      const mesh = new InstancedMesh(geometry, this.#material, capacity);
      mesh.frustumCulled = false;
      mesh.renderOrder = onTop ? 1 : 0;
      this.group.add(mesh);
      return mesh;
    };
    this.#shafts = instances(new CylinderGeometry(0.5, 0.5, 1, 10));
    this.#heads = instances(new ConeGeometry(0.5, 1, 16));
    this.count = 0;
  }

  /** How many are drawn. */
  set count(count: number) {
    this.#shafts.count = count;
    this.#heads.count = count;
  }

  /** @param source point, m, and components, `[6]` at `at` @param offset of its scene, m */
  write(index: number, source: ArrayLike<number>, at: number, offset: readonly [x: number, y: number]): void {
    const shafts = this.#shafts.instanceMatrix;
    const heads = this.#heads.instanceMatrix;
    writeArrow(
      source,
      at,
      offset,
      this.#scale,
      this.#width,
      shafts.array as Float32Array,
      heads.array as Float32Array,
      index,
    );
    shafts.needsUpdate = true;
    heads.needsUpdate = true;
  }

  dispose(): void {
    for (const mesh of [this.#shafts, this.#heads]) {
      mesh.geometry.dispose();
      mesh.dispose();
    }
    this.#material.dispose();
  }
}
