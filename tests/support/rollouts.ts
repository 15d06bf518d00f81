/** Running rollouts of the toy environment in tests. */
import { lastValueFrom, toArray } from 'rxjs';
import type { Frame } from '../../src/core/frame.ts';
import type { Policy } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import { constantPolicy } from './toy-env.ts';

/** Scene 0 reaches 1 after four steps; scene 1 runs out of time after six. */
export const pushAndStay = constantPolicy([1, 0.5], [0, 0]);

/** Draws every action, so that no two steps are alike. */
export function drawingPolicy(seed: number): Policy {
  const rng = createRng(seed);
  return {
    async act(_, actions) {
      for (let i = 0; i < actions.length; i++) actions[i] = rng.uniform(-2, 2);
    },
  };
}

/** Runs to the end. @returns what `run$` emitted */
export const finished = (run: Rollout): Promise<number[]> => lastValueFrom(run.run$.pipe(toArray()));

/** Copies of all frames to come, less their time. */
export function recordFrames(run: Rollout): Omit<Frame, 'time'>[] {
  const frames: Omit<Frame, 'time'>[] = [];
  run.frames$.subscribe(({ time: _, ...frame }) => frames.push(structuredClone(frame)));
  return frames;
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
