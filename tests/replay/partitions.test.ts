/** Replay that several actors write and one learner samples, also while it is written. */
import { expect, test } from 'vitest';
import { createBatch } from '../../src/core/batch.ts';
import type { Frame } from '../../src/core/frame.ts';
import { createRng } from '../../src/core/rng.ts';
import { partitioned } from '../../src/replay/partitions.ts';
import { ReplayBuffer } from '../../src/replay/replay-buffer.ts';
import { beside } from '../support/threads.ts';

/** A frame of one scene in which every number is `value`. */
function frameOf(value: number, width = 1): Frame {
  const row = new Float32Array(width).fill(value);
  const flags = new Uint8Array(1);
  const one = row.subarray(0, 1);
  return {
    step: 0,
    time: 0,
    numEnvs: 1,
    obs: row,
    action: row,
    reward: one,
    rewardTerms: one,
    nextObs: row,
    terminated: flags,
    truncated: flags,
    intervened: flags,
  };
}

const buffer = (capacity = 100): ReplayBuffer =>
  new ReplayBuffer({
    capacity,
    observationSize: 1,
    actionSize: 1,
    multiStep: { steps: 2, discount: 0.5, numEnvs: 1 },
  });

test('every stored transition is drawn equally often, whichever part holds it', () => {
  const parts = [buffer(), buffer(), buffer()];
  for (let i = 0; i < 30; i++) parts[0]!.push(frameOf(i));
  for (let i = 0; i < 10; i++) parts[2]!.push(frameOf(100 + i));
  const counts = new Map<number, number>();
  const batch = createBatch(40_000, 1, 1);
  partitioned(parts).sample(batch, createRng(1));
  for (const value of batch.obs) counts.set(value, (counts.get(value) ?? 0) + 1);
  expect(counts.size).toBe(40);
  // 1000 draws of each are expected, with a deviation of 31.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(160);
});

test('sums of several steps stay within a part', () => {
  const parts = [buffer(), buffer()];
  for (const value of [1, 2]) parts[0]!.push(frameOf(value));
  parts[1]!.push(frameOf(10));
  const batch = createBatch(300, 1, 1);
  partitioned(parts).sample(batch, createRng(2));
  const sums: Record<number, number> = { 1: 1 + 0.5 * 2, 2: 2, 10: 10 };
  batch.obs.forEach((value, i) => {
    expect(batch.reward[i]).toBe(sums[value]);
  });
});

test('what a writer that begins anew stores next does not continue what was stored before', () => {
  const replay = buffer();
  replay.push(frameOf(1));
  replay.cut(1);
  replay.push(frameOf(2));
  const batch = createBatch(50, 1, 1);
  replay.sample(batch, createRng(3));
  batch.obs.forEach((value, i) => {
    expect(batch.reward[i]).toBe(value);
  });
});

test('nothing stored: an error that says so', () => {
  expect(() => partitioned([buffer()]).sample(createBatch(1, 1, 1), createRng(0))).toThrow(
    /Nothing is stored yet/,
  );
});

test('a row that another thread overwrites meanwhile is never mixed of two', async () => {
  const width = 200;
  const options = { capacity: 8, observationSize: width, actionSize: width };
  const replay = new ReplayBuffer(options);
  const rng = createRng(4);
  const batch = createBatch(16, width, width);
  const data = { replay: { options, memory: replay.memory }, width };
  const mixed = await beside('./memory-writer.ts', data, () => {
    let count = 0;
    while (replay.written < 1_000);
    for (let round = 0; round < 5_000; round++) {
      replay.sample(batch, rng);
      for (let row = 0; row < batch.size; row++) {
        const obs = batch.obs.subarray(row * width, (row + 1) * width);
        const [value] = obs;
        const same = (other: number): boolean => other === value;
        const rest = [batch.action, batch.nextObs].every((column) =>
          column.subarray(row * width, (row + 1) * width).every(same),
        );
        if (!obs.every(same) || !rest || batch.reward[row] !== value) count++;
      }
    }
    return count;
  });
  expect(mixed).toBe(0);
  // The writer went round the ring many times while rows were read.
  expect(replay.written).toBeGreaterThan(10_000);
});
