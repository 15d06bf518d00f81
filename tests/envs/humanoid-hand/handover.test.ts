/** `two-hand-handover`: its stages and rewards by hand calculation, what is seen of the parcel, and the scripted player. */
import { beforeAll, describe, expect, test } from 'vitest';
import { twoHandHandover } from '../../../envs/humanoid-hand/handover.ts';
import { type HandoverMoment, stageOf } from '../../../envs/humanoid-hand/handover-stage.ts';
import { createEnds, findEnds, headingOf, holdingError } from '../../../envs/humanoid-hand/parcel.ts';
import type { StepBatch, VectorEnv } from '../../../src/core/env.ts';

const create = (scenes: number, given = {}) => {
  const settings = twoHandHandover.settings.parse(given);
  const env = twoHandHandover.create(scenes, settings);
  return { env, player: twoHandHandover.scripted!(env, settings) };
};
const indexOf = (env: VectorEnv, name: string): number =>
  env.observationSpace.components.findIndex((each) => each.name === name);
const termOf = (env: VectorEnv, { info }: StepBatch, name: string): number =>
  info.rewardTerms[env.spec.rewardTerms.indexOf(name)]!;

/** Column-major first two columns of a rotation, as they are seen, to its three columns. */
function columnsOf(obs: ArrayLike<number>, at: number): number[][] {
  const part = (i: number): number[] => [obs[i]!, obs[i + 1]!, obs[i + 2]!];
  const [a, b] = [part(at), part(at + 3)];
  const c = [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
  return [a, b, c];
}
const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('stages of a handover', () => {
  const far: HandoverMoment = {
    right: 0,
    left: 0,
    rightReach: 0.1,
    leftReach: 0.2,
    height: 0,
    meeting: 0.3,
    zone: 0.4,
  };
  const near = (distance: number): number => 0.99 * (1 - Math.tanh(5 * distance));
  test.each<[string, Partial<HandoverMoment>, number]>([
    ['nobody holds it: the right hand is to take it', {}, near(0.1)],
    ['the right hand holds it on the table', { right: 2 }, 1],
    ['lifted by half', { right: 2, height: 0.025 }, 1.495],
    ['lifted: it is to be carried to the middle', { right: 2, height: 0.06 }, 2 + near(0.3)],
    ['there: the left hand is to come', { right: 2, height: 0.17, meeting: 0.04 }, 3 + near(0.2)],
    ['both hold it', { right: 3, left: 1, height: 0.17, meeting: 0.01 }, 4 + 0.99 / 4],
    ['the left hand alone', { left: 4, height: 0.17, zone: 0.1 }, 5 + near(0.1)],
    ['the left hand alone, on the table', { left: 4, height: -0.001 }, 1],
    ['a touch that is hardly felt is none', { right: 0.05, left: 0.05 }, near(0.1)],
  ])('%s', (_, given, stage) => {
    expect(stageOf({ ...far, ...given })).toBeCloseTo(stage, 9);
  });

  test('no stage is done before the next one begins', () => {
    const done = { ...far, right: 1, rightReach: 0, leftReach: 0, height: 0.05, meeting: 0.0501, zone: 0 };
    expect(stageOf({ ...done, right: 0 })).toBeLessThan(1);
    expect(stageOf({ ...done, height: 0.0499 })).toBeLessThan(2);
    expect(stageOf(done)).toBeLessThan(3);
    expect(stageOf({ ...done, meeting: 0.05 })).toBeLessThan(4);
    expect(stageOf({ ...done, right: 0.06, left: 1e6 })).toBeLessThan(5);
    expect(stageOf({ ...done, right: 0, left: 1 })).toBeLessThan(6);
  });
});

describe('where hands hold a parcel', () => {
  test('7.5 cm from its middle, the right hand on the side of −y, whichever way it lies', () => {
    const ends = createEnds();
    for (const sign of [1, -1]) {
      findEnds([0.1, 0.2, 0.3], [0.6 * sign, 0.8 * sign, 0], ends);
      expect([...ends.left].map((value) => Number(value.toFixed(9)))).toEqual([0.145, 0.26, 0.3]);
      expect([...ends.right].map((value) => Number(value.toFixed(9)))).toEqual([0.055, 0.14, 0.3]);
    }
  });

  test('8.9 cm ahead of the wrist, where its fingers point, and 1.45 cm below', () => {
    expect(headingOf([0, 0.9, 0.43])).toBeCloseTo(Math.PI / 2, 12);
    const end = Float64Array.of(1, 2.089, 0.5 - 0.0145);
    expect(holdingError([1, 2, 0.5], Math.PI / 2, end)).toBeCloseTo(0, 12);
    expect(holdingError([1, 2, 0.6], Math.PI / 2, end)).toBeCloseTo(0.1, 12);
  });
});

describe('two-hand-handover', () => {
  /** An episode of the scripted player, with what is seen before each step. */
  const seen: Float32Array[] = [];
  const batches: StepBatch[] = [];
  const { env, player } = create(1, { reward: 'dense' });
  beforeAll(async () => {
    let obs = env.reset(5);
    const actions = new Float32Array(env.actionSpace.size);
    for (let step = 0; step < 160; step++) {
      await player.act(obs, actions, 'exploit');
      const batch = structuredClone(env.step(actions));
      seen.push(batch.finalObs);
      batches.push(batch);
      obs = batch.obs;
    }
  });

  test('has both hands’ numbers, and the parcel as each wrist sees it', () => {
    const { size } = env.observationSpace;
    expect([size, env.actionSpace.size]).toEqual([2 * 92 + 15 + 18 + 2, 24]);
    for (const obs of [seen[0]!, seen[60]!, seen[100]!])
      for (const side of ['right', 'left']) {
        const wrist = columnsOf(obs, indexOf(env, `${side}.wrist.rotation.xx`));
        const parcel = columnsOf(obs, indexOf(env, 'parcel.rotation.xx'));
        const relative = columnsOf(obs, indexOf(env, `parcel.from-${side}-wrist.rotation.xx`));
        relative.forEach((column, j) => {
          column.forEach((value, i) => {
            expect(value).toBeCloseTo(dot(wrist[i]!, parcel[j]!), 5);
          });
        });
        const [p, w] = [indexOf(env, 'parcel.x'), indexOf(env, `${side}.wrist.x`)];
        const between = [0, 1, 2].map((axis) => obs[p + axis]! - obs[w + axis]!);
        const from = indexOf(env, `parcel.from-${side}-wrist.x`);
        wrist.forEach((column, axis) => {
          expect(obs[from + axis]!).toBeCloseTo(dot(column, between), 5);
        });
      }
  });

  test('pays the way once: all that is paid is what the stages came to', () => {
    const done = batches.findIndex((batch) => termOf(env, batch, 'placed') === 1);
    expect(done).toBeGreaterThan(80);
    const paid = batches.slice(0, done + 1).reduce((sum, batch) => sum + termOf(env, batch, 'stages'), 0);
    const [first, p, w] = [
      seen[0]!,
      indexOf(env, 'parcel.rotation.xx'),
      indexOf(env, 'right.wrist.rotation.xx'),
    ];
    // The very first stage: how near the right hand was, one step before.
    const ends = createEnds();
    findEnds(first.subarray(indexOf(env, 'parcel.x')), columnsOf(first, p)[2]!, ends);
    const wrist = first.subarray(indexOf(env, 'right.wrist.x'));
    const reach = holdingError(wrist, headingOf(first.subarray(w)), ends.right);
    const after = 0.99 * (1 - Math.tanh(5 * reach));
    expect(paid).toBeCloseTo((6 - after) / 6 + termOf(env, batches[0]!, 'stages'), 4);
    for (const batch of batches.slice(done, done + 20)) expect(termOf(env, batch, 'placed')).toBe(1);
  });

  test('is done when the left hand alone has held the parcel over the zone for 10 steps', () => {
    const at = (name: string): number => indexOf(env, name);
    const done = batches.findIndex((batch) => termOf(env, batch, 'placed') === 1);
    const touchOf = (obs: Float32Array, side: string): number =>
      env.observationSpace.components.reduce(
        (sum, { name }, i) => sum + (name.startsWith(side) && name.endsWith('.touch') ? obs[i]! : 0),
        0,
      );
    for (const obs of seen.slice(done - 9, done + 1)) {
      const fromZone = Math.hypot(
        obs[at('parcel.x')]! - obs[at('zone.x')]!,
        obs[at('parcel.y')]! - obs[at('zone.y')]!,
      );
      expect(fromZone).toBeLessThan(0.06);
      expect(obs[at('parcel.z')]!).toBeGreaterThan(0.0475);
      expect(touchOf(obs, 'right')).toBe(0);
      expect(touchOf(obs, 'left')).toBeGreaterThan(1);
    }
  });

  test('a person moves and closes each hand with controls of its own', () => {
    const { controls, act } = twoHandHandover.teleoperation!(env, twoHandHandover.settings.parse({}));
    expect(new Set(controls.flatMap(({ keys = [] }) => keys)).size).toBe(16);
    const action = new Float32Array(24);
    const commands = controls.map(({ name }) => {
      const wanted: Record<string, number> = {
        'right height': 0.5,
        'right grip': -1,
        'left turn': -1,
        'left grip': 1,
      };
      return wanted[name] ?? 0;
    });
    act(Float32Array.from(commands), new Float32Array(env.observationSpace.size), action);
    const rounded = [...action].map((value) => Number(value.toFixed(4)));
    expect(rounded.slice(0, 12)).toEqual([-1, 0.7, -1, -1, -1, -1, 0, 0, 0.5, 0, 0, 0]);
    expect(rounded.slice(12)).toEqual([1, 0.7, 1, 1, 1, 1, 0, 0, 0, 0, 0, -1]);
  });

  test.each(['synergy', 'targets'])(
    'ends with the goal where that alone is rewarded; fingers by %s',
    async (fingers) => {
      const { env, player } = create(2, { reward: 'sparse', fingers });
      let obs = env.reset(9);
      const actions = new Float32Array(2 * env.actionSpace.size);
      const outcome: (readonly [reward: number, success: number, stage: number])[] = [];
      for (let step = 0; step < 150 && outcome.length < 2; step++) {
        await player.act(obs, actions, 'exploit');
        const { terminated, reward, info, obs: next } = env.step(actions);
        terminated.forEach((ended, i) => {
          if (ended) outcome.push([reward[i]!, info.success[i]!, info.scores![2 * i]!]);
        });
        obs = next;
      }
      expect(outcome).toEqual([
        [1, 1, 6],
        [1, 1, 6],
      ]);
      env.close();
    },
  );
});
