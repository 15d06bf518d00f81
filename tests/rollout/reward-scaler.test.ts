/** Scaled rewards against the deviation of all discounted returns so far, computed afresh. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Frame } from '../../src/core/frame.ts';
import { RewardScaler } from '../../src/rollout/reward-scaler.ts';

const frame = (rewards: readonly number[], ended: readonly number[]): Frame => ({
  step: 0,
  time: 0,
  numEnvs: rewards.length,
  obs: new Float32Array(0),
  action: new Float32Array(0),
  reward: Float32Array.from(rewards),
  rewardTerms: new Float32Array(0),
  nextObs: new Float32Array(0),
  terminated: Uint8Array.from(ended, (end) => Number(end === 1)),
  truncated: Uint8Array.from(ended, (end) => Number(end === 2)),
  intervened: new Uint8Array(rewards.length),
});

const steps = fc.array(
  fc.record({
    rewards: fc.tuple(...[0, 1].map(() => fc.float({ min: -5, max: 5, noNaN: true }))),
    ended: fc.tuple(...[0, 1].map(() => fc.constantFrom(0, 0, 0, 1, 2))),
  }),
  { minLength: 1, maxLength: 30 },
);

test('divides by the deviation of every return seen, and begins anew after each end', () => {
  fc.assert(
    fc.property(steps, (story) => {
      const scaler = new RewardScaler(2, 0.9);
      const seen: number[] = [];
      const returns = [0, 0];
      for (const { rewards, ended } of story) {
        const scaled = scaler.scale(frame(rewards, ended));
        rewards.forEach((reward, scene) => {
          returns[scene] = 0.9 * returns[scene]! + Math.fround(reward);
          seen.push(returns[scene]!);
        });
        const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
        const variance = seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / seen.length;
        rewards.forEach((reward, scene) => {
          const expected = Math.max(-10, Math.min(10, reward / Math.sqrt(variance + 1e-8)));
          expect(Math.abs(scaled[scene]! - expected)).toBeLessThan(1e-4);
          if (ended[scene]) returns[scene] = 0;
        });
      }
    }),
  );
});

test('continues from its state', () => {
  const first = new RewardScaler(2, 0.9);
  for (let i = 0; i < 9; i++) first.scale(frame([i, -i], [0, i === 4 ? 1 : 0]));
  const second = new RewardScaler(2, 0.9);
  second.restore(JSON.parse(JSON.stringify(first.state())));
  expect([...second.scale(frame([3, 4], [0, 0]))]).toEqual([...first.scale(frame([3, 4], [0, 0]))]);
});
