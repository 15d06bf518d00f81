/**
 * The path of one kind of body in all scenes, as lines that fade. Pieces are written one after another into a fixed ring,
 * and the shader fades each by its age, so that a frame changes one contiguous part of the buffer.
 */
import {
  BufferAttribute,
  BufferGeometry,
  DynamicDrawUsage,
  LineSegments,
  ShaderMaterial,
  Color as ThreeColor,
} from 'three';
import type { Color } from '../../../core/appearance.ts';
import type { ViewFrame } from '../../protocol.ts';
import type { Grid } from '../logic/grid.ts';
import { jumped } from '../logic/poses.ts';
import type { Recording } from '../logic/recording.ts';

const FRAMES_PER_SECOND = 30;
const MAX_PIECES = 240;
/** Time of a piece that is not to be seen, s. */
const NEVER = -1e9;

const vertexShader = /* glsl */ `
  attribute float birth;
  uniform float now;
  uniform float seconds;
  varying float strength;
  void main() {
    float age = now - birth;
    strength = age < 0.0 ? 0.0 : max(0.0, 1.0 - age / seconds);
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }`;
const fragmentShader = /* glsl */ `
  uniform vec3 color;
  varying float strength;
  void main() {
    if (strength <= 0.0) discard;
    gl_FragColor = vec4(color, strength);
    #include <colorspace_fragment>
  }`;

export interface TrailOptions {
  /** Where the body's pose begins in a row. */
  readonly poseAt: number;
  readonly seconds: number;
  readonly color: Color;
  /** Length of a row. */
  readonly rowSize: number;
  /** Edge of a scene, m. */
  readonly extent: number;
}

export class Trail {
  readonly lines: LineSegments<BufferGeometry, ShaderMaterial>;
  readonly #options: TrailOptions;
  readonly #grid: Grid;
  readonly #pieces: number;
  readonly #positions: BufferAttribute;
  readonly #births: BufferAttribute;
  #piece = 0;
  /** Place in the recording of the frame that the path has come to. */
  #place = -1;

  constructor(options: TrailOptions, grid: Grid) {
    this.#options = options;
    this.#grid = grid;
    this.#pieces = Math.min(MAX_PIECES, Math.ceil(options.seconds * FRAMES_PER_SECOND));
    const vertices = 2 * this.#pieces * grid.offsets.length;
    this.#positions = new BufferAttribute(new Float32Array(3 * vertices), 3).setUsage(DynamicDrawUsage);
    this.#births = new BufferAttribute(new Float32Array(vertices), 1).setUsage(DynamicDrawUsage);
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', this.#positions);
    geometry.setAttribute('birth', this.#births);
    const { seconds, color } = options;
    const uniforms = {
      now: { value: 0 },
      seconds: { value: seconds },
      color: { value: new ThreeColor(color) },
    };
    this.lines = new LineSegments(
      geometry,
      new ShaderMaterial({ vertexShader, fragmentShader, uniforms, transparent: true, depthWrite: false }),
    );
    this.lines.frustumCulled = false;
    this.#clear();
  }

  /** Brings the path to the frame at `place`. @param now time shown, s */
  update(recording: Recording, place: number, now: number): void {
    this.lines.material.uniforms.now!.value = now;
    if (place === this.#place) return;
    const first = Math.max(recording.oldest + 1, place - this.#pieces + 1);
    const continues = this.#place < place && this.#place + 1 >= first;
    if (!continues) this.#clear();
    for (let next = continues ? this.#place + 1 : first; next <= place; next++)
      this.#append(recording.at(next - 1), recording.at(next));
    this.#place = place;
  }

  dispose(): void {
    this.lines.geometry.dispose();
    this.lines.material.dispose();
  }

  #clear(): void {
    (this.#births.array as Float32Array).fill(NEVER);
    this.#births.addUpdateRange(0, this.#births.count);
    this.#births.needsUpdate = true;
    this.#piece = 0;
  }

  #append(from: ViewFrame, to: ViewFrame): void {
    const { poseAt, rowSize, extent } = this.#options;
    const scenes = this.#grid.offsets.length;
    const first = 2 * this.#piece * scenes;
    for (let scene = 0; scene < scenes; scene++) {
      const pose = scene * rowSize + poseAt;
      const restarted = scene === to.focus && to.age < from.age;
      const apart = restarted || jumped(from.rows, to.rows, pose, to.time - from.time, extent);
      this.#write(first + 2 * scene, from, pose, scene, apart);
      this.#write(first + 2 * scene + 1, to, pose, scene, apart);
    }
    this.#positions.addUpdateRange(3 * first, 6 * scenes);
    this.#births.addUpdateRange(first, 2 * scenes);
    this.#positions.needsUpdate = true;
    this.#births.needsUpdate = true;
    this.#piece = (this.#piece + 1) % this.#pieces;
  }

  #write(vertex: number, { rows, time }: ViewFrame, pose: number, scene: number, hidden: boolean): void {
    const positions = this.#positions.array as Float32Array;
    const [x, y] = this.#grid.offsets[scene]!;
    positions[3 * vertex] = rows[pose]! + x;
    positions[3 * vertex + 1] = rows[pose + 1]! + y;
    positions[3 * vertex + 2] = rows[pose + 2]!;
    (this.#births.array as Float32Array)[vertex] = hidden ? NEVER : time;
  }
}
