/** What holds for a person who takes over: `Teleoperation` of `src/core/appearance.ts` in tests. */
import { describe, expect, test } from 'vitest';
import { envs } from '../../envs/index.ts';
import { createRng } from '../../src/core/rng.ts';
import { advance } from '../support/env-runs.ts';
import { createSteered } from '../support/view-runs.ts';

const SCENES = 2;
const STEPS = 50;

describe.each(Object.keys(envs))('a person who steers %s', (id) => {
  test('has controls with names, meanings and keys of their own', () => {
    const { env, teleoperation } = createSteered(id, 1);
    const { controls } = teleoperation;
    expect(new Set(controls.map(({ name }) => name)).size).toBe(controls.length);
    for (const { low, high } of controls) expect([low, high]).not.toContain('');
    const keys = controls.flatMap((control) => control.keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    const sticks = controls.flatMap(({ axis }) => (axis ? [axis.index] : []));
    expect(new Set(sticks).size).toBe(sticks.length);
    env.close();
  });

  test('writes all of the action, within [-1, 1], from any commands in the same bounds', () => {
    const { env, teleoperation } = createSteered(id, SCENES);
    const { act, controls } = teleoperation;
    const { size } = env.actionSpace;
    const rng = createRng(1);
    const commands = new Float32Array(controls.length);
    const written = new Set<number>();
    advance(
      env,
      env.reset(1),
      (actions, obs) => {
        actions.fill(Number.NaN);
        for (let scene = 0; scene < env.numEnvs; scene++) {
          // Also the corners, where keys are.
          for (let i = 0; i < commands.length; i++)
            commands[i] = rng.integer(2) === 0 ? rng.integer(3) - 1 : rng.uniform(-1, 1);
          const row = obs.subarray(
            scene * env.observationSpace.size,
            (scene + 1) * env.observationSpace.size,
          );
          act(commands, row, actions.subarray(size * scene, size * (scene + 1)));
        }
        for (const value of actions) written.add(value);
      },
      STEPS,
      () => {},
    );
    for (const value of written) expect(Math.abs(value)).toBeLessThanOrEqual(1);
    // Not always the same: the commands count.
    expect(written.size).toBeGreaterThan(STEPS);
    env.close();
  });
});
