/**
 * Fin rays, each in a lattice-Boltzmann stream of its own: what `FinRayFleet` is with fast hydrodynamics, with the same
 * actuators and the same means. Units: length, speed of the stream and density of the fluid are 1. Shapes: N rays, n links.
 *
 * Its state is `state` and, for the fluids and the chains in them, `snapshot` and `restore`, as that of a physics engine.
 */
import { type BinaryArray, packBytes, restoreArray, unpackBytes } from '../../src/core/bytes.ts';
import { vorticity, vorticitySize } from '../../src/flow/vorticity.ts';
import { ACTUATORS, Actuators } from './actuators.ts';
import type { FlowMeans } from './ledger.ts';
import type { FinRayModel } from './model.ts';
import { type Drive, type FlowGrid, finRayInFlow, RayInFlow, trainingGrid } from './ray-in-flow.ts';

export interface FlowFleetOptions {
  readonly model?: FinRayModel;
  readonly grid?: FlowGrid;
  /** For how long the stream flows past the straight ray before an episode starts, L/U. */
  readonly settlingTime?: number;
}

/** How rays lie: as `ChainFleet` tells it. Lengths in L, x from the base's place, y from the middle of its travel. */
export interface RayPoses {
  readonly links: number;
  readonly linkLength: number;
  /** x, y and angle of the base, `[N, 3]`. */
  readonly base: Float64Array;
  /** Of each link's middle, `[N, n, 2]`. */
  readonly position: Float32Array;
  /** From the x axis, `[N, n]` rad. */
  readonly angle: Float32Array;
}

/** L, where a ray can't be without the calculation having failed. */
const FARTHEST_TIP = 1.5;
/** Relative, of density: sound this loud is no flow but a calculation that has failed. */
const LOUDEST = 0.5;
/** A stream of 6 L is as good as steady then. */
const SETTLING_TIME = 6;

export class FinRayFlowFleet {
  readonly model: FinRayModel;
  readonly count: number;
  /** L/U */
  readonly timestep: number;
  readonly actuators: Actuators;
  readonly chains: RayPoses;
  /** From the straight ray, `[N, n]` rad, and their rates, rad·U/L. */
  readonly joints: { readonly angle: Float32Array; readonly rate: Float32Array };
  /** Speed of the stream of each ray, `[N]` U: what enters from the next call of `swim` on. */
  readonly stream: Float64Array;
  /** Over the last call of `swim`. Power is what the fluid takes and the joints dissipate. */
  readonly means: FlowMeans;
  /** 1 where the calculation has failed, `[N]`: such a ray stands still until it is placed again. */
  readonly diverged: Uint8Array;
  readonly rays: readonly RayInFlow[];
  /** The stream around the straight ray. */
  readonly #settled: Uint8Array;
  /** Of the ray that is stepped. */
  readonly #drive: { -readonly [K in keyof Drive]: number };

  /** Settles the stream first: seconds. @throws ConfigurationError */
  constructor(
    count: number,
    { model = finRayInFlow, grid = trainingGrid, settlingTime = SETTLING_TIME }: FlowFleetOptions = {},
  ) {
    this.model = model;
    this.count = count;
    this.rays = Array.from({ length: count }, () => new RayInFlow(model, grid));
    const [first] = this.rays as [RayInFlow, ...RayInFlow[]];
    this.timestep = first.timestep;
    this.actuators = new Actuators(count, model.limits, this.timestep);
    const { links } = model;
    this.chains = {
      links,
      linkLength: 1 / links,
      base: new Float64Array(3 * count),
      position: new Float32Array(2 * links * count),
      angle: new Float32Array(links * count),
    };
    this.joints = { angle: new Float32Array(links * count), rate: new Float32Array(links * count) };
    this.stream = new Float64Array(count).fill(1);
    const perRay = (): Float64Array => new Float64Array(count);
    this.means = {
      thrust: perRay(),
      sideForce: perRay(),
      moment: perRay(),
      power: perRay(),
      offsetPower: perRay(),
    };
    this.diverged = new Uint8Array(count);
    this.#drive = { heave: 0, heaveRate: 0, pitch: 0, pitchRate: 0, offset: 0, offsetRate: 0 };
    for (let t = 0; t < settlingTime; t += this.timestep) first.advance(this.#drive);
    this.#settled = first.fluid.snapshot();
    for (let i = 0; i < count; i++) this.place(i);
  }

  /** All that this fleet keeps between calls, beside what `snapshot` holds. */
  get state(): BinaryArray[] {
    const { actuators, chains, joints, stream, means, diverged } = this;
    const { base, position, angle } = chains;
    const poses = [base, position, angle, joints.angle, joints.rate];
    return [...actuators.state, ...poses, stream, ...Object.values(means), diverged];
  }

  /** The fluids and the chains in them: 36 bytes a node. */
  snapshot(): Uint8Array {
    return packBytes(this.rays.map(({ fluid, body }) => packBytes([fluid.snapshot(), ...body.chain.state])));
  }

  /** @throws RangeError where the snapshot is of other rays */
  restore(snapshot: Uint8Array): void {
    const parts = unpackBytes(snapshot);
    for (const [i, { fluid, body }] of this.rays.entries()) {
      const [flow, ...chain] = unpackBytes(parts[i] ?? new Uint8Array(4));
      fluid.restore(flow ?? new Uint8Array(4));
      for (const [k, array] of body.chain.state.entries()) restoreArray(array, chain[k] ?? new Uint8Array(0));
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.stream.fill(1);
    for (let i = 0; i < this.count; i++) this.place(i);
  }

  /** Puts ray `i` at rest, its base centred, in the settled stream. @param jointAngles `[n]` rad; straight unless told */
  place(i: number, jointAngles?: ArrayLike<number>): void {
    const ray = this.rays[i]!;
    this.actuators.place(i);
    this.diverged[i] = 0;
    for (const values of Object.values(this.means)) values[i] = 0;
    ray.fluid.restore(this.#settled);
    ray.place(jointAngles);
    this.#pull(i);
  }

  /**
   * Drives the rays for `steps` steps.
   * @param commands rates that the actuators are to have, `[N, 3]`
   * @param before called before each step, in which it may change `commands`
   */
  swim(commands: Float64Array, steps: number, before?: () => void): void {
    const { thrust, sideForce, moment, power, offsetPower } = this.means;
    for (const values of Object.values(this.means)) values.fill(0);
    for (const [i, ray] of this.rays.entries()) ray.streamSpeed = this.stream[i]!;
    for (let step = 0; step < steps; step++) {
      before?.();
      this.actuators.advance(commands);
      for (let i = 0; i < this.count; i++) {
        if (this.diverged[i]) continue;
        const made = this.rays[i]!.advance(this.#driveOf(i));
        thrust[i]! += made.thrust / steps;
        sideForce[i]! += made.sideForce / steps;
        moment[i]! += made.moment / steps;
        power[i]! += (made.fluidPower + made.dissipation) / steps;
        offsetPower[i]! += made.offsetPower / steps;
        if (!(Math.abs(this.rays[i]!.tipHeight) < FARTHEST_TIP)) this.diverged[i] = 1;
      }
    }
    for (let i = 0; i < this.count; i++) {
      if (!(this.rays[i]!.fluid.loudest < LOUDEST)) this.diverged[i] = 1;
      this.#pull(i);
    }
  }

  /** Across the stream, L. */
  tipHeight(i: number): number {
    return this.rays[i]!.tipHeight;
  }

  /**
   * Vorticity around ray `i` in U/L, row by row from below, one number for `pitch` × `pitch` squares of the grid.
   * @param field as long as `vorticitySize` says @returns `field` @throws ConfigurationError where it is not
   */
  vorticity(i: number, pitch: number, field: Float32Array): Float32Array {
    vorticity(this.rays[i]!.fluid, pitch, field);
    for (let at = 0; at < field.length; at++) field[at]! /= this.timestep;
    return field;
  }

  /** Numbers along x and y of the field of vorticity. */
  vorticitySize(pitch: number): readonly [x: number, y: number] {
    return vorticitySize(this.rays[0]!.fluid, pitch);
  }

  #driveOf(i: number): Drive {
    const { position, rate } = this.actuators;
    const drive = this.#drive;
    const at = ACTUATORS * i;
    [drive.heave, drive.pitch, drive.offset] = [position[at]!, position[at + 1]!, position[at + 2]!];
    [drive.heaveRate, drive.pitchRate, drive.offsetRate] = [rate[at]!, rate[at + 1]!, rate[at + 2]!];
    return drive;
  }

  /** Poses and joints of ray `i`. */
  #pull(i: number): void {
    const { chain } = this.rays[i]!.body;
    const { links, linkLength, base, position, angle } = this.chains;
    const [heave, pitch] = [
      this.actuators.position[ACTUATORS * i]!,
      this.actuators.position[ACTUATORS * i + 1]!,
    ];
    let [x, y, angleBefore] = [0, heave, pitch];
    let rateBefore = this.actuators.rate[ACTUATORS * i + 1]!;
    base.set([x, y, pitch], 3 * i);
    for (let link = 0; link < links; link++) {
      const k = links * i + link;
      const [own, rate] = [chain.angle[link]!, chain.rate[link]! / this.timestep];
      const [dx, dy] = [linkLength * Math.cos(own), linkLength * Math.sin(own)];
      position[2 * k] = x + dx / 2;
      position[2 * k + 1] = y + dy / 2;
      angle[k] = own;
      this.joints.angle[k] = own - angleBefore;
      this.joints.rate[k] = rate - rateBefore;
      [x, y, angleBefore, rateBefore] = [x + dx, y + dy, own, rate];
    }
  }
}
