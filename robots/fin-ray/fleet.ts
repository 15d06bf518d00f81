/**
 * An elastic fin ray in every scene of a packed world: actuators, the chain that bends, and the fluid around it. Units:
 * length, speed of the stream and density of the fluid are 1. Shapes: N rays, n links.
 *
 * The world needs no gravity, and its other options are in `WORLD_OPTIONS`.
 */
import type { ChainFleet } from '../../src/physics/chain-fleet.ts';
import type { PackedWorld } from '../../src/physics/packed-world.ts';
import { ACTUATORS, Actuators } from './actuators.ts';
import { addReactiveLoad, type ElongatedBody } from './hydrodynamics/elongated-body.ts';
import type { RayLoads, RayMotion } from './hydrodynamics/motion.ts';
import { addResistiveLoad, type ResistiveBody } from './hydrodynamics/resistive.ts';
import { addThinFoilLoad, createThinFoil, type ThinFoil, WAKE_STATES } from './hydrodynamics/thin-foil.ts';
import { Joints } from './joints.ts';
import { type FlowMeans, Ledger } from './ledger.ts';
import { addedMass, chainOf, type FinRayModel, frictionCoefficient, plateAddedMass } from './model.ts';
import type { OffsetMode } from './offset.ts';

/** Of the packed world that rays swim in. With these, thrust and power are within 1.5 % of exact joints and steps. */
export const WORLD_OPTIONS = {
  spacing: 0,
  timestep: 0.0025,
  gravity: 0,
  solverIterations: 4,
  solverSweeps: 4,
} as const;

/** The coarsest that keeps both within 3 %, three times as fast. */
export const FAST_WORLD_OPTIONS = {
  ...WORLD_OPTIONS,
  timestep: 0.01,
  solverIterations: 8,
  solverSweeps: 2,
} as const;

export class FinRayFleet {
  readonly model: FinRayModel;
  readonly count: number;
  readonly chains: ChainFleet;
  readonly actuators: Actuators;
  readonly joints: Joints;
  /** Speed of the stream at each ray, `[N]` U. */
  readonly stream: Float64Array;

  readonly #world: PackedWorld;
  readonly #ledger: Ledger;
  readonly #motion: RayMotion;
  readonly #loads: RayLoads;
  readonly #elongated: ElongatedBody;
  readonly #resistive: ResistiveBody;
  /** Instead of the elongated body, where the model says so. */
  readonly #foil: ThinFoil | undefined;
  /** Lag states of the foil, `[N, 2]`. */
  readonly #wake: Float64Array;

  constructor(world: PackedWorld, model: FinRayModel, offsetMode: OffsetMode = 'rest') {
    const { links, span, edgeNormal, edgeSuction, normalDrag, reynoldsNumber } = model;
    this.#world = world;
    this.model = model;
    this.count = world.scenes;
    this.chains = world.addChains(chainOf(model, world.solverTimestep));
    this.actuators = new Actuators(this.count, model.limits, world.timestep);
    this.joints = new Joints(this.chains, model, offsetMode);
    this.stream = new Float64Array(this.count).fill(1);
    this.#ledger = new Ledger(this.chains, addedMass(model));
    const { linkLength, angle, rate, velocity, force, torque } = this.chains;
    this.#motion = { links, linkLength, angle, rate, velocity, stream: this.stream };
    this.#loads = { force, torque, edge: new Float64Array(2 * this.count) };
    this.#elongated = { addedMass: plateAddedMass(span), edgeNormal, edgeSuction };
    this.#resistive = { span, normalDrag, friction: frictionCoefficient(reynoldsNumber) };
    this.#foil = model.flow === 'thin-foil' ? createThinFoil(links, span, edgeSuction) : undefined;
    this.#wake = new Float64Array(WAKE_STATES * this.count);
  }

  /** All that this fleet keeps between steps, beside the engine's own state. */
  get state(): (Float32Array | Float64Array)[] {
    const { chains, actuators, joints, stream } = this;
    return [...chains.state, ...actuators.state, ...joints.state, ...this.#ledger.state, stream, this.#wake];
  }

  /** Means over the last call of `swim`. */
  get means(): FlowMeans {
    return this.#ledger.means;
  }

  /** Puts ray `i` at rest, its base centred. @param jointAngles how its joints are bent, `[n]` rad; straight unless told */
  place(i: number, jointAngles?: ArrayLike<number>): void {
    const { links } = this.model;
    this.actuators.place(i);
    this.#ledger.place(i);
    this.#wake.fill(0, WAKE_STATES * i, WAKE_STATES * (i + 1));
    this.#setBase(i);
    for (let joint = 0, angle = 0; joint < links; joint++) {
      angle += jointAngles?.[joint] ?? 0;
      this.chains.angle[links * i + joint] = angle;
    }
    this.chains.place(i);
    this.joints.refresh(i, 0, 0);
  }

  /**
   * Drives the rays for `substeps` physics steps.
   * @param commands rates that the actuators are to have, `[N, 3]`
   * @param before called before each step, in which it may change `commands`
   */
  swim(commands: Float64Array, substeps: number, before?: () => void): void {
    this.#ledger.clear();
    for (let substep = 0; substep < substeps; substep++) {
      before?.();
      this.#step(commands);
    }
    this.#ledger.average(substeps);
  }

  #step(commands: Float64Array): void {
    const { chains, actuators } = this;
    for (const values of [chains.force, chains.torque, this.#loads.edge]) values.fill(0);
    this.#addFlow();
    this.#ledger.addLoads(this.#loads, actuators.rate);
    for (let i = 0; i < this.count; i++) this.#workJoints(i);
    actuators.advance(commands);
    for (let i = 0; i < this.count; i++) {
      this.#setBase(i);
      this.joints.setRest(i, actuators.position[ACTUATORS * i + 2]!, actuators.rate[ACTUATORS * i + 2]!);
    }
    chains.push();
    this.#world.step();
    this.pull();
    this.#ledger.addInertia(this.#world.timestep);
  }

  #addFlow(): void {
    const [motion, loads] = [this.#motion, this.#loads];
    if (this.#foil) addThinFoilLoad(motion, this.#foil, this.#wake, this.#world.timestep, loads);
    else addReactiveLoad(motion, this.#elongated, loads);
    addResistiveLoad(motion, this.#resistive, loads);
  }

  #workJoints(i: number): void {
    const { position, rate } = this.actuators;
    const [pitch, offset] = [position[ACTUATORS * i + 1]!, position[ACTUATORS * i + 2]!];
    const offsetPower = this.joints.offsetPower(i, offset, rate[ACTUATORS * i + 2]!, pitch);
    this.#ledger.addJoints(i, this.joints.dissipation(i), offsetPower);
    this.joints.addSliding(i, offset, pitch);
  }

  #setBase(i: number): void {
    const { base } = this.chains;
    base[3 * i] = 0;
    base[3 * i + 1] = this.actuators.position[ACTUATORS * i]!;
    base[3 * i + 2] = this.actuators.position[ACTUATORS * i + 1]!;
  }

  /** Reads poses, velocities and joints from the engine. */
  pull(): void {
    this.chains.pull();
    const { position, rate } = this.actuators;
    for (let i = 0; i < this.count; i++)
      this.joints.refresh(i, position[ACTUATORS * i + 1]!, rate[ACTUATORS * i + 1]!);
  }

  /** Across the stream, L. */
  tipHeight(i: number): number {
    const last = this.model.links * (i + 1) - 1;
    const { position, angle, linkLength } = this.chains;
    return position[2 * last + 1]! + (linkLength / 2) * Math.sin(angle[last]!);
  }
}
