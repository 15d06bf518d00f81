/** The joints of rays: how they are bent, what the offset of the half-rays does to them, and the power in them. */
import type { ChainFleet } from '../../src/physics/chain-fleet.ts';
import { type FinRayModel, jointStiffness } from './model.ts';
import { type OffsetMode, restAngles, slidingStiffness } from './offset.ts';

/** Shapes: N rays, n joints. */
export class Joints {
  /** From the straight ray, `[N, n]` rad. */
  readonly angle: Float32Array;
  /** `[N, n]` rad·U/L */
  readonly rate: Float32Array;
  readonly #chains: ChainFleet;
  readonly #stiffness: Float64Array;
  readonly #damping: number;
  /** For each unit of offset, `[n]`; 0 where the layer slides. */
  readonly #restAngles: Float64Array;
  /** 0 where the rest angles are moved instead. */
  readonly #sliding: number;

  constructor(chains: ChainFleet, model: FinRayModel, mode: OffsetMode) {
    this.#chains = chains;
    this.angle = new Float32Array(chains.angle.length);
    this.rate = new Float32Array(chains.angle.length);
    this.#stiffness = Float64Array.from({ length: model.links }, (_, joint) => jointStiffness(model, joint));
    this.#damping = model.damping;
    this.#restAngles = mode === 'rest' ? restAngles(model) : new Float64Array(model.links);
    this.#sliding = mode === 'sliding' ? slidingStiffness(model) : 0;
  }

  get state(): Float32Array[] {
    return [this.angle, this.rate];
  }

  /** Takes the joints of ray `i` from the angles of its links. @param pitch of the base, rad @param pitchRate rad·U/L */
  refresh(i: number, pitch: number, pitchRate: number): void {
    const { links: n, angle, rate } = this.#chains;
    let [angleBefore, rateBefore] = [pitch, pitchRate];
    for (let k = n * i; k < n * (i + 1); k++) {
      this.angle[k] = angle[k]! - angleBefore;
      this.rate[k] = rate[k]! - rateBefore;
      [angleBefore, rateBefore] = [angle[k]!, rate[k]!];
    }
  }

  /** Moves the rest angles of ray `i` for the next step. @param offset at its end @param offsetRate during it */
  setRest(i: number, offset: number, offsetRate: number): void {
    const { links: n, restAngle, restRate } = this.#chains;
    for (let joint = 0; joint < n; joint++) {
      restAngle[n * i + joint] = this.#restAngles[joint]! * offset;
      restRate[n * i + joint] = this.#restAngles[joint]! * offsetRate;
    }
  }

  /** Adds the pull of the sliding layer to the torques on the links of ray `i`. */
  addSliding(i: number, offset: number, pitch: number): void {
    if (this.#sliding === 0) return;
    const { links: n, angle, torque } = this.#chains;
    for (let k = n * i; k < n * (i + 1); k++) torque[k]! += this.#sliding * (offset + pitch - angle[k]!);
  }

  /** Power that the dampers of ray `i` take now. */
  dissipation(i: number): number {
    const { links: n, restRate } = this.#chains;
    let power = 0;
    for (let joint = 0; joint < n; joint++) {
      const slip = this.rate[n * i + joint]! - restRate[n * i + joint]!;
      power += this.#damping * this.#stiffness[joint]! * slip * slip;
    }
    return power;
  }

  /** Power that the offset of ray `i` gives now. */
  offsetPower(i: number, offset: number, offsetRate: number, pitch: number): number {
    const { links: n, angle, restAngle, restRate } = this.#chains;
    let torque = 0;
    for (let joint = 0; joint < n; joint++) {
      const k = n * i + joint;
      const stretch = restAngle[k]! - this.angle[k]! + this.#damping * (restRate[k]! - this.rate[k]!);
      torque += this.#stiffness[joint]! * stretch * this.#restAngles[joint]!;
      torque += this.#sliding * (offset + pitch - angle[k]!);
    }
    return torque * offsetRate;
  }
}
