/** The court's analytic tests, against cases worked out by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  atRacket,
  courts,
  crossesNet,
  distanceToNet,
  FAR,
  inNet,
  insideCourt,
  NEAR,
  NET_HEIGHT,
  sideOf,
} from '../../../envs/volleyball/court.ts';

const { regulation, threes, singles } = courts;

test('courts have the sizes of the tasks', () => {
  expect([regulation, threes, singles].map(({ length, width }) => [length, width])).toEqual([
    [18, 9],
    [12, 6],
    [6, 3],
  ]);
  expect(NET_HEIGHT).toBe(2.43);
});

describe('insideCourt', () => {
  test.each([
    ['the middle', 0, 0, true],
    ['on the end line', 9, 0, true],
    ['on the side line', 0, -4.5, true],
    ['on a corner', -9, 4.5, true],
    ['a millimetre behind the end line', 9.001, 0, false],
    ['a millimetre beside the side line', 0, 4.501, false],
  ])('%s', (_, x, y, inside) => {
    expect(insideCourt(regulation, x, y)).toBe(inside);
  });
});

test('the plane of the net belongs to the side that one was on', () => {
  expect(sideOf(0.001, FAR)).toBe(NEAR);
  expect(sideOf(-0.001, NEAR)).toBe(FAR);
  expect([sideOf(0, NEAR), sideOf(0, FAR), sideOf(-0, NEAR)]).toEqual([NEAR, FAR, NEAR]);
});

test('the distance to the net is positive in one’s own half', () => {
  expect([distanceToNet(NEAR, 2), distanceToNet(FAR, -2)]).toEqual([2, 2]);
  expect([distanceToNet(NEAR, -0.1), distanceToNet(FAR, 0.1)]).toEqual([-0.1, -0.1]);
});

describe('inNet', () => {
  test.each([
    ['in the middle of it', 0, 0, 1, true],
    ['just below its edge', 0, 0, 2.429, true],
    ['at its edge', 0, 0, 2.43, false],
    ['within reach', -0.099, 0, 1, true],
    ['at reach exactly', 0.1, 0, 1, false],
    ['at its end', 0, 4.5, 1, false],
    ['just before its end', 0, -4.499, 1, true],
  ])('%s', (_, x, y, z, caught) => {
    expect(inNet(regulation, x, y, z, 0.1)).toBe(caught);
  });
});

describe('crossesNet', () => {
  const crosses = (from: number[], to: number[]): boolean =>
    crossesNet(regulation, [Number.NaN, ...from], 1, [Number.NaN, Number.NaN, ...to], 2);

  test.each([
    ['far below the edge, in one jump', [1, 0, 1], [-1, 0, 1], true],
    ['back again', [-1, 0, 1], [1, 0, 1], true],
    ['above the edge', [1, 0, 3], [-1, 0, 3], false],
    // At x = 0, a quarter of the way down from 3 to 0.6, it is 2.4 m high.
    ['falling, below the edge where it crosses', [1, 0, 3], [-3, 0, 0.6], true],
    // … and from 3 to 1 it is 2.5 m high.
    ['falling, above the edge where it crosses', [1, 0, 3], [-3, 0, 1], false],
    ['past its end', [1, 5, 1], [-1, 5, 1], false],
    ['past its end on one side only', [1, 4, 1], [-1, 6, 1], false],
    ['on one side', [1, 0, 1], [0.5, 0, 1], false],
    ['along its plane', [0, 0, 1], [0, 1, 1], false],
  ])('%s', (_, from, to, caught) => {
    expect(crosses(from, to)).toBe(caught);
  });

  test('is the same seen from the other side', () => {
    const point = fc.tuple(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: -6, max: 6, noNaN: true }),
      fc.double({ min: 0, max: 5, noNaN: true }),
    );
    const turned = ([x, y, z]: [number, number, number]): number[] => [-x, -y, z];
    fc.assert(
      fc.property(point, point, (a, b) => {
        expect(crosses(turned(a), turned(b))).toBe(crosses(a, b));
      }),
    );
  });
});

describe('atRacket', () => {
  const level = [0, 0, 1];
  const drone = [3, 1, 2];
  const at = (dx: number, dy: number, dz: number, up = level): boolean =>
    atRacket([7, 3 + dx, 1 + dy, 2 + dz], 1, drone, 0, [7, 7, ...up], 2);

  test.each([
    ['on the middle', 0, 0, 0.15, true],
    ['just within its edge', 0.199, 0, 0.1, true],
    ['just beyond its edge', 0.201, 0, 0.1, false],
    ['beyond its edge, diagonally', 0.15, 0.15, 0.1, false],
    ['as high as it reaches', 0, 0, 0.1999, true],
    ['too high', 0, 0, 0.2001, false],
    ['below', 0, 0, -0.001, false],
  ])('%s', (_, dx, dy, dz, touches) => {
    expect(at(dx, dy, dz)).toBe(touches);
  });

  test('follows the drone’s z axis', () => {
    const sideways = [1, 0, 0];
    expect(at(0.15, 0, 0, sideways)).toBe(true);
    expect(at(0, 0, 0.15, sideways)).toBe(true);
    expect(at(0, 0, 0.201, sideways)).toBe(false);
    expect(at(-0.15, 0, 0, sideways)).toBe(false);
    expect(at(0, 0, 0.15, [0, 0, -1])).toBe(false);
  });
});
