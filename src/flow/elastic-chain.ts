/**
 * A beam or a filament in the plane as a chain of rigid links with elastic joints: the angles of the links are the
 * unknowns, so joints hold exactly. A step is one linear system for the rates at its end. Elasticity counts half-way
 * through the step, damping and whatever the surroundings add at its end, so that a chain far lighter than the fluid
 * around it stays stable. Units are those of the lattice: a step takes 1. Shapes: n links; joint i is before link i.
 */
import { ConfigurationError } from '../core/errors.ts';

export interface ChainSettings {
  /** Of all n links together. */
  readonly length: number;
  /** Per length. */
  readonly mass: number;
  /** Torque of each joint per angle, `[n]`; the first is 0 where the chain hangs on a pin. */
  readonly stiffness: ArrayLike<number>;
  /**
   * Kelvin–Voigt damping of the joints over their stiffness, a time. 0 by default; but in a fluid the highest modes, as
   * fast as steps are, need a little of it: 0.001 of the time that the stream takes along the chain does.
   */
  readonly damping?: number;
  /** Acceleration along x and y. None by default. */
  readonly gravity?: readonly [x: number, y: number];
}

/** Where the first link begins, which way it points when unbent, and how both change. */
export interface BaseState {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly velocityX: number;
  readonly velocityY: number;
  readonly rate: number;
}

/** Adds to the system matrix · rates = vector, `[n, n]` and `[n]`, what depends on the rates at the end of the step. */
export type ImplicitLoad = (matrix: Float64Array, vector: Float64Array) => void;

/**
 * Springs of the joints of a beam held at its base. Each stands for the bending of a link's length, the first one for that
 * of half a link only, without which ten links would sag by 15 % too much. `[n]`
 * @param rigidity EI
 */
export function beamStiffness(rigidity: number, length: number, links: number): Float64Array {
  const joints = new Float64Array(links).fill((rigidity * links) / length);
  joints[0]! *= 2;
  return joints;
}

export class ElasticChain {
  readonly links: number;
  readonly linkLength: number;
  /** Of the links from the x axis, and their change, `[n]`. */
  readonly angle: Float64Array;
  readonly rate: Float64Array;
  /** What the joints are bent by when at rest at the end of the step, and its change, `[n]`: written by the caller. */
  readonly restAngle: Float64Array;
  readonly restRate: Float64Array;
  /** Of each joint on the link after it in the last step, `[n]`, and the part of it that the damper makes. */
  readonly torque: Float64Array;
  readonly dampingTorque: Float64Array;
  readonly #base = new Float64Array(6);
  /** Rest angles at the end of the last step. */
  readonly #restBefore: Float64Array;
  readonly #stiffness: Float64Array;
  readonly #damping: number;
  readonly #gravity: readonly [number, number];
  /** Mass of a link, and its products with distances: `[n]` to the base's acceleration, `[n, n]` to each other's. */
  readonly #lever: Float64Array;
  readonly #inertia: Float64Array;
  readonly #matrix: Float64Array;
  readonly #vector: Float64Array;

  /** @throws ConfigurationError */
  constructor({ length, mass, stiffness, damping = 0, gravity = [0, 0] }: ChainSettings) {
    const n = stiffness.length;
    if (n < 1) throw new ConfigurationError('A chain without joints: it needs a stiffness for each link.');
    if (!(length > 0 && mass > 0)) {
      throw new ConfigurationError(`A chain of length ${length} and mass ${mass}: both must be above 0.`);
    }
    this.links = n;
    this.linkLength = length / n;
    const zeros = (): Float64Array => new Float64Array(n);
    [this.angle, this.rate, this.restAngle, this.restRate] = [zeros(), zeros(), zeros(), zeros()];
    [this.torque, this.dampingTorque, this.#restBefore, this.#vector] = [zeros(), zeros(), zeros(), zeros()];
    this.#stiffness = Float64Array.from(stiffness);
    this.#damping = damping;
    this.#gravity = gravity;
    const unit = mass * this.linkLength ** 2;
    this.#lever = zeros().map((_, i) => unit * (n - i - 0.5));
    this.#inertia = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return unit * this.linkLength * (i === j ? n - i - 2 / 3 : n - 0.5 - Math.max(i, j));
    });
    this.#matrix = new Float64Array(n * n);
  }

  get base(): BaseState {
    const [x, y, angle, velocityX, velocityY, rate] = this.#base as unknown as readonly number[];
    return { x: x!, y: y!, angle: angle!, velocityX: velocityX!, velocityY: velocityY!, rate: rate! };
  }

  /** All that is kept between steps. */
  get state(): Float64Array[] {
    return [this.angle, this.rate, this.restAngle, this.restRate, this.#restBefore, this.#base];
  }

  /** Puts the chain at rest. @param bend of each joint, `[n]`; straight unless told */
  place(base: BaseState, bend?: ArrayLike<number>): void {
    this.#setBase(base);
    for (const values of [this.rate, this.restAngle, this.restRate, this.#restBefore]) values.fill(0);
    for (let i = 0, angle = base.angle; i < this.links; i++) {
      angle += bend?.[i] ?? 0;
      this.angle[i] = angle;
    }
  }

  /** End of the last link. */
  get tip(): readonly [x: number, y: number] {
    let [x, y] = [this.#base[0]!, this.#base[1]!];
    for (const angle of this.angle) {
      x += this.linkLength * Math.cos(angle);
      y += this.linkLength * Math.sin(angle);
    }
    return [x, y];
  }

  /** One step. @param next the base at its end */
  advance(next: BaseState, load?: ImplicitLoad): void {
    this.#assemble(next);
    load?.(this.#matrix, this.#vector);
    const rates = solve(this.#matrix, this.#vector);
    this.#recordTorques(next, rates);
    for (let i = 0; i < this.links; i++) {
      this.angle[i]! += 0.5 * (this.rate[i]! + rates[i]!);
      this.rate[i] = rates[i]!;
    }
    this.#restBefore.set(this.restAngle);
    this.#setBase(next);
  }

  /** Inertia, gravity, and joints. */
  #assemble(next: BaseState): void {
    const { links: n, angle, rate } = this;
    const [matrix, vector] = [this.#matrix, this.#vector];
    const pullX = this.#gravity[0] - (next.velocityX - this.#base[3]!);
    const pullY = this.#gravity[1] - (next.velocityY - this.#base[4]!);
    for (let i = 0; i < n; i++) {
      let known = this.#lever[i]! * (Math.cos(angle[i]!) * pullY - Math.sin(angle[i]!) * pullX);
      for (let j = 0; j < n; j++) {
        const between = angle[i]! - angle[j]!;
        const coupling = this.#inertia[n * i + j]! * Math.cos(between);
        matrix[n * i + j] = coupling;
        known += coupling * rate[j]! - this.#inertia[n * i + j]! * Math.sin(between) * rate[j]! ** 2;
      }
      vector[i] = known;
    }
    for (let i = 0; i < n; i++) {
      const slope = this.#stiffness[i]! * (0.25 + this.#damping);
      // What the joint does if the rates at the end are zero.
      const torque = this.#stiffness[i]! * (this.#damping * this.restRate[i]! - this.#stretch(i, next));
      matrix[(n + 1) * i]! += slope;
      vector[i]! += torque;
      if (i === 0) {
        vector[0]! += this.#stiffness[0]! * this.#damping * next.rate;
        continue;
      }
      matrix[(n + 1) * (i - 1)]! += slope;
      matrix[n * i + i - 1]! -= slope;
      matrix[n * (i - 1) + i]! -= slope;
      vector[i - 1]! -= torque;
    }
  }

  /** Bend of joint `i` off its rest half-way through the step, if the rates of the links at the end were zero. */
  #stretch(i: number, next: BaseState): number {
    const half = (link: number): number => this.angle[link]! + this.rate[link]! / 4;
    const before = i === 0 ? (this.#base[2]! + next.angle) / 2 : half(i - 1);
    return half(i) - before - (this.#restBefore[i]! + this.restAngle[i]!) / 2;
  }

  #recordTorques(next: BaseState, rates: Float64Array): void {
    for (let i = 0; i < this.links; i++) {
      const stretch = this.#stretch(i, next) + (rates[i]! - (i === 0 ? 0 : rates[i - 1]!)) / 4;
      const slip = rates[i]! - (i === 0 ? next.rate : rates[i - 1]!) - this.restRate[i]!;
      this.dampingTorque[i] = -this.#stiffness[i]! * this.#damping * slip;
      this.torque[i] = this.dampingTorque[i]! - this.#stiffness[i]! * stretch;
    }
  }

  #setBase({ x, y, angle, velocityX, velocityY, rate }: BaseState): void {
    this.#base.set([x, y, angle, velocityX, velocityY, rate]);
  }
}

/** Gaussian elimination of a symmetric positive definite system, in place. @returns `vector` */
function solve(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  for (let i = 0; i < n; i++) {
    for (let row = i + 1; row < n; row++) {
      const factor = matrix[n * row + i]! / matrix[n * i + i]!;
      for (let column = i; column < n; column++)
        matrix[n * row + column]! -= factor * matrix[n * i + column]!;
      vector[row]! -= factor * vector[i]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let column = i + 1; column < n; column++) vector[i]! -= matrix[n * i + column]! * vector[column]!;
    vector[i]! /= matrix[n * i + i]!;
  }
  return vector;
}
