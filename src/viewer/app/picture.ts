/** The picture of a task on its canvas: what is drawn, from where, and when it has to be drawn again. */
import { Vector3 } from 'three';
import type { Appearance } from '../../core/appearance.ts';
import type { FrameClock } from './logic/frame-clock.ts';
import type { Playhead } from './logic/playhead.ts';
import type { Recording } from './logic/recording.ts';
import { prefersReducedMotion } from './media.ts';
import type { Selection } from './pull.ts';
import { CameraRig } from './scene/camera-rig.ts';
import { SelectionBox } from './scene/selection-box.ts';
import { Stage } from './scene/stage.ts';
import { World } from './scene/world.ts';

export class Picture {
  readonly world: World;
  readonly stage: Stage;
  readonly rig: CameraRig;
  readonly #selectionBox: SelectionBox;
  readonly #projected = new Vector3();
  #stale = true;
  #shownPlace = -1;
  #shownProgress = 0;

  constructor(appearance: Appearance, scenes: number) {
    this.world = new World(appearance, scenes);
    this.stage = new Stage(this.world.grid, appearance.extent, appearance.ground);
    this.stage.scene.add(this.world.root);
    this.world.addTo('grid', this.stage.gridLines);
    this.#selectionBox = new SelectionBox(this.world);
    this.world.root.add(this.#selectionBox.lines);
    this.rig = new CameraRig(this.stage.canvas, this.world.grid, appearance.extent);
    this.rig.controls.addEventListener('change', () => this.changed());
  }

  get canvas(): HTMLCanvasElement {
    return this.stage.canvas;
  }

  /** Something that frames do not tell has changed. */
  changed(): void {
    this.#stale = true;
  }

  resize(width: number, height: number): void {
    if (width === 0 || height === 0) return;
    this.stage.resize(width, height);
    this.rig.resize(width, height);
    this.changed();
  }

  /**
   * Puts everything where it is to be seen now.
   * @param now s
   * @returns whether the picture has to be drawn
   */
  update(recording: Recording, playhead: Playhead, clock: FrameClock, now: number): boolean {
    const { oldest } = recording;
    const { place, live } = playhead;
    if (place < oldest) return this.#stale;
    const progress = live && place > oldest ? clock.progress(now) : 1;
    if (!this.#stale && place === this.#shownPlace && progress === this.#shownProgress) return false;
    this.#shownPlace = place;
    this.#shownProgress = progress;
    const to = recording.at(place);
    const from = progress < 1 ? recording.at(place - 1) : to;
    this.world.update({ from, to, progress, place }, recording, !prefersReducedMotion());
    return true;
  }

  render(selection: Selection | null): void {
    this.#stale = false;
    this.#selectionBox.update(selection);
    this.stage.render(this.rig.camera);
  }

  /** Takes the colours of the page, after they have changed. */
  applyColors(): void {
    this.stage.applyColors();
    this.#selectionBox.applyColors();
    this.changed();
  }

  /** Where a point, m, is on the canvas, px. */
  readonly project = (point: Vector3): readonly [x: number, y: number] => {
    const { x, y } = this.#projected.copy(point).project(this.rig.camera);
    const { clientWidth, clientHeight } = this.canvas;
    return [((x + 1) / 2) * clientWidth, ((1 - y) / 2) * clientHeight];
  };

  dispose(): void {
    this.#selectionBox.dispose();
    this.rig.dispose();
    this.world.dispose();
    this.stage.dispose();
  }
}
