/** Hands that do anything at all, over a table with a cube, as an untrained policy does. */
import { HandScenes, jointRanges, loose, rightHand, still } from '../../../robots/humanoid-hand/index.ts';
import { createRng } from '../../../src/core/rng.ts';

export interface Exploration {
  /** Episodes that ended by a fault of the physics; the hand began anew. */
  readonly faults: number;
  /** Numbers that were read and are not finite. */
  readonly notFinite: number;
  /** Control steps in which a place of the hand felt more than 0.5 N. */
  readonly touching: number;
  /** Control steps in which solids were deeper in each other than 2 mm. */
  readonly deep: number;
  /** The deepest, m. */
  readonly depth: number;
  /** The farthest that a joint was beyond its range, rad. */
  readonly beyondRange: number;
  readonly controlSteps: number;
}

const cube = { type: 'box', size: [0.055, 0.055, 0.055] } as const;
const table = { type: 'box', size: [2, 2, 0.1] } as const;
const ranges = jointRanges(rightHand);
const start = ranges.map(([low, high], i) => (i % 4 === 0 ? 0 : low + 0.2 * (high - low)));
/** Where the wrist may be told to go, m. */
const wristRange = [
  [-0.12, 0.05],
  [-0.12, 0.05],
  [0.05, 0.15],
] as const;
/** Of the random walks that commands make, a control step: rad, m. */
const STRIDE = { joint: 0.3, wrist: 0.003 } as const;
const DEEP = 2e-3;

/** @param seconds of simulated time in each of `count` scenes */
export function explore(count: number, seconds: number, seed: number): Exploration {
  const rng = createRng(seed);
  const scenes = new HandScenes(count, { hands: [{ model: rightHand, movingWrist: true }] });
  const plate = scenes.addBodies(still(table));
  const object = scenes.addBodies(loose(cube, 0.1));
  const hand = scenes.hands[0]!;
  const begin = (scene: number): void => {
    plate.position[3 * scene + 2] = -table.size[2] / 2;
    object.position.set([0, 0, cube.size[2] / 2], 3 * scene);
    object.rotation.set([0, 0, 0, 1], 4 * scene);
    for (const values of [object.linearVelocity, object.angularVelocity])
      values.fill(0, 3 * scene, 3 * scene + 3);
    hand.place(scene, { angles: start, position: [-0.07, 0, 0.12], rotation: [1, 0, 0, 0] });
    scenes.build(scene);
  };
  const walk = (
    values: Float32Array | Float64Array,
    i: number,
    [low, high]: readonly [number, number],
    stride: number,
  ) => {
    values[i] = Math.max(low, Math.min(high, values[i]! + stride * rng.normal()));
  };
  const wander = (scene: number): void => {
    ranges.forEach((range, joint) => {
      walk(hand.command, 20 * scene + joint, range, STRIDE.joint);
    });
    wristRange.forEach((range, axis) => {
      walk(hand.wrist.goalPosition, 3 * scene + axis, range, STRIDE.wrist);
    });
  };

  const found = { faults: 0, notFinite: 0, touching: 0, deep: 0, depth: 0, beyondRange: 0 };
  for (let scene = 0; scene < count; scene++) begin(scene);
  const steps = Math.round(50 * seconds);
  for (let step = 0; step < steps; step++) {
    for (let scene = 0; scene < count; scene++) wander(scene);
    scenes.advance(8);
    for (let scene = 0; scene < count; scene++) {
      const touch = hand.touch.subarray(hand.places * scene, hand.places * (scene + 1));
      if (touch.some((force) => force > 0.5)) found.touching++;
      if (scenes.depth[scene]! > DEEP) found.deep++;
      found.depth = Math.max(found.depth, scenes.depth[scene]!);
      if (!scenes.fault(scene)) continue;
      found.faults++;
      begin(scene);
    }
    for (const values of [hand.angle, hand.velocity, hand.touch, hand.tips, object.position, object.rotation])
      for (const value of values) if (!Number.isFinite(value)) found.notFinite++;
    hand.angle.forEach((angle, i) => {
      const [low, high] = ranges[i % ranges.length]!;
      found.beyondRange = Math.max(found.beyondRange, low - angle, angle - high);
    });
  }
  scenes.worlds.free();
  return { ...found, controlSteps: steps * count };
}
