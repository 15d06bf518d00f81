/** What a scene stands on and is lit by: renderer, one light with its shadow, floor and grid, in the colours of the page. */
import {
  BufferGeometry,
  type Camera,
  Color,
  DirectionalLight,
  Float32BufferAttribute,
  HemisphereLight,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  Object3D,
  PCFShadowMap,
  PlaneGeometry,
  Scene,
  ShadowMaterial,
  WebGLRenderer,
} from 'three';
import type { Grid } from '../logic/grid.ts';
import { styleColor } from '../media.ts';

// Before anything is built: cameras and controls take their up from here.
Object3D.DEFAULT_UP.set(0, 0, 1);

/** Beyond these, sharper pixels and more shadows cost more than they show. */
const MAX_PIXEL_RATIO = 2;
const MAX_SCENES_WITH_SHADOWS = 16;
const SHADOW_PIXELS = 2048;
const SHADOW_OPACITY = 0.3;
/** Together they show a surface that looks up in about its own colour: three.js divides by π. */
const SKY = 1.7;
const SUN = 1.7;
/** The grid has lines at each metre, or at the edges of scenes where that would be more lines than this. */
const MAX_GRID_LINES = 80;
/** The floor goes on to this multiple of what stands on it. */
const FLOOR_SHARE = 3;

export class Stage {
  readonly canvas: HTMLCanvasElement;
  readonly scene = new Scene();
  readonly gridLines: LineSegments<BufferGeometry, LineBasicMaterial>;
  readonly #renderer: WebGLRenderer;
  readonly #floor: Mesh<PlaneGeometry, ShadowMaterial>;

  /** @param extent edge of a scene, m @throws Error when the browser gives no WebGL 2 */
  constructor(grid: Grid, extent: number, ground: boolean) {
    this.#renderer = new WebGLRenderer({ antialias: true });
    this.canvas = this.#renderer.domElement;
    const size = extent * Math.max(grid.columns, grid.rows);
    this.#floor = new Mesh(
      new PlaneGeometry(FLOOR_SHARE * size, FLOOR_SHARE * size),
      // Shadows alone: the floor has no edge, and the grid says where it is.
      new ShadowMaterial({ opacity: SHADOW_OPACITY }),
    );
    this.#floor.receiveShadow = true;
    this.#floor.visible = ground;
    // Beneath z = 0 by a hair, so that the grid and flat things on the floor do not flicker.
    this.#floor.position.z = -1e-3 * extent;
    this.gridLines = gridLines(size, extent);
    this.scene.add(this.#floor, this.gridLines, new HemisphereLight('#ffffff', '#8a8a88', SKY));
    this.scene.add(...this.#sun(size, grid.offsets.length <= MAX_SCENES_WITH_SHADOWS));
    this.applyColors();
  }

  /** Takes the colours of the page, after they have changed. */
  applyColors(): void {
    this.scene.background = new Color(styleColor('--picture'));
    this.gridLines.material.color.set(styleColor('--grid'));
  }

  /** @param width px @param height px */
  resize(width: number, height: number): void {
    this.#renderer.setPixelRatio(Math.min(MAX_PIXEL_RATIO, devicePixelRatio));
    this.#renderer.setSize(width, height, false);
  }

  render(camera: Camera): void {
    this.#renderer.render(this.scene, camera);
  }

  dispose(): void {
    this.#floor.geometry.dispose();
    this.#floor.material.dispose();
    this.gridLines.geometry.dispose();
    this.gridLines.material.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  /** The light, and what it points at. */
  #sun(size: number, shadows: boolean): Object3D[] {
    const sun = new DirectionalLight('#ffffff', SUN);
    sun.position.set(0.35 * size, -0.45 * size, 1.2 * size);
    this.#renderer.shadowMap.enabled = shadows;
    this.#renderer.shadowMap.type = PCFShadowMap;
    sun.castShadow = shadows;
    sun.shadow.mapSize.set(SHADOW_PIXELS, SHADOW_PIXELS);
    sun.shadow.normalBias = 2e-3 * size;
    const { camera } = sun.shadow;
    [camera.left, camera.right, camera.bottom, camera.top] = [-size, size, -size, size];
    [camera.near, camera.far] = [0.1 * size, 3 * size];
    return [sun, sun.target];
  }
}

function gridLines(size: number, extent: number): LineSegments<BufferGeometry, LineBasicMaterial> {
  const step = size <= MAX_GRID_LINES ? Math.min(1, extent / 4) : extent;
  const half = Math.ceil(size / 2 / step) * step;
  const points: number[] = [];
  for (let at = -half; at <= half + step / 2; at += step)
    points.push(-half, at, 0, half, at, 0, at, -half, 0, at, half, 0);
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(points, 3));
  return new LineSegments(geometry, new LineBasicMaterial());
}
