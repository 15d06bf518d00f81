/** Time that a test moves on itself. */
import type { Clock } from '../../src/viewer/pace.ts';

export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly wake: () => void }>();

  now(): number {
    return this.#now;
  }

  after(seconds: number, wake: () => void): () => void {
    const timer = { at: this.#now + seconds, wake };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that are running. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `seconds` pass, each timer at its time. */
  async advance(seconds: number): Promise<void> {
    const end = this.#now + seconds;
    for (;;) {
      await settled();
      const next = [...this.#timers].sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = end;
    await settled();
  }

  /** Time that goes by while the thread is busy. */
  spend(seconds: number): void {
    this.#now += seconds;
  }

  /** Time that goes by while nobody can act: no timer fires before it is over. */
  async stall(seconds: number): Promise<void> {
    this.spend(seconds);
    await this.advance(0);
  }
}

/** Waits until all promises that can go on have done so. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
