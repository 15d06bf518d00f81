/** Vorticity of a fluid, to be looked at: a coarser field than the fluid's own will do. */
import { ConfigurationError } from '../core/errors.ts';
import type { Fluid, NodeState } from './fluid.ts';

/** Numbers along x and y of a field in which one stands for `pitch` × `pitch` squares between nodes. */
export function vorticitySize({ columns, rows }: Fluid, pitch: number): readonly [x: number, y: number] {
  return [Math.floor((columns - 1) / pitch), Math.floor((rows - 1) / pitch)];
}

/**
 * ∂v/∂x − ∂u/∂y between nodes, in lattice units, row by row from the bottom: the circulation around each square of
 * `pitch` spacings, from the velocities at its corners, over its area. The first square begins at node (1, 1).
 * @param field as long as `vorticitySize` says @returns `field` @throws ConfigurationError where it is not
 */
export function vorticity(fluid: Fluid, pitch: number, field: Float32Array): Float32Array {
  const [across, up] = vorticitySize(fluid, pitch);
  if (field.length !== across * up) {
    throw new ConfigurationError(
      `A field of ${field.length} numbers for the vorticity of a fluid of ${fluid.columns} × ${fluid.rows} nodes in steps of ${pitch}: it needs ${across} × ${up}.`,
    );
  }
  const state: NodeState = { density: 1, velocityX: 0, velocityY: 0 };
  /** Velocities of a row of corners. */
  const read = (row: number, u: Float64Array, v: Float64Array): void => {
    for (let i = 0; i <= across; i++) {
      const { velocityX, velocityY } = fluid.read(fluid.node(1 + i * pitch, 1 + row * pitch), state);
      u[i] = velocityX;
      v[i] = velocityY;
    }
  };
  const corners = (): Float64Array => new Float64Array(across + 1);
  let [u, v, uAbove, vAbove] = [corners(), corners(), corners(), corners()];
  read(0, u, v);
  for (let row = 0; row < up; row++) {
    read(row + 1, uAbove, vAbove);
    for (let i = 0; i < across; i++) {
      const risesRight = v[i + 1]! + vAbove[i + 1]! - v[i]! - vAbove[i]!;
      const runsAbove = uAbove[i]! + uAbove[i + 1]! - u[i]! - u[i + 1]!;
      field[row * across + i] = (risesRight - runsAbove) / (2 * pitch);
    }
    [u, v, uAbove, vAbove] = [uAbove, vAbove, u, v];
  }
  return field;
}
