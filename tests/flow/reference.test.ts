/** The compiled fluid calculates what its equations say. */
import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import { Fluid, type FluidSettings, type NodeState } from '../../src/flow/fluid.ts';
import { ReferenceFluid } from './reference.ts';

const size = { columns: 20, rows: 13, viscosity: 0.02 };
const domains: Readonly<Record<string, FluidSettings>> = {
  'open stream with buffers, over a wall': {
    ...size,
    ...{ left: 'matched', right: 'convective', bottom: 'wall', top: 'matched' },
    ...{ speed: 0.08, inletBuffer: 5, outletBuffer: 8, magic: 1 / 4 },
  },
  channel: {
    ...size,
    ...{ left: 'velocity', right: 'pressure', bottom: 'wall', top: 'wall' },
    ...{ inflow: (y) => 0.0015 * (y - 0.5) * (13.5 - y), inletBuffer: 4 },
  },
  'matched all round': { ...size, left: 'matched', right: 'matched', bottom: 'matched', top: 'matched' },
  'periodic both ways': { ...size, left: 'periodic', right: 'periodic', bottom: 'periodic', top: 'periodic' },
  'with eddies': {
    ...{ ...size, viscosity: 0.005, smagorinsky: 0.2, magic: 1 / 12, inletBuffer: 4 },
    ...{ left: 'matched', right: 'convective', bottom: 'wall', top: 'wall', speed: 0.05 },
  },
  'row of bodies': {
    ...size,
    ...{ left: 'matched', right: 'convective', bottom: 'periodic', top: 'periodic', speed: 0.05 },
  },
  'closed box': { ...size, left: 'wall', right: 'wall', bottom: 'wall', top: 'wall' },
};
/** More than 64, after which populations are moved back to where their arrays begin. */
const STEPS = 70;

describe.each(Object.entries(domains))('%s', (_, settings) => {
  test(`density and velocity are those of the reference for ${STEPS} steps`, () => {
    const fluid = new Fluid(settings);
    const reference = new ReferenceFluid(settings);
    const start = swirl(settings);
    fluid.settle(start);
    reference.settle(start);
    const rng = createRng(5);
    const { columns, rows } = settings;
    const state: NodeState = { density: 0, velocityX: 0, velocityY: 0 };
    let worst = 0;
    let fastest = 0;
    for (let step = 0; step < STEPS; step++) {
      for (let n = 0; n < 6; n++) {
        const node = fluid.node(1 + rng.integer(columns), 4 + rng.integer(rows - 6));
        const [x, y] = [rng.uniform(-2e-3, 2e-3), rng.uniform(-2e-3, 2e-3)];
        fluid.addForce(node, x, y);
        reference.addForce(node, x, y);
      }
      fluid.advance();
      reference.advance();
      for (let y = 1; y <= rows; y++) {
        for (let x = 1; x <= columns; x++) {
          const node = fluid.node(x, y);
          const { density, velocityX, velocityY } = reference.read(node);
          fluid.read(node, state);
          worst = Math.max(worst, Math.abs(state.density - density));
          worst = Math.max(
            worst,
            Math.abs(state.velocityX - velocityX),
            Math.abs(state.velocityY - velocityY),
          );
          fastest = Math.max(fastest, Math.hypot(velocityX, velocityY));
        }
      }
    }
    expect(fastest).toBeGreaterThan(0.02);
    // Populations are below 0.03 from their weights, where neighbouring floats are 2e-9 apart.
    expect(worst).toBeLessThan(5e-7);
  });
});

/** The undisturbed state, and a swirl with a lump of density left of the middle. */
function swirl({ columns, rows, speed = 0, inflow = () => speed }: FluidSettings) {
  return (x: number, y: number): NodeState => {
    const [dx, dy] = [x - columns / 3, y - rows / 2];
    const shape = 0.02 * Math.max(0, 1 - (dx * dx + dy * dy) / 30);
    return { density: 1 + shape, velocityX: inflow(y) - shape * dy, velocityY: shape * dx };
  };
}
