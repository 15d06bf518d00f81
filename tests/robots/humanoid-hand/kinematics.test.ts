/** Angles and fingertips of the engine, beside forward kinematics by rotation matrices from the table of the hand. */
import { describe, expect, test } from 'vitest';
import {
  createFingertipKinematics,
  HandScenes,
  jointRanges,
  leftHand,
  rightHand,
} from '../../../robots/humanoid-hand/index.ts';
import { createRng, type Rng } from '../../../src/core/rng.ts';

type Matrix = readonly number[];
type Vector = readonly [number, number, number];

/** Rodrigues' formula, row-major. */
function turn([x, y, z]: Vector, angle: number): Matrix {
  const [s, c] = [Math.sin(angle), Math.cos(angle)];
  const t = 1 - c;
  return [
    t * x * x + c,
    t * x * y - s * z,
    t * x * z + s * y,
    t * x * y + s * z,
    t * y * y + c,
    t * y * z - s * x,
    t * x * z - s * y,
    t * y * z + s * x,
    t * z * z + c,
  ];
}

const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((_, i) => {
    const [row, column] = [3 * Math.floor(i / 3), i % 3];
    return a[row]! * b[column]! + a[row + 1]! * b[column + 3]! + a[row + 2]! * b[column + 6]!;
  });
const apply = (a: Matrix, [x, y, z]: Vector): Vector =>
  [0, 3, 6].map((row) => a[row]! * x + a[row + 1]! * y + a[row + 2]! * z) as unknown as Vector;
const add = (a: Vector, b: Vector): Vector => a.map((value, i) => value + b[i]!) as unknown as Vector;

/** First joint, lengths to the middle of the last cap, its radius (mm), yaw (rad), and joint axes. */
const finger = [
  [0, 0, 1],
  [0, -1, 0],
  [0, -1, 0],
  [0, -1, 0],
] as const;
const table = [
  { at: [90, -30, 0], lengths: [45, 26, 20], cap: 8, yaw: 0, axes: finger },
  { at: [94, -9, 0], lengths: [49, 31, 21], cap: 8, yaw: 0, axes: finger },
  { at: [88, 12, 0], lengths: [46, 29, 21], cap: 8, yaw: 0, axes: finger },
  { at: [80, 32, 0], lengths: [38, 21, 18], cap: 7, yaw: 0, axes: finger },
  {
    at: [22, -36, 10],
    lengths: [42, 34, 26],
    cap: 9.5,
    yaw: -0.75,
    axes: [
      [1, 0, 0],
      [0, -1, 0],
      [0, 0, 1],
      [0, 0, 1],
    ],
  },
] as const;

/** Fingertips of a right hand in its frame, m. */
function tipsAt(angles: ArrayLike<number>): Vector[] {
  return table.map(({ at, lengths, cap, yaw, axes }, digit) => {
    let rotation = turn([0, 0, 1], yaw);
    let point: Vector = at;
    axes.forEach((axis, joint) => {
      // The first two joints are in one place.
      if (joint > 1) point = add(point, apply(rotation, [lengths[joint - 2]!, 0, 0]));
      rotation = times(rotation, turn(axis, angles[4 * digit + joint]!));
    });
    point = add(point, apply(rotation, [lengths[2] + cap, 0, 0]));
    return point.map((value) => value / 1000) as unknown as Vector;
  });
}

const POSTURES = 20;
const ranges = jointRanges(rightHand);
const draw = (rng: Rng): number[] => ranges.map(([low, high]) => rng.uniform(low, high));
/** A wrist that is turned about (1, 2, 2)/3 by 2 rad. */
const wrist = {
  position: [0.1, -0.2, 0.5],
  rotation: [Math.sin(1) / 3, (2 * Math.sin(1)) / 3, (2 * Math.sin(1)) / 3, Math.cos(1)],
} as const;
const wristTurn = turn([1 / 3, 2 / 3, 2 / 3], 2);

/** Tips of scene `scene` against those of the table at `angles`, the farthest, m. */
function farthest(scenes: HandScenes, scene: number, angles: ArrayLike<number>): number {
  const { tips } = scenes.hands[0]!;
  const expected = tipsAt(angles).map((tip) => add(apply(wristTurn, tip), wrist.position));
  return Math.max(
    ...expected.map((tip, i) => Math.hypot(...tip.map((at, axis) => at - tips[15 * scene + 3 * i + axis]!))),
  );
}

describe.each([{ movingWrist: false }, { movingWrist: true }])(
  'a hand with movingWrist $movingWrist',
  ({ movingWrist }) => {
    test('that is built in a posture has its angles and fingertips', () => {
      const rng = createRng(1);
      const scenes = new HandScenes(POSTURES, { hands: [{ model: rightHand, movingWrist }] });
      const [hand] = scenes.hands;
      for (let scene = 0; scene < POSTURES; scene++) {
        const angles = draw(rng);
        hand!.place(scene, { angles, ...wrist });
        scenes.build(scene);
        angles.forEach((angle, joint) => {
          expect(Math.abs(hand!.angle[20 * scene + joint]! - angle)).toBeLessThan(1e-6);
        });
        expect(farthest(scenes, scene, angles)).toBeLessThan(1e-6);
      }
      scenes.worlds.free();
    });

    test('that is driven from posture to posture reads the angles at which its fingertips are', () => {
      const rng = createRng(2);
      const scenes = new HandScenes(POSTURES, { hands: [{ model: rightHand, movingWrist }] });
      const [hand] = scenes.hands;
      const starts = Array.from({ length: POSTURES }, () => draw(rng));
      starts.forEach((angles, scene) => {
        hand!.place(scene, { angles, ...wrist });
        scenes.build(scene);
        hand!.command.set(draw(rng), 20 * scene);
      });
      for (let step = 0; step < 12; step++) scenes.advance(8);
      starts.forEach((start, scene) => {
        const angles = hand!.angle.subarray(20 * scene, 20 * scene + 20);
        expect(Math.max(...start.map((angle, joint) => Math.abs(angle - angles[joint]!)))).toBeGreaterThan(
          0.1,
        );
        // The engine computes in float32. Where fingers are in each other's way, a weld gives way by a millimetre.
        expect(farthest(scenes, scene, angles)).toBeLessThan(movingWrist ? 2.5e-3 : 2e-6);
      });
      scenes.worlds.free();
    });

    test('reaches what it is told where nothing is in the way, within 0.02 rad', () => {
      // Fingers apart and slightly bent never touch each other.
      const rng = createRng(3);
      const scenes = new HandScenes(POSTURES, { hands: [{ model: rightHand, movingWrist }] });
      const [hand] = scenes.hands;
      const open = [-0.2, -0.05, 0.1, 0.3]
        .flatMap((abduction) => [abduction, 0.3, 0.3, 0.3])
        .concat(0.2, 0, 0.1, 0.1);
      for (let scene = 0; scene < POSTURES; scene++) {
        hand!.place(scene, { angles: open, ...wrist });
        scenes.build(scene);
        const command = open.map((angle) => angle + rng.uniform(-0.05, 0.05));
        hand!.command.set(command, 20 * scene);
      }
      for (let step = 0; step < 25; step++) scenes.advance(8);
      for (let i = 0; i < 20 * POSTURES; i++) {
        expect(Math.abs(hand!.angle[i]! - hand!.command[i]!)).toBeLessThan(0.02);
      }
      scenes.worlds.free();
    });
  },
);

test('the library’s kinematics of fingertips are those of the table', () => {
  const rng = createRng(4);
  const kinematics = createFingertipKinematics(rightHand);
  const tips = new Float64Array(15);
  for (let posture = 0; posture < POSTURES; posture++) {
    const angles = draw(rng);
    kinematics(angles, tips);
    tipsAt(angles).forEach((tip, i) => {
      tip.forEach((at, axis) => {
        expect(tips[3 * i + axis]).toBeCloseTo(at, 12);
      });
    });
  }
});

test('a left hand has, at equal angles, the mirrored fingertips of a right one', () => {
  const rng = createRng(5);
  const [right, left] = [rightHand, leftHand].map(createFingertipKinematics);
  const [ofRight, ofLeft] = [new Float64Array(15), new Float64Array(15)];
  for (let posture = 0; posture < POSTURES; posture++) {
    const angles = draw(rng);
    right!(angles, ofRight);
    left!(angles, ofLeft);
    ofRight.forEach((at, i) => {
      expect(ofLeft[i]).toBeCloseTo(i % 3 === 1 ? -at : at, 12);
    });
  }
});
