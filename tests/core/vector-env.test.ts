/** Episodes of a task: restarts, time limits, rewards, and what is seen when. */
import { describe, expect, it } from 'vitest';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import {
  column,
  copyOf,
  randomActions,
  TOY_ACTION,
  TOY_OBSERVATION,
  TOY_STEPS,
  toyColumn,
  toyEnv,
  toyTask,
} from '../support/toy-env.ts';

/** Scene 0 pushes on and reaches 1 after four steps; scene 1 stays and runs out of time after six. */
const PUSH_AND_STAY = Float32Array.of(1, 0, 0, 0);

describe('createVectorEnv', () => {
  it('starts every scene with an observation of its own first state', () => {
    const env = toyEnv(3);
    const obs = env.reset(1);
    expect(obs).toHaveLength(3 * TOY_OBSERVATION);
    expect(column(obs, 'age')).toEqual([0, 0, 0]);
    expect(new Set(column(obs, 'episode')).size).toBe(3);
  });

  it('restarts a scene in the step that ended its episode, and only that scene', () => {
    const env = toyEnv(2);
    const before = Float32Array.from(env.reset(1));
    for (let step = 1; step <= 3; step++) env.step(PUSH_AND_STAY);
    const { obs, terminated, truncated } = env.step(PUSH_AND_STAY);
    expect([...terminated, ...truncated]).toEqual([1, 0, 0, 0]);
    expect(column(obs, 'age')).toEqual([0, 4]);
    expect(column(obs, 'x')).toEqual([0, 0]);
    expect(column(obs, 'episode')[0]).not.toBe(column(before, 'episode')[0]);
    expect(column(obs, 'episode')[1]).toBe(column(before, 'episode')[1]);
  });

  it('always fills finalObs with what the step led to, never with a fresh episode', () => {
    const env = toyEnv(3);
    let seen: Float32Array = Float32Array.from(env.reset(2));
    const draw = randomActions(3, 2);
    for (let step = 0; step < 100; step++) {
      const result = copyOf(env.step(draw()));
      expect(column(result.finalObs, 'episode')).toEqual(column(seen, 'episode'));
      expect(column(result.finalObs, 'age')).toEqual(column(seen, 'age').map((age) => age + 1));
      for (let scene = 0; scene < 3; scene++) {
        const row = [scene * TOY_OBSERVATION, (scene + 1) * TOY_OBSERVATION] as const;
        const ended = result.terminated[scene] === 1 || result.truncated[scene] === 1;
        if (ended) expect(result.obs[row[0] + toyColumn.age]).toBe(0);
        else expect(result.obs.slice(...row)).toEqual(result.finalObs.slice(...row));
      }
      seen = result.obs;
    }
  });

  it('truncates at the time limit, counted anew in every episode', () => {
    const env = toyEnv(1);
    env.reset(3);
    const truncated = Array.from(
      { length: 2 * TOY_STEPS },
      () => env.step(Float32Array.of(0, 0)).truncated[0],
    );
    expect(truncated).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
  });

  it('counts an episode that ends in its last step as terminated, not as truncated', () => {
    const env = toyEnv(1);
    env.reset(4);
    for (let step = 1; step < TOY_STEPS; step++) env.step(Float32Array.of(step <= 2 ? 0 : 1, 0));
    const { terminated, truncated } = env.step(Float32Array.of(1, 0));
    expect([terminated[0], truncated[0]]).toEqual([1, 0]);
  });

  it('truncates the episode that a person interrupts, once and in that scene only', () => {
    const env = toyEnv(2);
    env.reset(1);
    const still = new Float32Array(4);
    env.step(still);
    env.interrupt!(1);
    const { truncated, terminated, obs } = env.step(still);
    expect([...truncated, ...terminated]).toEqual([0, 1, 0, 0]);
    expect(column(obs, 'age')).toEqual([2, 0]);
    expect([...env.step(still).truncated]).toEqual([0, 0]);
  });

  it('reports success in the step that ends an episode, and in no other', () => {
    const env = toyEnv(2);
    env.reset(5);
    const steps = Array.from({ length: 6 }, () => [...env.step(PUSH_AND_STAY).info.success]);
    expect(steps).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it('has no success where the task has no notion of it', () => {
    const { succeeded: _, ...task } = toyTask(1);
    const env = createVectorEnv(task);
    env.reset(5);
    for (let step = 0; step < 4; step++) expect(env.step(Float32Array.of(1, 0)).info.success[0]).toBe(0);
  });

  it('rewards the sum of the terms', () => {
    const env = toyEnv(2);
    env.reset(6);
    const { reward, info } = env.step(Float32Array.of(0.5, -1, -0.25, 0.5));
    expect([...info.rewardTerms]).toEqual([0.5, -0.5, -0.25, -0.25]);
    expect([...reward]).toEqual([0, -0.5]);
  });

  it('applies actions clipped to [-1, 1], hands those back and leaves the given ones alone', () => {
    const env = toyEnv(2);
    env.reset(7);
    const given = Float32Array.of(7, -7, 0.5, 1);
    const { appliedActions, finalObs } = env.step(given);
    expect([...appliedActions]).toEqual([1, -1, 0.5, 1]);
    expect([...given]).toEqual([7, -7, 0.5, 1]);
    expect(column(finalObs, 'x')).toEqual([0.25, 0.125]);
  });

  it('clips observations to the bounds of the space', () => {
    const env = toyEnv(1, { observe: (_, obs) => obs.set([3, -1, -99, 1e30]) });
    expect([...env.reset(8)]).toEqual([2, 0, -2, 10]);
    expect([...env.step(new Float32Array(TOY_ACTION)).finalObs]).toEqual([2, 0, -2, 10]);
  });

  it('gives equal trajectories for equal seeds, and others for others', () => {
    const run = (seed: number): number[] => {
      const env = toyEnv(2);
      const draw = randomActions(2, 1);
      return [...env.reset(seed), ...Array.from({ length: 20 }, () => [...env.step(draw()).obs]).flat()];
    };
    expect(run(9)).toEqual(run(9));
    expect(run(9)).not.toEqual(run(10));
  });

  it('starts anew at every reset', () => {
    const env = toyEnv(2);
    const first = Float32Array.from(env.reset(9));
    for (let step = 0; step < 5; step++) env.step(PUSH_AND_STAY);
    expect(env.reset(9)).toEqual(first);
    const results = Array.from({ length: TOY_STEPS }, () => env.step(new Float32Array(4)).truncated[1]);
    expect(results).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it('runs a scene the same however many there are beside it', () => {
    const alone = toyEnv(1);
    const many = toyEnv(5);
    expect(many.reset(11).slice(0, TOY_OBSERVATION)).toEqual(Float32Array.from(alone.reset(11)));
    const draw = randomActions(5, 3);
    for (let step = 0; step < 40; step++) {
      const actions = draw();
      const { finalObs, reward } = many.step(actions);
      const one = alone.step(actions.slice(0, TOY_ACTION));
      expect(finalObs.slice(0, TOY_OBSERVATION)).toEqual(Float32Array.from(one.finalObs));
      expect(reward[0]).toBe(one.reward[0]);
    }
  });
});

describe('VectorEnv.snapshot', () => {
  it('lets another environment continue bit for bit', () => {
    const env = toyEnv(3);
    env.reset(12);
    const draw = randomActions(3, 4);
    for (let step = 0; step < 8; step++) env.step(draw());
    const snapshot = env.snapshot!();
    const other = toyEnv(3);
    other.restore!(snapshot);
    for (let step = 0; step < 30; step++) {
      const actions = draw();
      expect(copyOf(other.step(actions))).toEqual(copyOf(env.step(actions)));
    }
  });

  it('is not changed by the steps that follow it', () => {
    const env = toyEnv(2);
    env.reset(13);
    const snapshot = env.snapshot!();
    const before = Uint8Array.from(snapshot);
    for (let step = 0; step < 8; step++) env.step(PUSH_AND_STAY);
    expect(snapshot).toEqual(before);
  });

  it('hands the state of a physics engine back to it', () => {
    let engine = 1;
    const world = {
      snapshot: () => Uint8Array.of(engine),
      restore: ([value]: Uint8Array) => {
        engine = value!;
      },
      clear: () => {
        engine = 0;
      },
    };
    const env = toyEnv(1, { world });
    env.reset(14);
    expect(engine).toBe(0);
    engine = 42;
    const snapshot = env.snapshot!();
    engine = 7;
    env.restore!(snapshot);
    expect(engine).toBe(42);
  });

  it('is refused by an environment with another number of scenes', () => {
    const env = toyEnv(3);
    env.reset(15);
    expect(() => toyEnv(2).restore!(env.snapshot!())).toThrow(/is of another environment/);
  });
});
