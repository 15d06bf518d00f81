/** Heave, pitch and offset keep within all their limits, whatever is asked of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ActuatorLimit, Actuators, actuatorNames, finRay } from '../../../robots/fin-ray/index.ts';

const DT = 0.0025;
const limits: readonly ActuatorLimit[] = actuatorNames.map((name) => finRay.limits[name]);
/** Commands that are held for some steps each, up to five times the limit, or nearly none. */
const commands = fc.array(
  fc.record({
    factors: fc.tuple(...[5, 5, 5].map((most) => fc.double({ min: -most, max: most, noNaN: true }))),
    steps: fc.integer({ min: 1, max: 300 }),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('any commands', () => {
  test('leave position, rate and acceleration within their limits at every step', () => {
    fc.assert(
      fc.property(commands, (held) => {
        const actuators = new Actuators(1, finRay.limits, DT);
        const { position, rate } = actuators;
        for (const { factors, steps } of held) {
          const command = Float64Array.from(limits, (limit, i) => limit.rate * factors[i]!);
          for (let step = 0; step < steps; step++) {
            const [from, before] = [position.slice(), rate.slice()];
            actuators.advance(command);
            for (const [i, limit] of limits.entries()) {
              const rounding = 1e-9;
              if (Math.abs(position[i]!) > limit.position) return false;
              if (Math.abs(rate[i]!) > limit.rate + rounding) return false;
              if (limit.acceleration && Math.abs(rate[i]! - before[i]!) > limit.acceleration * DT + rounding)
                return false;
              if (Math.abs(from[i]! + rate[i]! * DT - position[i]!) > rounding) return false;
            }
          }
        }
        return true;
      }),
      { numRuns: 300 },
    );
  });

  test('that keep asking outwards are brought to the end of the travel, and stop there', () => {
    const actuators = new Actuators(1, finRay.limits, DT);
    const command = Float64Array.from(limits, ({ rate }) => -rate);
    for (let step = 0; step < 2 / DT; step++) actuators.advance(command);
    for (const [i, limit] of limits.entries()) {
      expect(actuators.position[i]).toBeCloseTo(-limit.position, 9);
      expect(actuators.rate[i]).toBeCloseTo(0, 6);
    }
  });
});

test('the way to the end takes no longer than acceleration, rate and braking need', () => {
  const { position, rate, acceleration } = finRay.limits.heave as Required<ActuatorLimit>;
  const actuators = new Actuators(1, finRay.limits, DT);
  const command = Float64Array.of(rate, 0, 0);
  let steps = 0;
  for (; actuators.position[0]! < 0.999 * position; steps++) actuators.advance(command);
  // Speeding up to the rate and down again takes rate/acceleration each; the rest of the way is at the full rate.
  const ramp = rate / acceleration;
  const least = 2 * ramp + (position - rate * ramp) / rate;
  expect(steps * DT).toBeLessThan(least + 0.002 + 2 * DT);
  expect(steps * DT).toBeGreaterThan(least - 0.03);
});

test('a sinusoid within the limits is followed exactly', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.double({ min: 0.2, max: 1.6, noNaN: true }),
      (share, frequency) => {
        const omega = 2 * Math.PI * frequency;
        const amplitudes = limits.map(({ position, rate, acceleration = Number.POSITIVE_INFINITY }) =>
          Math.min(position, 0.999 * (rate / omega), 0.999 * (acceleration / omega ** 2)),
        );
        const actuators = new Actuators(1, finRay.limits, DT);
        // It starts at its end, where it is at rest, from which the actuators are a constant away.
        const at = (i: number, step: number): number =>
          share * amplitudes[i]! * Math.sin(omega * step * DT - Math.PI / 2);
        actuators.position.set([0, 1, 2].map((i) => at(i, 0)));
        for (let step = 0; step < 2 / DT; step++) {
          actuators.advance(Float64Array.from([0, 1, 2], (i) => (at(i, step + 1) - at(i, step)) / DT));
          for (const i of [0, 1, 2])
            if (Math.abs(actuators.position[i]! - at(i, step + 1)) > 1e-9) return false;
        }
        return true;
      },
    ),
    { numRuns: 50 },
  );
});

test('rays have actuators of their own, and are centred one by one', () => {
  const actuators = new Actuators(2, finRay.limits, DT);
  actuators.advance(Float64Array.of(0.01, 0.02, 0.03, -0.01, -0.02, -0.03));
  expect([...actuators.rate]).toEqual([0.01, 0.02, 0.03, -0.01, -0.02, -0.03]);
  actuators.place(0);
  expect([...actuators.position]).toEqual([0, 0, 0, -0.01 * DT, -0.02 * DT, -0.03 * DT]);
  expect([...actuators.rate.subarray(0, 3)]).toEqual([0, 0, 0]);
});
