/**
 * What the fluid does to each ray, summed over the steps of a control step: thrust, side force, moment, and power.
 *
 * Power is what the fluid takes from the ray and what its joints dissipate. In the mean over a cycle that is all that
 * the actuators give, through the base and through the offset, since the ray's own energy comes back. So the offset's
 * share, which is told beside it, is part of it.
 */
import type { ChainFleet } from '../../src/physics/chain-fleet.ts';
import { ACTUATORS } from './actuators.ts';
import type { AddedMass, RayLoads } from './hydrodynamics/motion.ts';

/** Means over the last control step, `[N]` each. Units: ρ = L = U = 1. */
export interface FlowMeans {
  /** Force of the fluid against the stream. */
  readonly thrust: Float64Array;
  /** Along y. */
  readonly sideForce: Float64Array;
  /** About the base. */
  readonly moment: Float64Array;
  /** That the actuators give, negative where they take. */
  readonly power: Float64Array;
  /** Part of it that goes through the offset of the half-rays. */
  readonly offsetPower: Float64Array;
}

export class Ledger {
  readonly means: FlowMeans;
  readonly #chains: ChainFleet;
  readonly #addedMass: AddedMass;
  /** Before the step, `[N, n, 2]` and `[N, n]`. */
  readonly #velocity: Float32Array;
  readonly #rate: Float32Array;
  readonly #angle: Float32Array;

  constructor(chains: ChainFleet, addedMass: AddedMass) {
    this.#chains = chains;
    this.#addedMass = addedMass;
    this.#velocity = new Float32Array(chains.velocity.length);
    this.#rate = new Float32Array(chains.rate.length);
    this.#angle = new Float32Array(chains.angle.length);
    const zeros = (): Float64Array => new Float64Array(chains.count);
    this.means = {
      thrust: zeros(),
      sideForce: zeros(),
      moment: zeros(),
      power: zeros(),
      offsetPower: zeros(),
    };
  }

  get state(): Float64Array[] {
    return Object.values(this.means);
  }

  /** Forgets what was done to ray `ray`. */
  place(ray: number): void {
    for (const values of this.state) values[ray] = 0;
  }

  /** Begins a control step. */
  clear(): void {
    for (const values of this.state) values.fill(0);
  }

  /** Ends a control step of `substeps` steps: sums become means. */
  average(substeps: number): void {
    for (const values of this.state) for (let ray = 0; ray < values.length; ray++) values[ray]! /= substeps;
  }

  /** Before a step: what the dampers of ray `ray` take now, and what its offset gives. */
  addJoints(ray: number, dissipation: number, offsetPower: number): void {
    this.means.power[ray]! += dissipation;
    this.means.offsetPower[ray]! += offsetPower;
  }

  /** Before a step: the loads of the fluid as the rays move now. @param baseRate of all actuators, `[N, 3]` */
  addLoads(loads: RayLoads, baseRate: Float64Array): void {
    const { links, position, velocity, rate, angle, base, count } = this.#chains;
    const { thrust, sideForce, moment, power } = this.means;
    for (let ray = 0; ray < count; ray++) {
      let [forceX, forceY] = [loads.edge[2 * ray]!, loads.edge[2 * ray + 1]!];
      let work = forceY * baseRate[ACTUATORS * ray]!;
      let turning = 0;
      for (let i = links * ray; i < links * (ray + 1); i++) {
        const [fx, fy] = [loads.force[2 * i]!, loads.force[2 * i + 1]!];
        forceX += fx;
        forceY += fy;
        work += fx * velocity[2 * i]! + fy * velocity[2 * i + 1]! + loads.torque[i]! * rate[i]!;
        const [x, y] = [position[2 * i]! - base[3 * ray]!, position[2 * i + 1]! - base[3 * ray + 1]!];
        turning += x * fy - y * fx + loads.torque[i]!;
      }
      thrust[ray]! -= forceX;
      sideForce[ray]! += forceY;
      moment[ray]! += turning;
      power[ray]! -= work;
    }
    this.#velocity.set(velocity);
    this.#rate.set(rate);
    this.#angle.set(angle);
  }

  /** After a step: the forces of the added mass, from how the rays' velocities have changed. */
  addInertia(timestep: number): void {
    const { links, position, velocity, rate, angle, base, count } = this.#chains;
    const { thrust, sideForce, moment, power } = this.means;
    for (let ray = 0; ray < count; ray++) {
      for (let link = 0; link < links; link++) {
        const i = links * ray + link;
        const middle = (angle[i]! + this.#angle[i]!) / 2;
        const [c, s] = [Math.cos(middle), Math.sin(middle)];
        const [fromX, fromY] = [this.#velocity[2 * i]!, this.#velocity[2 * i + 1]!];
        const [toX, toY] = [velocity[2 * i]!, velocity[2 * i + 1]!];
        const gain = (toY - fromY) * c - (toX - fromX) * s;
        const across = ((toY + fromY) * c - (toX + fromX) * s) / 2;
        const normal = (-this.#addedMass.mass[link]! * gain) / timestep;
        const torque = (-this.#addedMass.inertia[link]! * (rate[i]! - this.#rate[i]!)) / timestep;
        thrust[ray]! += normal * s;
        sideForce[ray]! += normal * c;
        const [x, y] = [position[2 * i]! - base[3 * ray]!, position[2 * i + 1]! - base[3 * ray + 1]!];
        moment[ray]! += normal * (x * c + y * s) + torque;
        power[ray]! -= normal * across + (torque * (rate[i]! + this.#rate[i]!)) / 2;
      }
    }
  }
}
