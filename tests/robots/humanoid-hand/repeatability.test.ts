/** The same, bit for bit: again, in another instance, beside other scenes, and from a snapshot in the midst of contacts. */
import { describe, expect, test } from 'vitest';
import { HandScenes, jointRanges, leftHand, rightHand } from '../../../robots/humanoid-hand/index.ts';
import { restoreArray } from '../../../src/core/bytes.ts';
import { createRng } from '../../../src/core/rng.ts';
import type { BodyFleet } from '../../../src/physics/body-fleet.ts';
import { massOf } from '../../../src/physics/solids.ts';

const cube = { type: 'box', size: [0.055, 0.055, 0.055] } as const;
const ranges = jointRanges(rightHand);

interface Play {
  readonly scenes: HandScenes;
  readonly object: BodyFleet;
}

/** Two hands that look down at a table with a cube, one of them on a wrist that moves. */
function createPlay(count: number): Play {
  const hands = [{ model: rightHand, movingWrist: true }, { model: leftHand }];
  const scenes = new HandScenes(count, { hands });
  const table = scenes.addBodies({
    solids: [{ geometry: { type: 'box', size: [1, 1, 0.1] }, friction: 0.8 }],
  });
  const object = scenes.addBodies({ solids: [{ geometry: cube }], mass: massOf(cube, 0.1) });
  for (let scene = 0; scene < count; scene++) table.position[3 * scene + 2] = -0.05;
  return { scenes, object };
}

function start({ scenes, object }: Play, scene: number): void {
  const angles = Float32Array.from(
    ranges,
    ([low, high], i) => low + (high - low) * (i % 4 === 0 ? 0.5 : 0.2),
  );
  scenes.hands[0]!.place(scene, { angles, position: [-0.07, 0, 0.1], rotation: [1, 0, 0, 0] });
  scenes.hands[1]!.place(scene, { angles, position: [-0.07, 0.2, 0.1], rotation: [1, 0, 0, 0] });
  object.position.set([0, 0, 0.0275], 3 * scene);
  object.rotation.set([0, 0, 0, 1], 4 * scene);
  object.linearVelocity.fill(0, 3 * scene, 3 * scene + 3);
  object.angularVelocity.fill(0, 3 * scene, 3 * scene + 3);
  scenes.build(scene);
}

/** Random commands, those of each scene from a generator of its own. @returns all state of scene 0, step by step */
function play({ scenes, object }: Play, from: number, steps: number): Float32Array {
  const rows: number[] = [];
  const { hands } = scenes;
  for (let step = from; step < from + steps; step++) {
    for (let scene = 0; scene < scenes.worlds.scenes; scene++) {
      const rng = createRng(1000 * scene + step);
      for (const { command } of hands)
        ranges.forEach(([low, high], joint) => {
          command[20 * scene + joint] = rng.uniform(low, high);
        });
      const goal = hands[0]!.wrist.goalPosition;
      goal[3 * scene + 2] = Math.max(0.05, goal[3 * scene + 2]! + rng.uniform(-0.006, 0.004));
    }
    scenes.advance(8);
    for (const hand of hands)
      rows.push(...hand.angle.subarray(0, 20), ...hand.touch.subarray(0, 16), ...hand.torque.subarray(0, 20));
    rows.push(
      ...hands[0]!.wrist.position.subarray(0, 3),
      ...object.position.subarray(0, 3),
      ...object.rotation.subarray(0, 4),
    );
  }
  return Float32Array.from(rows);
}

const STEPS = 60;

describe('a scene of two hands, a table and a cube', () => {
  const one = createPlay(1);
  start(one, 0);
  const course = play(one, 0, STEPS);

  test('is one in which hands touch', () => {
    expect(one.scenes.hands.map(({ touch }) => touch.some((force) => force > 0.1))).toContain(true);
    expect(one.scenes.fault(0)).toBe(undefined);
  });

  test('repeats when it is built again', () => {
    start(one, 0);
    expect(play(one, 0, STEPS)).toEqual(course);
  });

  test('takes the same course beside two others, however they were before', () => {
    const three = createPlay(3);
    for (const scene of [2, 0, 1]) start(three, scene);
    play(three, 500, 5);
    for (const scene of [1, 0, 2]) start(three, scene);
    expect(play(three, 0, STEPS)).toEqual(course);
    three.scenes.worlds.free();
  });

  test('goes on from a snapshot, in the same instance and in another one', () => {
    const two = createPlay(2);
    for (const scene of [0, 1]) start(two, scene);
    play(two, 0, STEPS / 2);
    const arrays = two.scenes.state.map((values) => new Uint8Array(values.buffer.slice(0)));
    const worlds = two.scenes.worlds.snapshot();
    const onwards = play(two, STEPS / 2, STEPS / 2);
    const other = createPlay(2);
    for (const { scenes, object } of [two, other]) {
      scenes.state.forEach((values, i) => {
        restoreArray(values, arrays[i]!);
      });
      scenes.worlds.restore(worlds);
      expect(play({ scenes, object }, STEPS / 2, STEPS / 2)).toEqual(onwards);
      for (const scene of [0, 1]) start({ scenes, object }, scene);
      expect(play({ scenes, object }, 0, STEPS)).toEqual(course);
    }
    expect(other.scenes.worlds.snapshot()).toEqual(two.scenes.worlds.snapshot());
    for (const { scenes } of [two, other]) scenes.worlds.free();
  });

  test('refuses a snapshot of more scenes, and bytes that are none', () => {
    const two = createPlay(2);
    expect(() => one.scenes.worlds.restore(two.scenes.worlds.snapshot())).toThrow(/2 scenes where 1/);
    expect(() => one.scenes.worlds.restore(Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0, 9, 9))).toThrow(
      /cannot read this snapshot/,
    );
    two.scenes.worlds.free();
    one.scenes.worlds.free();
    expect(() => one.scenes.worlds.free()).not.toThrow();
  });
});
