/** Clocks compared by four stamps: by hand, and whatever the way there and back is like. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClockEstimate } from '../../../src/bridge/robot/clock.ts';

test('ways of the same length tell the offset exactly', () => {
  const clock = new ClockEstimate();
  expect([clock.offset, clock.delay, clock.delays]).toEqual([undefined, undefined, []]);
  // The other clock is 100 s ahead; 20 ms there, 5 ms at the other side, 20 ms back.
  clock.add({ t0: 1, t1: 101.02, t2: 101.025, t3: 1.045 });
  expect(clock.offset).toBeCloseTo(100, 12);
  expect(clock.delay).toBeCloseTo(0.04, 12);
});

test('of the last sixteen exchanges the quickest counts, and is off by half of its time at most', () => {
  const way = fc.double({ min: 0, max: 0.5, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(way, way), { minLength: 1, maxLength: 40 }),
      fc.double({ min: -1e4, max: 1e4, noNaN: true }),
      (ways, offset) => {
        const clock = new ClockEstimate();
        ways.forEach(([there, back], i) => {
          const t1 = i + there + offset;
          clock.add({ t0: i, t1, t2: t1 + 0.001, t3: i + there + 0.001 + back });
        });
        const least = Math.min(...ways.slice(-16).map(([there, back]) => there + back));
        expect(clock.delay).toBeCloseTo(least, 6);
        expect(Math.abs(clock.offset! - offset)).toBeLessThanOrEqual(least / 2 + 1e-6);
        expect(clock.delays.length).toBe(Math.min(16, ways.length));
        expect(clock.delays).toEqual([...clock.delays].sort((a, b) => a - b));
      },
    ),
  );
});

test('an answer that comes before it was asked for is none', () => {
  const clock = new ClockEstimate();
  clock.add({ t0: 2, t1: 5, t2: 5, t3: 1 });
  clock.add({ t0: 2, t1: Number.NaN, t2: 5, t3: 3 });
  expect(clock.offset).toBeUndefined();
});
