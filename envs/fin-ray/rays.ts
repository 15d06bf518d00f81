/**
 * Rays in a flow as the tasks need them, whatever calculates the flow, and the fast flow of slender rays. Units: length
 * L, speed of the stream U and density of the fluid are 1. Shapes: N rays, n links.
 */
import {
  type Actuators,
  FAST_WORLD_OPTIONS,
  FinRayFleet,
  FinRayFlowFleet,
  type FinRayModel,
  type FlowMeans,
  finRay,
  trainingGrid,
  WORLD_OPTIONS,
} from '../../robots/fin-ray/index.ts';
import type { BinaryArray } from '../../src/core/bytes.ts';
import type { Task } from '../../src/core/vector-env.ts';
import { PackedWorld } from '../../src/physics/packed-world.ts';

/** Time between two actions, L/U. */
export const CONTROL_DT = 0.05;

export interface FinRays {
  readonly model: Pick<FinRayModel, 'links' | 'span' | 'limits'>;
  readonly count: number;
  /** `[N, 3]` each */
  readonly actuators: Pick<Actuators, 'position' | 'rate'>;
  /** Where the base and the links are: base x, y and angle `[N, 3]`, middles `[N, n, 2]` and angles `[N, n]` of links. */
  readonly chains: {
    readonly base: Float64Array;
    readonly position: Float32Array;
    readonly angle: Float32Array;
  };
  /** Of joints, `[N, n]` rad and rad·U/L. */
  readonly joints: { readonly angle: Float32Array; readonly rate: Float32Array };
  /** Speed of the stream at each ray from now on, `[N]` U. */
  readonly stream: Float64Array;
  /** Over the last call of `swim`. */
  readonly means: FlowMeans;
  /** 1 where the calculation has failed, `[N]`; absent where it says so by numbers that are not finite. */
  readonly diverged?: Uint8Array;
  /** All that is kept between calls, beside what a snapshot of the flow holds. */
  readonly state: readonly BinaryArray[];
  /** Puts ray `i` at rest, its base centred. @param jointAngles `[n]` rad */
  place(i: number, jointAngles: ArrayLike<number>): void;
  /** @param commands rates that the actuators are to have, `[N, 3]` @param steps of the flow */
  swim(commands: Float64Array, steps: number): void;
  /** Across the stream, L. */
  tipHeight(i: number): number;
}

/** What of a flow can be looked at. */
export interface FlowPicture {
  /** Numbers along and across the stream, the size that they cover, and its middle from the base's place, L. */
  readonly cells: readonly [x: number, y: number];
  readonly size: readonly [x: number, y: number];
  readonly middle: readonly [x: number, y: number];
  /** Writes the vorticity around ray `i`, U/L, row by row from below. */
  write(i: number, vorticity: Float32Array): void;
}

export interface Flow {
  readonly rays: FinRays;
  /** Steps of the flow in a control step. */
  readonly steps: number;
  /** The state of what calculates it. */
  readonly world: NonNullable<Task['world']>;
  readonly picture?: FlowPicture;
  close?(): void;
}

/** Physics steps of the slender flow. */
export const clocks = ['fast', 'fine'] as const;
export type Clock = (typeof clocks)[number];

/** Slender rays in the packed world, with loads of elongated-body theory and drag. */
export function slenderFlow(numEnvs: number, clock: Clock, model = finRay): Flow {
  const options = clock === 'fast' ? FAST_WORLD_OPTIONS : WORLD_OPTIONS;
  const world = new PackedWorld({ ...options, scenes: numEnvs });
  return {
    rays: new FinRayFleet(world, model),
    steps: Math.round(CONTROL_DT / options.timestep),
    world,
    close: () => world.free(),
  };
}

/** Nodes of the flow that one number of its picture stands for, along and across. */
const PITCH = 2;

/** Rays that bend and are bent by lattice-Boltzmann flows, one each. @param resolution nodes a length of the ray */
export function latticeFlow(numEnvs: number, resolution: number): Flow {
  const grid = { ...trainingGrid, resolution };
  const rays = new FinRayFlowFleet(numEnvs, { grid });
  const cells = rays.vorticitySize(PITCH);
  const size = cells.map((count) => (count * PITCH) / resolution) as [number, number];
  const whole = { cells, size, middle: [size[0] / 2 - grid.upstream, 0] as const };
  return {
    rays,
    steps: Math.round(CONTROL_DT / rays.timestep),
    world: rays,
    picture: { ...whole, write: (i, vorticity) => void rays.vorticity(i, PITCH, vorticity) },
  };
}
