/** How the loop starts, stops, continues, fails and is saved. */
import { lastValueFrom, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Episode } from '../../src/core/frame.ts';
import type { Policy } from '../../src/core/policy.ts';
import { type Rollout, rollout } from '../../src/rollout/rollout.ts';
import { drawingPolicy, finished, pushAndStay, recordFrames, sleep } from '../support/rollouts.ts';
import { toyEnv } from '../support/toy-env.ts';

describe('Rollout.run$', () => {
  it('is cold: nothing happens before it is subscribed to', async () => {
    const run = rollout(toyEnv(1), pushAndStay, { seed: 4, steps: 5 });
    const frames = recordFrames(run);
    await sleep(5);
    expect([frames.length, run.step()]).toEqual([0, 0]);
    await finished(run);
    expect(frames).toHaveLength(5);
  });

  it('stops within one step of being unsubscribed from', async () => {
    const run = rollout(toyEnv(1), pushAndStay, { seed: 4, steps: 1e9, afterStep: () => sleep(1) });
    const subscription = run.run$.subscribe();
    await sleep(20);
    subscription.unsubscribe();
    const stopped = run.step();
    expect(stopped).toBeGreaterThan(0);
    await sleep(20);
    expect(run.step() - stopped).toBeLessThanOrEqual(1);
  });

  it('makes no further step when unsubscribed from in `next`', async () => {
    const run = rollout(toyEnv(1), pushAndStay, { seed: 4, steps: 1e9 });
    expect(await lastValueFrom(run.run$.pipe(take(7)))).toBe(7);
    await sleep(5);
    expect(run.step()).toBe(7);
  });

  it('continues where it stopped when subscribed to again', async () => {
    const [whole, halves] = [1, 2].map(() => rollout(toyEnv(2), drawingPolicy(2), { seed: 5, steps: 60 }));
    const expected = recordFrames(whole!);
    await finished(whole!);
    const frames = recordFrames(halves!);
    await lastValueFrom(halves!.run$.pipe(take(13)));
    expect(await finished(halves!)).toEqual(Array.from({ length: 17 }, (_, i) => 2 * (14 + i)));
    expect(frames).toEqual(expected);
  });

  it('waits for the step under way when subscribed to again in the middle of it', async () => {
    let acting = 0;
    let most = 0;
    const slow: Policy = {
      async act(_, actions) {
        most = Math.max(most, ++acting);
        await sleep(2);
        actions.fill(0.25);
        acting--;
      },
    };
    const run = rollout(toyEnv(1), slow, { seed: 6, steps: 10 });
    const frames = recordFrames(run);
    run.run$.subscribe().unsubscribe();
    await finished(run);
    expect(most).toBe(1);
    expect(frames.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it.each([
    [
      'the policy',
      {
        policy: () => {
          throw new Error('no idea');
        },
      },
      'no idea',
    ],
    ['afterStep', { afterStep: () => Promise.reject(new Error('disk')) }, 'disk'],
    [
      'an action that is not finite',
      { policy: (actions: Float32Array) => actions.fill(Number.NaN) },
      /^Action "push"/,
    ],
  ] as [
    string,
    { policy?: (actions: Float32Array) => void; afterStep?: () => Promise<void> },
    string | RegExp,
  ][])('ends with an error that comes from %s', async (_, { policy, afterStep }, message) => {
    const acting: Policy = { act: async (_, actions) => policy?.(actions) };
    const run = rollout(toyEnv(1), acting, { seed: 7, steps: 5, ...(afterStep ? { afterStep } : {}) });
    await expect(finished(run)).rejects.toThrow(message);
    expect(run.step()).toBeLessThanOrEqual(1);
  });

  it('awaits afterStep, so that a slow learner sees every step', async () => {
    const learned: number[] = [];
    let newest = 0;
    const run = rollout(toyEnv(2), pushAndStay, {
      seed: 8,
      steps: 20,
      async afterStep(step) {
        await sleep(2);
        expect(newest).toBe(step);
        learned.push(step);
      },
    });
    run.frames$.subscribe(({ step }) => {
      newest = step;
    });
    const emitted: number[] = [];
    await new Promise<void>((resolve, reject) => {
      run.run$.subscribe({
        next: (step) => {
          expect(learned.at(-1)).toBe(step);
          emitted.push(step);
        },
        complete: resolve,
        error: reject,
      });
    });
    expect(learned).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect(emitted).toEqual(learned);
  });

  it('acts in the mode it is told, exploring unless told', async () => {
    const modes: string[] = [];
    const policy: Policy = { act: async (_, __, mode) => void modes.push(mode) };
    await finished(rollout(toyEnv(1), policy, { seed: 9, steps: 1 }));
    await finished(rollout(toyEnv(1), policy, { seed: 9, steps: 1, mode: 'exploit' }));
    expect(modes).toEqual(['explore', 'exploit']);
  });
});

describe('Rollout.snapshot', () => {
  it('lets another rollout continue bit for bit, in the middle of episodes', async () => {
    const straight = rollout(toyEnv(3), drawingPolicy(3), { seed: 10, steps: 120 });
    const policy = drawingPolicy(3);
    const first = rollout(toyEnv(3), policy, { seed: 10, steps: 51 });
    const second = rollout(toyEnv(3), policy, { seed: 999, steps: 120 });
    const record = (run: Rollout) => {
      const episodes: Episode[] = [];
      run.episodes$.subscribe((episode) => episodes.push(episode));
      return { episodes, frames: recordFrames(run) };
    };
    const [whole, before, after] = [straight, first, second].map(record);
    await finished(straight);
    await finished(first);
    second.restore(first.snapshot());
    expect(second.step()).toBe(51);
    await finished(second);
    expect([...before!.frames, ...after!.frames]).toEqual(whole!.frames);
    expect([...before!.episodes, ...after!.episodes]).toEqual(whole!.episodes);
    expect(second.snapshot()).toEqual(straight.snapshot());
  });

  it('says which environment cannot be saved', () => {
    const { snapshot: _, ...machine } = toyEnv(1);
    expect(() => rollout(machine, pushAndStay, { seed: 1, steps: 1 }).snapshot()).toThrow(
      'Environment "toy" cannot be saved; only its start can be repeated.',
    );
  });

  it('is refused by a rollout with another number of scenes', () => {
    const snapshot = rollout(toyEnv(2), pushAndStay, { seed: 1, steps: 1 }).snapshot();
    expect(() => rollout(toyEnv(3), pushAndStay, { seed: 1, steps: 1 }).restore(snapshot)).toThrow(
      RangeError,
    );
  });
});
