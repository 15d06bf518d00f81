/** A wrist that moves: where it goes, how fast, what it carries along, and how it gives way. */
import { describe, expect, test } from 'vitest';
import { HandScenes, rightHand } from '../../../robots/humanoid-hand/index.ts';
import { crush } from '../../../scripts/bench/hands/crush.ts';
import { grip, gripModel } from '../../../scripts/bench/hands/grip.ts';
import { aboutAxis } from '../../../src/physics/math.ts';

const CONTROL_DT = 8 * 0.0025;
const { speed, rate, guardForce } = rightHand.wrist;
const still = { angles: new Float32Array(20), position: [0, 0, 0.5], rotation: [0, 0, 0, 1] } as const;

function createHand(): HandScenes {
  const scenes = new HandScenes(1, { hands: [{ model: rightHand, movingWrist: true }] });
  scenes.hands[0]!.place(0, still);
  scenes.build(0);
  return scenes;
}

describe('a wrist with nothing in its way', () => {
  test('is at its goal at the end of the control step, with its fingers', () => {
    const scenes = createHand();
    const { wrist, tips } = scenes.hands[0]!;
    const before = tips.slice();
    for (let step = 1; step <= 10; step++) {
      wrist.goalPosition.set([0.006 * step, 0, 0.5]);
      scenes.advance(8);
      expect(wrist.position[0]).toBeCloseTo(0.006 * step, 12);
    }
    // Where it slides along x, fingers bend by their inertia and by their weight, which is there before as well.
    for (let step = 0; step < 20; step++) scenes.advance(8);
    for (let tip = 0; tip < 5; tip++) expect(tips[3 * tip]! - before[3 * tip]!).toBeCloseTo(0.06, 3);
    scenes.worlds.free();
  });

  test('goes and turns no faster than its limits, and gets there later', () => {
    const scenes = createHand();
    const { wrist } = scenes.hands[0]!;
    wrist.goalPosition.set([0.03, 0.04, 0.5]);
    wrist.goalRotation.set(aboutAxis([0, 0, 1], 0.1));
    scenes.advance(8);
    expect(Math.hypot(wrist.position[0]!, wrist.position[1]!)).toBeCloseTo(speed * CONTROL_DT, 9);
    expect(wrist.position[1]! / wrist.position[0]!).toBeCloseTo(4 / 3, 9);
    expect(2 * Math.asin(wrist.rotation[2]!)).toBeCloseTo(rate * CONTROL_DT, 9);
    expect(Math.hypot(...wrist.velocity)).toBeCloseTo(speed, 5);
    expect([...wrist.angularVelocity].map((value) => Number(value.toFixed(5)))).toEqual([0, 0, rate]);
    for (let step = 0; step < 6; step++) scenes.advance(8);
    expect([...wrist.position]).toEqual([0.03, 0.04, 0.5]);
    expect(2 * Math.asin(wrist.rotation[2]!)).toBeCloseTo(0.1, 9);
    scenes.worlds.free();
  });

  test('turns the shorter way, whichever of its two quaternions is told', () => {
    const scenes = createHand();
    const { wrist } = scenes.hands[0]!;
    wrist.goalRotation.set(aboutAxis([0, 0, 1], 0.02).map((part) => -part));
    scenes.advance(8);
    expect(2 * Math.atan2(wrist.rotation[2]!, wrist.rotation[3]!)).toBeCloseTo(0.02, 9);
    scenes.worlds.free();
  });

  test('carries a ball along in its grip', () => {
    const hands = [{ model: gripModel, movingWrist: true }];
    const { scenes, object } = grip('ball', { hands });
    const { wrist } = scenes.hands[0]!;
    const before = object.position.slice();
    for (let step = 1; step <= 50; step++) {
      for (let scene = 0; scene < scenes.worlds.scenes; scene++) wrist.goalPosition[3 * scene + 2]! += 0.004;
      scenes.advance(8);
    }
    for (let scene = 0; scene < scenes.worlds.scenes; scene++) {
      expect(Math.abs(object.position[3 * scene + 2]! - before[3 * scene + 2]! - 0.2)).toBeLessThan(5e-3);
      // Its weight, of which the surroundings bear nothing.
      expect(wrist.loadOf(scene)).toBe(0);
    }
    scenes.worlds.free();
  });
});

describe('a wrist that is driven down into a table', () => {
  test.each([
    [0.1, true],
    [0.5, true],
    [0.5, false],
  ])(
    'at %d m/s, on a cube: %s, presses with less than 120 N and sinks in by less than 5 mm',
    (down, cube) => {
      const { force, depth, height } = crush({ speed: down, cube });
      expect(force).toBeLessThan(120);
      expect(force).toBeGreaterThan(guardForce);
      expect(depth).toBeLessThan(5e-3);
      // It was to go to 20 mm.
      expect(height).toBeGreaterThan(0.025);
    },
  );

  test('would press with more than a kilonewton, or break the physics, without its guard', () => {
    const { force, height } = crush({ speed: 0.5, cube: true, guardForce: Number.POSITIVE_INFINITY });
    expect(force).toBeGreaterThan(1000);
    expect(height).toBeLessThan(0.1);
  });
});
