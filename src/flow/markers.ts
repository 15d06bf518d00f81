/**
 * A body in the fluid as a row of markers that push it (the immersed boundary method). A step is: write positions,
 * `sample`, choose forces (`drive`, or a structure that takes `gains` into its own equations), `spread`, `fluid.advance()`.
 *
 * With A_lm the overlap of the kernels of two markers, forces f move the fluid at marker l within the step by
 * Σ_m A_lm f_m / 2. The gain 2 / Σ_m A_lm counts all of that as if the forces were alike. What is then left of the wanted
 * change never grows, in the sum of squares weighted by the gains, and no part of it turns round.
 */
import { ProprioError } from '../core/errors.ts';
import type { Fluid, NodeState } from './fluid.ts';

/** Nodes within the reach of a kernel, along an axis and in all. */
const REACH = 3;
const REACHED = REACH * REACH;

export class Markers {
  readonly count: number;
  /** Positions `[count]`, written by the caller: about one spacing apart, and two within the boundaries. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Velocity `[count]` of the fluid there, before the forces of this step. */
  readonly fluidX: Float64Array;
  readonly fluidY: Float64Array;
  /** The force `[count]` that a marker puts on the fluid for each unit of velocity that the fluid lacks. */
  readonly gains: Float64Array;
  /** Force `[count]` on the fluid; the body feels the opposite. */
  readonly forceX: Float64Array;
  readonly forceY: Float64Array;
  readonly #fluid: Fluid;
  /** The nodes `[count, 9]` that each marker reaches, and their weights. */
  readonly #nodes: Int32Array;
  readonly #weights: Float64Array;
  /** Sum of all markers' weights at each node, between two samplings zero; and the fluid's velocity where it is not. */
  readonly #cover: Float64Array;
  readonly #velocityX: Float64Array;
  readonly #velocityY: Float64Array;
  readonly #state: NodeState = { density: 1, velocityX: 0, velocityY: 0 };

  constructor(fluid: Fluid, count: number) {
    this.#fluid = fluid;
    this.count = count;
    const perMarker = (): Float64Array => new Float64Array(count);
    this.x = perMarker();
    this.y = perMarker();
    this.fluidX = perMarker();
    this.fluidY = perMarker();
    this.gains = perMarker();
    this.forceX = perMarker();
    this.forceY = perMarker();
    this.#nodes = new Int32Array(count * REACHED);
    this.#weights = new Float64Array(count * REACHED);
    const perNode = (): Float64Array => new Float64Array(fluid.width * (fluid.rows + 2));
    [this.#cover, this.#velocityX, this.#velocityY] = [perNode(), perNode(), perNode()];
  }

  /** From positions: the fluid's velocity and the gains. @throws ProprioError where a marker is too near to a side */
  sample(): void {
    for (let marker = 0; marker < this.count; marker++) this.#place(marker);
    const [nodes, weights, cover] = [this.#nodes, this.#weights, this.#cover];
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at]!;
      // Markers share most of their nodes.
      if (cover[node] === 0) this.#read(node);
      cover[node]! += weights[at]!;
    }
    for (let marker = 0; marker < this.count; marker++) {
      let [x, y, overlaps] = [0, 0, 0];
      for (let at = marker * REACHED; at < (marker + 1) * REACHED; at++) {
        const [node, weight] = [nodes[at]!, weights[at]!];
        x += weight * this.#velocityX[node]!;
        y += weight * this.#velocityY[node]!;
        overlaps += weight * cover[node]!;
      }
      this.fluidX[marker] = x;
      this.fluidY[marker] = y;
      this.gains[marker] = 2 / overlaps;
    }
    for (const node of nodes) cover[node] = 0;
  }

  #read(node: number): void {
    const { velocityX, velocityY } = this.#fluid.read(node, this.#state);
    this.#velocityX[node] = velocityX;
    this.#velocityY[node] = velocityY;
  }

  /** Forces that bring the fluid to the markers' velocities `[count]`. */
  drive(velocityX: ArrayLike<number>, velocityY: ArrayLike<number>): void {
    for (let marker = 0; marker < this.count; marker++) {
      this.forceX[marker] = this.gains[marker]! * (velocityX[marker]! - this.fluidX[marker]!);
      this.forceY[marker] = this.gains[marker]! * (velocityY[marker]! - this.fluidY[marker]!);
    }
  }

  /** Puts the forces on the fluid, for its next step. */
  spread(): void {
    for (let marker = 0; marker < this.count; marker++) {
      const [x, y] = [this.forceX[marker]!, this.forceY[marker]!];
      for (let at = marker * REACHED; at < (marker + 1) * REACHED; at++) {
        this.#fluid.addForce(this.#nodes[at]!, this.#weights[at]! * x, this.#weights[at]! * y);
      }
    }
  }

  #place(marker: number): void {
    const { columns, rows } = this.#fluid;
    const x = this.x[marker]!;
    const y = this.y[marker]!;
    const firstX = Math.round(x) - 1;
    const firstY = Math.round(y) - 1;
    if (!(firstX >= 1 && firstX + 2 <= columns && firstY >= 1 && firstY + 2 <= rows)) {
      throw new ProprioError(
        `Marker ${marker} is at (${x.toFixed(1)}, ${y.toFixed(1)}), which is not within the fluid of ${columns} × ${rows} nodes: the body has moved too far, or the calculation has diverged.`,
      );
    }
    for (let j = 0, at = marker * REACHED; j < REACH; j++) {
      const weightY = kernel(firstY + j - y);
      for (let i = 0; i < REACH; i++, at++) {
        this.#nodes[at] = this.#fluid.node(firstX + i, firstY + j);
        this.#weights[at] = weightY * kernel(firstX + i - x);
      }
    }
  }
}

/** The 3-point kernel of Roma, Peskin and Berger (1999). */
export function kernel(distance: number): number {
  const r = Math.abs(distance);
  if (r < 0.5) return (1 + Math.sqrt(1 - 3 * r * r)) / 3;
  if (r < 1.5) return (5 - 3 * r - Math.sqrt(Math.max(0, 1 - 3 * (1 - r) ** 2))) / 6;
  return 0;
}
