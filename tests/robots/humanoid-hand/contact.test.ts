/** Contacts of the worlds that hands grasp in: forces of known weights, friction, and what hands feel. */
import { describe, expect, test } from 'vitest';
import { HandScenes, rightHand, touchPlaces } from '../../../robots/humanoid-hand/index.ts';
import { aboutAxis } from '../../../src/physics/math.ts';
import { GRAVITY } from '../../../src/physics/packed-world.ts';
import { massOf } from '../../../src/physics/solids.ts';

const cube = { type: 'box', size: [0.05, 0.05, 0.05] } as const;
const plate = { type: 'box', size: [2, 2, 0.1] } as const;
const far = { angles: new Float32Array(20), position: [0, 0, 1], rotation: [0, 0, 0, 1] } as const;

test.each([1, 2, 4])(
  'a cube of 100 g presses on a table with 0.981 N, with %i solver iterations',
  (iterations) => {
    const scenes = new HandScenes(1, { hands: [], solverIterations: iterations });
    const table = scenes.addBodies({ solids: [{ geometry: plate }] });
    const object = scenes.addBodies({ solids: [{ geometry: cube }], mass: massOf(cube, 0.1) });
    table.position.set([0, 0, -0.05]);
    object.position.set([0.1, 0, 0.025]);
    scenes.build(0);
    for (let step = 0; step < 50; step++) scenes.advance(8);
    const { first, force, vector } = scenes.worlds.contacts;
    expect(force).toHaveLength(1);
    expect(force[0]).toBeCloseTo(0.1 * GRAVITY, 3);
    // The second solid feels the vector: the cube is lifted, the table pressed down.
    const up = first[0] === 0 ? 1 : -1;
    [0, 0, up * 0.1 * GRAVITY].forEach((part, axis) => {
      expect(vector[axis]).toBeCloseTo(part, 3);
    });
    const points = scenes.worlds.contactPoints(0);
    const lift = points.filter((_, i) => i % 6 === 5).reduce((sum, value) => sum + value, 0);
    expect(Math.abs(lift)).toBeCloseTo(0.1 * GRAVITY, 3);
    scenes.worlds.free();
  },
);

describe('a cube on an incline', () => {
  /** How far it slides within half a second, m. */
  function slide(friction: number, tangent: number): number {
    const scenes = new HandScenes(1, { hands: [] });
    const table = scenes.addBodies({ solids: [{ geometry: plate, friction }] });
    const object = scenes.addBodies({ solids: [{ geometry: cube, friction }], mass: massOf(cube, 0.1) });
    const tilt = Math.atan(tangent);
    const rotation = aboutAxis([0, 1, 0], tilt);
    const [along, up] = [Math.sin(tilt), Math.cos(tilt)];
    table.rotation.set(rotation);
    object.rotation.set(rotation);
    object.position.set([0.075 * along, 0, 0.075 * up]);
    scenes.build(0);
    const from = object.position.slice();
    for (let step = 0; step < 25; step++) scenes.advance(8);
    const slid = Math.hypot(...object.position.map((at, i) => at - from[i]!));
    scenes.worlds.free();
    return slid;
  }

  test.each([0.2, 0.5])('holds below its friction of %d, and slides above it as on paper', (friction) => {
    expect(slide(friction, 0.95 * friction)).toBeLessThan(0.5e-3);
    const tangent = 1.3 * friction;
    const tilt = Math.atan(tangent);
    const acceleration = GRAVITY * (Math.sin(tilt) - friction * Math.cos(tilt));
    expect(slide(friction, tangent) / (0.5 * acceleration * 0.5 ** 2)).toBeCloseTo(1, 1);
  });
});

describe('a palm that looks up', () => {
  const ball = { type: 'sphere', radius: 0.03 } as const;

  test('feels the weight of what lies on it, and nothing after that is gone', () => {
    const scenes = new HandScenes(2, { hands: [{ model: rightHand }] });
    const object = scenes.addBodies({ solids: [{ geometry: cube }], mass: massOf(cube, 0.2) });
    const hand = scenes.hands[0]!;
    for (const scene of [0, 1]) {
      hand.place(scene, far);
      object.position.set([0.055, 0.012, scene === 0 ? 1.037 : 3], 3 * scene);
      scenes.build(scene);
    }
    for (let step = 0; step < 20; step++) scenes.advance(8);
    const places = touchPlaces(rightHand);
    expect(hand.touch[places.indexOf('palm')]).toBeCloseTo(0.2 * GRAVITY, 2);
    expect([...hand.touch.subarray(1)]).toEqual(new Array(2 * places.length - 1).fill(0));
    hand.place(0, far);
    object.position.set([0.055, 0.012, 3], 0);
    scenes.build(0);
    expect(hand.touch[0]).toBe(0);
    scenes.worlds.free();
  });

  test('is told how deep a body would begin in it', () => {
    const scenes = new HandScenes(1, { hands: [{ model: rightHand }] });
    const object = scenes.addBodies({ solids: [{ geometry: ball }], mass: massOf(ball, 0.1) });
    scenes.hands[0]!.place(0, far);
    object.position.set([0.047, 0, 1.2]);
    scenes.build(0);
    expect(scenes.worlds.overlap(0)).toBe(0);
    // The palm's upper face is 12 mm above its middle.
    object.position.set([0.047, 0, 1.012 + 0.03 - 0.004]);
    scenes.build(0);
    expect(scenes.worlds.overlap(0)).toBeCloseTo(0.004, 5);
    scenes.worlds.free();
  });
});

describe('a fault of the physics', () => {
  const ball = { type: 'sphere', radius: 0.03 } as const;

  function createScenes(): { scenes: HandScenes; object: ReturnType<HandScenes['addBodies']> } {
    const scenes = new HandScenes(3, { hands: [{ model: rightHand }] });
    const object = scenes.addBodies({ solids: [{ geometry: ball }], mass: massOf(ball, 0.1) });
    for (const scene of [0, 1, 2]) {
      scenes.hands[0]!.place(scene, far);
      object.position.set([0.047, 0, 2], 3 * scene);
      scenes.build(scene);
    }
    return { scenes, object };
  }

  test('too fast, in one scene: it stands still until it is built anew, and the others go on', () => {
    const { scenes, object } = createScenes();
    object.linearVelocity[3] = 12;
    scenes.build(1);
    for (let step = 0; step < 2; step++) scenes.advance(8);
    expect([0, 1, 2].map((scene) => scenes.fault(scene))).toEqual([undefined, 'too fast', undefined]);
    const [still, falling] = [object.position[5], object.position[2]];
    scenes.advance(8);
    expect(object.position[5]).toBe(still);
    expect(object.position[2]).toBeLessThan(falling!);
    object.position.set([0.047, 0, 2], 3);
    object.linearVelocity.fill(0, 3, 6);
    scenes.build(1);
    scenes.advance(8);
    expect(scenes.fault(1)).toBe(undefined);
    scenes.worlds.free();
  });

  test('too deep: a body that begins within a palm', () => {
    const { scenes, object } = createScenes();
    object.position.set([0.047, 0, 1], 6);
    scenes.build(2);
    scenes.advance(1);
    expect(scenes.depth[2]).toBeGreaterThan(0.015);
    expect(scenes.fault(2)).toBe('too deep');
    scenes.worlds.free();
  });

  test('not finite: what is read stays finite', () => {
    const { scenes } = createScenes();
    const hand = scenes.hands[0]!;
    hand.command[20] = Number.NaN;
    scenes.advance(8);
    expect([0, 1, 2].map((scene) => scenes.fault(scene))).toEqual([undefined, 'not finite', undefined]);
    for (const values of [hand.angle, hand.velocity, hand.tips, hand.touch])
      expect(values.every(Number.isFinite)).toBe(true);
    scenes.worlds.free();
  });
});

test('three hands do not fit into a scene: the engine has too few groups', () => {
  const hand = { model: rightHand };
  expect(() => new HandScenes(1, { hands: [hand, hand, hand] })).toThrow(
    /may be 14 together; .* makes them 18/,
  );
});
