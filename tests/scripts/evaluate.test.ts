/** What `proprio evaluate --trace` tells of an evaluation: every event of its episodes, in order, and no others. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type TraceOptions, trace, traceLine } from '../../scripts/evaluate/trace.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { evaluate } from '../../src/rollout/evaluate.ts';
import { lastJson, proprio, smallRun } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { constantPolicy, toyTask } from '../support/toy-env.ts';

/** The toy tells each halving of the way to the goal at 1 m. Scene 0 arrives in four steps, the others take their time. */
async function traced(rows: number, options: TraceOptions, agents = 1) {
  const task = toyTask(rows);
  const x = task.state[2] as Float32Array;
  const env = createVectorEnv({
    ...task,
    spec: { ...task.spec, agents },
    tell(scene, tell) {
      const at = x[agents * scene]!;
      if (at === 0.5) tell('halfway', `at ${at} m`, { at });
      if (at === 1) tell('arrived', '');
    },
  });
  const pushes = [[1, 0] as const, [0.5, 0] as const, [0, 0] as const].slice(0, rows);
  const policy = constantPolicy(...pushes);
  const followed = trace(env, options);
  const result = await evaluate(followed.env, policy, rows * options.episodes, 1);
  const events = followed.events();
  return { result, events, lines: events.map((event) => traceLine(event, options.episodes > 1)) };
}

describe('a trace', () => {
  test('has a line for each event, by scene and then time', async () => {
    const { lines, events } = await traced(3, { scenes: 3, episodes: 1 });
    expect(lines).toEqual([
      'scene 0  0.20 s  halfway: at 0.5 m',
      'scene 0  0.40 s  arrived',
      'scene 1  0.40 s  halfway: at 0.5 m',
    ]);
    expect(events[0]).toMatchObject({ scene: 0, episode: 1, age: 2, kind: 'halfway', values: { at: 0.5 } });
    expect(events[0]!.time).toBeCloseTo(0.2, 12);
  });

  test('is of the episodes that count, though a quick scene begins others', async () => {
    // While scene 1 lives through two episodes of six steps, scene 0 arrives three times.
    const { lines, result } = await traced(2, { scenes: 2, episodes: 2 });
    expect(result.episodes).toBe(4);
    expect(lines).toEqual([
      'scene 0, episode 1  0.20 s  halfway: at 0.5 m',
      'scene 0, episode 1  0.40 s  arrived',
      'scene 0, episode 2  0.20 s  halfway: at 0.5 m',
      'scene 0, episode 2  0.40 s  arrived',
      'scene 1, episode 1  0.40 s  halfway: at 0.5 m',
      'scene 1, episode 2  0.40 s  halfway: at 0.5 m',
    ]);
  });

  test('is of the first scenes, as many as were asked for', async () => {
    const { lines } = await traced(3, { scenes: 1, episodes: 1 });
    expect(lines).toEqual(['scene 0  0.20 s  halfway: at 0.5 m', 'scene 0  0.40 s  arrived']);
    expect((await traced(2, { scenes: 9, episodes: 1 })).lines).toHaveLength(3);
  });

  test('counts the episodes of a team by its scene', async () => {
    const { events } = await traced(2, { scenes: 2, episodes: 1 }, 2);
    expect(events.map(({ scene, episode, kind }) => [scene, episode, kind])).toEqual([
      [0, 1, 'halfway'],
      [0, 1, 'arrived'],
    ]);
  });

  test('changes nothing of the result', async () => {
    const plain = await evaluate(createVectorEnv(toyTask(3)), constantPolicy([1, 0], [0.5, 0], [0, 0]), 3, 1);
    expect((await traced(3, { scenes: 3, episodes: 1 })).result).toEqual(plain);
  });
});

describe('proprio evaluate --trace', () => {
  const run = join(temporaryFolder(), 'run');

  test('says that an environment tells nothing, and evaluates it all the same', async () => {
    expect((await proprio(...smallRun(run, 200))).code).toBe(0);
    const ended = await proprio('evaluate', run, '--episodes', '2', '--json', '--trace');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout.split('\n')[0]).toBe(
      '"pendulum" does not tell what happens, so there is nothing to trace.',
    );
    expect(lastJson(ended)).toMatchObject({ env: 'pendulum', episodes: 2, events: [] });
  });

  test('takes a number of scenes, and nothing else', async () => {
    const { code, stderr } = await proprio('evaluate', '--trace', run);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('--trace takes a whole number from 1 to 4096.'),
    ]);
  });
});
