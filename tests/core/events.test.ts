/** What a task tells of its episodes: when, to whom, and that nothing depends on whether anybody listens. */
import { describe, expect, test } from 'vitest';
import type { EnvEvent } from '../../src/core/events.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { copyOf, randomActions, TOY_STEPS, toyTask } from '../support/toy-env.ts';

/** The toy, which tells where its point is wherever it was pushed. */
function telling(rows: number, agents = 1) {
  const task = toyTask(rows);
  const x = task.state[2] as Float32Array;
  const asked: number[] = [];
  const env = createVectorEnv({
    ...task,
    spec: { ...task.spec, agents },
    tell(episode, tell) {
      asked.push(episode);
      const at = x[agents * episode]!;
      if (at !== 0) tell('moved', `to ${at} m`, { x: at });
      if (at >= 1) tell('arrived', '');
    },
  });
  const told: EnvEvent[] = [];
  const listen = () => env.events$!.subscribe((event) => told.push(event));
  return { env, told, asked, listen };
}

/** Scene 0 pushes on and arrives after four steps; scene 1 stays. */
const PUSH_AND_STAY = Float32Array.of(1, 0, 0, 0);

describe('events', () => {
  test('are told within the step, with the age of the episode, before it starts anew', () => {
    const { env, told, listen } = telling(2);
    listen();
    env.reset(1);
    expect(told).toEqual([]);
    env.step(PUSH_AND_STAY);
    expect(told).toEqual([{ scene: 0, age: 1, kind: 'moved', text: 'to 0.25 m', values: { x: 0.25 } }]);
    for (let step = 2; step <= 5; step++) env.step(PUSH_AND_STAY);
    expect(told.map(({ age, kind, text }) => `${age} ${kind} ${text}`)).toEqual([
      '1 moved to 0.25 m',
      '2 moved to 0.5 m',
      '3 moved to 0.75 m',
      '4 moved to 1 m',
      '4 arrived ',
      '1 moved to 0.25 m',
    ]);
    expect(told[4]).toEqual({ scene: 0, age: 4, kind: 'arrived', text: '' });
  });

  test('are asked for only while somebody listens', () => {
    const { env, asked, told, listen } = telling(2);
    env.reset(1);
    env.step(PUSH_AND_STAY);
    expect(asked).toEqual([]);
    const listening = listen();
    env.step(PUSH_AND_STAY);
    expect(asked).toEqual([0, 1]);
    listening.unsubscribe();
    env.step(PUSH_AND_STAY);
    expect([asked.length, told.length]).toEqual([2, 1]);
  });

  test('change nothing: the same actions lead to the same numbers, and the same snapshot', () => {
    const run = (listened: boolean) => {
      const { env, listen } = telling(3);
      if (listened) listen();
      env.reset(4);
      const draw = randomActions(3, 5);
      const batches = Array.from({ length: 3 * TOY_STEPS }, () => copyOf(env.step(draw())));
      return { batches, snapshot: env.snapshot!() };
    };
    expect(run(true)).toEqual(run(false));
  });

  test('are absent where the task tells nothing', () => {
    expect('events$' in createVectorEnv(toyTask(1))).toBe(false);
  });
});

describe('an episode of two agents', () => {
  test('tells once, by its index, when all its rows have been judged and none has started', () => {
    const order: string[] = [];
    const task = toyTask(4);
    const env = createVectorEnv({
      ...task,
      spec: { ...task.spec, agents: 2, maxEpisodeSteps: 1 },
      start: (row) => void order.push(`start ${row}`),
      judge(row) {
        order.push(`judge ${row}`);
        return false;
      },
      tell: (episode) => void order.push(`tell ${episode}`),
    });
    env.events$!.subscribe();
    env.reset(1);
    order.length = 0;
    env.step(new Float32Array(8));
    const rows = [0, 1, 2, 3];
    expect(order).toEqual([
      ...rows.map((row) => `judge ${row}`),
      ...['tell 0', 'tell 1'],
      ...rows.map((row) => `start ${row}`),
    ]);
  });

  test('is interrupted as a whole', () => {
    const { env } = telling(6, 2);
    env.reset(1);
    env.interrupt!(1);
    expect([...env.step(new Float32Array(12)).truncated]).toEqual([0, 0, 1, 1, 0, 0]);
    expect([...env.step(new Float32Array(12)).truncated]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('is one scene: it is pushed by its index, and there are no more than episodes', () => {
    const pushed: number[] = [];
    const task = toyTask(4);
    const { push } = createVectorEnv({
      ...task,
      spec: { ...task.spec, agents: 2 },
      view: {
        appearance: {
          bodies: [{ name: 'point', shapes: [], mass: 1 }],
          fixed: [],
          extent: 4,
          ground: true,
          cameras: [{ name: 'front', position: [0, -3, 1], target: [0, 0, 0] }],
        },
        draw() {},
        push: (scene) => void pushed.push(scene),
      },
    }).view!;
    push!(1, 0, [1, 0, 0], [0, 0, 0]);
    expect(pushed).toEqual([1]);
    expect(() => push!(2, 0, [1, 0, 0], [0, 0, 0])).toThrow(
      'There is no scene 2 to push in; they are 0 to 1.',
    );
  });
});
