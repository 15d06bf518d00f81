/** The dials of a hand's demonstrator, each by what the player sees or does under it. */
import { describe, expect, test } from 'vitest';
import { handGraspLift } from '../../../envs/humanoid-hand/grasp-lift.ts';
import { type HandDials, handDemonstrator, handDials } from '../../../envs/humanoid-hand/players/dials.ts';
import { MISTAKES, Mistakes } from '../../../envs/humanoid-hand/players/mistakes.ts';
import { envs } from '../../../envs/index.ts';
import { curlOf, writeSynergy } from '../../../robots/humanoid-hand/index.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import { createRng } from '../../../src/core/rng.ts';
import { parseSettings } from '../../../src/core/settings.ts';

const MIDDLE = [0.01, -0.02] as const;
const HALF = 0.04;

/** A demonstrator whose player writes down what it sees, and does as told. */
function probe(dials: Partial<HandDials>, meant: (i: number) => number = () => 0, given = {}, seed = 1) {
  const settings = handGraspLift.settings.parse(given);
  const env = handGraspLift.create(1, settings);
  const sights: Float32Array[] = [];
  const demonstrator = handDemonstrator<typeof settings>({
    player: () => ({
      async act(obs, actions) {
        sights.push(obs.slice());
        for (let i = 0; i < actions.length; i++) actions[i] = meant(i);
      },
    }),
    thing: 'object',
    area: () => ({ middles: [MIDDLE], half: HALF }),
    grades: () => ({}),
  }).create(env, settings, handDials.parse(dials), createRng(seed));
  const obs = env.reset(3).slice();
  return { env, demonstrator, sights, obs, actions: new Float32Array(env.actionSpace.size) };
}

const reader =
  ({ observationSpace: { components } }: VectorEnv, obs: Float32Array) =>
  (name: string): number =>
    obs[components.findIndex((each) => each.name === name)]!;
const act = async ({ demonstrator, obs, actions }: ReturnType<typeof probe>) => {
  demonstrator.begin(0, obs);
  await demonstrator.act(obs, actions, 'exploit');
};
/** Sets components of an observation by name. */
function set({ env, obs }: ReturnType<typeof probe>, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    obs[env.observationSpace.components.findIndex((each) => each.name === name)] = value;
}

test('without dials, the player sees what there is and its actions are its own', async () => {
  const p = probe({}, (i) => i / 12);
  await act(p);
  expect(p.sights[0]).toEqual(p.obs);
  expect([...p.actions]).toEqual([...Float32Array.from({ length: 12 }, (_, i) => i / 12)]);
  p.env.close();
});

describe('where the thing is seen', () => {
  test('is shifted in the scene and in the wrist’s frame alike, and nowhere else', async () => {
    const p = probe({ poseBias: [0.03, -0.01] });
    // A wrist turned by 90° about the vertical: its x axis is the scene's y, its y axis the scene's −x.
    set(p, {
      ...{ 'wrist.rotation.xx': 0, 'wrist.rotation.yx': 1, 'wrist.rotation.zx': 0 },
      ...{ 'wrist.rotation.xy': -1, 'wrist.rotation.yy': 0, 'wrist.rotation.zy': 0 },
    });
    await act(p);
    const changes = p.env.observationSpace.components.flatMap(({ name }, i) => {
      const change = p.sights[0]![i]! - p.obs[i]!;
      return change === 0 ? [] : [[name, Number(change.toFixed(6))]];
    });
    expect(Object.fromEntries(changes)).toEqual({
      ...{ 'object.x': 0.03, 'object.y': -0.01 },
      ...{ 'object.from-wrist.x': -0.01, 'object.from-wrist.y': -0.03 },
    });
    p.env.close();
  });

  test('agrees with a wrist that looks down: the two ways to the thing end at the same place', async () => {
    const p = probe({ poseBias: [0.02, 0.015] });
    await act(p);
    const [seen, real] = [reader(p.env, p.sights[0]!), reader(p.env, p.obs)];
    // Palm down without a turn, the wrist's y and z point the other way.
    expect(seen('object.from-wrist.x') - real('object.from-wrist.x')).toBeCloseTo(0.02, 6);
    expect(seen('object.from-wrist.y') - real('object.from-wrist.y')).toBeCloseTo(-0.015, 6);
    expect(seen('object.from-wrist.z')).toBeCloseTo(real('object.from-wrist.z'), 6);
    p.env.close();
  });

  test.each([
    [0.03, 0.02],
    [-0.01, 0],
    // Out of the area where things begin, the error grows no more.
    [0.31, 0.31 - 0.5 * HALF],
  ])('under a scale of a half: %f m is seen at %f m', async (x, seen) => {
    const p = probe({ scale: 0.5 });
    set(p, { 'object.x': x });
    // Half of the way from the middle.
    if (Math.abs(x - MIDDLE[0]) <= HALF) expect(seen).toBeCloseTo(MIDDLE[0] + (x - MIDDLE[0]) / 2, 9);
    await act(p);
    expect(reader(p.env, p.sights[0]!)('object.x')).toBeCloseTo(seen, 6);
    p.env.close();
  });

  test('is drawn anew for each episode, and the same throughout it', async () => {
    const p = probe({ poseNoise: 0.02 });
    const errors: number[] = [];
    for (let episode = 0; episode < 200; episode++) {
      const drawn = p.demonstrator.begin(0, p.obs)!;
      for (let step = 0; step < 2; step++) {
        await p.demonstrator.act(p.obs, p.actions, 'exploit');
        const error = reader(p.env, p.sights.at(-1)!)('object.x') - reader(p.env, p.obs)('object.x');
        expect(error).toBeCloseTo(drawn['poseNoise.x']!, 6);
      }
      errors.push(drawn['poseNoise.x']!);
    }
    expect(Math.max(...errors.map(Math.abs))).toBeLessThanOrEqual(0.02);
    // Uniform: a variance of 0.02²/3, known from 200 to 5 standard errors of √(0.8/200).
    const variance = errors.reduce((sum, error) => sum + error ** 2, 0) / 200;
    expect(Math.abs(variance / (0.02 ** 2 / 3) - 1)).toBeLessThan(5 * Math.sqrt(0.8 / 200));
    p.env.close();
  });
});

test('lag: what is seen is late, and at first the beginning', async () => {
  const p = probe({ lagSteps: 2 });
  p.demonstrator.begin(0, p.obs);
  for (let step = 0; step < 5; step++) {
    set(p, { 'object.z': step });
    await p.demonstrator.act(p.obs, p.actions, 'exploit');
  }
  const first = p.sights[0]!;
  expect(p.sights.map((sight) => reader(p.env, sight)('object.z'))).toEqual([
    ...[reader(p.env, first)('object.z'), reader(p.env, first)('object.z')],
    ...[0, 1, 2],
  ]);
  p.env.close();
});

describe('slack', () => {
  const inputs = Float32Array.of(0.5, 0.85, 0.8, 0.8, 0.8, 0.8);

  test('has the inputs of a synergy go a part of the way, but for the opposition', async () => {
    const p = probe({ gripSlack: 0.75 }, (i) => (i < 6 ? 2 * inputs[i]! - 1 : 0));
    await act(p);
    const done = [...p.actions.subarray(0, 6)].map((action) => (1 + action) / 2);
    [0.375, 0.85, 0.6, 0.6, 0.6, 0.6].forEach((input, i) => {
      expect(done[i]).toBeCloseTo(input, 6);
    });
    p.env.close();
  });

  test('has the targets of joints go as far as the synergy would', async () => {
    const synergy = new Float32Array(20);
    writeSynergy(Float32Array.of(0.375, 0.85, 0.6, 0.6, 0.6, 0.6), 0, synergy, 0);
    const meant = new Float32Array(20);
    writeSynergy(inputs, 0, meant, 0);
    const p = probe({ gripSlack: 0.75 }, (i) => (i < 20 ? share(i, meant[i]!) : 0), { fingers: 'targets' });
    const ranges = p.env.observationSpace.components
      .filter(({ name }) => name.endsWith('.target'))
      .map(({ low, high }) => [low + 0.2, high - 0.2] as const);
    function share(joint: number, angle: number): number {
      const [low, high] = ranges[joint]!;
      return (2 * (angle - low)) / (high - low) - 1;
    }
    await act(p);
    for (let joint = 0; joint < 20; joint++)
      expect(p.actions[joint]).toBeCloseTo(share(joint, synergy[joint]!), 5);
    p.env.close();
  });

  test('is not seen: the player believes that the hand has closed', async () => {
    const p = probe({ gripSlack: 0.5 });
    const targets = new Float32Array(20);
    writeSynergy(Float32Array.of(0.25, 0.85, 0.4, 0.4, 0.4, 0.4), 0, targets, 0);
    p.obs.set(
      targets,
      p.env.observationSpace.components.findIndex(({ name }) => name === 'index.abduction.target'),
    );
    await act(p);
    expect(curlOf(reader(p.env, p.sights[0]!)('index.mcp.target'))).toBeCloseTo(0.8, 5);
    p.env.close();
  });
});

test('jitter is on the wrist alone, and may go beyond what is executed', async () => {
  const p = probe({ jitter: 0.1 }, () => 1);
  const errors: number[] = [];
  p.demonstrator.begin(0, p.obs);
  for (let step = 0; step < 300; step++) {
    await p.demonstrator.act(p.obs, p.actions, 'exploit');
    expect([...p.actions.subarray(0, 6)]).toEqual(Array(6).fill(1));
    errors.push(...[...p.actions.subarray(6)].map((action) => action - 1));
  }
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  expect(Math.abs(deviation / 0.1 - 1)).toBeLessThan(5 / Math.sqrt(2 * errors.length));
  expect(Math.max(...errors)).toBeGreaterThan(0.1);
  p.env.close();
});

test('coverage shows the middle of the area, of that part', () => {
  const p = probe({ coverage: 0.25 });
  const isShown = (x: number, y: number): boolean => {
    set(p, { 'object.x': MIDDLE[0] + x, 'object.y': MIDDLE[1] + y });
    return p.demonstrator.begin(0, p.obs) !== undefined;
  };
  // A quarter of the area: half of its side.
  expect(isShown(0.019, -0.019)).toBe(true);
  expect(isShown(0.021, 0)).toBe(false);
  expect(isShown(0, -0.021)).toBe(false);
  p.env.close();
});

describe('mistakes', () => {
  const rate = 25;

  test('come as often as the rate says, of both kinds', () => {
    const mistakes = new Mistakes(1, rate);
    const rng = createRng(2);
    const drawn = Array.from({ length: 2000 }, () => mistakes.begin(0, 0.3, rng));
    for (const [kind, part] of [
      ['early', 0.15],
      ['release', 0.15],
      ['none', 0.7],
    ] as const) {
      const count = drawn.filter((mistake) => mistake === kind).length;
      expect(Math.abs(count / 2000 - part)).toBeLessThan(5 * Math.sqrt((part * (1 - part)) / 2000));
    }
  });

  /** What the fingers are forced to, step by step, while the hand is as closed as told. */
  const course = (wanted: string, curl: (step: number) => number): string => {
    const mistakes = new Mistakes(1, rate);
    const rng = createRng(1);
    while (mistakes.begin(0, 1, rng) !== wanted);
    return Array.from({ length: 60 }, (_, step) => (mistakes.next(0, curl(step)) ?? '.')[0]).join('');
  };

  test('close an open hand early, open it again, and leave it to the player', () => {
    expect(course('early', () => 0)).toMatch(/^\.{3,15}c{8}o{10}\.+$/);
  });

  test('open a hand that has closed, a while after that', () => {
    expect(course('release', () => 0.2)).toMatch(/^\.+$/);
    expect(course('release', (step) => (step < 20 ? 0.2 : 0.9))).toMatch(/^\.{23,35}o{10}\.+$/);
  });

  test('force the fingers, whatever the player wants, and are told', async () => {
    const p = probe({ mistakeRate: 1 }, () => 0);
    let drawn = p.demonstrator.begin(0, p.obs)!;
    while (drawn.mistake !== MISTAKES.indexOf('early')) drawn = p.demonstrator.begin(0, p.obs)!;
    const curls: number[] = [];
    for (let step = 0; step < 40; step++) {
      await p.demonstrator.act(p.obs, p.actions, 'exploit');
      curls.push(p.actions[2]!);
    }
    expect(new Set(curls.map((curl) => Number(curl.toFixed(6))))).toEqual(new Set([0, 0.9, -1]));
    p.env.close();
  });
});

test('the same seed errs alike, another one otherwise', async () => {
  const errors = async (seed: number) => {
    const p = probe({ jitter: 0.1, poseNoise: 0.02 }, () => 0, {}, seed);
    await act(p);
    p.env.close();
    return [...p.actions, ...p.sights[0]!];
  };
  const first = await errors(1);
  expect(await errors(1)).toEqual(first);
  expect(await errors(2)).not.toEqual(first);
});

test('dials are checked', () => {
  expect(handDials.safeParse({ scale: 2 }).success).toBe(false);
  expect(handDials.safeParse({ poseBias: [0.1] }).success).toBe(false);
  const neutral = handDials.parse({});
  expect(neutral).toMatchObject({ scale: 0, poseBias: [0, 0], gripSlack: 1, coverage: 1, mistakeRate: 0 });
});

describe('grades', () => {
  const shown = Object.values(envs).filter(({ demonstrator }) => demonstrator);

  test('are there for tasks of hands', () => {
    expect(shown.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['hand-grasp-lift', 'hand-turn-knob', 'hand-ball-pick-place']),
    );
  });

  test.each(shown.map((env) => [env.id, env] as const))('of %s are dials that it has', (_, env) => {
    const { dials, grades } = env.demonstrator!;
    const found = grades(env.settings.parse({}));
    expect(found.expert).toBeDefined();
    for (const values of Object.values(found))
      expect(() => parseSettings('dial', dials, { ...values })).not.toThrow();
  });
});
