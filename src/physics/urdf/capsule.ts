/** A capsule around a mesh: engines find contacts of capsules faster, and without the edges of a hull. */
import type { Geometry, Quaternion, Vector3 } from '../../core/appearance.ts';
import { aboutAxis, multiply, rotate, unrotate } from '../math.ts';
import { principalAxes } from './inertia.ts';
import type { Mesh } from './mesh-files.ts';
import type { Pose } from './pose.ts';

export interface FittedCapsule extends Pose {
  readonly geometry: Extract<Geometry, { type: 'capsule' }>;
}

/** Rounds of the search for the smallest circle; its radius is too large by about one part in as many. */
const ROUNDS = 1000;

/** Turn z, which capsules are along, to x, y and z. */
const TO_AXIS: readonly Quaternion[] = [
  aboutAxis([0, 1, 0], Math.PI / 2),
  aboutAxis([1, 0, 0], -Math.PI / 2),
  [0, 0, 0, 1],
];

/** The smallest of those that hold all corners and are along one of the mesh's principal axes. */
export function capsuleAround({ vertices }: Mesh): FittedCapsule {
  const { rotation } = principalAxes(covarianceOf(vertices));
  return TO_AXIS.map((turn) => {
    const q = new Float64Array(4);
    multiply(q, 0, Float64Array.from(rotation), 0, Float64Array.from(turn), 0);
    return along(q, vertices);
  }).reduce((best, each) => (volumeOf(each) < volumeOf(best) ? each : best));
}

function along(rotation: Float64Array, vertices: readonly number[]): FittedCapsule {
  const points = Float64Array.from(vertices);
  for (let i = 0; i < points.length; i += 3) unrotate(points, i, rotation, 0, points, i);
  const [x, y] = middleOf(points);
  let radius = 0;
  for (let i = 0; i < points.length; i += 3)
    radius = Math.max(radius, Math.hypot(points[i]! - x, points[i + 1]! - y));
  // A half-ball may begin as far inside as it still holds the corner.
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 3) {
    const off = Math.hypot(points[i]! - x, points[i + 1]! - y);
    const cap = Math.sqrt(Math.max(0, radius ** 2 - off ** 2));
    low = Math.min(low, points[i + 2]! + cap);
    high = Math.max(high, points[i + 2]! - cap);
  }
  const centre = Float64Array.of(x, y, (low + high) / 2);
  rotate(centre, 0, rotation, 0, centre, 0);
  return {
    geometry: { type: 'capsule', radius, halfHeight: Math.max(0, (high - low) / 2) },
    position: [...centre] as unknown as Vector3,
    rotation: [...rotation] as unknown as Quaternion,
  };
}

/**
 * Of the smallest circle around points that are seen along z: towards the farthest one, by less each time (Bădoiu and
 * Clarkson, "Smaller core-sets for balls", 2003).
 */
function middleOf(points: Float64Array): readonly [x: number, y: number] {
  let [x, y] = [points[0]!, points[1]!];
  for (let round = 1; round <= ROUNDS; round++) {
    let [farthest, most] = [0, -1];
    for (let i = 0; i < points.length; i += 3) {
      const square = (points[i]! - x) ** 2 + (points[i + 1]! - y) ** 2;
      if (square > most) [farthest, most] = [i, square];
    }
    x += (points[farthest]! - x) / (round + 1);
    y += (points[farthest + 1]! - y) / (round + 1);
  }
  return [x, y];
}

/** Of corners: xx, xy, xz, yy, yz, zz. */
function covarianceOf(vertices: readonly number[]): number[] {
  const count = vertices.length / 3;
  const mean = [0, 1, 2].map(
    (axis) => vertices.reduce((sum, v, i) => (i % 3 === axis ? sum + v : sum), 0) / count,
  );
  const entry = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < vertices.length; i += 3)
      sum += (vertices[i + a]! - mean[a]!) * (vertices[i + b]! - mean[b]!);
    return sum / count;
  };
  return [entry(0, 0), entry(0, 1), entry(0, 2), entry(1, 1), entry(1, 2), entry(2, 2)];
}

const volumeOf = ({ geometry: { radius, halfHeight } }: FittedCapsule): number =>
  radius ** 2 * (2 * halfHeight + (4 / 3) * radius);
