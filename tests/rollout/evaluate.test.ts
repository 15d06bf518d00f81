/** Evaluation: which episodes count, and what it leaves alone. */
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/policy.ts';
import { type Evaluation, evaluate, evaluationScenes, isBetter } from '../../src/rollout/evaluate.ts';
import { rollout } from '../../src/rollout/rollout.ts';
import {
  constantPolicy,
  TOY_ACTION,
  TOY_OBSERVATION,
  TOY_STEPS,
  toyColumn,
  toyEnv,
} from '../support/toy-env.ts';

/** Episodes of scene 0 take four steps and succeed, those of scene 1 six and do not. */
const pushAndStay = constantPolicy([1, 0], [0, 1]);

/** Whether it pushes on depends on how the episode began. */
const moody: Policy = {
  async act(obs, actions) {
    for (let scene = 0; scene < obs.length / TOY_OBSERVATION; scene++) {
      const push = obs[scene * TOY_OBSERVATION + toyColumn.episode]! > 0 ? 1 : 0.125;
      actions.set([push, 0], TOY_ACTION * scene);
    }
  },
};

describe('evaluate', () => {
  it('takes as many episodes from every scene, however short they are', async () => {
    // Four of each: return 4 and length 4 in scene 0, return -3 and length 6 in scene 1. By then scene 0 has ended six.
    expect(await evaluate(toyEnv(2), pushAndStay, 8, 1)).toEqual({
      episodes: 8,
      returnMean: 0.5,
      returnStd: 3.5,
      successRate: 0.5,
      episodeLengthMean: 5,
    });
  });

  it('gives the same for the same seed, and something else for another', async () => {
    const env = toyEnv(4);
    const first = await evaluate(env, moody, 40, 1);
    expect(await evaluate(env, moody, 40, 1)).toEqual(first);
    expect(await evaluate(toyEnv(4), moody, 40, 1)).toEqual(first);
    expect(await evaluate(env, moody, 40, 3)).not.toEqual(first);
    expect(first.successRate).toBeGreaterThan(0);
    expect(first.successRate).toBeLessThan(1);
  });

  it('has no success rate where the task has no notion of success', async () => {
    const { success: _, ...spec } = toyEnv(1).spec;
    const result = await evaluate(toyEnv(1, { spec }), pushAndStay, 1, 1);
    expect(result.successRate).toBeNull();
  });

  it('takes the deterministic action', async () => {
    const modes = new Set<string>();
    const policy: Policy = { act: async (_, __, mode) => void modes.add(mode) };
    await evaluate(toyEnv(1), policy, 1, 1);
    expect([...modes]).toEqual(['exploit']);
  });

  it('leaves a rollout of its own alone that is under way with the same policy', async () => {
    const returns = async (evaluating: boolean): Promise<number[]> => {
      const evaluationEnv = toyEnv(2);
      const run = rollout(toyEnv(2), moody, {
        seed: 3,
        steps: 100,
        async afterStep() {
          if (evaluating) await evaluate(evaluationEnv, moody, 2, 1);
        },
      });
      const found: number[] = [];
      run.frames$.subscribe(({ obs, reward }) => found.push(...obs, ...reward));
      await lastValueFrom(run.run$);
      return found;
    };
    expect(await returns(true)).toEqual(await returns(false));
  });

  it('stops as soon as it has its episodes', async () => {
    let steps = 0;
    const policy: Policy = {
      async act(_, actions) {
        actions.fill(1);
        steps++;
      },
    };
    await evaluate(toyEnv(2), policy, 4, 1);
    expect(steps).toBe(2 * 4);
    steps = 0;
    await evaluate(toyEnv(1), { act: async () => void steps++ }, 3, 1);
    expect(steps).toBe(3 * TOY_STEPS);
  });

  it('says that episodes cannot be shared equally', async () => {
    await expect(evaluate(toyEnv(3), pushAndStay, 10, 1)).rejects.toThrow(
      new RangeError('10 episodes cannot be shared equally among 3 scenes.'),
    );
  });

  it('fails with the policy', async () => {
    const broken: Policy = { act: () => Promise.reject(new Error('no idea')) };
    await expect(evaluate(toyEnv(1), broken, 1, 1)).rejects.toThrow('no idea');
  });
});

describe('evaluationScenes', () => {
  it.each([
    [1, 1],
    [50, 50],
    [128, 128],
    [129, 43],
    [1000, 125],
    [131, 1],
  ])('shares %i episodes among %i scenes', (episodes, scenes) => {
    expect(evaluationScenes(episodes)).toBe(scenes);
  });
});

describe('isBetter', () => {
  const evaluation = (successRate: number | null, returnMean: number): Evaluation => ({
    episodes: 1,
    returnMean,
    returnStd: 0,
    successRate,
    episodeLengthMean: 1,
  });
  const scored = (mean: number, returnMean: number): Evaluation => ({
    ...evaluation(null, returnMean),
    scores: { bumps: { mean, std: 0 }, hits: { mean: 10 - mean, std: 0 } },
  });

  it.each([
    ['more successes, whatever the return', evaluation(0.6, 1), evaluation(0.5, 100), true],
    ['fewer successes, whatever the return', evaluation(0.5, 100), evaluation(0.6, 1), false],
    ['as many successes and a higher return', evaluation(0.5, 2), evaluation(0.5, 1), true],
    ['the same', evaluation(0.5, 2), evaluation(0.5, 2), false],
    ['a higher score, whatever the return', scored(3, 1), scored(2, 9), true],
    ['a lower score, whatever the return', scored(2, 9), scored(3, 1), false],
    ['the same score and a higher return', scored(2, 9), scored(2, 1), true],
    ['a higher return without a notion of success', evaluation(null, -1), evaluation(null, -2), true],
  ])('judges %s', (_, a, b, better) => {
    expect(isBetter(a, b)).toBe(better);
  });
});
