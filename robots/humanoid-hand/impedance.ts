/**
 * How a wrist under impedance control follows where it is told to go: as a mass on a critically damped spring, which its
 * surroundings push, too. The spring never sees an error of more than its reach, so its force is bounded however far the goal is
 * (SERL; Luo et al. 2024, arXiv:2401.16013, section IV: F = k e + d ė with |e| ≤ Δ for each axis).
 */
import type { BinaryArray } from '../../src/core/bytes.ts';

export interface SpringModel {
  /** N/m, or N·m/rad. */
  readonly stiffness: number;
  /** kg, or kg·m²: with the stiffness it says how fast the wrist follows, and how hard it is damped. */
  readonly inertia: number;
  /** Greatest error along an axis that pulls, m or rad. */
  readonly reach: number;
}

/** Shapes: N scenes, three axes each. */
export class Spring {
  /** `[N, 3]` m/s or rad/s. */
  readonly velocity: Float64Array;
  readonly #model: SpringModel;
  readonly #frequency: number;
  readonly #decay: number;
  readonly #timestep: number;

  constructor(scenes: number, model: SpringModel, timestep: number) {
    this.velocity = new Float64Array(3 * scenes);
    this.#model = model;
    this.#frequency = Math.sqrt(model.stiffness / model.inertia);
    this.#decay = Math.exp(-this.#frequency * timestep);
    this.#timestep = timestep;
  }

  get state(): readonly BinaryArray[] {
    return [this.velocity];
  }

  rest(scene: number): void {
    this.velocity.fill(0, 3 * scene, 3 * scene + 3);
  }

  /**
   * One physics step along an axis, exactly as the equation of motion has it while the force stays as it is.
   * @param error from where it is to its goal @param load of the surroundings, N or N·m
   * @param fastest greatest speed @returns how far it goes
   */
  advance(i: number, error: number, load: number, fastest: number): number {
    const { reach, stiffness } = this.#model;
    // Where it would come to rest, from here.
    const rest = Math.max(-reach, Math.min(reach, error)) + load / stiffness;
    const [velocity, omega, t] = [this.velocity[i]!, this.#frequency, this.#timestep];
    const slope = velocity - omega * rest;
    const ahead = rest + (slope * t - rest) * this.#decay;
    const next = (slope - omega * (slope * t - rest)) * this.#decay;
    this.velocity[i] = Math.max(-fastest, Math.min(fastest, next));
    return Math.max(-fastest * t, Math.min(fastest * t, ahead));
  }
}
