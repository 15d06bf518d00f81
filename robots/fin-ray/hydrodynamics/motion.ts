/** What loads are calculated from, and where they are added up. Shapes: N rays, n links each. */
import type { NumberArray } from '../../../src/physics/math.ts';

export interface RayMotion {
  readonly links: number;
  /** L */
  readonly linkLength: number;
  /** Of each link from the stream's direction, `[N, n]` rad. */
  readonly angle: NumberArray;
  /** `[N, n]` rad·U/L */
  readonly rate: NumberArray;
  /** Of each link's middle, at rest with the tank, `[N, n, 2]` U. */
  readonly velocity: NumberArray;
  /** Speed of the stream at each ray, along x, `[N]` U. */
  readonly stream: NumberArray;
}

export interface RayLoads {
  /** At each link's middle, `[N, n, 2]`. */
  readonly force: NumberArray;
  /** On each link, about its middle, `[N, n]`. */
  readonly torque: NumberArray;
  /** At the leading edge, which the base holds, `[N, 2]`: it moves nothing, but is part of thrust and power. */
  readonly edge: NumberArray;
}

/** Mass of the fluid that a link carries along across itself, and its moment of inertia about the middle, each `[n]`. */
export interface AddedMass {
  readonly mass: Float64Array;
  readonly inertia: Float64Array;
}
