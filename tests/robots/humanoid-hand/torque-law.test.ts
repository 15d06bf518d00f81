/** What motors and limits of a hand do, beside what follows on paper from masses, stiffness and the engine's damping. */
import { describe, expect, test } from 'vitest';
import { HandScenes, jointNames, jointRanges, rightHand } from '../../../robots/humanoid-hand/index.ts';
import { GRAVITY } from '../../../src/physics/packed-world.ts';

/** Palm down: half a turn about x. */
const PALM_DOWN = { position: [0, 0, 0.3], rotation: [1, 0, 0, 0] } as const;
const joints = jointNames(rightHand);
const indexOf = (name: string): number => joints.indexOf(name);
/** Stretched fingers, a little apart, so that they hang free. */
const spread = joints.map((name) => ({ 'index.abduction': -0.2, 'little.abduction': 0.2 })[name] ?? 0);
/** What the engine damps each hinge by, N·m·s/rad. */
const DAMPING = 0.1;

function createHand(angles: ArrayLike<number>, model = rightHand): HandScenes {
  const scenes = new HandScenes(1, { hands: [{ model }] });
  scenes.hands[0]!.place(0, { angles, ...PALM_DOWN });
  scenes.build(0);
  return scenes;
}

describe('a stretched finger that hangs free', () => {
  /** Of a capsule, kg. */
  const massOf = (length: number, radius: number): number =>
    1100 * Math.PI * radius ** 2 * (length + (4 / 3) * radius);
  const lengths = [0.045, 0.026, 0.02];
  const masses = lengths.map((length, i) => massOf(length, [0.0095, 0.0085, 0.008][i]!));
  /** Of the weight of phalanx `first` and those after it, about the joint of `first`, N·m. */
  const weightTorque = (first: number): number => {
    let torque = 0;
    for (let i = first, start = 0; i < 3; i++) {
      torque += masses[i]! * GRAVITY * (start + lengths[i]! / 2);
      start += lengths[i]!;
    }
    return torque;
  };

  test.each([
    ['index.mcp', 0],
    ['index.pip', 1],
    ['index.dip', 2],
  ] as const)('is held %s by what its weight needs: the error is torque over stiffness', (name, first) => {
    const scenes = createHand(spread);
    for (let step = 0; step < 50; step++) scenes.advance(8);
    const { angle, torque, command } = scenes.hands[0]!;
    const joint = indexOf(name);
    // It bends downwards, by less than 0.3°, so that lever arms are those of a stretched finger.
    const expected = weightTorque(first);
    expect(Math.abs(-torque[joint]! / expected - 1)).toBeLessThan(0.01);
    expect((angle[joint]! - command[joint]!) * rightHand.stiffness).toBeCloseTo(-torque[joint]!, 6);
    scenes.worlds.free();
  });

  test('does not drift over 10 s', () => {
    const scenes = createHand(spread);
    const { angle } = scenes.hands[0]!;
    for (let step = 0; step < 50; step++) scenes.advance(8);
    const settled = angle.slice();
    for (let step = 0; step < 500; step++) scenes.advance(8);
    // Coordinates are float32.
    for (const [joint, at] of angle.entries()) expect(Math.abs(at - settled[joint]!)).toBeLessThan(1e-5);
    scenes.worlds.free();
  });
});

describe('a motor', () => {
  /** Abduction is about the vertical here, so that weight plays no part. */
  const abduction = indexOf('index.abduction');

  test('approaches its target with the time constant damping over stiffness', () => {
    const scenes = createHand(spread);
    const { angle, command } = scenes.hands[0]!;
    const from = angle[abduction]!;
    // Within the 0.2 rad in which the motor is not at its limit.
    command[abduction] = from + 0.15;
    const timeConstant = DAMPING / rightHand.stiffness;
    const steps = 30;
    for (let step = 0; step < steps; step++) scenes.advance(1);
    const missing = (command[abduction]! - angle[abduction]!) / 0.15;
    // Inertia and the length of a physics step each change it by a few percent.
    const elapsed = steps * scenes.worlds.timestep;
    expect(Math.abs(-elapsed / Math.log(missing) / timeConstant - 1)).toBeLessThan(0.1);
    scenes.worlds.free();
  });

  test('that is far from its target turns at its full torque over the damping', () => {
    const model = { ...rightHand, maxTorque: 0.1 };
    const scenes = createHand(spread, model);
    const { angle, command, velocity, torque } = scenes.hands[0]!;
    expect(angle[abduction]).toBeCloseTo(-0.2, 6);
    command[abduction] = 0.34;
    scenes.advance(8);
    scenes.advance(16);
    expect(torque[abduction]).toBeCloseTo(model.maxTorque, 6);
    expect(velocity[abduction]! / (model.maxTorque / DAMPING)).toBeCloseTo(1, 1);
    scenes.worlds.free();
  });

  test('that is told to go beyond a range is held back: it ends where the limit’s spring takes its torque', () => {
    const scenes = createHand(spread);
    const { angle, command } = scenes.hands[0]!;
    const [, high] = jointRanges(rightHand)[abduction]!;
    command[abduction] = high + 1;
    // The little finger is bent away, and the others keep clear.
    for (let step = 0; step < 100; step++) scenes.advance(8);
    expect(angle[abduction]!).toBeLessThan(high + rightHand.maxTorque / 20 + 1e-3);
    scenes.worlds.free();
  });

  test('may be weaker or softer in a scene, from the next time on that it is built', () => {
    const scenes = createHand(spread);
    const hand = scenes.hands[0]!;
    hand.vary(0, { friction: 1, stiffness: 0.5, maxTorque: 1 });
    scenes.build(0);
    hand.command.set(spread);
    for (let step = 0; step < 50; step++) scenes.advance(8);
    const mcp = indexOf('index.mcp');
    expect((hand.angle[mcp]! - spread[mcp]!) * 0.5 * rightHand.stiffness).toBeCloseTo(-hand.torque[mcp]!, 6);
    scenes.worlds.free();
  });
});

test('rates are differences of angles over the control step', () => {
  const scenes = createHand(spread);
  const { angle, command, velocity } = scenes.hands[0]!;
  const before = angle.slice();
  command.set(spread.map((at) => at + 0.1));
  scenes.advance(8);
  for (const [joint, at] of angle.entries())
    expect(velocity[joint]).toBeCloseTo((at - before[joint]!) / (8 * scenes.worlds.timestep), 4);
  expect(Math.max(...velocity)).toBeGreaterThan(0.5);
  scenes.worlds.free();
});

test('a hand of the engine’s usual joints, to be compared with, goes where it is told as well', () => {
  const scenes = new HandScenes(1, { hands: [{ model: rightHand, joints: 'impulse' }] });
  const hand = scenes.hands[0]!;
  const angles = spread.map((at, joint) => at + (joint % 4 === 1 ? 0.3 : 0));
  hand.place(0, { angles, ...PALM_DOWN });
  scenes.build(0);
  hand.command.set(angles.map((at, joint) => at + (joint % 4 === 1 ? 0.2 : 0)));
  for (let step = 0; step < 50; step++) scenes.advance(8);
  for (let joint = 0; joint < 20; joint++)
    expect(Math.abs(hand.angle[joint]! - hand.command[joint]!)).toBeLessThan(0.05);
  scenes.worlds.free();
});
