/**
 * The Kuramoto-Sivashinsky equation u_t = −u_xxxx − u_xx − (u²)_x/2 + f on a ring, by finite differences and the classical
 * Runge-Kutta method. Everything is non-dimensional.
 */

/** Length of the ring. */
export const LENGTH = 8 * Math.PI;
/** Points of the grid. */
export const POINTS = 64;
const SPACING = LENGTH / POINTS;
/** Points beyond either end that the stencils reach. */
const HALO = 3;

// Weights at distances 0 to 3: u_xx of sixth order, u_xxxx of fourth order, and u_x of sixth order, which is antisymmetric.
const SECOND = [-490, 270, -27, 2].map((weight) => weight / (180 * SPACING ** 2));
const FOURTH = [56, -39, 12, -1].map((weight) => weight / (6 * SPACING ** 4));
const FIRST = [0, 45, -9, 1].map((weight) => weight / (60 * SPACING));
const LINEAR = SECOND.map((weight, distance) => -weight - FOURTH[distance]!);

/** Means over the ring and over the steps that were made. */
export interface FlowMeans {
  /** ⟨u_xx²⟩, what dissipation takes from the energy ⟨u²⟩/2. */
  readonly curvature: number;
  /** ⟨u_x²⟩, what the instability feeds. */
  readonly slope: number;
  /** ⟨u f⟩, what the force feeds. */
  readonly power: number;
}

export interface Flow {
  /** u at the points, `[64]`, a view that may be written between two calls. */
  readonly field: Float64Array;
  /** @param force f at the points, `[64]`, held meanwhile @param dt stable up to 0.002 */
  advance(force: Float64Array, steps: number, dt: number): FlowMeans;
}

export function createFlow(): Flow {
  const field = new Float64Array(POINTS);
  /** A field, and its squares halved, with their ends continued around the ring. */
  const ring = new Float64Array(POINTS + 2 * HALO);
  const squares = new Float64Array(POINTS + 2 * HALO);
  const [first, second, third, fourth] = Array.from({ length: 4 }, () => new Float64Array(POINTS)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const sums = { curvature: 0, slope: 0, power: 0 };

  /** Fills the rings with `field` + `factor`·`rate`. */
  function load(rate: Float64Array, factor: number): void {
    for (let i = 0; i < POINTS; i++) ring[i + HALO] = field[i]! + factor * rate[i]!;
    for (let i = 0; i < HALO; i++) {
      ring[i] = ring[i + POINTS]!;
      ring[i + POINTS + HALO] = ring[i + HALO]!;
    }
    for (let i = 0; i < ring.length; i++) squares[i] = ring[i]! * ring[i]! * 0.5;
  }

  function differentiate(rate: Float64Array, force: Float64Array): void {
    const [near, next, far] = [LINEAR[1]!, LINEAR[2]!, LINEAR[3]!];
    const [slopeNear, slopeNext, slopeFar] = [FIRST[1]!, FIRST[2]!, FIRST[3]!];
    const own = LINEAR[0]!;
    for (let i = 0; i < POINTS; i++) {
      rate[i] =
        force[i]! +
        own * ring[i + 3]! +
        near * (ring[i + 2]! + ring[i + 4]!) +
        next * (ring[i + 1]! + ring[i + 5]!) +
        far * (ring[i]! + ring[i + 6]!) -
        // In this form, and with antisymmetric weights, the mean of u is kept.
        slopeNear * (squares[i + 4]! - squares[i + 2]!) -
        slopeNext * (squares[i + 5]! - squares[i + 1]!) -
        slopeFar * (squares[i + 6]! - squares[i]!);
    }
  }

  function measure(force: Float64Array): void {
    const [own, near, next, far] = SECOND as [number, number, number, number];
    const [slopeNear, slopeNext, slopeFar] = [FIRST[1]!, FIRST[2]!, FIRST[3]!];
    let [curvature, slope, power] = [0, 0, 0];
    for (let i = 0; i < POINTS; i++) {
      const u = ring[i + 3]!;
      const bend =
        own * u +
        near * (ring[i + 2]! + ring[i + 4]!) +
        next * (ring[i + 1]! + ring[i + 5]!) +
        far * (ring[i]! + ring[i + 6]!);
      const rise =
        slopeNear * (ring[i + 4]! - ring[i + 2]!) +
        slopeNext * (ring[i + 5]! - ring[i + 1]!) +
        slopeFar * (ring[i + 6]! - ring[i]!);
      curvature += bend * bend;
      slope += rise * rise;
      power += u * force[i]!;
    }
    sums.curvature += curvature;
    sums.slope += slope;
    sums.power += power;
  }

  return {
    field,
    advance(force, steps, dt) {
      sums.curvature = sums.slope = sums.power = 0;
      for (let step = 0; step < steps; step++) {
        load(first, 0);
        measure(force);
        differentiate(first, force);
        load(first, dt / 2);
        differentiate(second, force);
        load(second, dt / 2);
        differentiate(third, force);
        load(third, dt);
        differentiate(fourth, force);
        for (let i = 0; i < POINTS; i++)
          field[i]! += (dt / 6) * (first[i]! + 2 * (second[i]! + third[i]!) + fourth[i]!);
      }
      const count = steps * POINTS;
      return { curvature: sums.curvature / count, slope: sums.slope / count, power: sums.power / count };
    },
  };
}
