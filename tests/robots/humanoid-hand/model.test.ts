/** The data of the hand, what follows from it, and how it looks. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createFingertipKinematics,
  type HandModel,
  HandScenes,
  handAppearance,
  handArticulation,
  jointNames,
  jointRanges,
  leftHand,
  rightHand,
  synergyNames,
  touchPlaces,
  writePoses,
  writeSynergy,
  writeTouch,
} from '../../../robots/humanoid-hand/index.ts';
import { massOf, volumeOf } from '../../../src/physics/solids.ts';

describe.each([rightHand, leftHand])('hand $name', (model: HandModel) => {
  const { base, links } = handArticulation(model);
  const solids = links.flatMap((link) => link.solids);

  test('has 20 joints of their own names, whose ranges hold a stretched hand', () => {
    expect(new Set(jointNames(model)).size).toBe(20);
    expect(links.map(({ joint }) => joint.name)).toEqual(jointNames(model));
    for (const [low, high] of jointRanges(model)) {
      expect(low).toBeLessThanOrEqual(0);
      expect(high).toBeGreaterThan(0);
    }
    for (const { joint } of links) expect(Math.hypot(...joint.axis)).toBe(1);
  });

  test('has a place of touch for every solid', () => {
    expect(new Set(touchPlaces(model)).size).toBe(base.length + solids.length);
  });

  test('has phalanges of the masses that its table tells, to 0.1 g, and weighs 490 g', () => {
    const masses = solids.map(({ geometry, density }) => 1000 * density! * volumeOf(geometry));
    const told = [18, 9.3, 6.8, 19.2, 10.6, 7, 18.3, 10.1, 7, 12.3, 6, 4.6, 28.9, 18.3, 12.1];
    masses.forEach((mass, i) => {
      expect(Math.abs(mass - told[i]!)).toBeLessThan(0.1);
    });
    const total = masses.reduce((sum, mass) => sum + mass) / 1000 + model.palm.mass + 5 * model.knuckle.mass;
    expect(total).toBeCloseTo(0.49, 2);
  });

  test('is drawn as its solids are, each of them glowing by a signal of its own', () => {
    const { bodies, joints, signals } = handAppearance(model, 'a.');
    expect(bodies.flatMap(({ colliders = [] }) => colliders.map(({ geometry }) => geometry))).toEqual(
      [...base, ...solids].map(({ geometry }) => geometry),
    );
    const glows = bodies.flatMap(({ shapes }) => shapes.flatMap(({ glow }) => (glow ? [glow.signal] : [])));
    expect(glows).toEqual(signals);
    const names = new Set(bodies.map(({ name }) => name));
    expect(names.size).toBe(21);
    for (const { body } of joints) expect(names).toContain(body);
  });
});

test('a capsule has the moments of inertia of its parts, summed numerically', () => {
  const capsule = { type: 'capsule', radius: 0.01, halfHeight: 0.02 } as const;
  // Discs along z.
  const slices = 20_000;
  const [mass, end] = [0.1, 0.03];
  const sums = { volume: 0, across: 0, along: 0 };
  for (let i = 0; i < slices; i++) {
    const z = ((2 * i + 1) / slices - 1) * end;
    const beyond = Math.max(0, Math.abs(z) - capsule.halfHeight);
    const squared = capsule.radius ** 2 - beyond ** 2;
    const volume = (Math.PI * squared * 2 * end) / slices;
    sums.volume += volume;
    sums.across += volume * (squared / 4 + z ** 2);
    sums.along += volume * (squared / 2);
  }
  expect(sums.volume / volumeOf(capsule)).toBeCloseTo(1, 6);
  const [across, , along] = massOf(capsule, mass).inertia;
  expect(((mass / sums.volume) * sums.across) / across).toBeCloseTo(1, 6);
  expect(((mass / sums.volume) * sums.along) / along).toBeCloseTo(1, 6);
});

describe('the synergy', () => {
  const inputs = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });
  const anglesOf = (values: readonly number[]): Float32Array => {
    const angles = new Float32Array(20);
    writeSynergy(values, 0, angles, 0);
    return angles;
  };

  test('stays within the ranges of all joints', () => {
    expect(synergyNames).toHaveLength(6);
    fc.assert(
      fc.property(inputs, (values) => {
        const angles = anglesOf(values);
        return jointRanges(rightHand).every(([low, high], i) => angles[i]! >= low && angles[i]! <= high);
      }),
    );
  });

  test('moves only the digit of an input', () => {
    const digitOf = [4, 4, 0, 1, 2, 3];
    fc.assert(
      fc.property(inputs, fc.nat(5), (values, input) => {
        const other = values.map((value, i) => (i === input ? 1 - value : value));
        const [a, b] = [anglesOf(values), anglesOf(other)];
        return a.every((angle, joint) => angle === b[joint] || Math.floor(joint / 4) === digitOf[input]);
      }),
    );
  });

  test('brings thumb and index towards each other when it closes', () => {
    const kinematics = createFingertipKinematics(rightHand);
    const distances = [0, 1].map((value) => {
      const tips = new Float64Array(15);
      kinematics(anglesOf([value, 0.7, value, value, value, value]), tips);
      return Math.hypot(tips[0]! - tips[12]!, tips[1]! - tips[13]!, tips[2]! - tips[14]!);
    });
    expect(distances[1]).toBeLessThan(0.7 * distances[0]!);
  });
});

test('the row of a view holds the palm, then the links, then what they feel', () => {
  const scenes = new HandScenes(2, { hands: [{ model: rightHand }] });
  const hand = scenes.hands[0]!;
  const rotation = [0, 0, Math.SQRT1_2, Math.SQRT1_2] as const;
  hand.place(1, { angles: new Float32Array(20), position: [1, 2, 3], rotation });
  scenes.build(1);
  hand.touch[16] = 5;
  hand.touch[17] = 50;
  const row = new Float32Array(21 * 7 + 16);
  writePoses(hand, 1, row, 0);
  writeTouch(hand, 1, row, 21 * 7);
  expect([...row.subarray(0, 3)]).toEqual([1, 2, 3]);
  // The knuckle of the index, 90 mm along and −30 mm across a hand that points along y.
  const expected = [1 + 0.03, 2 + 0.09, 3, ...rotation];
  expected.forEach((value, i) => {
    expect(row[7 + i]).toBeCloseTo(value, 6);
  });
  expect([...row.subarray(21 * 7, 21 * 7 + 3)]).toEqual([0.25, 1, 0]);
  scenes.worlds.free();
});
