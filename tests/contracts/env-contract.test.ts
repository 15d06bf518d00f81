/** What holds for every listed environment: `src/core/env.ts` in tests. */
import { beforeAll, describe, expect, test } from 'vitest';
import { envs } from '../../envs/index.ts';
import { checkEnv } from '../../src/core/check-env.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { describeSettings } from '../../src/core/settings.ts';
import { agentsOf } from '../../src/core/teams.ts';
import {
  type Act,
  advance,
  affordable,
  arraysOf,
  createEnv,
  firstDifference,
  randomActions,
  record,
} from '../support/env-runs.ts';

/** Random actions may end episodes early; the scripted controller keeps them until time runs out. */
function survive(id: string, env: VectorEnv): Act {
  const { scripted, settings } = envs[id]!;
  if (!scripted) return randomActions(env);
  const policy = scripted(env, settings.parse({}));
  // It has written when `act` returns, whatever it promises.
  return (actions, obs) => void policy.act(obs, actions, 'exploit');
}
/** What `checkEnv` mentions of games whose balls come down before time runs out, also where the scripted player does its best. */
const mentioned: Readonly<Record<string, readonly string[]>> = {
  // Nothing touches the palm there by chance.
  'hand-reach': ['obs-constant'],
  'hand-reorient-cube': ['obs-constant'],
  'hand-grasp-lift': ['obs-constant'],
  // The synergy spreads no fingers, and what is grasped stays off the palm.
  'hand-turn-knob': ['obs-constant'],
  'hand-ball-pick-place': ['obs-constant'],
  'two-hand-handover': ['obs-constant'],
  'volley-hit-the-ball': ['time-limit-unseen'],
  'volley-set-and-spike-easy': ['time-limit-unseen'],
  'volley-set-and-spike-hard': ['time-limit-unseen'],
  'volley-1v1': ['time-limit-unseen'],
  'volley-6v6': ['time-limit-unseen'],
};
/** Tasks whose scenes are apart in the calculation too: there is nothing to crash into, or each has a world of its own. */
const apart = (id: string): boolean => id === 'ks' || /^(fin|hand|two-hand)-/.test(id);
/** Flows whose whole episodes `checkEnv` would take a minute for: it sees their beginning, and mentions that. */
const checkedSteps: Readonly<Record<string, number>> = {
  ks: 100,
  'fin-offset-fsi': 60,
  'fin-base-fsi': 60,
};
const endsEarly = (id: string): boolean => mentioned[id]?.includes('time-limit-unseen') ?? false;

/** Observations that are not within the bounds of their components. */
function outOfBounds(env: VectorEnv, rows: Float32Array): Float32Array {
  const { components, size } = env.observationSpace;
  return rows.filter((value, i) => {
    const { low, high } = components[i % size]!;
    return !(value >= low && value <= high);
  });
}

describe.each(Object.keys(envs))('environment %s', (id) => {
  const definition = envs[id]!;
  const SCENES = apart(id) ? 2 : 4;
  /** Long enough for crashes, restarts and contacts under random actions. */
  const STEPS = apart(id) ? 60 : 150;
  /** Rows of an episode, and of all scenes. */
  const team = agentsOf(definition, definition.settings.parse({}));
  const ROWS = SCENES * team;

  test('is listed under its own name, with settings that have defaults and meanings', () => {
    expect(definition.id).toBe(id);
    const settings = definition.settings.parse({});
    for (const { name, meaning } of describeSettings(definition.settings)) {
      expect(settings[name]).not.toBeUndefined();
      expect(meaning.length).toBeGreaterThan(5);
    }
    expect(() => createEnv(id, 1, { nonsense: 1 })).toThrow(/Unknown setting "env.nonsense"/);
  });

  test('describes spaces and episodes that make sense', () => {
    const env = createEnv(id, SCENES);
    const { spec, observationSpace, actionSpace } = env;
    expect(spec.id).toBe(id);
    expect(env.numEnvs).toBe(ROWS);
    for (const space of [observationSpace, actionSpace]) {
      expect(space.size).toBe(space.components.length);
      expect(new Set(space.components.map(({ name }) => name)).size).toBe(space.size);
      for (const { low, high } of space.components) expect(low).toBeLessThan(high);
    }
    for (const { low, high } of actionSpace.components) expect([low, high]).toEqual([-1, 1]);
    expect(spec.controlDt).toBeGreaterThan(0);
    expect(spec.maxEpisodeSteps).toBe(Math.round(spec.maxEpisodeSteps));
    expect(spec.maxEpisodeSteps).toBeGreaterThan(0);
    expect(new Set(spec.rewardTerms).size).toBe(spec.rewardTerms.length);
    expect(spec.agents).toBeGreaterThanOrEqual(1);
    env.close();
  });

  test('returns arrays of the right sizes, the same ones every time', () => {
    const env = createEnv(id, SCENES);
    const [o, a, t] = [env.observationSpace.size, env.actionSpace.size, env.spec.rewardTerms.length];
    const obs = env.reset(1);
    const first = env.step(new Float32Array(ROWS * a));
    const arrays = arraysOf(first);
    expect(arrays.map(({ length }) => length / ROWS)).toEqual([o, 1, 1, 1, o, a, t, 1]);
    arraysOf(env.step(new Float32Array(ROWS * a))).forEach((array, i) => {
      expect(array).toBe(arrays[i]);
    });
    expect(env.reset(1)).toBe(obs);
    env.close();
  });

  describe('for two episodes of random actions', () => {
    const wrong: Record<'values' | 'sums' | 'ends' | 'lastStates', unknown[]> = {
      values: [],
      sums: [],
      ends: [],
      lastStates: [],
    };
    let ended = 0;

    beforeAll(() => {
      const env = createEnv(id, SCENES);
      const terms = env.spec.rewardTerms.length;
      const { size } = env.observationSpace;
      const obs = env.reset(2);
      wrong.values.push(...outOfBounds(env, obs));
      advance(env, obs, randomActions(env), 2 * env.spec.maxEpisodeSteps, (batch) => {
        wrong.values.push(...outOfBounds(env, batch.obs), ...outOfBounds(env, batch.finalObs));
        for (let scene = 0; scene < ROWS; scene++) {
          const parts = [...batch.info.rewardTerms.subarray(scene * terms, (scene + 1) * terms)];
          const sum = Math.fround(parts.reduce((x, y) => x + y, 0));
          if (!Number.isFinite(sum) || batch.reward[scene] !== sum)
            wrong.sums.push([batch.reward[scene]!, ...parts]);
          const [terminated, truncated] = [batch.terminated[scene]!, batch.truncated[scene]!];
          const success = batch.info.success[scene]!;
          if (terminated + truncated > 1 || success > terminated + truncated)
            wrong.ends.push([terminated, truncated, success]);
          ended += terminated + truncated;
          const row = (rows: Float32Array) => rows.subarray(scene * size, (scene + 1) * size);
          const differs = firstDifference(row(batch.finalObs), row(batch.obs)) !== undefined;
          if (differs !== terminated + truncated > 0) wrong.lastStates.push(scene);
        }
      });
      env.close();
    });

    test('sees finite values within bounds, and rewards that are their sum', () => {
      expect(wrong.values).toEqual([]);
      expect(wrong.sums).toEqual([]);
    });

    test('never says both terminated and truncated, and success only where an episode ended', () => {
      expect(wrong.ends).toEqual([]);
      expect(ended).toBeGreaterThan(0);
    });

    test('shows the last state in finalObs, a fresh one in obs where an episode ended, and the same elsewhere', () => {
      expect(wrong.lastStates).toEqual([]);
    });
  });

  test.skipIf(endsEarly(id))('truncates, and does not terminate, an episode at exactly its longest', () => {
    const env = createEnv(id, SCENES);
    const longest = env.spec.maxEpisodeSteps;
    const age = new Uint32Array(ROWS);
    let truncations = 0;
    advance(env, env.reset(4), survive(id, env), longest + 5, (batch) => {
      for (let scene = 0; scene < ROWS; scene++) {
        age[scene]!++;
        const terminated = batch.terminated[scene]!;
        expect(batch.truncated[scene]).toBe(age[scene] === longest && terminated === 0 ? 1 : 0);
        truncations += batch.truncated[scene]!;
        if (terminated || batch.truncated[scene]) age[scene] = 0;
      }
    });
    expect(truncations).toBeGreaterThan(0);
    env.close();
  });

  describe('repeats', () => {
    const run = (env: VectorEnv, seed: number) => record(env, env.reset(seed), randomActions(env), STEPS);

    test('a trajectory bit for bit: in the same instance after another run, and in another instance', () => {
      // Many scenes: what crashes leave behind in a physics engine shows in few of them.
      const many = apart(id) ? SCENES : Math.ceil(32 / team);
      const [env, other] = [createEnv(id, many), createEnv(id, many)];
      const first = run(env, 6);
      // Under least actions a drone falls, again and again.
      const least = apart(id) ? STEPS : 2 * env.spec.maxEpisodeSteps;
      record(env, env.reset(7), (actions) => actions.fill(-1), least);
      expect(firstDifference(first, run(env, 6))).toBe(undefined);
      expect(firstDifference(first, run(other, 6))).toBe(undefined);
      env.close();
      other.close();
    });

    test('nothing under another seed', () => {
      const env = createEnv(id, SCENES);
      const [one, other] = [env.reset(6).slice(), env.reset(7).slice()];
      const { size } = env.observationSpace;
      const rows = new Set(
        [one, other].flatMap((all) =>
          Array.from({ length: ROWS }, (_, s) => all.slice(s * size, (s + 1) * size).join()),
        ),
      );
      // Nor do scenes of one seed repeat each other.
      expect(rows.size).toBe(2 * ROWS);
      env.close();
    });

    test('a trajectory bit for bit from a snapshot: here, in a new instance, and after a reset of that one', () => {
      const [env, other] = [createEnv(id, SCENES), createEnv(id, SCENES)];
      const start = run(env, 6);
      const snapshot = env.snapshot!();
      const obs = env.step(new Float32Array(ROWS * env.actionSpace.size)).obs.slice();
      const onwards = (e: VectorEnv) => record(e, obs, randomActions(e, 8), STEPS);
      const expected = onwards(env);
      for (const e of [env, other]) {
        e.restore!(snapshot);
        e.step(new Float32Array(ROWS * e.actionSpace.size));
        expect(firstDifference(expected, onwards(e))).toBe(undefined);
      }
      expect(firstDifference(start, run(other, 6))).toBe(undefined);
      env.close();
      other.close();
    });

    test('the end of an episode, with its success, from a snapshot shortly before it', () => {
      const [env, other] = [createEnv(id, SCENES), createEnv(id, SCENES)];
      const before = env.spec.maxEpisodeSteps - 10;
      let seen = env.reset(6);
      advance(env, seen, survive(id, env), before, ({ obs }) => {
        seen = obs;
      });
      const [snapshot, obs] = [env.snapshot!(), seen.slice()];
      const expected = record(env, obs, survive(id, env), 15);
      other.restore!(snapshot);
      expect(firstDifference(expected, record(other, obs, survive(id, other), 15))).toBe(undefined);
      env.close();
      other.close();
    });

    test('a trajectory whatever is written into the arrays that it returned', () => {
      const [env, poisoned] = [createEnv(id, SCENES), createEnv(id, SCENES)];
      const expected = run(env, 6);
      const values: number[] = [...poisoned.reset(6)];
      const act = randomActions(poisoned);
      const actions = new Float32Array(ROWS * poisoned.actionSpace.size);
      for (let step = 0; step < STEPS; step++) {
        act(actions, actions, step);
        const arrays = arraysOf(poisoned.step(actions));
        for (const array of arrays) for (const value of array) values.push(value);
        for (const array of arrays) array.fill(array instanceof Float32Array ? Number.NaN : 7);
      }
      expect(firstDifference(expected, Float32Array.from(values))).toBe(undefined);
      env.close();
      poisoned.close();
    });
  });

  test('reads actions, clips them to [-1, 1], and never writes to them', () => {
    const env = createEnv(id, SCENES);
    env.reset(9);
    const actions = Float32Array.from({ length: ROWS * env.actionSpace.size }, (_, i) => (i % 5) - 2);
    const copy = actions.slice();
    const { appliedActions } = env.step(actions);
    expect(actions).toEqual(copy);
    const clipped = copy.map((value) => Math.max(-1, Math.min(1, value)));
    expect(appliedActions).toEqual(clipped);
    const [beyond, within] = [actions, clipped].map((given) => {
      const seen = env.reset(9);
      return record(env, seen, (out) => out.set(given), 20);
    });
    expect(beyond).toEqual(within);
    env.close();
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses the action %f, naming component and scene, and goes on as if it had not been given',
    (value) => {
      const env = createEnv(id, SCENES);
      const { size, components } = env.actionSpace;
      env.reset(10);
      const actions = new Float32Array(ROWS * size);
      const before = env.snapshot!();
      actions[size] = value;
      expect(() => env.step(actions)).toThrow(`Action "${components[0]!.name}" [1] of scene 1 is ${value}`);
      expect(Buffer.compare(env.snapshot!(), before)).toBe(0);
      env.close();
    },
  );

  test('refuses a wrong number of actions, a step before the first reset, and a foreign snapshot', () => {
    const [env, other] = [createEnv(id, SCENES), createEnv(id, SCENES + 1)];
    const { size } = env.actionSpace;
    expect(() => env.step(new Float32Array(ROWS * size))).toThrow(/before its first reset/);
    env.reset(1);
    expect(() => env.step(new Float32Array(size))).toThrow(RangeError);
    other.reset(1);
    expect(() => env.restore!(other.snapshot!())).toThrow(/of another environment/);
    env.close();
    other.close();
  });

  test('gives scene 0 the same course alone and beside others', () => {
    const size = team * createEnv(id, 1).observationSpace.size;
    const [alone, packed] = [1, apart(id) ? 4 : 8].map((scenes) => {
      const env = createEnv(id, scenes);
      const course: number[][] = [];
      let end = STEPS;
      const obs = env.reset(11);
      course.push([...obs.subarray(0, size)]);
      advance(env, obs, randomActions(env), STEPS, (batch, step) => {
        if (step < end) course.push([...batch.finalObs.subarray(0, size)]);
        if (batch.terminated[0] && end === STEPS) end = step;
      });
      env.close();
      return { course, end };
    });
    expect(packed!.end).toBe(alone!.end);
    // Float32 coordinates within 32 m of the world's centre have steps of 2⁻¹⁹ m. Each of the 16 sub-steps of a control
    // step rounds to them, to either side: errors add as in a random walk, in x and y; five of its deviations bound them.
    // Speeds and attitudes are equal. The step that ends in a crash is left out: an impact multiplies differences.
    const tolerance = 5 * Math.sqrt((2 * 16 * STEPS) / 12) * 2 ** -19;
    for (let step = 0; step <= Math.min(alone!.end, STEPS - 1); step++) {
      const differences = alone!.course[step]!.map((value, i) => Math.abs(value - packed!.course[step]![i]!));
      expect(Math.max(...differences)).toBeLessThan(tolerance);
    }
  });

  test('has nothing that checkEnv would mention', () => {
    const env = createEnv(id, SCENES);
    const act = survive(id, env);
    const controller = (obs: Float32Array, actions: Float32Array) => act(actions, obs, 0);
    const steps = checkedSteps[id];
    const options = { numEnvs: ROWS, controller, settings: affordable[id] ?? {}, ...(steps && { steps }) };
    const expected = [...(mentioned[id] ?? []), ...(steps ? ['time-limit-unseen'] : [])];
    expect(checkEnv(definition, options).map(({ rule }) => rule)).toEqual(expected);
    env.close();
  });

  test('can be closed twice', () => {
    const env = createEnv(id, 1);
    env.reset(1);
    env.close();
    expect(() => env.close()).not.toThrow();
  });
});
