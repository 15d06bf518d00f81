/** Markers move the fluid by what the overlap of their kernels says. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProprioError } from '../../src/core/errors.ts';
import { Fluid } from '../../src/flow/fluid.ts';
import { kernel, Markers } from '../../src/flow/markers.ts';

const SPEED = 0.06;
const newFluid = (): Fluid =>
  new Fluid({
    ...{ columns: 32, rows: 24, viscosity: 0.01, speed: SPEED },
    ...{ left: 'matched', right: 'convective', bottom: 'matched', top: 'matched' },
  });

/** Σ over nodes of the product of two markers' kernels. */
function overlap(markers: Markers, l: number, m: number): number {
  let sum = 0;
  for (let y = 1; y <= 24; y++) {
    for (let x = 1; x <= 32; x++) {
      const weight = (n: number): number => kernel(x - markers.x[n]!) * kernel(y - markers.y[n]!);
      sum += weight(l) * weight(m);
    }
  }
  return sum;
}

const positions = fc.array(
  fc.record({
    x: fc.double({ min: 4, max: 29, noNaN: true }),
    y: fc.double({ min: 4, max: 21, noNaN: true }),
  }),
  { minLength: 1, maxLength: 8 },
);

function placed(fluid: Fluid, at: readonly { readonly x: number; readonly y: number }[]): Markers {
  const markers = new Markers(fluid, at.length);
  markers.x.set(at.map(({ x }) => x));
  markers.y.set(at.map(({ y }) => y));
  return markers;
}

describe('the kernel', () => {
  test('sums to one over the nodes, has its centre at the marker, and its squares sum to a half', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.5, max: 0.5, noNaN: true }), (offset) => {
        const nodes = [-2, -1, 0, 1, 2];
        const weights = nodes.map((node) => kernel(node - offset));
        const sum = (of: (weight: number, i: number) => number): number =>
          weights.reduce((all, weight, i) => all + of(weight, i), 0);
        expect(sum((weight) => weight)).toBeCloseTo(1, 12);
        expect(sum((weight, i) => weight * nodes[i]!)).toBeCloseTo(offset, 12);
        expect(sum((weight) => weight * weight)).toBeCloseTo(0.5, 12);
      }),
    );
  });
});

describe('markers', () => {
  test('read the stream, and their gains are two over the sums of overlaps', () => {
    fc.assert(
      fc.property(positions, (at) => {
        const markers = placed(newFluid(), at);
        // Twice, to see that nothing of the first is left in the second.
        for (let pass = 0; pass < 2; pass++) markers.sample();
        for (let l = 0; l < markers.count; l++) {
          expect(markers.fluidX[l]).toBeCloseTo(SPEED, 6);
          expect(markers.fluidY[l]).toBeCloseTo(0, 6);
          const sum = at.reduce((all, _, m) => all + overlap(markers, l, m), 0);
          expect(markers.gains[l]).toBeCloseTo(2 / sum, 9);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('forces move the fluid at marker l by the sum over m of their overlap times half the force', () => {
    fc.assert(
      fc.property(
        positions,
        fc.infiniteStream(fc.double({ min: -1e-2, max: 1e-2, noNaN: true })),
        (at, force) => {
          const markers = placed(newFluid(), at);
          markers.sample();
          for (let l = 0; l < markers.count; l++) {
            markers.forceX[l] = force.next().value;
            markers.forceY[l] = force.next().value;
          }
          markers.spread();
          const [beforeX, beforeY] = [markers.fluidX.slice(), markers.fluidY.slice()];
          markers.sample();
          for (let l = 0; l < markers.count; l++) {
            const moved = (forces: Float64Array): number =>
              forces.reduce((all, value, m) => all + (overlap(markers, l, m) * value) / 2, 0);
            expect(markers.fluidX[l]! - beforeX[l]!).toBeCloseTo(moved(markers.forceX), 7);
            expect(markers.fluidY[l]! - beforeY[l]!).toBeCloseTo(moved(markers.forceY), 7);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  test('driven, a closed ring brings the fluid to its velocity', () => {
    const ring = Array.from({ length: 38 }, (_, i) => ({
      x: 16 + 6 * Math.cos((2 * Math.PI * i) / 38),
      y: 12 + 6 * Math.sin((2 * Math.PI * i) / 38),
    }));
    const markers = placed(newFluid(), ring);
    const wanted = new Float64Array(markers.count).fill(-0.02);
    markers.sample();
    markers.drive(wanted, new Float64Array(markers.count));
    markers.spread();
    markers.sample();
    for (const velocity of markers.fluidX) expect((velocity - SPEED) / (-0.02 - SPEED)).toBeCloseTo(1, 1);
  });

  test('driven, what is left of the change never grows nor turns round, weighted by the gains', () => {
    fc.assert(
      fc.property(
        positions,
        fc.infiniteStream(fc.double({ min: -0.1, max: 0.1, noNaN: true })),
        (at, speed) => {
          const markers = placed(newFluid(), at);
          const wanted = Float64Array.from(at, () => speed.next().value);
          const missing = (): number[] => [...markers.fluidX].map((velocity, i) => wanted[i]! - velocity);
          const product = (a: readonly number[], b: readonly number[]): number =>
            a.reduce((sum, value, i) => sum + markers.gains[i]! * value * b[i]!, 0);
          markers.sample();
          const before = missing();
          markers.drive(wanted, new Float64Array(markers.count));
          markers.spread();
          markers.sample();
          const after = missing();
          expect(product(after, after)).toBeLessThanOrEqual(product(before, before) + 1e-7);
          expect(product(after, before)).toBeGreaterThanOrEqual(-1e-7);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('their forces are what the momentum of the fluid changes by', () => {
    const sides = { left: 'periodic', right: 'periodic', bottom: 'periodic', top: 'periodic' } as const;
    const fluid = new Fluid({ ...sides, columns: 32, rows: 24, viscosity: 0.02, speed: SPEED });
    const momentum = (): number => {
      const state = { density: 0, velocityX: 0, velocityY: 0 };
      let sum = 0;
      for (let y = 1; y <= 24; y++) {
        for (let x = 1; x <= 32; x++) {
          const { density, velocityX } = fluid.read(fluid.node(x, y), state);
          sum += density * velocityX;
        }
      }
      return sum;
    };
    const markers = placed(
      fluid,
      [5, 6, 7, 8, 9].map((y) => ({ x: 12.2, y: y + 0.3 })),
    );
    const still = new Float64Array(markers.count);
    const before = momentum();
    let push = 0;
    for (let step = 0; step < 200; step++) {
      markers.sample();
      markers.drive(still, still);
      markers.spread();
      fluid.advance();
      push += markers.forceX.reduce((sum, force) => sum + force);
    }
    expect(push).toBeLessThan(-1);
    expect(momentum() - before).toBeCloseTo(push, 3);
  });

  test.each([
    [1.2, 12],
    [16, 24],
    [Number.NaN, 12],
  ])('one at (%f, %f) is refused', (x, y) => {
    const markers = placed(newFluid(), [{ x, y }]);
    expect(() => markers.sample()).toThrow(ProprioError);
    expect(() => markers.sample()).toThrow(/Marker 0.*not within the fluid of 32 × 24/);
  });
});
