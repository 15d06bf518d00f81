/**
 * Returns to go of stored transitions, as lower bounds: the discounted rewards from each of them to the end of its episode.
 * Where the task itself ended that is all. What follows a time limit or a broken recording is not known, nor what an episode
 * that goes on will bring: there the least reward for ever stands for it, which is nothing for rewards that are never
 * negative.
 *
 * They are written backwards once an episode ends, so a sampled row costs one read, and they follow from rewards and ends
 * alone, so a checkpoint need not hold them.
 */
import type { ReturnToGo } from '../core/batch.ts';
import { ProprioError } from '../core/errors.ts';
import type { Frame } from '../core/frame.ts';

export interface ReturnColumns {
  readonly reward: Float32Array;
  readonly terminated: Float32Array;
  readonly truncated: Float32Array;
  /** What is written, `[C]`. */
  readonly returnToGo: Float32Array;
}

export interface ReturnKeeper {
  /** @throws ProprioError naming scene and step of a reward below the least one, which would make no bounds of the bounds */
  check(frame: Frame): void;
  /**
   * Writes the return of a row that has been stored, and of all rows of its episode where it is the last of one.
   * @param row the newest of its scene, counted from the first row that ever was
   */
  note(row: number): void;
}

/** @param stride rows from one step of a scene to its next */
export function returnKeeper(
  { reward, terminated, truncated, returnToGo }: ReturnColumns,
  { discount, leastReward }: ReturnToGo,
  { rewardScale, stride }: { readonly rewardScale: number; readonly stride: number },
): ReturnKeeper {
  const capacity = returnToGo.length;
  const beyond = leastReward === 0 ? 0 : (rewardScale * leastReward) / (1 - discount);
  const isLast = (at: number): boolean => terminated[at] === 1 || truncated[at] === 1;
  return {
    check({ reward, numEnvs, step }) {
      for (let scene = 0; scene < numEnvs; scene++) {
        if (reward[scene]! >= Math.fround(leastReward)) continue;
        throw new ProprioError(
          `Reward ${reward[scene]} in scene ${scene} at step ${step} is less than ${leastReward}, from which lower bounds of returns are reckoned: set agent.leastReward to the least that the environment gives.`,
        );
      }
    },
    note(row) {
      let at = row % capacity;
      // Until its episode ends a row knows its own reward only: to add each new one to all before it would cost the square.
      returnToGo[at] = reward[at]! + (terminated[at] === 1 ? 0 : discount * beyond);
      if (!isLast(at)) return;
      for (let older = Math.min(row, capacity - 1); older >= stride; older -= stride) {
        const before = (at - stride + capacity) % capacity;
        if (isLast(before)) return;
        returnToGo[before] = reward[before]! + discount * returnToGo[at]!;
        at = before;
      }
    },
  };
}
