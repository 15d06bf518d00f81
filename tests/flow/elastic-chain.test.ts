/** The chain alone is a beam, a pendulum, and what its joints are told to be. */
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/core/errors.ts';
import { type BaseState, beamStiffness, ElasticChain } from '../../src/flow/elastic-chain.ts';
import { chainEnergy } from '../support/immersed-chains.ts';

const held: BaseState = { x: 0, y: 0, angle: 0, velocityX: 0, velocityY: 0, rate: 0 };

/** Steps from one fall through zero to the next. */
function period(signal: () => number, step: () => void): number {
  const falls: number[] = [];
  for (let at = 0, before = signal(); falls.length < 3; at++) {
    step();
    const now = signal();
    if (before > 0 && now <= 0) falls.push(at + before / (before - now));
    before = now;
  }
  return (falls[2]! - falls[0]!) / 2;
}

describe('in a vacuum', () => {
  test.each([
    [6, 0.987],
    [10, 0.995],
    [20, 0.999],
  ])('a beam of %i links swings at %f of its first frequency', (links, ratio) => {
    const [length, mass, rigidity] = [20, 2, 400];
    const chain = new ElasticChain({ length, mass, stiffness: beamStiffness(rigidity, length, links) });
    // Bent as by a couple, of which the first mode is nearly all.
    chain.place(held, new Float64Array(links).fill(0.01 / links));
    const theory = 1.8751 ** 2 * Math.sqrt(rigidity / (mass * length ** 4));
    const measured =
      (2 * Math.PI) /
      period(
        () => chain.tip[1],
        () => chain.advance(held),
      );
    expect(Math.abs(measured / theory / ratio - 1)).toBeLessThan(0.01);
  });

  test('one link on a pin is a pendulum', () => {
    const [length, gravity] = [12, 1e-3];
    const chain = new ElasticChain({ length, mass: 3, stiffness: [0], gravity: [gravity, 0] });
    chain.place(held, [0.02]);
    const steps = period(
      () => chain.angle[0]!,
      () => chain.advance(held),
    );
    expect(steps / (2 * Math.PI * Math.sqrt((2 * length) / (3 * gravity)))).toBeCloseTo(1, 3);
  });

  test('energy stays without damping and falls with it', () => {
    const run = (damping: number): [before: number, after: number] => {
      const settings = { length: 20, mass: 2, stiffness: beamStiffness(400, 20, 6), damping };
      const chain = new ElasticChain(settings);
      // So little that the lever of no link changes much.
      chain.place(held, [5e-3, 4e-3, 3e-3, 2e-3, 0, 0]);
      const before = chainEnergy(chain, settings);
      for (let step = 0; step < 500; step++) chain.advance(held);
      return [before, chainEnergy(chain, settings)];
    };
    const [before, after] = run(0);
    expect(Math.abs(after / before - 1)).toBeLessThan(1e-3);
    const [excited, damped] = run(2);
    expect(damped / excited).toBeLessThan(0.95);
  });

  test('a driven base takes a stiff chain along, and a moving rest angle bends it', () => {
    const links = 4;
    const chain = new ElasticChain({
      ...{ length: 16, mass: 1, stiffness: beamStiffness(1e5, 16, links), damping: 20 },
    });
    chain.place(held);
    const [heaveRate, rate, bendRate] = [0.01, 1e-4, 2e-4];
    const steps = 1000;
    for (let step = 1; step <= steps; step++) {
      for (let joint = 0; joint < links; joint++) {
        chain.restAngle[joint] = bendRate * step * joint;
        chain.restRate[joint] = bendRate * joint;
      }
      const moved = { y: heaveRate * step, angle: rate * step, velocityY: heaveRate, rate };
      chain.advance({ ...held, ...moved });
    }
    let angle = rate * steps;
    for (let link = 0; link < links; link++) {
      angle += bendRate * steps * link;
      expect(chain.angle[link]).toBeCloseTo(angle, 2);
    }
    expect(chain.tip[1]).toBeGreaterThan(heaveRate * steps);
  });
});

test.each([
  ['A chain without joints', { length: 10, mass: 1, stiffness: [] }],
  ['length 0 and mass 1', { length: 0, mass: 1, stiffness: [1] }],
  ['length 10 and mass NaN', { length: 10, mass: Number.NaN, stiffness: [1] }],
])('%s is refused', (message, settings) => {
  expect(() => new ElasticChain(settings)).toThrow(ConfigurationError);
  expect(() => new ElasticChain(settings)).toThrow(message);
});
