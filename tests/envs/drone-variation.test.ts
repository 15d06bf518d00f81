import { afterEach, describe, expect, test, vi } from 'vitest';
import { droneHover } from '../../envs/drone/hover.ts';
import { DroneScenes, type DroneSettings } from '../../envs/drone/scenes.ts';
import { iris, QuadrotorFleet, type Variation } from '../../robots/quadrotor/index.ts';
import { createRng } from '../../src/core/rng.ts';
import { createEnv, randomActions, record, truth } from '../support/env-runs.ts';

const SCENES = 1000;

afterEach(() => {
  vi.restoreAllMocks();
});

/** The variations that the aircraft of one reset are given. */
function variationsOf(id: string, settings: Record<string, unknown>): Variation[] {
  const env = createEnv(id, SCENES, settings);
  const vary = vi.spyOn(QuadrotorFleet.prototype, 'vary');
  env.reset(1);
  const given = vary.mock.calls.map(([, variation]) => variation);
  vary.mockRestore();
  env.close();
  expect(given.length).toBe(SCENES);
  return given;
}

const factors = ['mass', 'inertia', 'motorTimeConstant', 'thrust'] as const;
const settingOf = {
  mass: 'massVariation',
  inertia: 'inertiaVariation',
  motorTimeConstant: 'motorLagVariation',
  thrust: 'thrustVariation',
} as const;

const speedOf = ({ wind }: Variation): number => Math.hypot(...wind);

describe.each(['drone-hover', 'drone-track'])('%s', (id) => {
  test('gives every aircraft the exact model and still air where all variations are zero', () => {
    for (const variation of variationsOf(id, {})) {
      for (const factor of factors) expect(variation[factor]).toBe(1);
      expect(speedOf(variation)).toBe(0);
    }
  });

  test.each(factors)('varies the %s evenly between the limits of its setting, and nothing else', (varied) => {
    const given = variationsOf(id, { [settingOf[varied]]: 0.3 });
    for (const variation of given) {
      expect(Math.abs(variation[varied] - 1)).toBeLessThanOrEqual(0.3);
      for (const other of factors) if (other !== varied) expect(variation[other]).toBe(1);
      expect(speedOf(variation)).toBe(0);
    }
    // Uniform in ±0.3: mean 0, mean square 0.03, with five deviations of a mean over 1000.
    const changes = given.map((variation) => variation[varied] - 1);
    const mean = changes.reduce((a, b) => a + b) / SCENES;
    const square = changes.reduce((a, b) => a + b * b, 0) / SCENES;
    expect(Math.abs(mean)).toBeLessThan(5 * 0.3 * Math.sqrt(1 / 3 / SCENES));
    expect(Math.abs(square - 0.03)).toBeLessThan(5 * 0.09 * Math.sqrt(4 / 45 / SCENES));
  });

  test('blows level winds of up to the set speed, from everywhere, and varies nothing else', () => {
    const given = variationsOf(id, { windSpeed: 5 });
    for (const variation of given) {
      for (const factor of factors) expect(variation[factor]).toBe(1);
      expect(speedOf(variation)).toBeLessThanOrEqual(5);
      expect(variation.wind[2]).toBe(0);
    }
    const mean = (of: (variation: Variation) => number) => given.reduce((t, v) => t + of(v), 0) / SCENES;
    // Speeds are uniform: mean 2.5 m/s, deviation 5/√12; components have mean 0 and deviation 5/√6.
    expect(Math.abs(mean(speedOf) - 2.5)).toBeLessThan((5 * 5) / Math.sqrt(12 * SCENES));
    for (const axis of [0, 1] as const)
      expect(Math.abs(mean(({ wind }) => wind[axis]))).toBeLessThan((5 * 5) / Math.sqrt(6 * SCENES));
  });

  test('varies every episode anew, also those that start within a run', () => {
    const env = createEnv(id, 2, { massVariation: 0.3 });
    const vary = vi.spyOn(QuadrotorFleet.prototype, 'vary');
    record(env, env.reset(1), randomActions(env), 400);
    const masses = vary.mock.calls.map(([, { mass }]) => mass);
    expect(masses.length).toBeGreaterThan(4);
    expect(new Set(masses).size).toBe(masses.length);
    env.close();
  });

  test.each([...Object.values(settingOf), 'windSpeed'])(
    'flies differently with %s, from the same start',
    (name) => {
      const [exact, varied] = [createEnv(id, 4), createEnv(id, 4, { [name]: 0.5 })];
      const starts = [exact, varied].map((env) => env.reset(3).slice());
      expect(starts[1]).toEqual(starts[0]);
      const runs = [exact, varied].map((env, i) => record(env, starts[i]!, randomActions(env), 10));
      expect(runs[1]).not.toEqual(runs[0]);
      exact.close();
      varied.close();
    },
  );
});

test('wind changes the speed by w·(1 − exp(−k·t)) and nothing else', () => {
  const scenes = 16;
  const flights = [0, 6].map((windSpeed) => {
    const env = createEnv('drone-hover', scenes, { windSpeed });
    const vary = vi.spyOn(QuadrotorFleet.prototype, 'vary');
    env.reset(4);
    const winds = vary.mock.calls.map(([, { wind }]) => wind);
    vary.mockRestore();
    // Hover thrust for 0.4 s, too short for any of them to crash.
    for (let step = 0; step < 20; step++) {
      const { terminated } = env.step(
        Float32Array.from({ length: 4 * scenes }, (_, i) => (i % 4 === 3 ? 0.24 : 0)),
      );
      expect([...terminated]).toEqual(new Array(scenes).fill(0));
    }
    const { velocity, rotation } = truth(env);
    env.close();
    return { winds, velocity, rotation };
  });
  const [still, windy] = [flights[0]!, flights[1]!];
  expect(windy.rotation).toEqual(still.rotation);
  const share = 1 - Math.exp(-iris.linearDrag * 0.4);
  windy.winds.forEach((wind, scene) => {
    wind.forEach((speed, axis) => {
      const gained = windy.velocity[3 * scene + axis]! - still.velocity[3 * scene + axis]!;
      // Steps of 5 ms take k·Δt/2 = 5·10⁻⁴ more of up to 0.5 m/s, and float32 adds 320 roundings of speeds below 4 m/s.
      expect(Math.abs(gained - share * speed)).toBeLessThan(5e-4 * 0.5 + 320 * 2 ** -23);
    });
  });
});

test('both action modes have four named components and react to them', () => {
  const names = (['rates', 'rotors'] as const).map((actionMode) => {
    const env = createEnv('drone-hover', 1, { actionMode });
    const snapshots = [0, 1, 2, 3].map((component) => {
      env.reset(1);
      const action = new Float32Array(4);
      action[component] = 0.5;
      return env.step(action).finalObs.slice(0, 16).join();
    });
    expect(new Set(snapshots).size).toBe(4);
    env.close();
    return env.actionSpace.components.map(({ name }) => name);
  });
  expect(names).toEqual([
    ['rate.x', 'rate.y', 'rate.z', 'thrust'],
    ['rotor.0', 'rotor.1', 'rotor.2', 'rotor.3'],
  ]);
});

test('a start in rotors mode is in hover thrust as the last action', () => {
  const settings: DroneSettings = { ...droneHover.settings.parse({}), actionMode: 'rotors' };
  const scenes = new DroneScenes(1, settings);
  scenes.start(0, createRng(1), { position: 0, velocity: 0, tilt: 0, spin: 0 }, [0, 0, 3]);
  for (const action of scenes.lastAction) expect(action).toBeCloseTo(0.242, 3);
  for (const throttle of scenes.fleet.throttle) expect(throttle).toBeCloseTo(0.788, 3);
  scenes.close();
});
