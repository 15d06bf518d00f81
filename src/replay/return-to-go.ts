/**
 * Returns to go of stored transitions, as lower bounds: the discounted rewards from each of them to the end of its episode.
 * Where the task itself ended that is all. What follows a time limit or a broken recording is not known, nor what an episode
 * that goes on will bring: there the least reward for ever stands for it. That is nothing where rewards are never negative,
 * and where the least is not known it is so little that the bound tells nothing.
 *
 * They are written backwards once an episode ends, so a sampled row costs one read, and they follow from rewards and ends
 * alone, so a checkpoint need not hold them.
 */
import type { ReturnToGo } from '../core/batch.ts';

export interface ReturnColumns {
  readonly reward: Float32Array;
  readonly terminated: Float32Array;
  readonly truncated: Float32Array;
  /** What is written, `[C]`. */
  readonly returnToGo: Float32Array;
}

/**
 * @param stride rows from one step of a scene to its next
 * @returns what writes the return of a row that has just been stored, and of all rows of its episode where it is the last of
 *   one. The row is the newest of its scene, and counted from the first row that ever was.
 */
export function returnWriter(
  { reward, terminated, truncated, returnToGo }: ReturnColumns,
  { discount, leastReward }: ReturnToGo,
  { rewardScale, stride }: { readonly rewardScale: number; readonly stride: number },
): (row: number) => void {
  const capacity = returnToGo.length;
  const beyond = leastReward === 0 ? 0 : (rewardScale * leastReward) / (1 - discount);
  const isLast = (at: number): boolean => terminated[at] === 1 || truncated[at] === 1;
  return (row) => {
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
  };
}
