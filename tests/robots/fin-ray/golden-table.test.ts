/**
 * Driven rays: the reference in reduced coordinates, and the chain in the physics engine against it. What they share is the
 * load model and nothing else: the reference has exact joints, added mass across the links only, and steps of its own.
 */
import { describe, expect, test } from 'vitest';
import { finRay } from '../../../robots/fin-ray/index.ts';
import {
  flexuralRigidity,
  frictionCoefficient,
  massPerLength,
  plateAddedMass,
} from '../../../robots/fin-ray/model.ts';
import { restAngles } from '../../../robots/fin-ray/offset.ts';
import { createSwim, type Sinusoid, sinusoid, swimAlong } from '../../support/fin-ray.ts';
import { type ReducedMeans, type ReducedRay, runReducedRay } from '../../support/reduced-ray.ts';

const reference: ReducedRay = {
  links: 10,
  mass: massPerLength(finRay),
  addedMass: plateAddedMass(finRay.span),
  bendingStiffness: flexuralRigidity(finRay),
  damping: finRay.damping,
  span: finRay.span,
  normalDrag: finRay.normalDrag,
  friction: frictionCoefficient(finRay.reynoldsNumber),
};

/** Five periods, of which the last two count. */
function runReference(waves: Sinusoid, periods = 5): ReducedMeans {
  const path = sinusoid(waves);
  const h = 1e-4;
  const slope = (time: number, i: 0 | 1 | 2): number => (path(time + h)[i] - path(time - h)[i]) / (2 * h);
  const shape = restAngles({ ...finRay, links: reference.links });
  return runReducedRay(reference, {
    base: (t) => ({
      y: path(t)[0],
      speed: slope(t, 0),
      acceleration: (path(t + h)[0] - 2 * path(t)[0] + path(t - h)[0]) / h ** 2,
      angle: path(t)[1],
      rate: slope(t, 1),
    }),
    restAngle: (t, joint) => [shape[joint]! * path(t)[2], shape[joint]! * slope(t, 2)],
    duration: periods / waves.frequency,
    from: (periods - 2) / waves.frequency,
    timestep: 0.002,
  });
}

function runChain(waves: Sinusoid, periods = 5) {
  const swim = createSwim();
  const means = swimAlong(swim, sinusoid(waves), periods / waves.frequency, (periods - 2) / waves.frequency);
  swim.world.free();
  return means;
}

/** Largest relative difference of the numbers that both have. */
const difference = (a: object, b: object, names: readonly string[]): number =>
  Math.max(
    ...names.map((name) => {
      const [x, y] = [a, b].map((values) => (values as Record<string, number>)[name]!);
      return Math.abs(x! / y! - 1);
    }),
  );

const golden = [
  [{ frequency: 0.6, heave: 0.15, pitch: 0, phase: 0 }, [0.0241, 0.1179, 0.229]],
  [{ frequency: 1, heave: 0.15, pitch: 0, phase: 0 }, [0.14, 0.4537, 0.266]],
  [{ frequency: 0.8, heave: 0.15, pitch: 15, phase: 270 }, [0.1419, 0.4579, 0.348]],
  [{ frequency: 0.6, heave: 0, pitch: 20, phase: 0 }, [0.0745, 0.3594, 0.391]],
] as const;

describe.each(golden)('%o', (waves, [thrust, power, tipAmplitude]) => {
  const exact = runReference(waves);

  test('the reference has the values that a first, separate version of it had', () => {
    // Half of the last digit, and the coarser steps of these tests.
    expect(Math.abs(exact.thrust - thrust)).toBeLessThan(1.5e-4);
    expect(Math.abs(exact.power - power)).toBeLessThan(1.5e-4);
    expect(Math.abs(exact.tipAmplitude - tipAmplitude)).toBeLessThan(7e-4);
  });

  test('the chain has thrust, power and amplitude of the reference within 3 %', () => {
    const names = ['thrust', 'power', 'tipAmplitude'];
    expect(difference(runChain(waves), exact, names)).toBeLessThan(0.03);
  });
});

describe('with a moving offset', () => {
  const waves = { frequency: 0.7, heave: 0.15, pitch: 10, phase: 270, offset: 0.4, offsetPhase: 300 };
  const exact = runReference(waves, 8);

  test('power is all that the actuators give: through the base, and through the offset', () => {
    expect(exact.restPower / exact.power).toBeGreaterThan(0.1);
    expect((exact.basePower + exact.restPower) / exact.power).toBeCloseTo(1, 3);
  });

  test('the chain has thrust, power, amplitude and the offset’s share of the reference within 3 %', () => {
    const means = runChain(waves, 8);
    const mine = { ...means, restPower: means.offsetPower };
    expect(difference(mine, exact, ['thrust', 'power', 'restPower', 'tipAmplitude'])).toBeLessThan(0.03);
  });
});
