/** How long to wait before a lost connection is tried again. */
import type { Rng } from '../../../core/rng.ts';

/** s */
const FIRST = 0.25;
const LONGEST = 5;

/** Doubles with each attempt; up to half of it is left to chance, so that many pages do not come back at once. @returns s */
export function reconnectDelay(attempt: number, rng: Rng): number {
  return Math.min(LONGEST, FIRST * 2 ** attempt) * rng.uniform(0.5, 1);
}
