/** Mass properties of bodies that are put together, and the axes along which they take the engine's form. */
import type { Quaternion, Vector3 } from '../../core/appearance.ts';
import { type Pose, toOuter, turn } from './pose.ts';

/** xx, xy, xz, yy, yz, zz. */
export type SymmetricMatrix = readonly number[];

export interface Inertia {
  /** kg */
  readonly mass: number;
  /** Centre of mass, m. */
  readonly centre: Vector3;
  /** About the centre of mass, along the axes of the frame, kg·m². */
  readonly matrix: SymmetricMatrix;
}

export interface PrincipalInertia {
  /** kg */
  readonly mass: number;
  /** Centre of mass, m. */
  readonly centre: Vector3;
  /** Of the principal axes. */
  readonly rotation: Quaternion;
  /** About the centre of mass, along the principal axes, kg·m². */
  readonly moments: Vector3;
}

/** What files round. */
const TRIANGLE_TOLERANCE = 0.01;
const MOST_SWEEPS = 32;

/** @returns what is wrong with a matrix of inertia, and what to do; nothing where a body can have it */
export function checkInertia(matrix: SymmetricMatrix): string | undefined {
  const moments = principalAxes(matrix).moments.toSorted((a, b) => a - b) as unknown as Vector3;
  const given = moments.map((moment) => moment.toPrecision(3)).join(', ');
  if (moments[0] <= 0)
    return `is not positive: its principal moments are ${given} kg·m². Take it from the CAD program again.`;
  if (moments[2] > (1 + TRIANGLE_TOLERANCE) * (moments[0] + moments[1]))
    return `no body can have it: of its principal moments ${given} kg·m² the greatest is more than the other two together. Take it from the CAD program again.`;
  return undefined;
}

/** @param at where the frame of `inertia` is in another one @returns the same in that one */
export function moveInertia({ mass, centre, matrix }: Inertia, at: Pose): Inertia {
  const [xx, xy, xz, yy, yz, zz] = matrix as Six;
  const columns = AXES.map((axis) => turn(at.rotation, axis));
  const half = columns.map((_, i) =>
    [0, 1, 2].map(
      (k) =>
        columns[0]![k]! * [xx, xy, xz][i]! +
        columns[1]![k]! * [xy, yy, yz][i]! +
        columns[2]![k]! * [xz, yz, zz][i]!,
    ),
  );
  const entry = ([i, j]: readonly [number, number]): number =>
    columns.reduce((sum, column, k) => sum + half[k]![i]! * column[j]!, 0);
  return { mass, centre: toOuter(at, centre), matrix: ENTRIES.map(entry) };
}

/** Of several bodies in one frame that are one from now on; at least one. */
export function addInertias(parts: readonly Inertia[]): Inertia {
  const mass = parts.reduce((sum, part) => sum + part.mass, 0);
  const centre = [0, 1, 2].map(
    (axis) => parts.reduce((sum, part) => sum + part.mass * part.centre[axis]!, 0) / mass,
  ) as unknown as Vector3;
  const matrix = ENTRIES.map(([i, j], entry) =>
    parts.reduce((sum, part) => {
      const d = part.centre.map((at, axis) => at - centre[axis]!);
      const far = d[0]! ** 2 + d[1]! ** 2 + d[2]! ** 2;
      // Steiner's theorem.
      return sum + part.matrix[entry]! + part.mass * ((i === j ? far : 0) - d[i]! * d[j]!);
    }, 0),
  );
  return { mass, centre, matrix };
}

export function toPrincipal({ mass, centre, matrix }: Inertia): PrincipalInertia {
  return { mass, centre, ...principalAxes(matrix) };
}

/** Of any symmetric matrix, by Jacobi's rotations: each makes one entry beside the diagonal 0. */
export function principalAxes(matrix: SymmetricMatrix): Pick<PrincipalInertia, 'rotation' | 'moments'> {
  const [xx, xy, xz, yy, yz, zz] = matrix as Six;
  const a = [
    [xx, xy, xz],
    [xy, yy, yz],
    [xz, yz, zz],
  ];
  const axes = AXES.map((axis) => [...axis]);
  const size = Math.max(...matrix.map(Math.abs));
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    const beside = Math.max(Math.abs(a[0]![1]!), Math.abs(a[0]![2]!), Math.abs(a[1]![2]!));
    if (beside <= size * Number.EPSILON) break;
    for (const [p, q] of PAIRS) annul(a, axes, p, q);
  }
  return { rotation: quaternionOf(axes), moments: [a[0]![0]!, a[1]![1]!, a[2]![2]!] };
}

function annul(a: number[][], axes: number[][], p: number, q: number): void {
  if (a[p]![q] === 0) return;
  const ratio = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(ratio, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const rotate = (rows: number[][], i: number, j: number, k: number, l: number): void => {
    const [first, second] = [rows[i]![j]!, rows[k]![l]!];
    rows[i]![j] = cosine * first - sine * second;
    rows[k]![l] = sine * first + cosine * second;
  };
  for (let k = 0; k < 3; k++) rotate(a, p, k, q, k);
  for (let k = 0; k < 3; k++) rotate(a, k, p, k, q);
  for (let k = 0; k < 3; k++) rotate(axes, p, k, q, k);
}

/** @param axes unit vectors x, y, z of a right-handed frame */
function quaternionOf([x, y, z]: readonly (readonly number[])[]): Quaternion {
  const [xx, yy, zz] = [x![0]!, y![1]!, z![2]!];
  // The greatest of the four parts is found first, so that nothing is divided by a small number.
  const parts: readonly [number, number, number, number][] = [
    [1 + xx - yy - zz, x![1]! + y![0]!, x![2]! + z![0]!, y![2]! - z![1]!],
    [x![1]! + y![0]!, 1 - xx + yy - zz, y![2]! + z![1]!, z![0]! - x![2]!],
    [x![2]! + z![0]!, y![2]! + z![1]!, 1 - xx - yy + zz, x![1]! - y![0]!],
    [y![2]! - z![1]!, z![0]! - x![2]!, x![1]! - y![0]!, 1 + xx + yy + zz],
  ];
  const best = parts.reduce((a, b, i) => (b[i]! > parts[a]![a]! ? i : a), 0);
  const length = Math.hypot(...parts[best]!);
  return parts[best]!.map((part) => part / length) as unknown as Quaternion;
}

type Six = readonly [number, number, number, number, number, number];
const AXES: readonly Vector3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const ENTRIES = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 1],
  [1, 2],
  [2, 2],
] as const;
const PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;
