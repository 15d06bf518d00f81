/** What is seen of rotations and of wrists, against rotation matrices and closed forms. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  HandSight,
  rotationBetween,
  writeFromWrist,
  writeRotation,
} from '../../../envs/humanoid-hand/sight.ts';
import { HandScenes, jointRanges, rightHand } from '../../../robots/humanoid-hand/index.ts';
import { aboutAxis, multiply, rotate } from '../../../src/physics/math.ts';

const unit = fc
  .tuple(
    fc.double({ min: 0.01, max: Math.PI - 0.01, noNaN: true }),
    fc.double({ min: -3.1, max: 3.1, noNaN: true }),
  )
  .map(
    ([tilt, turn]) =>
      [Math.sin(tilt) * Math.cos(turn), Math.sin(tilt) * Math.sin(turn), Math.cos(tilt)] as const,
  );
const rotation = fc
  .tuple(unit, fc.double({ min: -3, max: 3, noNaN: true }))
  .map(([axis, angle]) => Float64Array.from(aboutAxis(axis, angle)));

describe('a rotation', () => {
  test('is told by where it takes the axes x and y', () => {
    fc.assert(
      fc.property(rotation, (q) => {
        const seen = new Float32Array(7);
        expect(writeRotation(q, 0, seen, 1)).toBe(7);
        [Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0)].forEach((axis, column) => {
          rotate(axis, 0, q, 0, axis, 0);
          for (let row = 0; row < 3; row++) expect(seen[1 + 3 * column + row]).toBeCloseTo(axis[row]!, 6);
        });
      }),
    );
  });

  test('from one to another is an axis times the angle that turns the first into the second', () => {
    fc.assert(
      fc.property(rotation, unit, fc.double({ min: 0.001, max: 3.1, noNaN: true }), (from, axis, angle) => {
        const to = new Float64Array(4);
        multiply(to, 0, Float64Array.from(aboutAxis(axis, angle)), 0, from, 0);
        const turn = new Float64Array(3);
        rotationBetween(from, to, 0, turn);
        axis.forEach((part, i) => {
          expect(turn[i]).toBeCloseTo(part * angle, 6);
        });
        // The other quaternion of the same rotation.
        rotationBetween(
          from,
          to.map((part) => -part),
          0,
          turn,
        );
        axis.forEach((part, i) => {
          expect(turn[i]).toBeCloseTo(part * angle, 6);
        });
      }),
    );
  });
});

describe('a hand', () => {
  const scenes = new HandScenes(1, { hands: [{ model: rightHand, movingWrist: true }] });
  const hand = scenes.hands[0]!;
  const sight = new HandSight(hand, 25, 'right.');
  const angles = jointRanges(rightHand).map(([low, high]) => 0.3 * low + 0.7 * high);
  const PALM_DOWN = [1, 0, 0, 0] as const;
  hand.place(0, { angles, position: [0.1, -0.2, 0.3], rotation: PALM_DOWN });
  scenes.build(0);
  sight.mark(0);
  const names = sight.components.map(({ name }) => name);
  const seen = (): Map<string, number> => {
    const obs = new Float32Array(names.length);
    expect(sight.observe(0, obs, 0)).toBe(names.length);
    return new Map(names.map((name, i) => [name, obs[i]!]));
  };

  test('tells angles, targets, touch and wrist under their names, 92 numbers', () => {
    expect(names).toHaveLength(76 + 16);
    const values = seen();
    expect(values.get('right.index.pip.angle')).toBeCloseTo(angles[2]!, 5);
    expect(values.get('right.thumb.ip.target')).toBeCloseTo(angles[19]!, 5);
    expect(values.get('right.wrist.y')).toBeCloseTo(-0.2, 6);
    expect(values.get('right.wrist.rotation.yy')).toBeCloseTo(-1, 6);
    expect(values.get('right.wrist.load')).toBe(0);
    hand.touch[0] = 5;
    // Of a range of 20 N.
    expect(seen().get('right.palm.touch')).toBeCloseTo(0.25, 6);
    hand.touch[0] = 0;
  });

  test('tells how fast its wrist goes', () => {
    hand.wrist.position[2]! += 0.008;
    hand.wrist.rotation.set(aboutAxis([1, 0, 0], Math.PI + 0.04));
    const values = seen();
    expect(values.get('right.wrist.velocity.z')).toBeCloseTo(0.2, 5);
    expect(values.get('right.wrist.rate.x')).toBeCloseTo(1, 5);
    sight.mark(0);
    expect(seen().get('right.wrist.velocity.z')).toBe(0);
  });

  test('tells where things are from its wrist, upside down', () => {
    hand.wrist.position.set([0.1, -0.2, 0.3]);
    hand.wrist.rotation.set(PALM_DOWN);
    const obs = new Float32Array(4);
    expect(writeFromWrist(hand, 0, [0.17, -0.22, 0.25], 0, obs, 1)).toBe(4);
    [0.07, 0.02, 0.05].forEach((value, axis) => {
      expect(obs[1 + axis]).toBeCloseTo(value, 6);
    });
  });
});
