/** How actions drive a hand: no faster than joints and wrists may go, and nowhere that they may not be. */
import { describe, expect, test } from 'vitest';
import { HandControl, type HandControlOptions } from '../../../envs/humanoid-hand/control.ts';
import { HandScenes, jointRanges, rightHand, writeSynergy } from '../../../robots/humanoid-hand/index.ts';

const RATE = 25;
const ranges = jointRanges(rightHand);

function driven(options: Omit<HandControlOptions, 'rate'>, movingWrist = false) {
  const scenes = new HandScenes(2, { hands: [{ model: rightHand, movingWrist }] });
  const hand = scenes.hands[0]!;
  const angles = ranges.map(([low, high]) => (low + high) / 2);
  for (const scene of [0, 1]) {
    hand.place(scene, { angles, position: [0, 0, 0.3], rotation: [0, 0, 0, 1] });
    scenes.build(scene);
  }
  const control = new HandControl(hand, { ...options, rate: RATE });
  const actions = new Float32Array(2 * control.size);
  const commandOf = (scene: number): number[] => [...hand.command.subarray(20 * scene, 20 * scene + 20)];
  return { scenes, hand, control, actions, commandOf };
}

describe('fingers', () => {
  test('go to their targets at 6 rad/s, and stay within their ranges', () => {
    const { control, actions, commandOf, hand } = driven({ fingers: 'targets' });
    expect(control.size).toBe(20);
    actions.fill(1, 20);
    const before = commandOf(1);
    control.command(1, actions, 20);
    const highs = ranges.map(([, high]) => high);
    commandOf(1).forEach((angle, joint) => {
      expect(angle).toBeCloseTo(Math.min(highs[joint]!, before[joint]! + 6 / RATE), 5);
    });
    for (let step = 0; step < 20; step++) control.command(1, actions, 20);
    commandOf(1).forEach((angle, joint) => {
      expect(angle).toBeCloseTo(highs[joint]!, 5);
    });
    // The other scene was told nothing.
    expect(commandOf(0)).toEqual([...hand.angle.subarray(0, 20)]);
  });

  test('are where an action between the ends says, once they had the time', () => {
    const { control, actions, commandOf } = driven({ fingers: 'targets' });
    actions.fill(-0.5);
    for (let step = 0; step < 20; step++) control.command(0, actions, 0);
    commandOf(0).forEach((angle, joint) => {
      const [low, high] = ranges[joint]!;
      expect(angle).toBeCloseTo(low + 0.25 * (high - low), 5);
    });
  });

  test('move on by increments of at most 0.15 rad, and no farther than their ranges', () => {
    const { control, actions, commandOf } = driven({ fingers: 'increments' });
    const before = commandOf(0);
    actions.fill(-0.4);
    control.command(0, actions, 0);
    commandOf(0).forEach((angle, joint) => {
      expect(angle).toBeCloseTo(before[joint]! - 0.06, 5);
    });
    for (let step = 0; step < 40; step++) control.command(0, actions, 0);
    commandOf(0).forEach((angle, joint) => {
      expect(angle).toBeCloseTo(ranges[joint]![0], 5);
    });
  });

  test('follow the six inputs of the synergy, of which each comes on by 0.16 of its range', () => {
    const { control, actions, commandOf } = driven({ fingers: 'synergy' });
    expect(control.size).toBe(6);
    control.start(0, Float32Array.of(0, 0.5, 0, 0, 0, 0));
    // Opposition is to stay, everything else to close.
    actions.set([1, 0, 1, 1, 1, 1]);
    control.command(0, actions, 0);
    const expected = new Float32Array(20);
    writeSynergy(Float32Array.of(0.16, 0.5, 0.16, 0.16, 0.16, 0.16), 0, expected, 0);
    commandOf(0).forEach((angle, joint) => {
      expect(angle).toBeCloseTo(expected[joint]!, 5);
    });
  });
});

describe('a wrist', () => {
  test('is sent 12 mm and 0.06 rad on by an action of 1, from where it is', () => {
    const { control, actions, hand } = driven({ fingers: 'synergy' }, true);
    expect(control.size).toBe(12);
    actions.set([1, 0, -0.5, 0, 0, 1], 6);
    for (let again = 0; again < 3; again++) control.command(0, actions, 0);
    const { goalPosition, goalRotation } = hand.wrist;
    [0.012, 0, 0.294].forEach((value, axis) => {
      expect(goalPosition[axis]).toBeCloseTo(value, 6);
    });
    [0, 0, Math.sin(0.03), Math.cos(0.03)].forEach((value, part) => {
      expect(goalRotation[part]).toBeCloseTo(value, 6);
    });
  });

  test('stays within its workspace', () => {
    const workspace = { low: [-0.005, -1, 0.2], high: [0.005, 1, 0.3] } as const;
    const { control, actions, hand } = driven({ fingers: 'synergy', workspace }, true);
    actions.set([1, 1, 1, 0, 0, 0], 6);
    control.command(0, actions, 0);
    [0.005, 0.012, 0.3].forEach((value, axis) => {
      expect(hand.wrist.goalPosition[axis]).toBeCloseTo(value, 6);
    });
  });
});
