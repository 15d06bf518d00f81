/** Limits of commands: by hand, and as properties of any sequence of commands. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  brake,
  brakingTime,
  type ComponentLimit,
  isAtRest,
  limitCommand,
  limitStep,
  type Setpoint,
} from '../../../src/bridge/robot/limits.ts';

const within = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
const limit: fc.Arbitrary<ComponentLimit> = fc.record(
  {
    low: within(-3, 0),
    high: within(0.01, 3),
    speed: within(0.05, 10),
    acceleration: within(0.1, 100),
  },
  { requiredKeys: ['low', 'high'] },
);
const rate = fc.constantFrom(0.005, 0.01, 0.02, 0.04);

/** All setpoints on the way. */
function follow(limit: ComponentLimit, targets: readonly number[], dt: number, from = 0): Setpoint[] {
  let last: Setpoint = { value: Math.max(limit.low, Math.min(limit.high, from)), speed: 0 };
  return targets.map((target) => {
    last = limitStep(last, target, limit, dt);
    return last;
  });
}

describe('one component', () => {
  test('goes where it is told where that is allowed', () => {
    expect(limitStep({ value: 0.2, speed: 0 }, 0.3, { low: -1, high: 1 }, 0.1).value).toBeCloseTo(0.3, 12);
  });

  test('is held to bounds and speed', () => {
    const limit = { low: -1, high: 1, speed: 2 };
    expect(follow(limit, [5, 5, 5, 5, 5, 5], 0.1).map(({ value }) => +value.toFixed(9))).toEqual([
      0.2, 0.4, 0.6, 0.8, 1, 1,
    ]);
    expect(follow({ low: -1, high: 1 }, [-7], 0.1)[0]!.value).toBe(-1);
  });

  test('takes up speed and brakes by its acceleration, and stops at the bound without going past it', () => {
    // 1/s² in steps of 0.1 s: 0.1, 0.2, 0.3 and as many steps back make 0.09; there is room for 0.09.
    const path = follow({ low: 0, high: 0.09, acceleration: 1 }, Array(8).fill(1), 0.1);
    expect(path.map(({ speed }) => +speed.toFixed(9))).toEqual([0.1, 0.2, 0.3, 0.2, 0.1, 0, 0, 0]);
    expect(path.at(-1)!.value).toBeCloseTo(0.09, 12);
  });

  test('does not swing past what it is told', () => {
    fc.assert(
      fc.property(limit, rate, within(-3, 3), (limit, dt, wanted) => {
        const target = Math.max(limit.low, Math.min(limit.high, wanted));
        const path = follow(limit, Array(400).fill(target), dt);
        const beyond = path.map(({ value }) => (value - target) * Math.sign(target));
        expect(Math.max(...beyond)).toBeLessThan(1e-9);
      }),
    );
  });

  test('comes to what it is told', () => {
    fc.assert(
      fc.property(within(-1, 1), within(0.5, 5), within(2, 50), (target, speed, acceleration) => {
        const path = follow({ low: -1, high: 1, speed, acceleration }, Array(1_000).fill(target), 0.01);
        expect(path.at(-1)!.value).toBeCloseTo(target, 6);
      }),
    );
  });

  test('never breaks a limit, whatever it is told', () => {
    fc.assert(
      fc.property(limit, rate, fc.array(within(-1e6, 1e6), { maxLength: 200 }), (limit, dt, targets) => {
        const { low, high, speed = Infinity, acceleration = Infinity } = limit;
        let last: Setpoint = { value: Math.max(low, Math.min(high, 0)), speed: 0 };
        for (const target of targets) {
          const next = limitStep(last, target, limit, dt);
          expect(next.value).toBeGreaterThanOrEqual(low);
          expect(next.value).toBeLessThanOrEqual(high);
          const moved = Math.abs(next.value - last.value);
          expect(moved).toBeLessThanOrEqual(speed * dt * (1 + 1e-9));
          const change = Math.abs(next.speed - last.speed);
          expect(change).toBeLessThanOrEqual(acceleration * dt * (1 + 1e-6) + 1e-9);
          last = next;
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('braking', () => {
  test('brings everything to rest within the declared time, within its limits', () => {
    const bounded = limit.map((each) => ({ speed: 1, ...each, acceleration: 2 + (each.acceleration ?? 0) }));
    fc.assert(
      fc.property(
        fc.array(bounded, { minLength: 1, maxLength: 4 }),
        rate,
        fc.array(within(-1e3, 1e3), { minLength: 1, maxLength: 60 }),
        (limits, dt, targets) => {
          let last: readonly Setpoint[] = limits.map(({ low, high }) => ({
            value: Math.max(low, Math.min(high, 0)),
            speed: 0,
          }));
          for (const target of targets)
            last = limitCommand(
              last,
              limits.map(() => target),
              limits,
              dt,
            ).setpoints;
          for (let time = 0; time < brakingTime(limits, dt) - dt / 2; time += dt) {
            const next = brake(last, limits, dt);
            next.forEach(({ value, speed }, i) => {
              const { low, high, acceleration = Infinity } = limits[i]!;
              expect(value).toBeGreaterThanOrEqual(low);
              expect(value).toBeLessThanOrEqual(high);
              expect(Math.abs(speed - last[i]!.speed)).toBeLessThanOrEqual(acceleration * dt * (1 + 1e-9));
            });
            last = next;
          }
          expect(isAtRest(last)).toBe(true);
        },
      ),
    );
  });
});

test('components that are asked for too much are told', () => {
  const limits = [
    { low: -1, high: 1 },
    { low: 0, high: 2 },
    { low: -1, high: 1 },
  ];
  const last = limits.map(() => ({ value: 0, speed: 0 }));
  expect(limitCommand(last, [1, -0.1, 3], limits, 0.1).clipped).toEqual([1, 2]);
});
