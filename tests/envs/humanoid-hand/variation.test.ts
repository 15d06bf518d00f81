/** What differs from episode to episode beside where things begin: late actions, and the vertical. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Latency } from '../../../envs/humanoid-hand/latency.ts';
import { handReach } from '../../../envs/humanoid-hand/reach.ts';
import { HandTaskScenes } from '../../../envs/humanoid-hand/scenes.ts';
import { GRAVITY, HandScenes, loose, rightHand } from '../../../robots/humanoid-hand/index.ts';
import { createRng } from '../../../src/core/rng.ts';

describe('latency', () => {
  test('gives back each action as many steps later as the episode’s delay, and nothing before', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 6 }),
        fc.nat({ max: 1000 }),
        fc.integer({ min: 1, max: 30 }),
        (most, seed, steps) => {
          const latency = new Latency(2, most, 3);
          const rng = createRng(seed);
          for (const scene of [0, 1]) latency.start(scene, rng);
          for (let step = 0; step < steps; step++)
            for (const scene of [0, 1]) {
              const given = Float32Array.from({ length: 9 }, (_, i) => 100 * scene + 10 * step + i);
              const due = step - latency.delay[scene]!;
              const expected = due < 0 ? undefined : [0, 1, 2].map((i) => 100 * scene + 10 * due + 3 + i);
              expect(latency.delay[scene]!).toBeLessThanOrEqual(most);
              const carriedOut = latency.pass(scene, given, 3);
              expect(carriedOut && [...carriedOut]).toEqual(expected);
            }
        },
      ),
    );
  });

  test('draws every delay up to the most, and forgets earlier episodes', () => {
    const latency = new Latency(1, 2, 1);
    const rng = createRng(3);
    const seen = new Set<number>();
    for (let episode = 0; episode < 60; episode++) {
      latency.start(0, rng);
      const delay = latency.delay[0]!;
      seen.add(delay);
      const first = latency.pass(0, Float32Array.of(episode), 0);
      expect(first === undefined).toBe(delay > 0);
    }
    expect([...seen].sort()).toEqual([0, 1, 2]);
  });

  test('a hand holds its posture until its first action has come through', () => {
    const env = handReach.create(8, handReach.settings.parse({ latency: 2, reward: 'sparse' }));
    const start = env.reset(4).slice();
    const { size } = env.observationSpace;
    const target = env.observationSpace.components.findIndex(({ name }) => name === 'index.pip.target');
    const actions = new Float32Array(8 * 20).fill(1);
    const moved = [0, 1, 2].map(() => {
      const { obs } = env.step(actions);
      return Array.from({ length: 8 }, (_, s) => obs[size * s + target] !== start[size * s + target]);
    });
    // One by one they begin to move, and none stops again.
    const moving = moved.map((scenes) => scenes.filter(Boolean).length);
    expect(moving[0]).toBeLessThan(moving[1]!);
    expect(moving[1]).toBeLessThan(moving[2]!);
    expect(moving[2]).toBe(8);
    env.close();
  });
});

describe('the vertical', () => {
  test('is where a scene is told that it is: a ball falls that way by g·t', () => {
    const scenes = new HandScenes(2, { hands: [] });
    const ball = scenes.addBodies(loose({ type: 'sphere', radius: 0.03 }, 0.1));
    scenes.worlds.pointDown(1, [0.6, 0, -0.8]);
    for (const scene of [0, 1]) scenes.build(scene);
    scenes.advance(40);
    const [plain, leaning] = [0, 1].map((scene) => ball.linearVelocity.subarray(3 * scene, 3 * scene + 3));
    const speed = GRAVITY * 40 * 0.0025;
    [0, 0, -speed].forEach((value, axis) => {
      expect(plain![axis]).toBeCloseTo(value, 4);
    });
    [0.6 * speed, 0, -0.8 * speed].forEach((value, axis) => {
      expect(leaning![axis]).toBeCloseTo(value, 4);
    });
    scenes.worlds.free();
  });

  test('leans by up to 3° where all is varied, and not at all otherwise', () => {
    const lean = (variation: number): number[] => {
      const settings = {
        reward: 'dense',
        rate: 25,
        episodeTime: 0,
        variation,
        latency: 0,
        sensorNoise: 0,
      } as const;
      const scenes = new HandTaskScenes(20, settings, [
        { model: rightHand, fingers: 'targets', movingWrist: false },
      ]);
      const ball = scenes.physics.addBodies(loose({ type: 'sphere', radius: 0.01 }, 0.1));
      const rng = createRng(7);
      for (let scene = 0; scene < 20; scene++) {
        const angles = new Float32Array(20);
        scenes.hands[0]!.place(scene, { angles, position: [0, 0, 0], rotation: [0, 0, 0, 1] });
        ball.position.set([0, 0, -1], 3 * scene);
        scenes.vary(scene, rng);
        scenes.build(scene);
      }
      scenes.advance(new Float32Array(20 * 20));
      const angles = Array.from({ length: 20 }, (_, scene) => {
        const [x, y, z] = ball.linearVelocity.subarray(3 * scene, 3 * scene + 3);
        return (Math.atan2(Math.hypot(x!, y!), -z!) * 180) / Math.PI;
      });
      scenes.close();
      return angles;
    };
    expect(Math.max(...lean(0))).toBeCloseTo(0, 6);
    const varied = lean(1);
    expect(Math.max(...varied)).toBeLessThan(3.0001);
    expect(Math.max(...varied)).toBeGreaterThan(2);
    expect(Math.min(...varied)).toBeLessThan(1);
  });
});
