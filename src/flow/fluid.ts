/**
 * A fluid in the plane by the lattice-Boltzmann method: nine velocities, two relaxation times, single precision. Numbers
 * are in lattice units: node spacing, time step and rest density are one. Node (1, 1) is the first one within the
 * boundaries and has the position (1, 1). The arithmetic is in `assembly`.
 */
import { type BinaryArray, packBytes, restoreArray, unpackBytes } from '../core/bytes.ts';
import { ConfigurationError } from '../core/errors.ts';
import { instantiateProgram, type Program } from './program.ts';

/**
 * What a side of the fluid is:
 * - `wall`: no slip, half a spacing beyond the last node
 * - `periodic`: what leaves enters opposite, which must be periodic too
 * - `matched`: a stream that lets sound out, since its speed answers to pressure as a plane wave's does
 * - `velocity`: the same about the mean pressure of late, so that a channel's inlet keeps its speed (left only)
 * - `convective`: the wake leaves at the speed of the stream (right only)
 * - `pressure`: density one, at the speed that the flow has (right only)
 */
export type Side = 'wall' | 'periodic' | 'matched' | 'velocity' | 'convective' | 'pressure';

export interface FluidSettings {
  /** Nodes along x; a multiple of 4, the numbers in a vector. */
  readonly columns: number;
  readonly rows: number;
  /** Kinematic viscosity. */
  readonly viscosity: number;
  readonly left: Side;
  readonly right: Side;
  readonly bottom: Side;
  readonly top: Side;
  /** Of the stream, along x: everywhere at the start, and outside matched, velocity and convective sides. 0 by default. */
  readonly speed?: number;
  /** Speed along x at the start, and outside a left side of these kinds, by row, where it is not `speed` everywhere. */
  readonly inflow?: (y: number) => number;
  /** Columns at either end where viscosity rises, by the square of the depth, to 20 times at the side. 0 by default. */
  readonly inletBuffer?: number;
  readonly outletBuffer?: number;
  /** (τ₊ − ½)(τ₋ − ½), Λ of the two relaxation times. 3/16 by default, which puts walls exactly half-way. */
  readonly magic?: number;
  /**
   * Smagorinsky's constant C: viscosity grows by C² times the strain, which keeps flows stable that are finer than the
   * lattice. 0 by default, none; 0.1 to 0.2 in use.
   */
  readonly smagorinsky?: number;
}

/** Density and velocity at one node. */
export interface NodeState {
  density: number;
  velocityX: number;
  velocityY: number;
}

const LANES = 4;
const BUFFER_FACTOR = 20;
const VELOCITIES_X = [0, 1, -1, 0, 0, 1, -1, 1, -1] as const;
const VELOCITIES_Y = [0, 0, 0, 1, -1, 1, -1, -1, 1] as const;

export class Fluid {
  readonly columns: number;
  readonly rows: number;
  /** Node (x, y) has number y · width + x. */
  readonly width: number;
  readonly viscosity: number;
  readonly #program: Program;
  readonly #memory: Float32Array;
  /** For each population the byte address of what has come to node 0. */
  readonly #origins: Uint32Array;
  readonly #forcesX: Float32Array;
  readonly #forcesY: Float32Array;
  readonly #inflow: Float32Array;
  readonly #outflow: Float32Array;
  /** Rows with forces; none where the first is above the last. */
  #forcedBottom = Number.POSITIVE_INFINITY;
  #forcedTop = 0;

  /** @throws ConfigurationError */
  constructor(settings: FluidSettings) {
    check(settings);
    const { columns, rows, viscosity, speed = 0 } = settings;
    this.columns = columns;
    this.rows = rows;
    this.width = columns + 2;
    this.viscosity = viscosity;
    const program = instantiateProgram();
    this.#program = program;
    program.allocate(columns, rows);
    const kind = (side: Side): number => program[side.toUpperCase() as Uppercase<Side>].value;
    program.setBoundaries(
      ...([kind(settings.left), kind(settings.right), kind(settings.bottom), kind(settings.top)] as const),
      speed,
    );
    // Memory no longer grows, so that views stay good.
    const { buffer } = program.memory;
    const nodes = this.width * (rows + 2);
    this.#memory = new Float32Array(buffer);
    this.#origins = new Uint32Array(buffer, program.origins.value, VELOCITIES_X.length);
    this.#forcesX = new Float32Array(buffer, program.forcesX.value, nodes);
    this.#forcesY = new Float32Array(buffer, program.forcesY.value, nodes);
    this.#inflow = new Float32Array(buffer, program.inflow.value, rows + 2);
    this.#outflow = new Float32Array(buffer, program.outflow.value, 3 * (rows + 2));
    this.#setRates(settings);
    const inflow = settings.inflow ?? (() => speed);
    for (let y = 0; y < rows + 2; y++) this.#inflow[y] = inflow(y);
    this.settle((_, y) => ({ density: 1, velocityX: inflow(y), velocityY: 0 }));
  }

  #setRates({ columns, viscosity, inletBuffer = 0, outletBuffer = 0, ...settings }: FluidSettings): void {
    const { magic = 3 / 16, smagorinsky = 0 } = settings;
    this.#program.setRelaxation(magic, smagorinsky);
    const { memory, evenRates, oddRates } = this.#program;
    const even = new Float32Array(memory.buffer, evenRates.value, this.width);
    const odd = new Float32Array(memory.buffer, oddRates.value, this.width);
    for (let x = 0; x < this.width; x++) {
      const fromInlet = inletBuffer > 0 ? (inletBuffer - x) / inletBuffer : 0;
      const toOutlet = outletBuffer > 0 ? (x - columns + outletBuffer) / outletBuffer : 0;
      const depth = Math.max(0, fromInlet, toOutlet);
      const excess = 3 * viscosity * (1 + (BUFFER_FACTOR - 1) * depth * depth);
      even[x] = 1 / (0.5 + excess);
      odd[x] = 1 / (0.5 + magic / excess);
    }
  }

  /** Puts every node in equilibrium. */
  settle(state: (x: number, y: number) => NodeState): void {
    for (let y = 0; y < this.rows + 2; y++) {
      for (let x = 0; x < this.width; x++) {
        const { density, velocityX, velocityY } = state(x, y);
        this.#program.settle(this.node(x, y), density - 1, velocityX, velocityY);
      }
    }
  }

  /** Speed outside of the sides of a stream. Set, it is that along the whole left side. */
  get speed(): number {
    return this.#program.streamSpeed.value;
  }

  set speed(speed: number) {
    this.#program.streamSpeed.value = speed;
    this.#inflow.fill(speed);
  }

  node(x: number, y: number): number {
    return y * this.width + x;
  }

  /** Density, and velocity half a step on under the forces added so far. Writes into `state` and returns it. */
  read(node: number, state: NodeState): NodeState {
    const memory = this.#memory;
    const origins = this.#origins;
    let excess = 0;
    let momentumX = 0.5 * this.#forcesX[node]!;
    let momentumY = 0.5 * this.#forcesY[node]!;
    for (let i = 0; i < VELOCITIES_X.length; i++) {
      const population = memory[(origins[i]! >> 2) + node]!;
      excess += population;
      momentumX += VELOCITIES_X[i]! * population;
      momentumY += VELOCITIES_Y[i]! * population;
    }
    state.density = 1 + excess;
    state.velocityX = momentumX / state.density;
    state.velocityY = momentumY / state.density;
    return state;
  }

  /** By how much density is off one where it is most; NaN where a number is lost. */
  get loudest(): number {
    return this.#program.loudest();
  }

  /** All of the fluid between two steps, 4 · 9 bytes a node: from it everything goes on as it did, to the bit. */
  snapshot(): Uint8Array {
    const { lateInletExcess, streamSpeed } = this.#program;
    const globals = new Float32Array([streamSpeed.value, lateInletExcess.value]);
    return packBytes([globals, this.#inflow, this.#outflow, ...this.#populations()]);
  }

  /** @throws RangeError where the snapshot is of a fluid of another size */
  restore(snapshot: Uint8Array): void {
    const parts = unpackBytes(snapshot);
    const globals = new Float32Array(2);
    const arrays: readonly BinaryArray[] = [globals, this.#inflow, this.#outflow, ...this.#populations()];
    for (const [i, array] of arrays.entries()) restoreArray(array, parts[i] ?? new Uint8Array(0));
    this.#program.streamSpeed.value = globals[0]!;
    this.#program.lateInletExcess.value = globals[1]!;
  }

  #populations(): Float32Array[] {
    const nodes = this.width * (this.rows + 2);
    return [...this.#origins].map((origin) => this.#memory.subarray(origin >> 2, (origin >> 2) + nodes));
  }

  /** A force on the fluid at one node during the next step. */
  addForce(node: number, x: number, y: number): void {
    this.#forcesX[node]! += x;
    this.#forcesY[node]! += y;
    const row = Math.floor(node / this.width);
    this.#forcedBottom = Math.min(this.#forcedBottom, row);
    this.#forcedTop = Math.max(this.#forcedTop, row);
  }

  /** One step under the forces added, which are gone after it. */
  advance(): void {
    this.#program.collide(Math.min(this.#forcedBottom, this.rows + 1), this.#forcedTop);
    this.#program.stream();
    this.#program.enter();
    this.#forcedBottom = Number.POSITIVE_INFINITY;
    this.#forcedTop = 0;
  }
}

function check({ columns, rows, viscosity, ...settings }: FluidSettings): void {
  if (!Number.isInteger(columns) || columns < LANES || columns % LANES !== 0) {
    throw new ConfigurationError(
      `A fluid of ${columns} columns: these must be a multiple of ${LANES}, the numbers in a vector.`,
    );
  }
  if (!Number.isInteger(rows) || rows < 2)
    throw new ConfigurationError(`A fluid of ${rows} rows: 2 is the least.`);
  if (!(viscosity > 0)) throw new ConfigurationError(`A viscosity of ${viscosity}: it must be above 0.`);
  const { left, right, bottom, top } = settings;
  for (const [one, other, axis] of [
    [left, right, 'left and right'],
    [bottom, top, 'bottom and top'],
  ] as const) {
    if ((one === 'periodic') !== (other === 'periodic')) {
      throw new ConfigurationError(
        `The ${axis} of a fluid are ${one} and ${other}: both must be periodic, or neither.`,
      );
    }
  }
  for (const [name, side] of Object.entries({ right, bottom, top })) {
    if (side === 'velocity')
      throw new ConfigurationError(`The ${name} of a fluid is velocity: only the left can be.`);
  }
  for (const [name, side] of Object.entries({ left, bottom, top })) {
    if (side === 'convective' || side === 'pressure') {
      throw new ConfigurationError(`The ${name} of a fluid is ${side}: only the right can be.`);
    }
  }
}
