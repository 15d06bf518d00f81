/**
 * What holds for a hand on the bodies of every listed environment: `push` of `src/core/appearance.ts` in
 * tests.
 */
import { describe, expect, test } from 'vitest';
import { envs } from '../../envs/index.ts';
import type { Appearance, Vector3 } from '../../src/core/appearance.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { advance, createEnv, randomActions, record } from '../support/env-runs.ts';
import { pointOf, poseOf, viewOf } from '../support/view-runs.ts';

const SCENES = 4;
const axes: readonly Vector3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Bodies that can be pushed. */
const pushable = ({ bodies }: Appearance) =>
  bodies.flatMap(({ mass, shapes }, body) => (mass === undefined ? [] : [{ body, mass, shapes }]));

/** Environments with something to push. */
const pushed = Object.keys(envs).filter((id) => viewOf(createEnv(id, 1)).push);

describe.each(pushed)('a push in %s', (id) => {
  /** All that 20 steps return, of which `touch` may have changed something before they began. */
  function run(touch: (env: VectorEnv) => void, seed = 3): Float32Array {
    const env = createEnv(id, SCENES);
    const obs = env.reset(seed);
    touch(env);
    const values = record(env, obs, randomActions(env), 20);
    env.close();
    return values;
  }
  const push = (env: VectorEnv, force: Vector3, scene = 1): void => {
    const { body } = pushable(viewOf(env).appearance)[0]!;
    viewOf(env).push!(scene, body, force, pointOf(poseOf(env, body, scene)));
  };
  const free = run(() => {});

  test('moves the point of the body that it holds the way that it pulls', () => {
    const steps = 3;
    for (const { body, mass, shapes } of pushable(viewOf(createEnv(id, 1)).appearance)) {
      // The middle of the last shape: somewhere off the origin of the body.
      const grip = shapes.at(-1)!.position ?? [0, 0, 0];
      const moved = axes.map((axis) => {
        const ends = [0, 5 * mass].map((newton) => {
          const env = createEnv(id, SCENES);
          const obs = env.reset(4);
          const force = axis.map((part) => part * newton) as unknown as Vector3;
          viewOf(env).push!(1, body, force, pointOf(poseOf(env, body, 1), grip));
          advance(env, obs, randomActions(env), steps, () => {});
          const end = pointOf(poseOf(env, body, 1), grip);
          env.close();
          return end;
        });
        return axis.reduce((sum, part, i) => sum + part * (ends[1]![i]! - ends[0]![i]!), 0);
      });
      // Never against the pull; a body on an axle gives way in some directions only.
      for (const distance of moved) expect(distance).toBeGreaterThan(-1e-5);
      // Half of what a free body of its mass would go, at least, in one of them.
      const { controlDt } = createEnv(id, 1).spec;
      expect(Math.max(...moved)).toBeGreaterThan((5 * (steps * controlDt) ** 2) / 4);
    }
  });

  test('of nothing is none, bit for bit', () => {
    expect(run((env) => push(env, [0, 0, 0]))).toEqual(free);
  });

  test('that has been let go before a step is none', () => {
    const letGo = (env: VectorEnv): void => {
      push(env, [3, 2, 1]);
      push(env, [0, 0, 0]);
    };
    expect(run(letGo)).toEqual(free);
  });

  test('is felt in its own scene only', () => {
    const { observationSpace, spec } = createEnv(id, 1);
    const size = spec.agents * observationSpace.size;
    const scenesOf = (touch: (env: VectorEnv) => void): Float32Array[] => {
      const env = createEnv(id, SCENES);
      const obs = env.reset(3);
      touch(env);
      let last = obs;
      advance(env, obs, randomActions(env), 20, (batch) => {
        last = batch.obs.slice();
      });
      env.close();
      return Array.from({ length: SCENES }, (_, scene) => last.subarray(scene * size, (scene + 1) * size));
    };
    const [without, beside] = [scenesOf(() => {}), scenesOf((env) => push(env, [1, 0.5, 0.2]))];
    expect(without.map((row, scene) => row.join() === beside[scene]!.join())).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  test('ends with a reset', () => {
    const env = createEnv(id, SCENES);
    env.reset(1);
    push(env, [3, 2, 1]);
    const again = record(env, env.reset(3), randomActions(env), 20);
    expect(again).toEqual(free);
    env.close();
  });

  test('is no part of a snapshot, taken or restored', () => {
    const [env, other] = [createEnv(id, SCENES), createEnv(id, SCENES)];
    const obs = env.reset(3).slice();
    const snapshot = env.snapshot!();
    push(env, [3, 2, 1]);
    expect(env.snapshot!()).toEqual(snapshot);
    advance(env, obs, randomActions(env), 5, () => {});
    const held = env.snapshot!();
    push(env, [0, 0, 0]);
    env.restore!(snapshot);
    expect(record(env, obs, randomActions(env), 20)).toEqual(free);
    // What was saved under a push goes on without it.
    const ends = [env, other].map((each) => {
      each.restore!(held);
      return record(each, obs, randomActions(each), 20);
    });
    expect(ends[1]).toEqual(ends[0]);
    env.close();
    other.close();
  });

  test.each<[string, number, number, number, RegExp]>([
    ['a scene that there is not', SCENES, 0, 1, /no scene 4 to push in; they are 0 to 3/],
    ['a body that there is not', 0, 99, 1, /Body 99 cannot be pushed/],
    ['a force that is not finite', 0, 0, Number.NaN, /must be finite/],
  ])('is refused for %s, and changes nothing', (_, scene, body, newton, message) => {
    const refused = run((env) => {
      expect(() => viewOf(env).push!(scene, body, [newton, 0, 0], [0, 0, 0])).toThrow(message);
    });
    expect(refused).toEqual(free);
  });

  test('is refused for a body without a mass', () => {
    const env = createEnv(id, SCENES);
    const { appearance, push: give } = viewOf(env);
    appearance.bodies.forEach(({ mass }, body) => {
      if (mass === undefined) expect(() => give!(0, body, [1, 0, 0], [0, 0, 0])).toThrow(/cannot be pushed/);
    });
    env.close();
  });
});
