/** A scalar field in every scene, in one draw call: a texture with one layer a scene, coloured by the shader. */
import {
  DataArrayTexture,
  DataTexture,
  DoubleSide,
  FloatType,
  GLSL3,
  InstancedMesh,
  NearestFilter,
  PlaneGeometry,
  RedFormat,
  ShaderMaterial,
  SRGBColorSpace,
} from 'three';
import type { FieldAppearance } from '../../../core/appearance.ts';
import { viridisTable } from '../logic/colormap.ts';
import type { Grid } from '../logic/grid.ts';
import { MATRIX_SIZE, UNTURNED, writeMatrix } from '../logic/poses.ts';

const COLORS = 256;
const SCENE_POSE = new Float32Array([0, 0, 0, 0, 0, 0, 1]);

const vertexShader = /* glsl */ `
  out vec2 place;
  flat out int layer;
  void main() {
    place = uv;
    layer = gl_InstanceID;
    gl_Position = projectionMatrix * modelViewMatrix * instanceMatrix * vec4(position, 1.0);
  }`;
const fragmentShader = /* glsl */ `
  precision highp sampler2DArray;
  uniform sampler2DArray values;
  uniform sampler2D colors;
  uniform vec2 range;
  in vec2 place;
  flat in int layer;
  out vec4 color;
  void main() {
    float value = texture(values, vec3(place, float(layer))).r;
    float share = clamp((value - range.x) / (range.y - range.x), 0.0, 1.0);
    color = linearToOutputTexel(texture(colors, vec2(share, 0.5)));
  }`;

export class FieldInstances {
  readonly mesh: InstancedMesh<PlaneGeometry, ShaderMaterial>;
  readonly #values: DataArrayTexture;
  readonly #colors: DataTexture;
  readonly #data: Float32Array<ArrayBuffer>;
  readonly #cells: number;

  constructor({ cells: [x, y], size, position, rotation = UNTURNED, range }: FieldAppearance, grid: Grid) {
    const scenes = grid.offsets.length;
    this.#cells = x * y;
    this.#data = new Float32Array(scenes * this.#cells);
    this.#values = new DataArrayTexture(this.#data, x, y, scenes);
    this.#values.format = RedFormat;
    this.#values.type = FloatType;
    this.#colors = new DataTexture(viridisTable(COLORS), COLORS, 1);
    this.#colors.colorSpace = SRGBColorSpace;
    this.#colors.magFilter = NearestFilter;
    this.#colors.needsUpdate = true;
    const material = new ShaderMaterial({
      glslVersion: GLSL3,
      vertexShader,
      fragmentShader,
      side: DoubleSide,
      uniforms: {
        values: { value: this.#values },
        colors: { value: this.#colors },
        range: { value: range },
      },
    });
    this.mesh = new InstancedMesh(new PlaneGeometry(...size), material, scenes);
    this.mesh.frustumCulled = false;
    const matrices = this.mesh.instanceMatrix.array as Float32Array;
    grid.offsets.forEach((offset, scene) => {
      writeMatrix(SCENE_POSE, 0, { position, rotation }, offset, 0, matrices, MATRIX_SIZE * scene);
    });
  }

  /** @param rows `[N, W]` @param at where the field begins in a row of `rowSize` */
  update(rows: Float32Array, at: number, rowSize: number): void {
    for (let layer = 0, row = at; layer < this.#data.length; layer += this.#cells, row += rowSize)
      for (let cell = 0; cell < this.#cells; cell++) this.#data[layer + cell] = rows[row + cell]!;
    this.#values.needsUpdate = true;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.mesh.dispose();
    this.#values.dispose();
    this.#colors.dispose();
  }
}
