/** Every listed off-policy agent on tasks whose answer is known. Each probe takes seconds and fails loudly when its part is wrong. */
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../src/core/frame.ts';
import { ReplayBuffer } from '../../src/replay/replay-buffer.ts';
import { experiencingAgents } from '../support/agents.ts';
import { answers, lately, probe } from './probe.ts';
import { toyEnv } from './toy-envs.ts';

const SEEN = [-0.9, -0.5, 0, 0.5, 0.9];

/** No entropy in the values, so that they can be told in advance. */
const cold = {
  initialTemperature: 1e-8,
  temperatureLearningRate: 0,
  entropyWeight: 0,
  proximityWeight: 0.02,
  oldPolicyUpdates: 20,
  outputPenalty: 0,
};
const quick = { actorLearningRate: 3e-3, criticLearningRate: 3e-3 };

/** The mistake that time limits invite. */
class EndsAtTruncation extends ReplayBuffer {
  override push(frame: Frame): void {
    super.push({ ...frame, terminated: frame.truncated });
  }
}

describe.each(experiencingAgents.map(({ name }) => name))('%s', (agent) => {
  test('copies the observation where that is what pays', async () => {
    const env = toyEnv(4, 10, (seen, action) => ({ reward: -((action - seen) ** 2), ends: true }));
    const { learner } = await probe(env, { agent, settings: { ...quick, ...cold }, steps: 4_000 });
    const given = await answers(learner, SEEN);
    SEEN.forEach((seen, i) => {
      expect(Math.abs(given[i]! - seen)).toBeLessThan(0.15);
    });
    await learner.dispose();
  });

  test('learns the reward itself where every step is the last', async () => {
    const env = toyEnv(4, 10, () => ({ reward: 3, ends: true }));
    const { learner, history } = await probe(env, {
      agent,
      settings: { ...quick, ...cold, discount: 0.9 },
      steps: 1_500,
    });
    expect(lately(history, 'q')).toBeGreaterThan(2.9);
    expect(lately(history, 'q')).toBeLessThan(3.1);
    await learner.dispose();
  });

  // Reward 1 for ever is worth 1/(1 − 0.8) = 5 to an agent that knows that the time limit is not the end of the world.
  test('values endless reward at 1/(1 − γ) through truncation', async () => {
    const env = toyEnv(4, 2, () => ({ reward: 1, ends: false }));
    const settings = { ...quick, ...cold, discount: 0.8, targetRate: 0.05 };
    const { learner, history } = await probe(env, { agent, settings, steps: 3_000 });
    expect(lately(history, 'q')).toBeGreaterThan(4.75);
    expect(lately(history, 'q')).toBeLessThan(5.25);
    await learner.dispose();
  });

  // The same, but with an end where the limit was: 1 before the last step, 1 + 0.8 before the one ahead of it, 1.4 mean.
  test('values it far lower where truncation is stored as an end', async () => {
    const env = toyEnv(4, 2, () => ({ reward: 1, ends: false }));
    const settings = { ...quick, ...cold, discount: 0.8, targetRate: 0.05 };
    const { learner, history } = await probe(env, {
      agent,
      settings,
      steps: 2_000,
      Replay: EndsAtTruncation,
    });
    expect(lately(history, 'q')).toBeGreaterThan(1.2);
    expect(lately(history, 'q')).toBeLessThan(2.8);
    await learner.dispose();
  });

  test('the same seed gives the same metrics, another seed others', async () => {
    const run = async (seed: number) => {
      const env = toyEnv(2, 5, (seen, action) => ({ reward: seen * action, ends: false }));
      const { learner, history } = await probe(env, { agent, steps: 400, seed });
      await learner.dispose();
      return history;
    };
    const [first, again, other] = [await run(1), await run(1), await run(2)];
    expect(first.length).toBeGreaterThan(8);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
