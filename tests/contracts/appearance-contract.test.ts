/**
 * What holds for how every listed environment looks, beside the rules of `checkEnv`, which the environments' own contract
 * runs: they are data that can be drawn, and every number of a row is written.
 */
import { describe, expect, test } from 'vitest';
import { envs } from '../../envs/index.ts';
import { viewLayout } from '../../src/core/appearance.ts';
import { advance, createEnv, randomActions, record } from '../support/env-runs.ts';
import { poseOf, rowOf, viewOf } from '../support/view-runs.ts';

const SCENES = 3;
const STEPS = 60;

describe.each(Object.keys(envs))('the view of %s', (id) => {
  const { appearance } = viewOf(createEnv(id, 1));
  const { bodies, fields = [] } = appearance;

  test('keeps its bodies within the extent', () => {
    const env = createEnv(id, SCENES);
    expect(bodies.length + fields.length).toBeGreaterThan(0);
    const outside: string[] = [];
    const look = (step: number): void => {
      for (let scene = 0; scene < SCENES; scene++) {
        bodies.forEach(({ name }, body) => {
          const { position } = poseOf(env, body, scene);
          const reach = Math.max(Math.abs(position[0]!), Math.abs(position[1]!));
          if (reach > appearance.extent / 2) outside.push(`step ${step}, ${name}: ${position}`);
        });
      }
    };
    const obs = env.reset(1);
    look(0);
    advance(env, obs, randomActions(env), STEPS, (_, step) => look(step + 1));
    expect(outside).toEqual([]);
    env.close();
  });

  test('shows motion, of the scene that is asked for', () => {
    const env = createEnv(id, SCENES);
    const obs = env.reset(1);
    const before = rowOf(env, 2);
    expect(rowOf(env, 1)).not.toEqual(before);
    advance(env, obs, randomActions(env), 3, () => {});
    expect(rowOf(env, 2)).not.toEqual(before);
    env.close();
  });

  test('is drawn without a trace in the trajectory, and without allocation', () => {
    const [env, seen] = [createEnv(id, SCENES), createEnv(id, SCENES)];
    const expected = record(env, env.reset(2), randomActions(env), STEPS);
    const view = viewOf(seen);
    const row = new Float32Array(viewLayout(appearance).size);
    const act = randomActions(seen);
    const looking = (actions: Float32Array, obs: Float32Array, step: number): void => {
      for (let scene = 0; scene < SCENES; scene++) view.draw(scene, row);
      view.contacts?.(step % SCENES);
      act(actions, obs, step);
    };
    expect(record(seen, seen.reset(2), looking, STEPS)).toEqual(expected);
    // A picture of a whole flow takes longer to draw, and a few rows of scratch.
    const draws = fields.length > 0 ? 2_000 : 50_000;
    const most = fields.length > 0 ? 2_000 : 10;
    const grown = (): number => {
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < draws; i++) view.draw(0, row);
      return (process.memoryUsage().heapUsed - before) / draws;
    };
    grown();
    // The smallest object has 16 bytes. What a draw allocates shows in every pass, and what the engine does beside in some.
    expect(Math.min(grown(), grown(), grown())).toBeLessThan(most);
    env.close();
    seen.close();
  });
});
