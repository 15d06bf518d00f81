/** A fluid goes on from a snapshot to the bit. */
import { expect, test } from 'vitest';
import { Fluid, type FluidSettings } from '../../src/flow/fluid.ts';

const size = { columns: 24, rows: 12, viscosity: 0.02 };
const domains: Readonly<Record<string, FluidSettings>> = {
  stream: {
    ...{ ...size, speed: 0.06, inletBuffer: 5, outletBuffer: 6 },
    ...{ left: 'matched', right: 'convective', bottom: 'matched', top: 'matched' },
  },
  channel: {
    ...{ ...size, inflow: (y: number) => 0.0015 * (y - 0.5) * (12.5 - y) },
    ...{ left: 'velocity', right: 'pressure', bottom: 'wall', top: 'wall' },
  },
  box: { ...size, left: 'periodic', right: 'periodic', bottom: 'wall', top: 'wall' },
};

/** Steps under a force that depends on the step. */
function run(fluid: Fluid, from: number, to: number): void {
  for (let step = from; step < to; step++) {
    fluid.addForce(fluid.node(8, 6), 2e-3 * Math.sin(step), 1e-3);
    fluid.advance();
  }
}

function numbers(fluid: Fluid): number[] {
  const values: number[] = [];
  for (let y = 1; y <= fluid.rows; y++) {
    for (let x = 1; x <= fluid.columns; x++) {
      const { density, velocityX, velocityY } = fluid.read(fluid.node(x, y), {
        density: 0,
        velocityX: 0,
        velocityY: 0,
      });
      values.push(density, velocityX, velocityY);
    }
  }
  return values;
}

// Populations move back to where their arrays begin every 64 steps: snapshots before and after that.
test.each(
  Object.entries(domains).flatMap(([name, settings]) => [50, 90].map((at) => [name, at, settings] as const)),
)('%s after %i steps', (_, at, settings) => {
  const straight = new Fluid(settings);
  if (settings.speed) straight.speed = 0.055;
  run(straight, 0, at);
  const snapshot = straight.snapshot();
  run(straight, at, at + 100);
  const other = new Fluid(settings);
  run(other, 0, 17);
  other.restore(snapshot);
  expect(other.speed).toBe(straight.speed);
  run(other, at, at + 100);
  expect(numbers(other)).toEqual(numbers(straight));
});

test('a snapshot of another size is refused', () => {
  const small = new Fluid({ ...domains.stream!, rows: 8 });
  expect(() => new Fluid(domains.stream!).restore(small.snapshot())).toThrow(RangeError);
});

test('loudest tells by how much density is off one, and a number that is lost', () => {
  const fluid = new Fluid(domains.stream!);
  expect(fluid.loudest).toBeLessThan(1e-6);
  fluid.settle((x, y) => ({
    ...{ density: 1 + (x === 24 && y === 12 ? -0.07 : x === 2 ? 0.03 : 0) },
    ...{ velocityX: 0, velocityY: 0 },
  }));
  expect(fluid.loudest).toBeCloseTo(0.07, 6);
  fluid.settle(() => ({ density: Number.NaN, velocityX: 0, velocityY: 0 }));
  expect(fluid.loudest).toBeNaN();
});

test('the speed of a stream is told, and changes what enters', () => {
  const fluid = new Fluid(domains.stream!);
  expect(fluid.speed).toBeCloseTo(0.06, 7);
  fluid.speed = 0.03;
  for (let step = 0; step < 3000; step++) fluid.advance();
  const speeds = numbers(fluid).filter((_, at) => at % 3 === 1);
  expect(Math.max(...speeds.map((speed) => Math.abs(speed - 0.03)))).toBeLessThan(1e-3);
});
