import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { droneHover } from '../../envs/drone/hover.ts';
import { DroneScenes, type DroneSettings } from '../../envs/drone/scenes.ts';
import { createRng } from '../../src/core/rng.ts';
import { tiltThenYaw, type Vector3 } from '../../src/physics/math.ts';
import { componentReader, createEnv } from '../support/env-runs.ts';
import { HOVER, situate } from '../support/situations.ts';

const TARGET: Vector3 = [0, 0, 3];
const rng = createRng(1);
const quiet = droneHover.settings.parse({});

interface State {
  readonly position: Vector3;
  readonly velocity: Vector3;
  readonly spin: Vector3;
  readonly tilt: number;
  readonly heading: number;
}

/** What an aircraft in `state`, turned by `yaw` about the vertical through the target, sees of target and itself. */
function see(
  scenes: DroneScenes,
  { position, velocity, spin, tilt, heading }: State,
  yaw: number,
): Float32Array {
  const turn = ([x, y, z]: Vector3): Vector3 => [
    Math.cos(yaw) * x - Math.sin(yaw) * y,
    Math.sin(yaw) * x + Math.cos(yaw) * y,
    z,
  ];
  const { bodies } = scenes.fleet;
  bodies.position.set(turn(position));
  bodies.linearVelocity.set(turn(velocity));
  bodies.angularVelocity.set(turn(spin));
  bodies.rotation.set(tiltThenYaw([Math.cos(heading), Math.sin(heading), 0], tilt, yaw));
  scenes.fleet.place(0, 0.5);
  const obs = new Float32Array(16);
  scenes.observePoint(0, TARGET, obs, 0, rng);
  scenes.observeSelf(0, obs, 3, rng);
  return obs;
}

const value = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
const states = fc.record({
  position: fc.tuple(value(3), value(3), fc.double({ min: 1, max: 5, noNaN: true })),
  velocity: fc.tuple(value(5), value(5), value(5)),
  spin: fc.tuple(value(5), value(5), value(5)),
  tilt: value(Math.PI),
  heading: value(Math.PI),
});

describe('the observation', () => {
  test('is the same whatever the compass direction', () => {
    const scenes = new DroneScenes(1, quiet);
    fc.assert(
      fc.property(states, value(Math.PI), (state, yaw) => {
        const [straight, turned] = [see(scenes, state, 0), see(scenes, state, yaw)];
        // Values of up to 9 from float32 products: quaternions wrong by 2⁻²⁴ turn vectors by four times that, 2e-6.
        straight.forEach((seen, i) => {
          expect(Math.abs(turned[i]! - seen)).toBeLessThan(5e-6);
        });
      }),
    );
    scenes.close();
  });

  test('has the target, velocity, rates and up in the axes of the body', () => {
    const env = createEnv('drone-hover', 1);
    env.reset(1);
    // A quarter turn to the left: the body's x axis is the world's y. Half a metre east is then to the right.
    situate(env, {
      position: [-0.5, 0.25, 3],
      velocity: [0.1, 0, 0],
      rotation: tiltThenYaw([1, 0, 0], 0, Math.PI / 2),
    });
    const { finalObs } = env.step(Float32Array.from(HOVER));
    const read = componentReader(env);
    const row = (name: string) => ['x', 'y', 'z'].map((axis) => read(finalObs, 0, `${name}.${axis}`));
    const near = (name: string, expected: readonly number[]) =>
      row(name).forEach((seen, i) => {
        // 0.1 m/s move it by 2 mm in the step.
        expect(Math.abs(seen - expected[i]!)).toBeLessThan(0.003);
      });
    near('target', [-0.25, -0.5, 0]);
    near('near', [-0.25, -0.5, 0]);
    near('velocity', [0, -0.1, 0]);
    near('rate', [0, 0, 0]);
    near('up', [0, 0, 1]);
    env.close();
  });

  test('has up tilted the other way than the body', () => {
    const scenes = new DroneScenes(1, quiet);
    const still = { position: TARGET, velocity: TARGET, spin: TARGET } as const;
    // Rolled to the right by 30°: up is then towards the left, +y.
    const rolled = see(scenes, { ...still, tilt: Math.PI / 6, heading: 0 }, 0);
    [0, 0.5, Math.sqrt(0.75)].forEach((expected, i) => {
      expect(rolled[9 + i]).toBeCloseTo(expected, 6);
    });
    scenes.close();
  });

  test('has the action before, and at the start the one that hovers', () => {
    const env = createEnv('drone-hover', 1);
    const read = componentReader(env);
    const last = (rows: Float32Array) =>
      ['rate.x', 'rate.y', 'rate.z', 'thrust'].map((name) => read(rows, 0, `last.${name}`));
    expect(last(env.reset(1))).toEqual(HOVER.map(Math.fround));
    expect(last(env.step(Float32Array.of(0.1, -0.2, 0.3, 5)).finalObs)).toEqual(
      [0.1, -0.2, 0.3, 1].map(Math.fround),
    );
    env.close();
  });

  test('shows the target a second time, closer, up to half a metre', () => {
    const env = createEnv('drone-hover', 200);
    const [obs, read] = [env.reset(1), componentReader(env)];
    for (let scene = 0; scene < 200; scene++) {
      for (const axis of ['x', 'y', 'z']) {
        const offset = read(obs, scene, `target.${axis}`);
        expect(read(obs, scene, `near.${axis}`)).toBe(Math.max(-0.5, Math.min(0.5, offset)));
      }
    }
    env.close();
  });
});

describe('sensor noise', () => {
  const level: State = { position: [0.5, 0, 2], velocity: [1, 0, 0], spin: [0, 1, 0], tilt: 0.2, heading: 1 };

  /** Mean error and standard deviation of each of the 16 values over many looks. */
  function statistics(sensorNoise: number, looks = 4000) {
    const noisy: DroneSettings = { ...quiet, sensorNoise };
    const [scenes, exact] = [new DroneScenes(1, noisy), new DroneScenes(1, quiet)];
    const truth = see(exact, level, 0);
    const errors = Array.from({ length: looks }, () => see(scenes, level, 0).map((v, i) => v - truth[i]!));
    scenes.close();
    exact.close();
    return Array.from(truth, (_, i) => {
      const mean = errors.reduce((total, row) => total + row[i]!, 0) / looks;
      return { mean, deviation: Math.sqrt(errors.reduce((t, row) => t + (row[i]! - mean) ** 2, 0) / looks) };
    });
  }

  test.each([1, 3])(
    'of %f has a standard deviation of that times 1 cm, 5 cm/s, 0.02 rad/s and 0.01',
    (noise) => {
      const stated = [0.01, 0.05, 0.02, 0.01].flatMap((each) => [each, each, each]);
      const found = statistics(noise);
      stated.forEach((deviation, i) => {
        // A deviation from n draws is known to 1/√(2n), a mean to 1/√n of it; five of these.
        expect(Math.abs(found[i]!.deviation / (noise * deviation) - 1)).toBeLessThan(5 / Math.sqrt(8000));
        expect(Math.abs(found[i]!.mean / (noise * deviation))).toBeLessThan(5 / Math.sqrt(4000));
      });
      // The aircraft knows its own last action.
      for (const { deviation } of found.slice(12)) expect(deviation).toBe(0);
    },
  );

  test('of zero is none', () => {
    for (const { mean, deviation } of statistics(0, 20)) expect([mean, deviation]).toEqual([0, 0]);
  });

  test('blurs what is seen, not what happens', () => {
    const rewards = [0, 1].map((sensorNoise) => {
      const env = createEnv('drone-hover', 4, { sensorNoise });
      env.reset(5);
      const seen = Array.from({ length: 20 }, () => [...env.step(new Float32Array(16)).reward]).flat();
      env.close();
      return seen;
    });
    expect(rewards[1]).toEqual(rewards[0]);
  });
});
