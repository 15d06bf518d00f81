/** Teams on tasks whose answer is known: what shared parameters learn, and what only a centralised critic can explain. */
import { describe, expect, test } from 'vitest';
import { agents } from '../../agents/index.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import type { OnPolicyDefinition } from '../../src/learner/index.ts';
import { probeOnPolicy } from './on-policy-probe.ts';
import { answers, lately, probe } from './probe.ts';
import { toyTeams } from './toy-envs.ts';

const SEEN = [-0.9, -0.5, 0, 0.5, 0.9];
const onPolicy = (name: string): OnPolicyDefinition => agents[name] as OnPolicyDefinition;

describe('a sum that two agents make together of what each of them sees', () => {
  // −(a₁ + a₂ − s₁ − s₂)² to both. Of policies that share parameters a(s) = s is the best one, and worth 0.
  const together = (): VectorEnv =>
    toyTeams(4, 2, 10, ([s1, s2], [a1, a2]) => {
      const reward = -((a1! + a2! - s1! - s2!) ** 2);
      return { rewards: [reward, reward], ends: true };
    });

  const quick = { actorLearningRate: 3e-3, criticLearningRate: 3e-3 };
  test.each([
    ['maddpg', 'maddpg', {}],
    ['maddpg as MATD3', 'maddpg', { critics: 2, targetNoise: 0.2, policyDelay: 2 }],
    ['sac', 'sac', { initialTemperature: 0.01, temperatureLearningRate: 0 }],
  ])('is learnt by %s', async (_, agent, settings) => {
    // SAC sees its own row only, and takes what the other one did long ago for what it does now: so it forgets early.
    const options = { agent, settings: { ...quick, ...settings }, steps: 6_000, capacity: 1_500 };
    const { learner } = await probe(together(), options);
    const given = await answers(learner, SEEN);
    SEEN.forEach((seen, i) => {
      expect(Math.abs(given[i]! - seen)).toBeLessThan(0.15);
    });
    await learner.dispose();
  });

  test('is learnt by mappo', async () => {
    const { learner } = await probeOnPolicy(together(), onPolicy('mappo'), {
      steps: 20_000,
      settings: { annealLearningRate: true, entropyWeight: 0 },
    });
    const given = new Float32Array(SEEN.length);
    await learner.act(Float32Array.from(SEEN), given, 'exploit');
    SEEN.forEach((seen, i) => {
      expect(Math.abs(given[i]! - seen)).toBeLessThan(0.15);
    });
    await learner.dispose();
  });
});

describe('a reward that only the next agent sees', () => {
  const elsewhere = (): VectorEnv =>
    toyTeams(6, 3, 10, ([s1, s2, s3]) => ({ rewards: [s2!, s3!, s1!], ends: true }));

  test.each([
    ['mappo', 0.98, 1],
    ['ppo', -0.05, 0.05],
  ])('has a part of its variance that is explained by %s between %d and %d', async (agent, low, high) => {
    const { learner, history } = await probeOnPolicy(elsewhere(), onPolicy(agent), { steps: 12_000 });
    expect(lately(history, 'explained_variance')).toBeGreaterThan(low);
    expect(lately(history, 'explained_variance')).toBeLessThanOrEqual(high);
    await learner.dispose();
  });

  // The variance of a number in [-1, 1] is a third, for each of the critics.
  test.each([
    ['maddpg', 0, 0.01],
    ['td3', 0.3, 0.36],
  ])('leaves %s an error between %d and %d', async (agent, low, high) => {
    const settings = { actorLearningRate: 3e-3, criticLearningRate: 3e-3, critics: 1 };
    const { learner, history } = await probe(elsewhere(), { agent, settings, steps: 3_000 });
    expect(lately(history, 'critic_loss')).toBeGreaterThan(low);
    expect(lately(history, 'critic_loss')).toBeLessThan(high);
    await learner.dispose();
  });
});
