/** What frames and episodes of a rollout carry. */
import { describe, expect, it } from 'vitest';
import type { Episode, Frame } from '../../src/core/frame.ts';
import type { Policy } from '../../src/core/policy.ts';
import { rollout } from '../../src/rollout/rollout.ts';
import { drawingPolicy, finished, pushAndStay, recordFrames } from '../support/rollouts.ts';
import { column, constantPolicy, TOY_STEPS, toyEnv } from '../support/toy-env.ts';

describe('Rollout.frames$', () => {
  it('carries the observation that was acted on and the one it led to', async () => {
    const seen: number[][] = [];
    const policy: Policy = {
      async act(obs, actions, mode) {
        seen.push([...obs]);
        await pushAndStay.act(obs, actions, mode);
      },
    };
    const run = rollout(toyEnv(2), policy, { seed: 1, steps: 2 * 8 });
    const frames = recordFrames(run);
    await finished(run);
    expect(frames.map(({ obs }) => [...obs])).toEqual(seen);
    for (const { obs, nextObs } of frames) {
      expect(column(nextObs, 'episode')).toEqual(column(obs, 'episode'));
      expect(column(nextObs, 'age')).toEqual(column(obs, 'age').map((age) => age + 1));
    }
    expect(frames.map(({ obs }) => column(obs, 'age')[0])).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  });

  it('carries actions as applied, rewards, their terms and how episodes ended', async () => {
    const run = rollout(toyEnv(1), constantPolicy([5, -0.5]), { seed: 1, steps: 5 });
    const frames = recordFrames(run);
    await finished(run);
    expect([...frames[0]!.action]).toEqual([1, -0.5]);
    expect([...frames[0]!.reward]).toEqual([0.75]);
    expect([...frames[0]!.rewardTerms]).toEqual([1, -0.25]);
    expect(frames.map(({ terminated, truncated }) => [terminated[0], truncated[0]])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 0],
      [0, 0],
    ]);
  });

  it('counts control steps over all scenes', async () => {
    const run = rollout(toyEnv(3), pushAndStay, { seed: 1, steps: 10 });
    const frames = recordFrames(run);
    expect(await finished(run)).toEqual([3, 6, 9, 12]);
    expect(frames.map(({ step }) => step)).toEqual([3, 6, 9, 12]);
    expect(run.step()).toBe(12);
  });

  it('hands out views of the same memory every time, not copies', async () => {
    const run = rollout(toyEnv(2), pushAndStay, { seed: 1, steps: 20 });
    const frames: Frame[] = [];
    run.frames$.subscribe((frame) => frames.push(frame));
    await finished(run);
    for (const name of [
      'obs',
      'action',
      'reward',
      'rewardTerms',
      'nextObs',
      'terminated',
      'truncated',
    ] as const)
      expect(new Set(frames.map((frame) => frame[name])).size).toBe(1);
  });

  it('gives frames a time that only grows', async () => {
    const run = rollout(toyEnv(1), pushAndStay, { seed: 1, steps: 50 });
    const times: number[] = [];
    run.frames$.subscribe(({ time }) => times.push(time));
    await finished(run);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(0);
  });
});

describe('Rollout.episodes$', () => {
  it('sums up every episode of every scene', async () => {
    const run = rollout(toyEnv(2), pushAndStay, { seed: 2, steps: 2 * 12 });
    const episodes: Episode[] = [];
    run.episodes$.subscribe((episode) => episodes.push(episode));
    await finished(run);
    const pushing = {
      scene: 0,
      return: 3,
      length: 4,
      terminated: true,
      success: true,
      rewardTerms: [4, -1],
      scores: [],
    };
    const staying = {
      scene: 1,
      return: 0,
      length: TOY_STEPS,
      terminated: false,
      success: false,
      rewardTerms: [0, 0],
      scores: [],
    };
    expect(episodes).toEqual([
      { step: 8, ...pushing },
      { step: 12, ...staying },
      { step: 16, ...pushing },
      { step: 24, ...pushing },
      { step: 24, ...staying },
    ]);
  });

  it('agrees with the sums over frames', async () => {
    const run = rollout(toyEnv(3), drawingPolicy(1), { seed: 3, steps: 600 });
    const episodes: Episode[] = [];
    run.episodes$.subscribe((episode) => episodes.push(episode));
    const frames = recordFrames(run);
    await finished(run);
    const expected: [step: number, scene: number, total: number, length: number][] = [];
    const totals = [0, 0, 0];
    const lengths = [0, 0, 0];
    for (const { step, reward, terminated, truncated } of frames) {
      for (let scene = 0; scene < 3; scene++) {
        totals[scene]! += reward[scene]!;
        lengths[scene]!++;
        if (!terminated[scene] && !truncated[scene]) continue;
        expected.push([step, scene, totals[scene]!, lengths[scene]!]);
        totals[scene] = 0;
        lengths[scene] = 0;
      }
    }
    expect(expected.length).toBeGreaterThan(90);
    expect(episodes.map((e) => [e.step, e.scene, e.return, e.length])).toEqual(expected);
    for (const episode of episodes) {
      const [pace, fuel] = episode.rewardTerms;
      expect(pace! + fuel!).toBeCloseTo(episode.return, 5);
    }
  });
});
