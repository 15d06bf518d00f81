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

/**
 * @param stride rows from one step of a scene to its next
 * @returns what writes the return of a row, and of all rows of its episode where it is the last of one. Rows are told as they
 *   are stored, one after another, each by its number from the first one that ever was.
 */
export function returnWriter(
  { reward, terminated, truncated, returnToGo }: ReturnColumns,
  stride: number,
  { discount, leastReward }: ReturnToGo,
): (number: number) => void {
  const capacity = returnToGo.length;
  const beyond = leastReward === 0 ? 0 : leastReward / (1 - discount);
  const isLast = (row: number): boolean => terminated[row] === 1 || truncated[row] === 1;
  return (number) => {
    let row = number % capacity;
    // Until its episode ends a row knows its own reward only: to add each new one to all before it would cost the square.
    returnToGo[row] = reward[row]! + (terminated[row] === 1 ? 0 : discount * beyond);
    if (!isLast(row)) return;
    for (let older = Math.min(number, capacity - 1); older >= stride; older -= stride) {
      const before = (row - stride + capacity) % capacity;
      if (isLast(before)) return;
      returnToGo[before] = reward[before]! + discount * returnToGo[row]!;
      row = before;
    }
  };
}

/** @throws ProprioError naming scene and step of a reward that makes no lower bound of what was one */
export function assertNoLess({ reward, numEnvs, step }: Frame, least: number): void {
  for (let scene = 0; scene < numEnvs; scene++) {
    if (reward[scene]! >= Math.fround(least)) continue;
    throw new ProprioError(
      `Reward ${reward[scene]} in scene ${scene} at step ${step} is less than ${least}, from which lower bounds of returns are reckoned: set agent.leastReward to the least that the environment gives.`,
    );
  }
}
