/** A person's commands fly the aircraft as they say, in every drone task and action mode. */
import { describe, expect, test } from 'vitest';
import { envs } from '../../envs/index.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { advance, componentReader, truth } from '../support/env-runs.ts';
import { situate } from '../support/situations.ts';

/** forward, left, up, yaw */
type Commands = readonly [number, number, number, number];
const REST: Commands = [0, 0, 0, 0];
const CONTROL_DT = 0.02;

/** The point of drone-track all but stands, so that the aircraft may fly elsewhere for a while. */
const settingsOf: Readonly<Record<string, Record<string, unknown>>> = {
  'drone-hover': {},
  'drone-track': { speed: 0.1 },
};
const modes = Object.keys(settingsOf).flatMap((id) =>
  ['rates', 'rotors'].map((actionMode) => ({ id, actionMode })),
);

/** A drone task in which every scene is steered with the same commands. */
function create(id: string, actionMode: string, numEnvs = 1) {
  const definition = envs[id]!;
  const settings = parseSettings('env', definition.settings, { actionMode, ...settingsOf[id] });
  const env = definition.create(numEnvs, settings);
  const { act, controls } = definition.teleoperation!(env, settings);
  const { size } = env.observationSpace;
  return {
    env,
    controls,
    /** Flies from `obs` on. @returns the last observations, and how many episodes ended by themselves */
    fly(obs: Float32Array, commands: Commands, seconds: number): { obs: Float32Array; lost: number } {
      let lost = 0;
      let seen = obs;
      const steer = (actions: Float32Array, all: Float32Array): void => {
        for (let scene = 0; scene < numEnvs; scene++) {
          const row = all.subarray(scene * size, (scene + 1) * size);
          act(Float32Array.from(commands), row, actions.subarray(4 * scene, 4 * scene + 4));
        }
      };
      advance(env, obs, steer, Math.round(seconds / CONTROL_DT), (batch) => {
        for (const flag of batch.terminated) lost += flag;
        seen = batch.obs;
      });
      return { obs: seen, lost };
    },
  };
}

/** An aircraft at rest with its nose at `heading` rad, and what is seen of it. */
function atRest(env: VectorEnv, heading: number): Float32Array {
  env.reset(1);
  const at = env.spec.id === 'drone-hover' ? [0, 0, 3] : truth(env).position;
  const position = [at[0]!, at[1]!, at[2]!] as const;
  situate(env, { position, rotation: [0, 0, Math.sin(heading / 2), Math.cos(heading / 2)] });
  return env.step(Float32Array.of(0, 0, 0, 0)).obs;
}

const headingOf = ([x, y, z, w]: Float32Array): number =>
  Math.atan2(2 * (w! * z! + x! * y!), 1 - 2 * (y! * y! + z! * z!));

describe.each(['rates', 'rotors'])('left alone, in mode %s', (actionMode) => {
  // Of 1000 starts one, fast, low and tilted, falls to the floor.
  test('an aircraft comes to rest from anywhere that an episode of drone-hover starts', () => {
    const scenes = 20;
    const { env, fly } = create('drone-hover', actionMode, scenes);
    const { obs, lost } = fly(env.reset(1), REST, 4);
    const read = componentReader(env);
    expect(lost).toBe(0);
    for (let scene = 0; scene < scenes; scene++) {
      const norm = (name: string) =>
        Math.hypot(...['x', 'y', 'z'].map((axis) => read(obs, scene, `${name}.${axis}`)));
      expect(norm('velocity')).toBeLessThan(0.2);
      expect(norm('rate')).toBeLessThan(0.3);
      expect(read(obs, scene, 'up.z')).toBeGreaterThan(0.99);
    }
    env.close();
  });
});

describe.each(modes)('$id in mode $actionMode', ({ id, actionMode }) => {
  const directions: readonly [name: string, commands: Commands, velocity: (heading: number) => number[]][] = [
    ['forward', [1, 0, 0, 0], (h) => [2 * Math.cos(h), 2 * Math.sin(h), 0]],
    ['backward, at half speed', [-0.5, 0, 0, 0], (h) => [-Math.cos(h), -Math.sin(h), 0]],
    ['left', [0, 1, 0, 0], (h) => [-2 * Math.sin(h), 2 * Math.cos(h), 0]],
    ['up, at half speed', [0, 0, 0.5, 0], () => [0, 0, 1]],
    ['down, at half speed', [0, 0, -0.5, 0], () => [0, 0, -1]],
  ];
  test.each(directions)('flies %s, along its heading', (_, commands, velocity) => {
    const { env, fly } = create(id, actionMode);
    for (const heading of [0, 2]) {
      // Long enough to near the speed, and too short to be lost, 2 m away.
      expect(fly(atRest(env, heading), commands, 1.4).lost).toBe(0);
      const [seen, wanted] = [truth(env).velocity, velocity(heading)];
      wanted.forEach((speed, axis) => {
        expect(Math.abs(seen[axis]! - speed)).toBeLessThan(0.15);
      });
    }
    env.close();
  });

  test.each([1, -1])('turns at 1 rad/s to the side that it is told (%d: positive is left)', (side) => {
    const { env, fly } = create(id, actionMode);
    const start = atRest(env, 0);
    const turning = fly(start, [0, 0, 0, side], 1.2);
    expect(Math.sign(headingOf(truth(env).rotation))).toBe(side);
    const on = fly(turning.obs, [0, 0, 0, side], 0.8);
    expect(truth(env).spin[2]! * side).toBeGreaterThan(0.85);
    expect(truth(env).spin[2]! * side).toBeLessThan(1.1);
    fly(on.obs, REST, 2);
    expect(Math.abs(truth(env).spin[2]!)).toBeLessThan(0.1);
    env.close();
  });

  test('has the keys and the sticks of mode 2', () => {
    const { env, controls } = create(id, actionMode);
    expect(controls.map(({ name, keys = [], axis }) => [name, ...keys, axis])).toEqual([
      ['forward', 'KeyS', 'KeyW', { index: 3 }],
      ['left', 'KeyD', 'KeyA', { index: 2, inverted: true }],
      ['up', 'KeyF', 'KeyR', { index: 1 }],
      ['yaw', 'KeyE', 'KeyQ', { index: 0, inverted: true }],
    ]);
    env.close();
  });
});
