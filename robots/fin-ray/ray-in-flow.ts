/**
 * One elastic ray in a lattice-Boltzmann stream of its own, both ways coupled, in units of the ray: its length, the speed
 * of the stream and the density of the fluid are 1. The plane is endless along the span, of which a piece of length 1 is
 * told. n links.
 */
import { ConfigurationError } from '../../src/core/errors.ts';
import { Fluid } from '../../src/flow/fluid.ts';
import { ImmersedChain } from '../../src/flow/immersed-chain.ts';
import { type FinRayModel, finFoil, jointStiffness, massPerLength } from './model.ts';
import { restAngles } from './offset.ts';

/** At this Reynolds number the flow around the ray is resolved by 32 nodes a length. */
export const finRayInFlow: FinRayModel = { ...finFoil, name: 'fin-ray-in-flow', reynoldsNumber: 200 };

/** How the stream is cut into nodes and steps. */
export interface FlowGrid {
  /** Nodes a length of the ray, N; a multiple of the links. */
  readonly resolution: number;
  /** Size of the domain, L. */
  readonly length: number;
  readonly height: number;
  /** From the inlet to the base, L. */
  readonly upstream: number;
  /** Of the stream per speed of a population: a step is speed/N long. */
  readonly speed: number;
  /**
   * Markers at the tip that hold the fluid across the ray only. Six of them take so much of the tip's false drag away that
   * thrust and efficiency at 32 nodes are within 9 % of what finer grids tend to, where there is thrust worth having.
   */
  readonly openTip: number;
  /**
   * Smagorinsky's constant. Without it, one in four episodes of random commands at the actuators' limits fails at 32
   * nodes; it takes 1 to 2 % off the thrust there.
   */
  readonly smagorinsky: number;
}

export const trainingGrid: FlowGrid = {
  resolution: 32,
  length: 6,
  height: 4,
  upstream: 1.75,
  speed: 0.05,
  openTip: 6,
  smagorinsky: 0.1,
};

/** Of the base, and of the offset of the half-rays: positions at the end of a step and rates during it. */
export interface Drive {
  readonly heave: number;
  readonly heaveRate: number;
  readonly pitch: number;
  readonly pitchRate: number;
  readonly offset: number;
  readonly offsetRate: number;
}

/** In one step. */
export interface FlowStep {
  readonly thrust: number;
  readonly sideForce: number;
  readonly moment: number;
  /** That the fluid takes. */
  readonly fluidPower: number;
  /** That the joints dissipate. */
  readonly dissipation: number;
  /** That goes through the offset. */
  readonly offsetPower: number;
}

const AT_REST: Drive = { heave: 0, heaveRate: 0, pitch: 0, pitchRate: 0, offset: 0, offsetRate: 0 };
/** Nodes; without them the inlet is unstable. */
const INLET_BUFFER = 12;
/** L */
const OUTLET_BUFFER = 1;
/** In nodes, so that the middle line of the ray is neither on a row nor half-way between two. */
const OFF_MIDDLE = 0.13;

export class RayInFlow {
  readonly model: FinRayModel;
  readonly grid: FlowGrid;
  /** L/U */
  readonly timestep: number;
  readonly fluid: Fluid;
  readonly body: ImmersedChain;
  /** Of the base's middle position, in nodes. */
  readonly originX: number;
  readonly originY: number;
  /** For each unit of offset, `[n]`. */
  readonly #restAngles: Float64Array;

  /** @throws ConfigurationError */
  constructor(model: FinRayModel, grid: FlowGrid = trainingGrid) {
    const { resolution: cells, speed } = grid;
    if (cells % model.links !== 0 || cells <= 0) {
      throw new ConfigurationError(
        `A grid of ${cells} nodes a ray of ${model.links} links: it must be a multiple of them, a marker a node.`,
      );
    }
    if (model.span !== 1) {
      throw new ConfigurationError(
        `A ray of span ${model.span} in a plane flow: forces are those of a piece of span 1.`,
      );
    }
    this.model = model;
    this.grid = grid;
    this.timestep = speed / cells;
    const rows = Math.round(grid.height * cells);
    this.fluid = new Fluid({
      columns: 4 * Math.round((grid.length * cells) / 4),
      rows,
      ...{ viscosity: (speed * cells) / model.reynoldsNumber, speed },
      ...{ left: 'matched', right: 'convective', bottom: 'matched', top: 'matched' },
      smagorinsky: grid.smagorinsky,
      ...{ inletBuffer: INLET_BUFFER, outletBuffer: OUTLET_BUFFER * cells },
    });
    this.body = new ImmersedChain(this.fluid, {
      length: cells,
      mass: massPerLength(model) * cells,
      stiffness: Array.from(
        { length: model.links },
        (_, joint) => jointStiffness(model, joint) * (speed * cells) ** 2,
      ),
      damping: model.damping / this.timestep,
      markersPerLink: cells / model.links,
      openTip: grid.openTip,
    });
    this.originX = grid.upstream * cells + 0.5;
    this.originY = (rows + 1) / 2 + OFF_MIDDLE;
    this.#restAngles = restAngles(model);
    this.place();
  }

  /** Puts the ray at rest, its base centred; the fluid stays as it is. @param bend of each joint, `[n]` rad */
  place(bend?: ArrayLike<number>): void {
    this.body.chain.place(this.#baseAt(AT_REST), bend);
  }

  /** One step of ray and fluid. */
  advance(drive: Drive): FlowStep {
    const { chain, push } = this.body;
    for (let joint = 0; joint < chain.links; joint++) {
      chain.restAngle[joint] = this.#restAngles[joint]! * drive.offset;
      chain.restRate[joint] = this.#restAngles[joint]! * drive.offsetRate * this.timestep;
    }
    this.body.advance(this.#baseAt(drive));
    this.fluid.advance();
    const { resolution, speed } = this.grid;
    const force = 1 / (speed ** 2 * resolution);
    const power = force / speed;
    let [dissipation, offsetPower] = [0, 0];
    for (let joint = 0; joint < chain.links; joint++) {
      const before = joint === 0 ? chain.base.rate : chain.rate[joint - 1]!;
      dissipation += chain.dampingTorque[joint]! * (chain.restRate[joint]! - chain.rate[joint]! + before);
      offsetPower += chain.torque[joint]! * chain.restRate[joint]!;
    }
    return {
      thrust: push.forceX * force,
      sideForce: -push.forceY * force,
      moment: (-push.moment * force) / resolution,
      fluidPower: push.power * power,
      dissipation: dissipation * power,
      offsetPower: offsetPower * power,
    };
  }

  /** Of the stream that enters, U. */
  set streamSpeed(speed: number) {
    this.fluid.speed = speed * this.grid.speed;
  }

  /** Height of the tip, L, from where the base is centred. */
  get tipHeight(): number {
    return (this.body.chain.tip[1] - this.originY) / this.grid.resolution;
  }

  #baseAt({ heave, heaveRate, pitch, pitchRate }: Drive) {
    const { resolution, speed } = this.grid;
    return {
      x: this.originX,
      y: this.originY + heave * resolution,
      angle: pitch,
      velocityX: 0,
      velocityY: heaveRate * speed,
      rate: pitchRate * this.timestep,
    };
  }
}
