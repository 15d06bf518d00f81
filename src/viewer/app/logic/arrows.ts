/** Matrices of arrows: a shaft and a head, each a unit shape along z that is stretched, turned and put in place. */
import { MATRIX_SIZE } from './poses.ts';

/** Length of a head by its width; a short arrow has a shorter one. */
const HEAD_LENGTH = 2.5;
const HEAD_SHARE = 0.5;

/** Directions of the arrow's x, y and z. */
const basis = new Float64Array(9);

/**
 * Writes the matrices of the arrow of a vector; of one too short to be seen, matrices that draw nothing.
 * @param source point, then components, `[6]` at `at`
 * @param offset of the scene, m, x and y
 * @param scale length for each unit of the vector, m
 * @param width of the head, m; the shaft is a third of it
 * @param shaft `[·, 16]`, written at `index`
 * @param head `[·, 16]`, written at `index`
 */
export function writeArrow(
  source: ArrayLike<number>,
  at: number,
  offset: readonly [x: number, y: number],
  scale: number,
  width: number,
  shaft: Float32Array,
  head: Float32Array,
  index: number,
): void {
  const out = MATRIX_SIZE * index;
  const [vx, vy, vz] = [source[at + 3]!, source[at + 4]!, source[at + 5]!];
  const length = scale * Math.hypot(vx, vy, vz);
  if (!(length > 0.01 * width)) {
    shaft.fill(0, out, out + MATRIX_SIZE);
    head.fill(0, out, out + MATRIX_SIZE);
    return;
  }
  point((scale * vx) / length, (scale * vy) / length, (scale * vz) / length);
  const headLength = Math.min(HEAD_LENGTH * width, HEAD_SHARE * length);
  const shaftLength = length - headLength;
  const [x, y, z] = [source[at]! + offset[0], source[at + 1]! + offset[1], source[at + 2]!];
  write(shaft, out, width / 3, shaftLength, x, y, z);
  write(
    head,
    out,
    width,
    headLength,
    x + shaftLength * basis[6]!,
    y + shaftLength * basis[7]!,
    z + shaftLength * basis[8]!,
  );
}

/** An orthonormal basis around a unit vector (Duff et al. 2017, "Building an Orthonormal Basis, Revisited"). */
function point(x: number, y: number, z: number): void {
  const sign = z < 0 ? -1 : 1;
  const a = -1 / (sign + z);
  const b = x * y * a;
  basis[0] = 1 + sign * x * x * a;
  basis[1] = sign * b;
  basis[2] = -sign * x;
  basis[3] = b;
  basis[4] = sign + y * y * a;
  basis[5] = -y;
  basis[6] = x;
  basis[7] = y;
  basis[8] = z;
}

function write(
  out: Float32Array,
  at: number,
  width: number,
  length: number,
  x: number,
  y: number,
  z: number,
): void {
  for (let row = 0; row < 3; row++) {
    out[at + row] = width * basis[row]!;
    out[at + 4 + row] = width * basis[3 + row]!;
    out[at + 8 + row] = length * basis[6 + row]!;
  }
  out[at + 3] = out[at + 7] = out[at + 11] = 0;
  out[at + 12] = x;
  out[at + 13] = y;
  out[at + 14] = z;
  out[at + 15] = 1;
}
