/**
 * Generalised advantage estimation (Schulman et al. 2016, arXiv:1506.02438, Eq. 16) with both ways that an episode can
 * end told apart: after a termination nothing follows, after a time limit the value of the last observation does. No
 * trace leads from one episode into the next.
 */
import type { Trajectories } from '../core/batch.ts';

/**
 * @param value of each observation, `[T·N]`
 * @param nextValue of the observation that each step led to, `[T·N]`
 * @returns advantages, and the returns that values are to learn, `[T·N]` both
 */
export function estimateAdvantages(
  { steps, numEnvs, reward, terminated, truncated }: Trajectories,
  value: ArrayLike<number>,
  nextValue: ArrayLike<number>,
  discount: number,
  traceDecay: number,
): { advantage: Float32Array; return: Float32Array } {
  const advantage = new Float32Array(steps * numEnvs);
  const returns = new Float32Array(steps * numEnvs);
  for (let scene = 0; scene < numEnvs; scene++) {
    let later = 0;
    for (let step = steps - 1; step >= 0; step--) {
      const row = step * numEnvs + scene;
      const error = reward[row]! + discount * (1 - terminated[row]!) * nextValue[row]! - value[row]!;
      const goesOn = terminated[row] === 0 && truncated[row] === 0;
      later = error + (goesOn ? discount * traceDecay * later : 0);
      advantage[row] = later;
      returns[row] = later + value[row]!;
    }
  }
  return { advantage, return: returns };
}
