/**
 * The same fluid written from its equations in double precision: two copies of each population, ghosts filled whole, one
 * node after the other. Slow and plain, to compare with.
 */
import type { FluidSettings, NodeState, Side } from '../../src/flow/fluid.ts';

const CX = [0, 1, -1, 0, 0, 1, -1, 1, -1];
const CY = [0, 0, 0, 1, -1, 1, -1, -1, 1];
const W = [4 / 9, 1 / 9, 1 / 9, 1 / 9, 1 / 9, 1 / 36, 1 / 36, 1 / 36, 1 / 36];
const OPPOSITE = [0, 2, 1, 4, 3, 6, 5, 8, 7];
const SOUND_SPEED = Math.sqrt(1 / 3);
const ALL = W.map((_, i) => i);

export class ReferenceFluid {
  readonly #settings: Required<FluidSettings>;
  readonly #width: number;
  /** Populations `[node][9]` that leave the nodes, ghosts included, and those that left a step ago. */
  #leaving: number[][];
  #before: number[][] = [];
  readonly #forces: [number, number][];
  #inletDensities: number[] = [];
  #lateInletDensity = 1;

  constructor(settings: FluidSettings) {
    const speed = settings.speed ?? 0;
    this.#settings = {
      ...{ speed, inflow: () => speed, inletBuffer: 0, outletBuffer: 0, magic: 3 / 16, smagorinsky: 0 },
      ...settings,
    };
    this.#width = settings.columns + 2;
    const nodes = this.#width * (settings.rows + 2);
    this.#leaving = Array.from({ length: nodes }, () => []);
    this.#forces = Array.from({ length: nodes }, () => [0, 0]);
    const { inflow } = this.#settings;
    this.settle((_, y) => ({ density: 1, velocityX: inflow(y), velocityY: 0 }));
  }

  /** What arrives at each node is in equilibrium, so that is what has left its neighbours. */
  settle(state: (x: number, y: number) => NodeState): void {
    const arriving = this.#leaving.map((_, node) => {
      const { density, velocityX, velocityY } = state(node % this.#width, Math.floor(node / this.#width));
      return equilibrium(density, velocityX, velocityY);
    });
    this.#leaving = arriving.map((own, node) =>
      ALL.map((i) => (arriving[node + this.#stride(i)] ?? own)[i]!),
    );
  }

  #stride(i: number): number {
    return CY[i]! * this.#width + CX[i]!;
  }

  addForce(node: number, x: number, y: number): void {
    this.#forces[node]![0] += x;
    this.#forces[node]![1] += y;
  }

  read(node: number): NodeState {
    const arriving = this.#arriving(node);
    const density = arriving.reduce((sum, value) => sum + value);
    const [x, y] = this.#forces[node]!;
    return {
      density,
      velocityX: (arriving.reduce((sum, value, i) => sum + CX[i]! * value, 0) + x / 2) / density,
      velocityY: (arriving.reduce((sum, value, i) => sum + CY[i]! * value, 0) + y / 2) / density,
    };
  }

  #arriving(node: number): number[] {
    return ALL.map((i) => this.#leaving[node - this.#stride(i)]![i]!);
  }

  advance(): void {
    const { columns, rows } = this.#settings;
    const collided = this.#leaving.map((populations) => [...populations]);
    for (let y = 1; y <= rows; y++) {
      for (let x = 1; x <= columns; x++) collided[y * this.#width + x] = this.#collide(x, y);
    }
    this.#before = this.#leaving;
    this.#leaving = collided;
    for (const force of this.#forces) force.fill(0);
    this.#fillGhosts();
  }

  #collide(x: number, y: number): number[] {
    const node = y * this.#width + x;
    const { viscosity, columns, inletBuffer, outletBuffer, magic, smagorinsky } = this.#settings;
    const inlet = inletBuffer ? Math.max(0, 1 - x / inletBuffer) : 0;
    const outlet = outletBuffer ? Math.max(0, 1 - (columns - x) / outletBuffer) : 0;
    const molecularTime = 0.5 + 3 * viscosity * (1 + 19 * Math.max(inlet, outlet) ** 2);
    const { density, velocityX, velocityY } = this.read(node);
    const [forceX, forceY] = this.#forces[node]!;
    const arriving = this.#arriving(node);
    const goal = equilibrium(density, velocityX, velocityY);
    // Hou, Sterling, Chen and Doolen 1996: from the strain that the relaxation of the stress implies.
    const stress = (a: readonly number[], b: readonly number[]): number =>
      ALL.reduce((sum, i) => sum + a[i]! * b[i]! * (arriving[i]! - goal[i]!), 0);
    const norm = Math.sqrt(stress(CX, CX) ** 2 + stress(CY, CY) ** 2 + 2 * stress(CX, CY) ** 2);
    const eddies = (18 * Math.SQRT2 * smagorinsky ** 2 * norm) / density;
    const evenTime = (molecularTime + Math.sqrt(molecularTime ** 2 + eddies)) / 2;
    const oddTime = 0.5 + magic / (evenTime - 0.5);
    const source = ALL.map((i) => {
      const along = CX[i]! * velocityX + CY[i]! * velocityY;
      const push = CX[i]! * forceX + CY[i]! * forceY;
      return W[i]! * (3 * (push - velocityX * forceX - velocityY * forceY) + 9 * along * push);
    });
    const even = (values: readonly number[], i: number): number => (values[i]! + values[OPPOSITE[i]!]!) / 2;
    const odd = (values: readonly number[], i: number): number => (values[i]! - values[OPPOSITE[i]!]!) / 2;
    return ALL.map(
      (i) =>
        arriving[i]! -
        (even(arriving, i) - even(goal, i)) / evenTime -
        (odd(arriving, i) - odd(goal, i)) / oddTime +
        (1 - 0.5 / evenTime) * even(source, i) +
        (1 - 0.5 / oddTime) * odd(source, i),
    );
  }

  #fillGhosts(): void {
    const { columns, rows, left, right, bottom, top } = this.#settings;
    for (let y = 0; y <= rows + 1; y++) {
      const inner = Math.min(rows, Math.max(1, y));
      this.#fillGhost(left, [0, y], [1, inner], [-1, 0], columns);
      this.#fillGhost(right, [columns + 1, y], [columns, inner], [1, 0], columns);
    }
    if (left === 'velocity') {
      const mean = this.#inletDensities.reduce((sum, value) => sum + value) / (rows + 2);
      this.#lateInletDensity += (mean - this.#lateInletDensity) / (4 * columns);
      this.#inletDensities = [];
    }
    for (let x = 0; x <= columns + 1; x++) {
      const corner = x === 0 || x === columns + 1;
      if (!corner || closed(bottom)) this.#fillGhost(bottom, [x, 0], [x, 1], [0, -1], rows);
      if (!corner || closed(top)) this.#fillGhost(top, [x, rows + 1], [x, rows], [0, 1], rows);
    }
  }

  #fillGhost(
    side: Side,
    [x, y]: readonly [number, number],
    [innerX, innerY]: readonly [number, number],
    [outX, outY]: readonly [number, number],
    period: number,
  ): void {
    const { speed, inflow } = this.#settings;
    const at = (column: number, row: number): number[] | undefined =>
      this.#leaving[row * this.#width + column];
    const ghost = y * this.#width + x;
    const inner = at(innerX, innerY)!;
    const density = inner.reduce((sum, value) => sum + value);
    const outside = outX === -1 ? inflow(y) : speed;
    if (side === 'velocity') this.#inletDensities.push(density);
    const yielding = SOUND_SPEED * (density - (side === 'matched' ? 1 : this.#lateInletDensity));
    const velocityX = inner.reduce((sum, value, i) => sum + CX[i]! * value, 0) / density;
    const velocityY = inner.reduce((sum, value, i) => sum + CY[i]! * value, 0) / density;
    const fill: Record<Side, () => number[]> = {
      wall: () => ALL.map((i) => at(x + CX[i]!, y + CY[i]!)?.[OPPOSITE[i]!] ?? 0),
      periodic: () => at(x - outX * period, y - outY * period)!,
      matched: () => equilibrium(density, outside + outX * yielding, outY * yielding),
      velocity: () => equilibrium(density, outside + outX * yielding, 0),
      convective: () => ALL.map((i) => (this.#before[ghost]![i]! + speed * inner[i]!) / (1 + speed)),
      pressure: () => {
        const own = equilibrium(density, velocityX, velocityY);
        return equilibrium(1, velocityX, velocityY).map((value, i) => value + inner[i]! - own[i]!);
      },
    };
    this.#leaving[ghost] = [...fill[side]()];
  }
}

/** Sides that fill the corners, over what the columns put there. */
const closed = (side: Side): boolean => side === 'wall' || side === 'periodic';

export function equilibrium(density: number, velocityX: number, velocityY: number): number[] {
  return ALL.map((i) => {
    const along = CX[i]! * velocityX + CY[i]! * velocityY;
    return W[i]! * density * (1 + 3 * along + 4.5 * along ** 2 - 1.5 * (velocityX ** 2 + velocityY ** 2));
  });
}
