import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hoverAction,
  iris,
  maxRotorThrust,
  type QuadrotorModel,
  type Rotor,
  thrustsOfWrench,
  wrenchOfThrusts,
} from '../../robots/quadrotor/index.ts';
import { GRAVITY } from '../../src/physics/packed-world.ts';

/** Rotors one in each quadrant, arms of different length, spins alternating around the centre. */
const layouts = fc
  .array(
    fc.tuple(fc.double({ min: 0.05, max: 1, noNaN: true }), fc.double({ min: -0.3, max: 0.3, noNaN: true })),
    {
      minLength: 4,
      maxLength: 4,
    },
  )
  .map((arms) =>
    arms.map(
      ([armLength, off], i): Rotor => ({
        armLength,
        armAngle: (i + 0.5) * (Math.PI / 2) + off,
        spin: i % 2 === 0 ? 1 : -1,
      }),
    ),
  )
  .map((rotors): QuadrotorModel => ({ ...iris, rotors: rotors as unknown as QuadrotorModel['rotors'] }));

const multiply = (matrix: Float64Array, v: readonly number[]): number[] =>
  [0, 1, 2, 3].map((row) => v.reduce((sum, value, i) => sum + matrix[4 * row + i]! * value, 0));

const positionOf = ({ armLength, armAngle }: Rotor): [number, number] => [
  armLength * Math.cos(armAngle),
  armLength * Math.sin(armAngle),
];

describe('the mixer', () => {
  const thrusts = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 4, maxLength: 4 });

  test('finds, for every layout, the thrusts that made a wrench', () => {
    fc.assert(
      fc.property(layouts, thrusts, (model, wanted) => {
        const found = multiply(thrustsOfWrench(model), multiply(wrenchOfThrusts(model), wanted));
        // The reaction torque of 0.016 m makes the worst condition, about 200: ten digits remain.
        for (let i = 0; i < 4; i++) expect(Math.abs(found[i]! - wanted[i]!)).toBeLessThan(1e-9);
      }),
    );
  });

  test('finds, for the Iris, thrusts that make a wanted wrench', () => {
    fc.assert(
      fc.property(thrusts, (wrench) => {
        const made = multiply(wrenchOfThrusts(iris), multiply(thrustsOfWrench(iris), wrench));
        for (let i = 0; i < 4; i++) expect(Math.abs(made[i]! - wrench[i]!)).toBeLessThan(1e-9);
      }),
    );
  });

  test('is refused where all rotors turn the same way: yaw cannot be made apart from lift', () => {
    const rotors = iris.rotors.map((rotor) => ({ ...rotor, spin: 1 })) as unknown as QuadrotorModel['rotors'];
    expect(() => thrustsOfWrench({ ...iris, rotors })).toThrow(/mixer is singular/);
  });
});

describe('the wrench of each rotor', () => {
  const wrench = wrenchOfThrusts(iris);

  test('is its thrust, r × f, and the reaction against its spin', () => {
    iris.rotors.forEach((rotor, i) => {
      const [x, y] = positionOf(rotor);
      // (x, y, 0) × (0, 0, 1) = (y, −x, 0).
      const expected = [1, y, -x, -rotor.spin * (iris.torqueConstant / iris.thrustConstant)];
      for (let row = 0; row < 4; row++) expect(wrench[4 * row + i]).toBeCloseTo(expected[row]!, 14);
    });
  });

  test('has the sign of its corner: 0 front right, 1 rear left, 2 front left, 3 rear right', () => {
    // About x, left rotors roll right (+); about y, front rotors lift the nose (−); about z, against the spin.
    const signs = [0, 1, 2, 3].map((i) => [4, 8, 12].map((row) => Math.sign(wrench[row + i]!)));
    expect(signs).toEqual([
      [-1, -1, -1],
      [1, 1, -1],
      [1, -1, 1],
      [-1, 1, 1],
    ]);
  });
});

describe('the published Iris', () => {
  test('has rotors at (0.22, ∓0.13) and (−0.20, ±0.13) m', () => {
    const places = [
      [0.22, -0.13],
      [-0.2, 0.13],
      [0.22, 0.13],
      [-0.2, -0.13],
    ];
    iris.rotors.forEach((rotor, i) => {
      const [x, y] = positionOf(rotor);
      expect(x).toBeCloseTo(places[i]![0]!, 4);
      expect(y).toBeCloseTo(places[i]![1]!, 4);
    });
  });

  test('lifts 6.0032 N with each rotor, 1.610 times its weight in all', () => {
    expect(maxRotorThrust(iris)).toBeCloseTo(6.0032, 4);
    expect((4 * maxRotorThrust(iris)) / (iris.mass * GRAVITY)).toBeCloseTo(1.61, 3);
  });

  test('turns against 0.09605 N·m of each rotor at full speed', () => {
    expect(iris.torqueConstant * iris.maxRotorSpeed ** 2).toBeCloseTo(0.09605, 5);
  });

  test('hovers at an action of +0.242, a throttle of 0.788', () => {
    const action = hoverAction(iris, GRAVITY);
    expect(action).toBeCloseTo(0.242, 3);
    expect(Math.sqrt((action + 1) / 2)).toBeCloseTo(0.788, 3);
  });

  test('has a motor lag of 0.0356 s', () => {
    expect(iris.motorTimeConstant).toBeCloseTo(0.0356, 4);
  });
});
