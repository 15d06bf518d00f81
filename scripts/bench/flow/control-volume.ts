/** The force that acts on the fluid within a box, from the momentum of the fluid alone. */
import type { Fluid, NodeState } from '../../../src/flow/fluid.ts';

/** Nodes at its corners. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** Force along x: what leaves with the flow, pressure and viscous stress on the sides, and what the momentum inside gains. */
export class ControlVolume {
  readonly #fluid: Fluid;
  readonly #box: Box;
  readonly #state: NodeState = { density: 1, velocityX: 0, velocityY: 0 };
  readonly #before: number;
  #leaving = 0;
  #steps = 0;

  constructor(fluid: Fluid, box: Box) {
    this.#fluid = fluid;
    this.#box = box;
    this.#before = this.#momentum();
  }

  /** After each step. */
  add(): void {
    const { left, right, bottom, top } = this.#box;
    for (let y = bottom; y <= top; y++) {
      const part = y === bottom || y === top ? 0.5 : 1;
      this.#leaving += part * (this.#flux(right, y, 1, 0) - this.#flux(left, y, 1, 0));
    }
    for (let x = left; x <= right; x++) {
      const part = x === left || x === right ? 0.5 : 1;
      this.#leaving += part * (this.#flux(x, top, 0, 1) - this.#flux(x, bottom, 0, 1));
    }
    this.#steps++;
  }

  /** Mean over the steps added. */
  get force(): number {
    return (this.#leaving + this.#momentum() - this.#before) / this.#steps;
  }

  /** Of momentum along x, through a side whose normal is along x or along y. */
  #flux(x: number, y: number, normalX: number, normalY: number): number {
    const { density, velocityX, velocityY } = this.#read(x, y);
    const carried = density * velocityX * (normalX * velocityX + normalY * velocityY);
    const pressure = (normalX * (density - 1)) / 3;
    const slope = (of: 'velocityX' | 'velocityY', dx: number, dy: number): number =>
      (this.#read(x + dx, y + dy)[of] - this.#read(x - dx, y - dy)[of]) / 2;
    const strain =
      normalX === 1 ? 2 * slope('velocityX', 1, 0) : slope('velocityX', 0, 1) + slope('velocityY', 1, 0);
    return carried + pressure - density * this.#fluid.viscosity * strain;
  }

  #momentum(): number {
    const { left, right, bottom, top } = this.#box;
    let sum = 0;
    for (let y = bottom; y <= top; y++) {
      for (let x = left; x <= right; x++) {
        const part = (y === bottom || y === top ? 0.5 : 1) * (x === left || x === right ? 0.5 : 1);
        const { density, velocityX } = this.#read(x, y);
        sum += part * density * velocityX;
      }
    }
    return sum;
  }

  #read(x: number, y: number): NodeState {
    return this.#fluid.read(this.#fluid.node(x, y), this.#state);
  }
}
