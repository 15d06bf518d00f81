/** One shape of a body, or of the scene, in all scenes at once: a single draw call, its matrices straight from the rows. */
import { Color, InstancedMesh, type Material, MeshBasicMaterial, MeshStandardMaterial } from 'three';
import { type Appearance, POSE_SIZE, type ViewLayout } from '../../../core/appearance.ts';
import type { Grid } from '../logic/grid.ts';
import { MATRIX_SIZE, ORIGIN, type Placement, UNTURNED, writeMatrix } from '../logic/poses.ts';
import type { ListedShape } from '../logic/shape-list.ts';
import { toGeometry } from './geometry.ts';

/** Of lines, by the edge of a scene. */
const LINE_SHARE = 1 / 800;

const SCENE_POSE = new Float32Array([0, 0, 0, 0, 0, 0, 1]);
const shown = new Color();
const glowing = new Color();

export class ShapeInstances {
  readonly mesh: InstancedMesh;
  readonly listed: ListedShape;
  readonly #placement: Placement;
  readonly #grid: Grid;
  readonly #layout: ViewLayout;
  /** Indices of signals; −1 without. */
  readonly #spin: number;
  readonly #glow: number;
  /** Turned so far, in each scene, rad. */
  readonly #turns: Float32Array;

  constructor(listed: ListedShape, appearance: Appearance, layout: ViewLayout, grid: Grid) {
    const { shape, body, look } = listed;
    const scenes = grid.offsets.length;
    const signals = appearance.signals ?? [];
    this.listed = listed;
    this.#placement = { position: shape.position ?? ORIGIN, rotation: shape.rotation ?? UNTURNED };
    this.#grid = grid;
    this.#layout = layout;
    this.#spin = shape.spin ? signals.indexOf(shape.spin.signal) : -1;
    this.#glow = shape.glow ? signals.indexOf(shape.glow.signal) : -1;
    this.#turns = new Float32Array(scenes);
    const geometry = toGeometry(shape.geometry, appearance.extent * LINE_SHARE, scenes);
    this.mesh = new InstancedMesh(geometry, materialOf(listed), scenes);
    // Its bounds change with every frame; that some of it is in the picture is the rule.
    this.mesh.frustumCulled = false;
    const solid = look === 'solid' && shape.geometry.type !== 'line' && (shape.material.opacity ?? 1) === 1;
    this.mesh.castShadow = solid;
    this.mesh.receiveShadow = solid;
    for (let scene = 0; scene < scenes; scene++) {
      if (this.#glow >= 0) this.mesh.setColorAt(scene, shown.set(shape.material.color));
      if (body < 0) this.#write(scene, SCENE_POSE, 0);
    }
  }

  /**
   * @param rows `[N, W]`
   * @param seconds simulated, since the last drawing
   */
  update(rows: Float32Array, seconds: number): void {
    const { body, shape } = this.listed;
    if (body < 0 && this.#spin < 0 && this.#glow < 0) return;
    for (let scene = 0; scene < this.#turns.length; scene++) {
      const row = scene * this.#layout.size;
      const signals = row + this.#layout.signals;
      if (this.#spin >= 0) {
        const angle = this.#turns[scene]! + shape.spin!.rate * rows[signals + this.#spin]! * seconds;
        this.#turns[scene] = angle % (2 * Math.PI);
      }
      if (this.#glow >= 0) this.#color(scene, rows[signals + this.#glow]!);
      if (body < 0) this.#write(scene, SCENE_POSE, 0);
      else this.#write(scene, rows, row + this.#layout.bodies + POSE_SIZE * body);
    }
    this.mesh.instanceMatrix.needsUpdate = true;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    (this.mesh.material as Material).dispose();
    this.mesh.dispose();
  }

  #write(scene: number, pose: Float32Array, at: number): void {
    const out = this.mesh.instanceMatrix.array as Float32Array;
    const offset = this.#grid.offsets[scene]!;
    writeMatrix(pose, at, this.#placement, offset, this.#turns[scene]!, out, MATRIX_SIZE * scene);
  }

  #color(scene: number, amount: number): void {
    const { material, glow } = this.listed.shape;
    shown.set(material.color).lerp(glowing.set(glow!.color), Math.max(0, Math.min(1, amount)));
    this.mesh.setColorAt(scene, shown);
    this.mesh.instanceColor!.needsUpdate = true;
  }
}

function materialOf({ shape: { material, glow }, look }: ListedShape): Material {
  const { roughness = 0.7, metalness = 0, opacity = 1 } = material;
  // The colour of an instance multiplies that of the material.
  const color = glow ? '#ffffff' : material.color;
  if (look === 'solid')
    return new MeshStandardMaterial({ color, roughness, metalness, opacity, transparent: opacity < 1 });
  return new MeshBasicMaterial({ color, wireframe: look === 'wireframe', depthTest: look !== 'overlay' });
}
