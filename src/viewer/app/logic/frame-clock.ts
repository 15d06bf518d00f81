/** When frames arrive, and so how far a drawing is between the last two of them. */

/** s; frames farther apart than this are not joined by a slow glide. */
const LONGEST_INTERVAL = 0.2;

export class FrameClock {
  #last = Number.NEGATIVE_INFINITY;
  #interval = 0;

  /** @param now s */
  arrived(now: number): void {
    this.#interval = Math.min(LONGEST_INTERVAL, now - this.#last);
    this.#last = now;
  }

  /** From 0, at the frame before the last, to 1, at the last one: a drawing is one frame behind. @param now s */
  progress(now: number): number {
    return this.#interval > 0 ? Math.max(0, Math.min(1, (now - this.#last) / this.#interval)) : 1;
  }
}
