/** Teams in the replay buffer: whole ones are stored, sampled and mixed, and their sums over steps stay together. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createBatch } from '../../src/core/batch.ts';
import { ConfigurationError } from '../../src/core/errors.ts';
import type { Frame } from '../../src/core/frame.ts';
import { createRng } from '../../src/core/rng.ts';
import { sampleMixture } from '../../src/replay/mixture.ts';
import { ReplayBuffer, type ReplayOptions } from '../../src/replay/replay-buffer.ts';

/** Row `row` of step `step` says so in its observation: step + row/16. Every step is worth 1. */
function frameOf(step: number, rows: number, ended: (row: number) => boolean = () => false): Frame {
  const column = (value: (row: number) => number) =>
    Float32Array.from({ length: rows }, (_, row) => value(row));
  return {
    step: (step + 1) * rows,
    time: 0,
    numEnvs: rows,
    obs: column((row) => step + row / 16),
    action: column((row) => row),
    reward: column(() => 1),
    rewardTerms: new Float32Array(0),
    nextObs: column((row) => step + 1 + row / 16),
    terminated: Uint8Array.from({ length: rows }, (_, row) => Number(ended(row))),
    truncated: new Uint8Array(rows),
    intervened: new Uint8Array(rows),
  };
}

const buffer = (options: Partial<ReplayOptions>): ReplayBuffer =>
  new ReplayBuffer({ capacity: 100, observationSize: 1, actionSize: 1, ...options });

const sizes = fc.record({
  teams: fc.integer({ min: 1, max: 3 }),
  teamSize: fc.integer({ min: 1, max: 4 }),
  steps: fc.integer({ min: 1, max: 12 }),
  capacity: fc.integer({ min: 12, max: 40 }),
  seed: fc.nat(),
});

/** Of each of the batch's teams the steps and the agents that its rows are of. */
function teamsOf(batch: { obs: Float32Array; size: number }, teamSize: number) {
  return Array.from({ length: batch.size / teamSize }, (_, team) => {
    const rows = [...batch.obs.subarray(team * teamSize, (team + 1) * teamSize)];
    return {
      steps: new Set(rows.map(Math.floor)),
      agents: rows.map((value) => ((value % 1) * 16) % teamSize),
      episodes: new Set(rows.map((value) => Math.floor(((value % 1) * 16) / teamSize))),
    };
  });
}

describe('a sampled team', () => {
  it('is of one step and one episode, its agents in order, however the ring goes round', () => {
    fc.assert(
      fc.property(sizes, ({ teams, teamSize, steps, capacity, seed }) => {
        const replay = buffer({ capacity, teamSize });
        for (let step = 0; step < steps; step++) replay.push(frameOf(step, teams * teamSize));
        expect(replay.capacity % teamSize).toBe(0);
        expect(replay.capacity).toBeGreaterThan(capacity - teamSize);
        const batch = replay.sample(createBatch(10 * teamSize, 1, 1), createRng(seed));
        for (const { steps, agents, episodes } of teamsOf(batch, teamSize)) {
          expect([steps.size, episodes.size]).toEqual([1, 1]);
          expect(agents).toEqual(Array.from({ length: teamSize }, (_, agent) => agent));
        }
      }),
    );
  });

  it('is any of those stored, equally often', () => {
    const replay = buffer({ capacity: 20, teamSize: 2 });
    for (let step = 0; step < 7; step++) replay.push(frameOf(step, 4));
    const batch = replay.sample(createBatch(20_000, 1, 1), createRng(1));
    const counts = new Map<number, number>();
    for (let i = 0; i < batch.size; i += 2) counts.set(batch.obs[i]!, (counts.get(batch.obs[i]!) ?? 0) + 1);
    // Ten teams of the last five steps; 0.999 quantile with 9 degrees of freedom.
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(
      [2, 3, 4, 5, 6].flatMap((step) => [step, step + 2 / 16]),
    );
    expect(chiSquare).toBeLessThan(27.88);
  });

  it('adds up the same steps for each of its agents', () => {
    fc.assert(
      fc.property(sizes, ({ teams, teamSize, steps, seed }) => {
        const numEnvs = teams * teamSize;
        const capacity = 5 * numEnvs + 3;
        const replay = buffer({ capacity, teamSize, multiStep: { steps: 3, discount: 0.5, numEnvs } });
        // The first team ends every fourth step.
        for (let step = 0; step < steps; step++)
          replay.push(frameOf(step, numEnvs, (row) => row < teamSize && step % 4 === 3));
        const batch = replay.sample(createBatch(10 * teamSize, 1, 1), createRng(seed));
        for (let i = 0; i < batch.size; i++) {
          const [step, row] = [Math.floor(batch.obs[i]!), (batch.obs[i]! % 1) * 16];
          const end = row < teamSize ? step + 3 - (step % 4) : Number.POSITIVE_INFINITY;
          const spans = Math.min(3, steps - step, end - step + 1);
          expect([batch.nextObs[i], batch.discount[i]]).toEqual([batch.obs[i]! + spans, 0.5 ** spans]);
          expect(batch.reward[i]).toBe(2 - 2 * 0.5 ** spans);
          expect(batch.terminated[i]).toBe(Number(step + spans - 1 === end));
        }
      }),
    );
  });
});

test('rows of which none belong together are sampled as if there were no teams', () => {
  const [plain, ones] = [buffer({}), buffer({ teamSize: 1 })];
  for (let step = 0; step < 9; step++) for (const replay of [plain, ones]) replay.push(frameOf(step, 6));
  const draw = (replay: ReplayBuffer) => replay.sample(createBatch(12, 1, 1), createRng(4)).obs;
  expect(draw(plain)).toEqual(draw(ones));
});

test.each([
  [0.25, [4, 4]],
  [0.5, [6, 6]],
  [0.2, [2, 2]],
])('a mixture with the fraction %d has whole teams of demonstrations', (fraction, expected) => {
  const [experience, transitions] = [buffer({ teamSize: 2 }), buffer({ teamSize: 2 })];
  for (let step = 0; step < 9; step++) {
    experience.push(frameOf(step, 4));
    transitions.push({ ...frameOf(step, 4), reward: new Float32Array(4).fill(-1) });
  }
  const batch = createBatch(24, 1, 1);
  sampleMixture(batch, 2, [{ experience, demonstrations: { transitions, fraction } }], createRng(0));
  const shown = [0, 12].map((start) =>
    batch.reward.subarray(start, start + 12).filter((reward) => reward === -1),
  );
  expect(shown.map(({ length }) => length)).toEqual(expected);
  for (const { steps } of teamsOf(batch, 2)) expect(steps.size).toBe(1);
});

describe('what is not whole is refused', () => {
  it('in a frame, of which nothing is stored', () => {
    const replay = buffer({ teamSize: 2 });
    expect(() => replay.push(frameOf(0, 5))).toThrow(ConfigurationError);
    expect(() => replay.push(frameOf(0, 5))).toThrow(/A frame of 5 rows .* takes 2 rows/);
    expect(replay.size).toBe(0);
  });

  it('in a checkpoint', () => {
    const single = buffer({});
    single.push(frameOf(0, 3));
    expect(() => buffer({ teamSize: 2 }).restore(single.contents())).toThrow(
      /3 transitions and continues at row 3/,
    );
  });
});
