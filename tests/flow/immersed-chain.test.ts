/** Chain and fluid move each other as momentum and energy say, whatever the chain weighs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/core/errors.ts';
import { type BaseState, beamStiffness } from '../../src/flow/elastic-chain.ts';
import { Fluid, type FluidSettings } from '../../src/flow/fluid.ts';
import { ImmersedChain, type ImmersedChainSettings } from '../../src/flow/immersed-chain.ts';
import { angularMomentum, chainEnergy, fluidEnergy } from '../support/immersed-chains.ts';

const box: FluidSettings = {
  ...{ columns: 48, rows: 40, viscosity: 0.02 },
  ...{ left: 'wall', right: 'wall', bottom: 'wall', top: 'wall' },
};
const stream: FluidSettings = {
  ...{ columns: 64, rows: 48, viscosity: 0.01, speed: 0.05, inletBuffer: 12, outletBuffer: 12 },
  ...{ left: 'matched', right: 'convective', bottom: 'matched', top: 'matched' },
};
const base: BaseState = { x: 16.3, y: 20.6, angle: 0, velocityX: 0, velocityY: 0, rate: 0 };
const beam: ImmersedChainSettings = {
  ...{ length: 16, mass: 1.6, stiffness: beamStiffness(20, 16, 4), damping: 0.5, markersPerLink: 4 },
};
const bent = [0.1, 0.1, 0.05, 0.05];

function immersed(flow: FluidSettings, settings: ImmersedChainSettings, bend: readonly number[] = bent) {
  const fluid = new Fluid(flow);
  const body = new ImmersedChain(fluid, settings);
  body.chain.place(base, bend);
  const step = (): void => {
    body.advance(base);
    fluid.advance();
  };
  return { fluid, body, chain: body.chain, step };
}

describe('momentum', () => {
  test('a chain on a pin gets the moment that the fluid loses', () => {
    const settings = { ...beam, mass: 4, stiffness: [0, 3, 3, 3] };
    const { body, chain, step } = immersed(stream, settings);
    let [moments, largest, worst] = [0, 0, 0];
    for (let i = 0; i < 400; i++) {
      step();
      moments -= body.push.moment;
      largest = Math.max(largest, Math.abs(moments));
      worst = Math.max(worst, Math.abs(angularMomentum(chain, settings) - moments));
    }
    expect(largest).toBeGreaterThan(1);
    expect(worst).toBeLessThan(0.01 * largest);
  });

  test('the push told is the sum over the markers, and its power that of their velocities', () => {
    const { body, step } = immersed(stream, beam);
    for (let i = 0; i < 50; i++) step();
    const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0);
    expect(body.push.forceX).toBeCloseTo(sum(body.markers.forceX), 12);
    expect(body.push.forceY).toBeCloseTo(sum(body.markers.forceY), 12);
    const before = [body.markers.x.slice(), body.markers.y.slice()] as const;
    body.advance(base);
    const { forceX, forceY, x, y } = body.markers;
    // Markers have just been moved on by about one step.
    const told = body.push.power;
    const power = forceX.reduce(
      (all, force, m) => all + force * (x[m]! - before[0][m]!) + forceY[m]! * (y[m]! - before[1][m]!),
      0,
    );
    expect(told / power).toBeCloseTo(1, 1);
  });
});

describe('energy', () => {
  test.each([0.1, 1.6, 40])('of a chain of mass %f and the still fluid around it never grows', (mass) => {
    const settings = { ...beam, mass };
    const { fluid, chain, step } = immersed(box, settings);
    const start = chainEnergy(chain, settings);
    for (let i = 0, before = start; i < 60; i++) {
      for (let k = 0; k < 10; k++) step();
      const now = chainEnergy(chain, settings) + fluidEnergy(fluid);
      expect(now).toBeLessThan(before + 2e-3 * start);
      before = now;
    }
    expect(chainEnergy(chain, settings) + fluidEnergy(fluid)).toBeLessThan(0.9 * start);
  });
});

test('a chain far heavier than the fluid swings as in a vacuum', () => {
  const [mass, links] = [1600, 4];
  const rigidity = 2e5;
  const settings = { ...beam, mass, stiffness: beamStiffness(rigidity, 16, links), damping: 0 };
  const { chain, step } = immersed(box, settings, [0.01, 0.008, 0.006, 0.004]);
  const zeros: number[] = [];
  for (let i = 0, before = 1; zeros.length < 5; i++) {
    step();
    const now = chain.tip[1] - base.y;
    if (before * now < 0) zeros.push(i + before / (before - now));
    before = now;
  }
  const frequency = 2 / (zeros[4]! - zeros[0]!);
  // Four links swing 3 % below a beam; the added mass of the fluid, 0.566 of a length's, is 0.6 % of the chain's.
  const beamFrequency = (1.8751 ** 2 / (2 * Math.PI)) * Math.sqrt(rigidity / (mass * 16 ** 4));
  expect(frequency / beamFrequency).toBeGreaterThan(0.96);
  expect(frequency / beamFrequency).toBeLessThan(0.99);
});

test('chains of any mass and stiffness stay within the stream', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1.5, max: 1.5, noNaN: true }),
      fc.double({ min: -0.5, max: 3, noNaN: true }),
      (mass, rigidity) => {
        const settings = { ...beam, mass: 10 ** mass, stiffness: beamStiffness(10 ** rigidity, 16, 4) };
        const { chain, fluid, step } = immersed(stream, settings);
        for (let i = 0; i < 300; i++) step();
        expect(Math.abs(chain.tip[1] - base.y)).toBeLessThan(12);
        expect(fluid.loudest).toBeLessThan(0.1);
      },
    ),
    { numRuns: 8 },
  );
});

describe('markers', () => {
  test('lie in the middle of equal parts of the links, in lines', () => {
    const { body } = immersed(box, { ...beam, lines: [-1.5, 1.5] }, [Math.PI / 2, 0, 0, 0]);
    body.advance(base);
    // Upright, so that the left line is at smaller x.
    for (let m = 0; m < 16; m++) {
      expect(body.markers.x[2 * m]).toBeCloseTo(base.x + 1.5, 9);
      expect(body.markers.x[2 * m + 1]).toBeCloseTo(base.x - 1.5, 9);
      expect(body.markers.y[2 * m]).toBeCloseTo(base.y + m + 0.5, 9);
    }
  });

  test('are left out near to another body', () => {
    expect(immersed(box, { ...beam, clearance: 2.2 }).body.markers.count).toBe(14);
  });

  test('of an open tip do not push along it', () => {
    const { body, chain, step } = immersed(stream, { ...beam, openTip: 2 });
    for (let i = 0; i < 30; i++) step();
    const angle = chain.angle.at(-1)!;
    body.advance(base);
    const along = (m: number): number =>
      body.markers.forceX[m]! * Math.cos(angle) + body.markers.forceY[m]! * Math.sin(angle);
    expect(Math.abs(along(15))).toBeLessThan(1e-12);
    expect(Math.abs(along(14))).toBeLessThan(1e-12);
    expect(Math.abs(along(13))).toBeGreaterThan(1e-5);
    expect(Math.abs(body.markers.forceY[15]!)).toBeGreaterThan(1e-6);
  });

  test('must be a whole number on a link', () => {
    const create = () => immersed(box, { ...beam, markersPerLink: 2.5 });
    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow('2.5 markers on each link');
  });
});

test('the same chain in the same fluid moves the same, to the bit', () => {
  const run = (): number[] => {
    const { chain, step } = immersed(stream, beam);
    for (let i = 0; i < 100; i++) step();
    return [...chain.angle, ...chain.rate];
  };
  expect(run()).toEqual(run());
});
