/** Every listed on-policy agent on tasks whose answer is known. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/tensor/index.ts';
import { onPolicyAgents } from '../support/agents.ts';
import { type Probed, probeOnPolicy } from './on-policy-probe.ts';
import { toyEnv } from './toy-envs.ts';

const SEEN = [-0.9, -0.5, 0, 0.5, 0.9];
/** Mean value of the observations that the toy tasks show. */
async function meanValue({ learner, maths }: Probed): Promise<number> {
  const state = Object.fromEntries(
    Object.entries(learner.vectors()).map(([name, values]) => [`state.${name}`, values]),
  );
  const program = await compile(
    ({ obs, nextObs, noise, ...rest }) => {
      const vectors = Object.fromEntries(
        Object.entries(rest).map(([name, tensor]) => [name.replace('state.', ''), tensor]),
      );
      const { value } = maths.describe(vectors, { obs: obs!, nextObs: nextObs!, noise: noise! });
      return { value: value! };
    },
    {
      obs: [5, 1],
      nextObs: [5, 1],
      noise: [5, 1],
      ...Object.fromEntries(Object.entries(state).map(([name, values]) => [name, [values.length]])),
    },
  );
  const obs = Float32Array.from(SEEN);
  const { value } = await program.run({ ...state, obs, nextObs: obs, noise: new Float32Array(5) });
  await program.dispose();
  return [...value!].reduce((sum, each) => sum + each, 0) / 5;
}

describe.each(onPolicyAgents.map((agent) => [agent.name, agent] as const))('%s', (_, agent) => {
  test('copies the observation where that is what pays', async () => {
    const env = toyEnv(4, 10, (seen, action) => ({ reward: -((action - seen) ** 2), ends: true }));
    const trained = await probeOnPolicy(env, agent, {
      steps: 40_000,
      settings: { annealLearningRate: true },
    });
    const actions = new Float32Array(5);
    await trained.learner.act(Float32Array.from(SEEN), actions, 'exploit');
    SEEN.forEach((seen, i) => {
      expect(Math.abs(actions[i]! - seen)).toBeLessThan(0.15);
    });
    await trained.learner.dispose();
  });

  test('values endless reward at 1/(1 − γ) through truncation, and one step of it at 1', async () => {
    const settings = { discount: 0.8, clipValues: false, valueClipRange: 0, maxGradientNorm: 100 };
    const endless = toyEnv(4, 2, () => ({ reward: 1, ends: false }));
    const trained = await probeOnPolicy(endless, agent, { steps: 30_000, settings });
    expect(await meanValue(trained)).toBeGreaterThan(4.75);
    expect(await meanValue(trained)).toBeLessThan(5.25);
    await trained.learner.dispose();

    const single = toyEnv(4, 2, () => ({ reward: 1, ends: true }));
    const other = await probeOnPolicy(single, agent, { steps: 8_000, settings });
    expect(await meanValue(other)).toBeGreaterThan(0.9);
    expect(await meanValue(other)).toBeLessThan(1.1);
    await other.learner.dispose();
  });

  test('learns the same of rewards of any size once they are normalised', async () => {
    const answers = async (size: number): Promise<number[]> => {
      const env = toyEnv(4, 10, (seen, action) => ({ reward: -size * (action - seen) ** 2, ends: true }));
      const { learner } = await probeOnPolicy(env, agent, { steps: 2_048, normalizeRewards: true });
      const actions = new Float32Array(5);
      await learner.act(Float32Array.from(SEEN), actions, 'exploit');
      await learner.dispose();
      return [...actions];
    };
    const [small, large] = [await answers(0.01), await answers(100)];
    small.forEach((action, i) => {
      // Rounding differs with the size, and grows from update to update. Seen: 0.023.
      expect(Math.abs(action - large[i]!)).toBeLessThan(0.05);
    });
  });

  test('the same seed gives the same metrics, another seed others', async () => {
    const run = async (seed: number) => {
      const env = toyEnv(2, 5, (seen, action) => ({ reward: seen * action, ends: false }));
      const { learner, history } = await probeOnPolicy(env, agent, { steps: 512, seed });
      await learner.dispose();
      return history;
    };
    const [first, again, other] = [await run(1), await run(1), await run(2)];
    expect(first.length).toBe(4);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
