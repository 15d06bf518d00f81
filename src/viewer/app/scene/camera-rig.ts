/** The camera: orbited by hand or by key, set to a view of the task, staying with a body, in perspective or not. */
import { MathUtils, OrthographicCamera, PerspectiveCamera, Vector3 } from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { CameraView } from '../../../core/appearance.ts';
import type { Grid } from '../logic/grid.ts';
import { prefersReducedMotion } from '../media.ts';

/** Vertical, degrees. */
const FIELD_OF_VIEW = 45;
/** Of one press of a key: rad, and share of the distance. */
const TURN = MathUtils.degToRad(5);
const ZOOM = 0.85;
/** Direction from which everything is shown. */
const OVERVIEW = new Vector3(0.5, -0.8, 0.55).normalize();

/** Where a body is now, m, all scenes in one frame. */
export type BodyPosition = (body: string, out: Vector3) => Vector3;

export class CameraRig {
  readonly controls: OrbitControls;
  readonly #perspective: PerspectiveCamera;
  readonly #orthographic: OrthographicCamera;
  readonly #grid: Grid;
  readonly #extent: number;
  /** Body that the camera stays with. */
  #followed: string | null = null;
  readonly #lastPosition = new Vector3();
  readonly #position = new Vector3();

  constructor(canvas: HTMLCanvasElement, grid: Grid, extent: number) {
    const [near, far] = [extent / 500, 20 * extent * Math.max(grid.columns, grid.rows)];
    this.#perspective = new PerspectiveCamera(FIELD_OF_VIEW, 1, near, far);
    this.#orthographic = new OrthographicCamera(-1, 1, 1, -1, -far, far);
    this.#grid = grid;
    this.#extent = extent;
    this.controls = new OrbitControls(this.#perspective, canvas);
    this.controls.enableDamping = !prefersReducedMotion();
    this.controls.dampingFactor = 0.2;
  }

  get camera(): PerspectiveCamera | OrthographicCamera {
    return this.controls.object as PerspectiveCamera | OrthographicCamera;
  }

  get orthographic(): boolean {
    return this.camera === this.#orthographic;
  }

  get followed(): string | null {
    return this.#followed;
  }

  resize(width: number, height: number): void {
    this.#perspective.aspect = width / height;
    this.#perspective.updateProjectionMatrix();
    this.#fitOrthographic();
  }

  /** Takes a view of `scene`; one that stays with a body is given from where the body is. */
  show(view: CameraView, scene: number, positionOf: BodyPosition): void {
    const [x, y] = this.#grid.offsets[scene]!;
    this.controls.target.set(...view.target);
    this.camera.position.set(...view.position);
    this.follow(view.follow ?? null, positionOf);
    const origin = this.#followed ? this.#lastPosition : this.#position.set(x, y, 0);
    this.controls.target.add(origin);
    this.camera.position.add(origin);
    this.#refresh();
  }

  /** Stays with a body from now on, or with nothing. */
  follow(body: string | null, positionOf: BodyPosition): void {
    this.#followed = body;
    if (body) positionOf(body, this.#lastPosition);
  }

  /** All scenes in one picture. */
  showAll(): void {
    this.#followed = null;
    const size = this.#extent * Math.max(this.#grid.columns, this.#grid.rows);
    const aspect = Math.min(1, this.#perspective.aspect);
    const distance = (0.6 * size) / Math.tan(MathUtils.degToRad(FIELD_OF_VIEW / 2)) / aspect;
    this.controls.target.set(0, 0, this.#extent / 4);
    this.camera.position.copy(this.controls.target).addScaledVector(OVERVIEW, distance);
    this.#refresh();
  }

  setOrthographic(wanted: boolean): void {
    if (wanted === this.orthographic) return;
    const { position } = this.camera;
    const next = wanted ? this.#orthographic : this.#perspective;
    next.position.copy(position);
    this.controls.object = next;
    this.#refresh();
  }

  /** @param right presses to the right @param up presses upwards */
  turn(right: number, up: number): void {
    this.controls.rotateLeft(-TURN * right);
    this.controls.rotateUp(-TURN * up);
  }

  zoom(closer: boolean): void {
    if (closer) this.controls.dollyIn(ZOOM);
    else this.controls.dollyOut(ZOOM);
  }

  /** Once a drawing. @returns whether the camera has moved */
  update(positionOf: BodyPosition): boolean {
    if (this.#followed) {
      positionOf(this.#followed, this.#position);
      this.#lastPosition.subVectors(this.#position, this.#lastPosition);
      this.controls.target.add(this.#lastPosition);
      this.camera.position.add(this.#lastPosition);
      this.#lastPosition.copy(this.#position);
    }
    return this.controls.update();
  }

  dispose(): void {
    this.controls.dispose();
  }

  #refresh(): void {
    this.#fitOrthographic();
    this.controls.update();
  }

  /** Shows as much as the perspective would at the distance of the target. */
  #fitOrthographic(): void {
    const distance = this.camera.position.distanceTo(this.controls.target);
    const half = distance * Math.tan(MathUtils.degToRad(FIELD_OF_VIEW / 2));
    const { aspect } = this.#perspective;
    const camera = this.#orthographic;
    [camera.left, camera.right, camera.bottom, camera.top] = [-half * aspect, half * aspect, -half, half];
    camera.zoom = 1;
    camera.updateProjectionMatrix();
  }
}
