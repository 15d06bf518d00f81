/** Returns to go beside each sampled transition: lower bounds, whatever is known of the end. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBatch } from '../../src/core/batch.ts';
import type { Frame } from '../../src/core/frame.ts';
import { createRng } from '../../src/core/rng.ts';
import { ReplayBuffer } from '../../src/replay/replay-buffer.ts';

// Powers of two, so that sums are exact.
const DISCOUNT = 0.5;
const SCALE = 4;

const bufferOf = (numEnvs: number, capacity: number, leastReward: number): ReplayBuffer =>
  new ReplayBuffer({
    ...{ capacity, observationSize: 1, actionSize: 1, rewardScale: SCALE },
    multiStep: { steps: 1, discount: DISCOUNT, numEnvs },
    returnToGo: { discount: DISCOUNT, leastReward },
  });

/** @param ends of each scene: 0 goes on, 1 terminated, 2 truncated */
const frameOf = (step: number, rewards: readonly number[], ends: readonly number[]): Frame => ({
  ...{ step, time: 0, numEnvs: rewards.length, rewardTerms: new Float32Array(0) },
  obs: Float32Array.from(rewards, (_, scene) => 100 * scene + step),
  action: new Float32Array(rewards.length),
  reward: Float32Array.from(rewards),
  nextObs: new Float32Array(rewards.length),
  terminated: Uint8Array.from(ends, (end) => Number(end === 1)),
  truncated: Uint8Array.from(ends, (end) => Number(end === 2)),
  intervened: new Uint8Array(rewards.length),
});

/** By what it is of: 100·scene + step. */
function returnsIn(buffer: ReplayBuffer): Record<number, number> {
  const batch = createBatch(1, 1, 1, { returns: true });
  const found: Record<number, number> = {};
  for (let row = 0; row < buffer.teams; row++) {
    buffer.copyTeam(row, batch, 0);
    found[batch.obs[0]!] = batch.returnToGo![0]!;
  }
  return found;
}

it('by hand: known where the task ended, and with the least reward for ever where it was cut or goes on', () => {
  const buffer = bufferOf(3, 100, -1);
  [1, 2, 4].forEach((reward, step) => {
    buffer.push(frameOf(step, [reward, reward, reward], step === 2 ? [1, 2, 0] : [0, 0, 0]));
  });
  // −1 for ever at γ = ½ is −2, and a step later −1; all of it times the scale.
  const expected = {
    ...{ 0: 1 + 1 + 1, 1: 2 + 2, 2: 4 },
    ...{ 100: 1 + 1 + 3 / 4, 101: 2 + 3 / 2, 102: 4 - 1 },
    ...{ 200: 1 - 1, 201: 2 - 1, 202: 4 - 1 },
  };
  const scaled = Object.fromEntries(Object.entries(expected).map(([row, value]) => [row, SCALE * value]));
  expect(returnsIn(buffer)).toEqual(scaled);

  buffer.cut(3);
  expect(returnsIn(buffer)).toEqual({ ...scaled, 200: SCALE * 2.75, 201: SCALE * 3.5, 202: SCALE * 3 });
});

it('are sums over the rest of each episode, in any ring, and the same from a checkpoint', () => {
  const scenario = fc.record({
    numEnvs: fc.integer({ min: 1, max: 3 }),
    rounds: fc.integer({ min: 1, max: 12 }),
    capacity: fc.integer({ min: 3, max: 40 }),
    least: fc.constantFrom(0, -1, -2),
    rewards: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 36, maxLength: 36 }),
    ends: fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: 36, maxLength: 36 }),
  });
  fc.assert(
    fc.property(scenario, ({ numEnvs, rounds, capacity, least, rewards, ends }) => {
      const buffer = bufferOf(numEnvs, capacity, least);
      const at = <T>(values: readonly T[], round: number): T[] =>
        values.slice(numEnvs * round, numEnvs * (round + 1));
      for (let round = 0; round < rounds; round++)
        buffer.push(frameOf(round, at(rewards, round), at(ends, round)));
      const beyond = least / (1 - DISCOUNT);
      const sumFrom = (round: number, scene: number): number => {
        const [reward, end] = [at(rewards, round)[scene]!, at(ends, round)[scene]!];
        const rest = end === 1 ? 0 : end === 2 ? beyond : sumFrom(round + 1, scene);
        return reward + DISCOUNT * rest;
      };
      const found = returnsIn(buffer);
      expect(Object.keys(found)).toHaveLength(buffer.size);
      for (const [row, value] of Object.entries(found)) {
        const [scene, round] = [Math.floor(Number(row) / 100), Number(row) % 100];
        const later = Array.from({ length: rounds - round }, (_, i) => at(ends, round + i)[scene]!);
        const known = later.some((end) => end !== 0);
        const bound = at(rewards, round)[scene]! + DISCOUNT * beyond;
        expect(value).toBe(SCALE * (known ? sumFrom(round, scene) : bound));
      }

      const copy = bufferOf(numEnvs, capacity, least);
      copy.restore(buffer.contents());
      expect(returnsIn(copy)).toEqual(found);
    }),
  );
});

it('a reward below the least one is refused, as it would belie the bounds, and nothing is stored', () => {
  const buffer = bufferOf(2, 10, -0.1);
  buffer.push(frameOf(0, [-0.1, 0], [0, 0]));
  expect(() => buffer.push(frameOf(7, [0, -0.25], [0, 0]))).toThrow(
    'Reward -0.25 in scene 1 at step 7 is less than -0.1, from which lower bounds of returns are reckoned: set agent.leastReward',
  );
  expect(buffer.size).toBe(2);
});

it('a buffer that keeps none has none to give', () => {
  const buffer = new ReplayBuffer({ capacity: 4, observationSize: 1, actionSize: 1 });
  buffer.push(frameOf(0, [1, 2], [0, 0]));
  expect(buffer.memory.returnToGo).toHaveLength(0);
  expect(buffer.sample(createBatch(3, 1, 1), createRng(0)).returnToGo).toBeUndefined();
});
