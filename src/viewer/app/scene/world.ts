/** Everything that is drawn of a task: made once from its appearance, then told row by row how it looks now. */
import { Group, type Object3D, type Vector3 } from 'three';
import {
  type Appearance,
  ARROW_SIZE,
  POSE_SIZE,
  type ViewLayout,
  viewLayout,
} from '../../../core/appearance.ts';
import type { ViewFrame } from '../../protocol.ts';
import { type Grid, squareGrid } from '../logic/grid.ts';
import { interpolateRows } from '../logic/poses.ts';
import type { Recording } from '../logic/recording.ts';
import { type Layer, layers, listShapes } from '../logic/shape-list.ts';
import { ArrowInstances } from './arrow-instances.ts';
import { ContactMarks } from './contact-marks.ts';
import { FieldInstances } from './fields.ts';
import { ShapeInstances } from './shape-instances.ts';
import { Trail } from './trails.ts';

/** Width of arrow heads by the edge of a scene. */
const ARROW_SHARE = 1 / 60;

/** What is shown unless asked otherwise. */
const shownAtFirst: Readonly<Record<Layer, boolean>> = {
  colliders: false,
  contacts: false,
  joints: false,
  trails: true,
  arrows: true,
  grid: true,
};

/** A moment between two recorded frames. */
export interface Moment {
  readonly from: ViewFrame;
  readonly to: ViewFrame;
  /** 0 at `from`, 1 at `to`. */
  readonly progress: number;
  /** In the recording, of `to`. */
  readonly place: number;
}

export class World {
  readonly root = new Group();
  readonly appearance: Appearance;
  readonly layout: ViewLayout;
  readonly grid: Grid;
  /** How it looks now, between two frames, `[N, W]`. */
  readonly rows: Float32Array;
  readonly shapes: readonly ShapeInstances[];
  readonly #layers: Readonly<Record<Layer, Group>>;
  readonly #arrows: readonly ArrowInstances[];
  readonly #contacts: ContactMarks;
  readonly #fields: readonly FieldInstances[];
  readonly #trails: readonly Trail[];
  /** Simulated time of the last drawing, s. */
  #time = 0;
  #fieldsOf: ViewFrame | null = null;

  constructor(appearance: Appearance, scenes: number) {
    const { bodies, arrows = [], fields = [], extent } = appearance;
    const layout = viewLayout(appearance);
    const grid = squareGrid(scenes, extent);
    this.appearance = appearance;
    this.layout = layout;
    this.grid = grid;
    this.rows = new Float32Array(scenes * layout.size);
    this.#layers = Object.fromEntries(layers.map((layer) => [layer, new Group()])) as Record<Layer, Group>;
    for (const layer of layers) {
      this.#layers[layer].visible = shownAtFirst[layer];
      this.root.add(this.#layers[layer]);
    }
    this.shapes = listShapes(appearance).map((listed) => {
      const instances = new ShapeInstances(listed, appearance, layout, grid);
      (listed.layer ? this.#layers[listed.layer] : this.root).add(instances.mesh);
      return instances;
    });
    const width = extent * ARROW_SHARE;
    this.#arrows = arrows.map(({ color, scale }) => new ArrowInstances(color, scale, width, scenes));
    for (const drawn of this.#arrows) {
      drawn.count = scenes;
      this.#layers.arrows.add(drawn.group);
    }
    this.#contacts = new ContactMarks(appearance);
    this.#layers.contacts.add(this.#contacts.group);
    this.#fields = fields.map((field) => new FieldInstances(field, grid));
    for (const { mesh } of this.#fields) this.root.add(mesh);
    this.#trails = bodies.flatMap(({ trail }, body) => {
      const poseAt = layout.bodies + POSE_SIZE * body;
      return trail ? [new Trail({ ...trail, poseAt, rowSize: layout.size, extent }, grid)] : [];
    });
    for (const { lines } of this.#trails) this.#layers.trails.add(lines);
    // Until the first frame nothing is known of where bodies are.
    this.root.visible = false;
  }

  isShown(layer: Layer): boolean {
    return this.#layers[layer].visible;
  }

  show(layer: Layer, visible: boolean): void {
    this.#layers[layer].visible = visible;
  }

  /** Adds something that is shown and hidden with a layer. */
  addTo(layer: Layer, object: Object3D): void {
    this.#layers[layer].add(object);
  }

  /** @param spins whether rotors and wheels are seen to turn */
  update({ from, to, progress, place }: Moment, recording: Recording, spins: boolean): void {
    const { layout, grid, rows } = this;
    const { extent } = this.appearance;
    interpolateRows(from.rows, to.rows, progress, layout, to.time - from.time, extent, rows);
    const time = from.time + progress * (to.time - from.time);
    const elapsed = spins ? time - this.#time : 0;
    this.#time = time;
    this.root.visible = true;
    for (const shape of this.shapes) if (shape.mesh.parent!.visible) shape.update(rows, elapsed);
    this.#arrows.forEach((arrows, i) => {
      for (let scene = 0; scene < grid.offsets.length; scene++)
        arrows.write(scene, rows, scene * layout.size + layout.arrows + ARROW_SIZE * i, grid.offsets[scene]!);
    });
    if (this.#layers.contacts.visible) this.#contacts.update(to.contacts, grid.offsets[to.focus]!);
    if (this.#layers.trails.visible) for (const trail of this.#trails) trail.update(recording, place, time);
    if (this.#fieldsOf !== to)
      this.#fields.forEach((field, i) => {
        field.update(to.rows, layout.fields[i]!, layout.size);
      });
    this.#fieldsOf = to;
  }

  /** Where a body is now, m, all scenes in one frame. */
  positionOf(scene: number, body: number, out: Vector3): Vector3 {
    const at = scene * this.layout.size + this.layout.bodies + POSE_SIZE * body;
    const [x, y] = this.grid.offsets[scene]!;
    return out.set(this.rows[at]! + x, this.rows[at + 1]! + y, this.rows[at + 2]!);
  }

  dispose(): void {
    const parts = [...this.shapes, ...this.#arrows, this.#contacts, ...this.#fields, ...this.#trails];
    for (const part of parts) part.dispose();
  }
}
