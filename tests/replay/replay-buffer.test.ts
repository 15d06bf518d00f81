/** The replay buffer against a plain array that keeps the last transitions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatch } from '../../src/core/batch.ts';
import type { Frame } from '../../src/core/frame.ts';
import { createRng } from '../../src/core/rng.ts';
import { ReplayBuffer, type ReplayContents, replayColumns } from '../../src/replay/replay-buffer.ts';

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
    // Had it been stored for `terminated`, time limits would look like ends.
    truncated: Uint8Array.from(ids, (id) => (id + 1) % 2),
  };
}

/** Pushes transitions 0, 1, … in frames of `scenes`. */
function filled(capacity: number, frames: number, scenes: number): ReplayBuffer {
  const replay = buffer(capacity);
  for (let frame = 0; frame < frames; frame++)
    replay.push(frameOf(Array.from({ length: scenes }, (_, scene) => frame * scenes + scene)));
  return replay;
}

const plain = ({ columns, cursor }: ReplayContents) => ({
  cursor,
  ...Object.fromEntries(replayColumns.map((name) => [name, [...columns[name]]])),
});
const copied = ({ columns, cursor }: ReplayContents): ReplayContents => ({
  cursor,
  columns: {
    obs: columns.obs.slice(),
    action: columns.action.slice(),
    reward: columns.reward.slice(),
    nextObs: columns.nextObs.slice(),
    terminated: columns.terminated.slice(),
  },
});

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
      new RangeError('The replay buffer is empty: store transitions before sampling.'),
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
