/**
 * The elastic ray in reduced coordinates, as a reference for the one in the physics engine: the angles of the links are
 * the unknowns, so joints hold exactly, and the added mass acts across a link only. Classical Runge–Kutta steps. Units
 * L = U = ρ = 1.
 */

/** Of the base at one time: heave, its rate and acceleration, pitch and its rate. */
export interface BaseState {
  readonly y: number;
  readonly speed: number;
  readonly acceleration: number;
  readonly angle: number;
  readonly rate: number;
}

/** Per length where not said otherwise. */
export interface ReducedRay {
  readonly links: number;
  readonly mass: number;
  readonly addedMass: number;
  readonly bendingStiffness: number;
  /** Kelvin–Voigt damping per stiffness, a time. */
  readonly damping: number;
  readonly span: number;
  readonly normalDrag: number;
  readonly friction: number;
}

/** The angles that the joints are at without load, and their rates, all alike, `[angle, rate]`. */
export type RestAngle = (time: number, joint: number) => readonly [number, number];

export interface ReducedMeans {
  readonly thrust: number;
  /** What the fluid takes and the joints dissipate. */
  readonly power: number;
  /** What goes through the base, from the reaction on it. */
  readonly basePower: number;
  /** What goes through the moving rest angles. */
  readonly restPower: number;
  /** Half of the tip's travel across the stream. */
  readonly tipAmplitude: number;
}

const GAUSS = [
  [-Math.sqrt(0.6), 5 / 9],
  [0, 8 / 9],
  [Math.sqrt(0.6), 5 / 9],
] as const;

/** One evaluation of the equations of motion. */
interface Evaluation {
  readonly accelerations: Float64Array;
  readonly thrust: number;
  readonly power: number;
  readonly basePower: number;
  readonly restPower: number;
}

const straight: RestAngle = () => [0, 0];

function evaluate(
  ray: ReducedRay,
  time: number,
  q: Float64Array,
  w: Float64Array,
  base: BaseState,
  restAngle: RestAngle,
): Evaluation {
  const n = ray.links;
  const length = 1 / n;
  const { mass, addedMass, span } = ray;
  const matrix = new Float64Array(n * n);
  const generalized = new Float64Array(n);
  // Of each link's centre: lever of link j is `length` for j < i and half of it for j = i.
  const lever = (i: number, j: number): number => (j < i ? length : length / 2);
  let [fluidX, fluidY, fluidWork] = [0, 0, 0];

  /** A fluid force on the point that is `along` from the start of link i. */
  function apply(i: number, along: number, fx: number, fy: number): void {
    for (let j = 0; j <= i; j++) {
      const arm = j < i ? length : along;
      generalized[j]! += arm * (fy * Math.cos(q[j]!) - fx * Math.sin(q[j]!));
    }
    const [vx, vy] = velocityAt(i, along);
    fluidX += fx;
    fluidY += fy;
    fluidWork += fx * vx + fy * vy;
  }

  function velocityAt(i: number, along: number): [number, number] {
    let [vx, vy] = [0, base.speed];
    for (let j = 0; j <= i; j++) {
      const arm = j < i ? length : along;
      vx -= arm * w[j]! * Math.sin(q[j]!);
      vy += arm * w[j]! * Math.cos(q[j]!);
    }
    return [vx, vy];
  }

  /** Velocity past the stream along and across link i. */
  function relative(i: number, along: number): [number, number] {
    const [vx, vy] = velocityAt(i, along);
    const [c, s] = [Math.cos(q[i]!), Math.sin(q[i]!)];
    return [(vx - 1) * c + vy * s, vy * c - (vx - 1) * s];
  }

  /** The flux Φ of momentum at a point of link i. */
  function flux(i: number, along: number): [number, number] {
    const [ut, un] = relative(i, along);
    const [c, s] = [Math.cos(q[i]!), Math.sin(q[i]!)];
    const [normal, tangential] = [addedMass * ut * un, -(addedMass * un * un) / 2];
    return [tangential * c - normal * s, tangential * s + normal * c];
  }

  for (let i = 0; i < n; i++) {
    const [c, s] = [Math.cos(q[i]!), Math.sin(q[i]!)];
    const [ut] = relative(i, length / 2);
    const turning = 2 * addedMass * length * ut * w[i]!;
    apply(i, length / 2, -turning * s, turning * c);
    for (const [at, weight] of GAUSS) {
      const along = (length / 2) * (1 + at);
      const [tangential, normal] = relative(i, along);
      const part = (weight * length) / 2;
      const drag = -0.5 * span * ray.normalDrag * Math.abs(normal) * normal * part;
      const friction = -span * ray.friction * Math.abs(tangential) * tangential * part;
      apply(i, along, friction * c - drag * s, friction * s + drag * c);
    }
    const entering = flux(i, 0);
    const leaving = i > 0 ? flux(i - 1, length) : [0, 0];
    apply(i, 0, entering[0] - leaving[0]!, entering[1] - leaving[1]!);
  }

  // Elastic joints.
  let [dissipated, restPower] = [0, 0];
  for (let j = 0; j < n; j++) {
    const stiffness = ((j === 0 ? 2 : 1) * ray.bendingStiffness) / length;
    const [before, rateBefore] = j === 0 ? [base.angle, base.rate] : [q[j - 1]!, w[j - 1]!];
    const [rest, restRate] = restAngle(time, j);
    const slip = restRate - (w[j]! - rateBefore);
    const torque = stiffness * (rest - (q[j]! - before) + ray.damping * slip);
    generalized[j]! += torque;
    if (j > 0) generalized[j - 1]! -= torque;
    dissipated += ray.damping * stiffness * slip * slip;
    restPower += torque * restRate;
  }
  const baseTorque =
    (2 * ray.bendingStiffness * (restAngle(time, 0)[0] - q[0]! + base.angle)) / length +
    (2 * ray.bendingStiffness * ray.damping * (restAngle(time, 0)[1] - w[0]! + base.rate)) / length;

  // Inertia: with a the acceleration of a centre, mass·a and, across the link only, addedMass·(a·n)n.
  for (let i = 0; i < n; i++) {
    const [ci, si] = [Math.cos(q[i]!), Math.sin(q[i]!)];
    let [knownX, knownY] = [0, base.acceleration];
    for (let j = 0; j <= i; j++) {
      knownX -= lever(i, j) * w[j]! ** 2 * Math.cos(q[j]!);
      knownY -= lever(i, j) * w[j]! ** 2 * Math.sin(q[j]!);
    }
    const knownNormal = knownY * ci - knownX * si;
    for (let j = 0; j <= i; j++) {
      const [jx, jy] = [-lever(i, j) * Math.sin(q[j]!), lever(i, j) * Math.cos(q[j]!)];
      const across = jy * ci - jx * si;
      generalized[j]! -= length * (mass * (jx * knownX + jy * knownY) + addedMass * across * knownNormal);
      for (let k = 0; k <= i; k++) {
        const [kx, ky] = [-lever(i, k) * Math.sin(q[k]!), lever(i, k) * Math.cos(q[k]!)];
        matrix[n * j + k]! +=
          length * (mass * (jx * kx + jy * ky) + addedMass * across * (ky * ci - kx * si));
      }
    }
    matrix[n * i + i]! += ((mass + addedMass) * length ** 3) / 12;
  }
  const accelerations = solve(matrix, generalized, n);

  // The forces of the added mass, and the momentum of the ray itself along y, whose rest is the reaction of the base.
  let momentumRate = 0;
  for (let i = 0; i < n; i++) {
    let [ax, ay] = [0, base.acceleration];
    for (let j = 0; j <= i; j++) {
      const [c, s] = [Math.cos(q[j]!), Math.sin(q[j]!)];
      ax -= lever(i, j) * (accelerations[j]! * s + w[j]! ** 2 * c);
      ay += lever(i, j) * (accelerations[j]! * c - w[j]! ** 2 * s);
    }
    momentumRate += mass * length * ay;
    const [c, s] = [Math.cos(q[i]!), Math.sin(q[i]!)];
    const normal = -addedMass * length * (ay * c - ax * s);
    const [vx, vy] = velocityAt(i, length / 2);
    fluidX -= normal * s;
    fluidY += normal * c;
    fluidWork += normal * (vy * c - vx * s) - ((addedMass * length ** 3) / 12) * accelerations[i]! * w[i]!;
  }
  const power = dissipated - fluidWork;
  const reactionY = momentumRate - fluidY;
  return {
    accelerations,
    thrust: -fluidX,
    power,
    basePower: reactionY * base.speed + baseTorque * base.rate,
    restPower,
  };
}

/** Gaussian elimination of a symmetric positive definite system, in place. */
function solve(a: Float64Array, b: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let row = i + 1; row < n; row++) {
      const factor = a[n * row + i]! / a[n * i + i]!;
      for (let column = i; column < n; column++) a[n * row + column]! -= factor * a[n * i + column]!;
      b[row]! -= factor * b[i]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let column = i + 1; column < n; column++) b[i]! -= a[n * i + column]! * b[column]!;
    b[i]! /= a[n * i + i]!;
  }
  return b;
}

export interface ReducedRun {
  readonly base: (time: number) => BaseState;
  readonly restAngle?: RestAngle;
  readonly duration: number;
  /** The means are over what follows. */
  readonly from: number;
  readonly timestep: number;
}

/** Means over the end of a run that starts straight and at rest. */
export function runReducedRay(ray: ReducedRay, run: ReducedRun): ReducedMeans {
  const { base, restAngle = straight, timestep: h } = run;
  const n = ray.links;
  let q = new Float64Array(n);
  let w = new Float64Array(n);
  const steps = Math.round(run.duration / h);
  const first = Math.round(run.from / h);
  const sums = { thrust: 0, power: 0, basePower: 0, restPower: 0 };
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const along = (x: Float64Array, d: Float64Array, by: number): Float64Array =>
    x.map((value, i) => value + by * d[i]!);
  for (let step = 0; step < steps; step++) {
    const t = step * h;
    const at = (time: number, q: Float64Array, w: Float64Array) =>
      evaluate(ray, time, q, w, base(time), restAngle);
    const k1 = at(t, q, w);
    if (step >= first) {
      for (const name of ['thrust', 'power', 'basePower', 'restPower'] as const) sums[name] += k1[name];
      const tip = q.reduce((y, angle) => y + Math.sin(angle) / n, base(t).y);
      [lowest, highest] = [Math.min(lowest, tip), Math.max(highest, tip)];
    }
    const w2 = along(w, k1.accelerations, h / 2);
    const k2 = at(t + h / 2, along(q, w, h / 2), w2);
    const w3 = along(w, k2.accelerations, h / 2);
    const k3 = at(t + h / 2, along(q, w2, h / 2), w3);
    const w4 = along(w, k3.accelerations, h);
    const k4 = at(t + h, along(q, w3, h), w4);
    q = q.map((angle, i) => angle + (h / 6) * (w[i]! + 2 * w2[i]! + 2 * w3[i]! + w4[i]!)) as typeof q;
    w = w.map(
      (rate, i) =>
        rate +
        (h / 6) *
          (k1.accelerations[i]! + 2 * k2.accelerations[i]! + 2 * k3.accelerations[i]! + k4.accelerations[i]!),
    ) as typeof w;
  }
  const count = steps - first;
  return {
    thrust: sums.thrust / count,
    power: sums.power / count,
    basePower: sums.basePower / count,
    restPower: sums.restPower / count,
    tipAmplitude: (highest - lowest) / 2,
  };
}
