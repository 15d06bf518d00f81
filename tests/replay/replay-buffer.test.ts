/** The replay buffer against a plain array that keeps the last transitions. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createBatch } from '../../src/core/batch.ts';
import type { ColumnContents } from '../../src/core/columns.ts';
import type { Frame } from '../../src/core/frame.ts';
import { createRng } from '../../src/core/rng.ts';
import { sampleMixture } from '../../src/replay/mixture.ts';
import { ReplayBuffer, replayColumns } from '../../src/replay/replay-buffer.ts';

const OBSERVATION = 3;
const ACTION = 2;
const buffer = (capacity: number): ReplayBuffer =>
  new ReplayBuffer({ capacity, observationSize: OBSERVATION, actionSize: ACTION });

/** Every number of transition `id` says that it belongs to it, and in which column it stands. */
const transition = (id: number) => ({
  obs: [id, id + 0.125, id + 0.25],
  action: [id + 0.375, id + 0.5],
  reward: [id + 0.625],
  nextObs: [id + 0.75, id + 0.8125, id + 0.875],
  terminated: [id % 2],
  truncated: [(id + 1) % 2],
  intervened: [id % 3 === 0 ? 1 : 0],
});
type Transition = ReturnType<typeof transition>;

/** A step of several scenes whose transitions have the given numbers. */
function frameOf(ids: readonly number[]): Frame {
  const rows = ids.map(transition);
  const column = (name: keyof Transition): number[] => rows.flatMap((row) => row[name]);
  return {
    step: 0,
    time: 0,
    numEnvs: ids.length,
    obs: Float32Array.from(column('obs')),
    action: Float32Array.from(column('action')),
    reward: Float32Array.from(column('reward')),
    rewardTerms: new Float32Array(0),
    nextObs: Float32Array.from(column('nextObs')),
    terminated: Uint8Array.from(column('terminated')),
    truncated: Uint8Array.from(column('truncated')),
    intervened: Uint8Array.from(column('intervened')),
  };
}

/** Pushes transitions 0, 1, … in frames of `scenes`. */
function filled(capacity: number, frames: number, scenes: number): ReplayBuffer {
  const replay = buffer(capacity);
  for (let frame = 0; frame < frames; frame++)
    replay.push(frameOf(Array.from({ length: scenes }, (_, scene) => frame * scenes + scene)));
  return replay;
}

const plain = ({ columns, cursor }: ColumnContents) => ({
  cursor,
  ...Object.fromEntries(replayColumns.map((name) => [name, [...columns[name]!]])),
});
const copied = (contents: ColumnContents): ColumnContents => structuredClone(contents);

const pushes = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 12 });
const capacities = fc.integer({ min: 1, max: 12 });

describe('ReplayBuffer.push', () => {
  it('keeps the last transitions, in rows that are overwritten in turn', () => {
    fc.assert(
      fc.property(capacities, pushes, (capacity, frames) => {
        const replay = buffer(capacity);
        const ring: Transition[] = [];
        let next = 0;
        for (const scenes of frames) {
          const ids = Array.from({ length: scenes }, () => next++);
          replay.push(frameOf(ids));
          for (const id of ids) ring[id % capacity] = transition(id);
        }
        expect(replay.size).toBe(Math.min(next, capacity));
        expect(plain(replay.contents())).toEqual({
          cursor: next % capacity,
          ...Object.fromEntries(replayColumns.map((name) => [name, ring.flatMap((row) => row[name])])),
        });
      }),
    );
  });

  it('scales rewards, and leaves the frame as it is', () => {
    const replay = new ReplayBuffer({
      capacity: 2,
      observationSize: OBSERVATION,
      actionSize: ACTION,
      rewardScale: 0.5,
    });
    const frame = frameOf([3, 4]);
    replay.push(frame);
    expect([...replay.contents().columns.reward!]).toEqual([1.8125, 2.3125]);
    expect([...frame.reward]).toEqual([3.625, 4.625]);
  });

  it('copies, so that the frame may be overwritten', () => {
    const replay = buffer(4);
    const frame = frameOf([1, 2]);
    replay.push(frame);
    for (const values of [frame.obs, frame.action, frame.reward, frame.nextObs, frame.terminated])
      values.fill(0);
    expect(plain(replay.contents())).toEqual({
      cursor: 2,
      ...Object.fromEntries(
        replayColumns.map((name) => [name, [...transition(1)[name], ...transition(2)[name]]]),
      ),
    });
  });
});

describe('ReplayBuffer.sample', () => {
  it('takes all columns of a row from the same transition, which is stored', () => {
    fc.assert(
      fc.property(capacities, pushes, fc.nat(), (capacity, frames, seed) => {
        const replay = buffer(capacity);
        let next = 0;
        for (const scenes of [1, ...frames])
          replay.push(frameOf(Array.from({ length: scenes }, () => next++)));
        const batch = replay.sample(createBatch(16, OBSERVATION, ACTION), createRng(seed));
        for (let i = 0; i < batch.size; i++) {
          const id = batch.obs[i * OBSERVATION]!;
          expect(id).toBeGreaterThanOrEqual(Math.max(0, next - capacity));
          expect(id).toBeLessThan(next);
          expect({
            obs: [...batch.obs.subarray(i * OBSERVATION, (i + 1) * OBSERVATION)],
            action: [...batch.action.subarray(i * ACTION, (i + 1) * ACTION)],
            reward: [batch.reward[i]],
            nextObs: [...batch.nextObs.subarray(i * OBSERVATION, (i + 1) * OBSERVATION)],
            terminated: [batch.terminated[i]],
            truncated: transition(id).truncated,
            intervened: transition(id).intervened,
          }).toEqual(transition(id));
        }
      }),
    );
  });

  it.each([
    ['half full', 40, 20],
    ['full and wrapped around', 20, 33],
  ])('draws every stored transition equally often when %s', (_, capacity, stored) => {
    const replay = filled(capacity, stored, 1);
    const batch = createBatch(20_000, OBSERVATION, ACTION);
    replay.sample(batch, createRng(1));
    const counts = new Map<number, number>();
    for (let i = 0; i < batch.size; i++) {
      const id = batch.obs[i * OBSERVATION]!;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const expected = batch.size / 20;
    const chiSquare = [...counts.values()].reduce(
      (sum, count) => sum + (count - expected) ** 2 / expected,
      0,
    );
    expect(counts.size).toBe(20);
    expect(chiSquare).toBeLessThan(43.82); // 0.999 quantile with 19 degrees of freedom
  });

  it('draws the same rows from the same generator', () => {
    const replay = filled(50, 30, 2);
    const draw = (seed: number) =>
      replay.sample(createBatch(10, OBSERVATION, ACTION), createRng(seed)).reward;
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it('says that there is nothing to draw from', () => {
    expect(() => buffer(4).sample(createBatch(1, OBSERVATION, ACTION), createRng(0))).toThrow(
      new RangeError('Nothing is stored yet: store transitions before sampling.'),
    );
  });
});

describe('ReplayBuffer.contents', () => {
  it('lies in shared memory, which other threads read in place', () => {
    for (const name of replayColumns)
      expect(filled(4, 2, 1).contents().columns[name].buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('lets another buffer continue as if it were this one', () => {
    fc.assert(
      fc.property(capacities, pushes, pushes, (capacity, before, after) => {
        const [original, other] = [buffer(capacity), buffer(capacity)];
        let next = 0;
        const push = (scenes: number, ...targets: readonly ReplayBuffer[]): void => {
          const frame = frameOf(Array.from({ length: scenes }, () => next++));
          for (const target of targets) target.push(frame);
        };
        for (const scenes of before) push(scenes, original);
        other.restore(copied(original.contents()));
        for (const scenes of after) push(scenes, original, other);
        expect(plain(other.contents())).toEqual(plain(original.contents()));
        expect(other.size).toBe(original.size);
      }),
    );
  });
});

describe('ReplayBuffer.restore', () => {
  it('refuses more transitions than fit', () => {
    const { columns } = filled(8, 8, 1).contents();
    expect(() => buffer(5).restore({ columns, cursor: 0 })).toThrow(
      /holds 8 transitions .* replay buffer of 5\.$/,
    );
  });

  it('refuses a full ring of a smaller buffer, whose oldest row is not the first', () => {
    const contents = filled(8, 11, 1).contents();
    expect(() => buffer(20).restore(contents)).toThrow(/holds 8 transitions and continues at row 3/);
  });

  it.each([8, 9, Number.NaN])('refuses to continue at row %d of 8', (cursor) => {
    const { columns } = filled(8, 8, 1).contents();
    expect(() => buffer(8).restore({ columns, cursor })).toThrow(RangeError);
  });

  it('refuses a column with too few values, naming it', () => {
    const { columns, cursor } = filled(8, 3, 1).contents();
    const broken = { cursor, columns: { ...columns, action: columns.action.subarray(0, 5) } };
    expect(() => buffer(8).restore(broken)).toThrow(
      new RangeError('Replay column "action" has 5 values; 3 rows of 2 are needed.'),
    );
  });
});

/** One scene a column: rewards, and where episodes end. Observation k is the number of the step. */
interface Story {
  readonly rewards: readonly number[];
  /** 1 terminated, 2 truncated, 0 goes on. */
  readonly ends: readonly number[];
}

function told(stories: readonly Story[], steps: number, discount: number, capacity: number): ReplayBuffer {
  const replay = new ReplayBuffer({
    capacity,
    observationSize: 1,
    actionSize: 1,
    multiStep: { steps, discount, numEnvs: stories.length },
  });
  for (let t = 0; t < stories[0]!.rewards.length; t++) {
    replay.push({
      step: (t + 1) * stories.length,
      time: 0,
      numEnvs: stories.length,
      obs: Float32Array.from(stories, (_, scene) => 100 * scene + t),
      action: new Float32Array(stories.length),
      reward: Float32Array.from(stories, ({ rewards }) => rewards[t]!),
      rewardTerms: new Float32Array(0),
      nextObs: Float32Array.from(stories, (_, scene) => 100 * scene + t + 1),
      terminated: Uint8Array.from(stories, ({ ends }) => Number(ends[t] === 1)),
      truncated: Uint8Array.from(stories, ({ ends }) => Number(ends[t] === 2)),
      intervened: new Uint8Array(stories.length),
    });
  }
  return replay;
}

describe('transitions of several steps', () => {
  it('add up discounted rewards, and stop at a termination, at a time limit and at the newest step', () => {
    const stories = [
      { rewards: [1, 2, 4, 8, 16], ends: [0, 1, 0, 0, 0] },
      { rewards: [1, 2, 4, 8, 16], ends: [0, 0, 0, 2, 0] },
    ];
    // By hand, γ = ½, three steps: reward, step that it leads to, γ to the number of steps, terminated.
    const expected: Record<number, readonly number[]> = {
      0: [1 + 1, 2, 1 / 4, 1],
      1: [2, 2, 1 / 2, 1],
      2: [4 + 4 + 4, 5, 1 / 8, 0],
      3: [8 + 8, 5, 1 / 4, 0],
      4: [16, 5, 1 / 2, 0],
      100: [1 + 1 + 1, 103, 1 / 8, 0],
      101: [2 + 2 + 2, 104, 1 / 8, 0],
      102: [4 + 4, 104, 1 / 4, 0],
      103: [8, 104, 1 / 2, 0],
      104: [16, 105, 1 / 2, 0],
    };
    const batch = told(stories, 3, 0.5, 10).sample(createBatch(400, 1, 1), createRng(0));
    const seen = new Set<number>();
    for (let i = 0; i < batch.size; i++) {
      const first = batch.obs[i]!;
      seen.add(first);
      expect([batch.reward[i], batch.nextObs[i], batch.discount[i], batch.terminated[i]]).toEqual(
        expected[first],
      );
    }
    expect(seen.size).toBe(10);
  });

  it('never reach from the newest row over to the oldest one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 17 }), fc.integer({ min: 1, max: 3 }), (capacity, scenes) => {
        const stories = Array.from({ length: scenes }, () => ({
          rewards: Array<number>(20).fill(1),
          ends: Array<number>(20).fill(0),
        }));
        const batch = told(stories, 4, 1, capacity).sample(createBatch(64, 1, 1), createRng(capacity));
        for (let i = 0; i < batch.size; i++) {
          const steps = batch.nextObs[i]! - batch.obs[i]!;
          expect(steps).toBe(Math.min(4, 20 - (batch.obs[i]! % 100)));
          expect(batch.reward[i]).toBe(steps);
        }
      }),
    );
  });
});

describe('a number that is not finite', () => {
  it.each(['obs', 'action', 'reward', 'nextObs'] as const)(
    'is refused in %s, and nothing is stored',
    (column) => {
      const replay = buffer(8);
      const frame = { ...frameOf([1, 2, 3]), step: 600 };
      const width = frame[column].length / 3;
      frame[column][2 * width] = Number.NaN;
      expect(() => replay.push(frame)).toThrow(
        new RegExp(`Column "${column}".* is NaN in scene 2 at step 600`),
      );
      expect(replay.size).toBe(0);
    },
  );
});

test('a mixture has its part of demonstrations in every minibatch', () => {
  const [experience, shown] = [filled(50, 50, 1), filled(50, 50, 1)];
  const marked = new ReplayBuffer({ capacity: 50, observationSize: OBSERVATION, actionSize: ACTION });
  const { columns } = shown.contents();
  marked.restore({ columns: { ...columns, reward: columns.reward!.map(() => -1) }, cursor: 0 });
  const batch = createBatch(24, OBSERVATION, ACTION);
  const demonstrations = { transitions: marked, fraction: 0.25 };
  sampleMixture(batch, 3, [{ experience, demonstrations }], createRng(0));
  const demonstrated = [...batch.reward].map((reward) => Number(reward === -1));
  expect(demonstrated).toEqual([...Array(3)].flatMap(() => [1, 1, 0, 0, 0, 0, 0, 0]));
});
