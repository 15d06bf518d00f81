/**
 * Real time for a loop that would run as fast as it can: pause, play, single steps, speed. Each step has a
 * deadline a period after the one before, so lateness does not add up; time that was lost in a stall is given
 * up, so none is raced through.
 */

/** Where time comes from; s. */
export interface Clock {
  now(): number;
  /** Calls `wake` once after `seconds`. @returns what prevents it */
  after(seconds: number, wake: () => void): () => void;
}

export const realClock: Clock = {
  now: () => performance.now() / 1e3,
  after(seconds, wake) {
    const timer = setTimeout(wake, 1e3 * seconds);
    return () => clearTimeout(timer);
  },
};

/** Lateness that is caught up with, s: what timers have themselves. Beyond it the time is given up. */
const MOST_LATE = 0.05;
/** Longest that a loop goes on without letting anybody else have the thread, s. */
const LONGEST_RUN = 0.02;

export interface PaceOptions {
  /** Simulated time of a step, s. */
  readonly period: number;
  /** Called when a pause begins to be waited through, with the loop at rest. */
  readonly onRest?: () => void;
  readonly clock?: Clock;
}

export interface Pace {
  readonly paused: boolean;
  /** Simulated time against real time. */
  readonly speed: number;
  /** Whether the loop waits for a pause to end. */
  readonly resting: boolean;
  pause(): void;
  play(): void;
  /** Lets the loop make `count` more steps of the pause, the first one at once. */
  step(count: number): void;
  setSpeed(factor: number): void;
  /** Awaited by the loop before each step. @returns false when the loop has been interrupted */
  wait(): Promise<boolean>;
  /** Makes the present or else the next wait return false, once; steps that are left are given up. */
  interrupt(): void;
}

export function createPace({ period, onRest, clock = realClock }: PaceOptions): Pace {
  let paused = false;
  let speed = 1;
  let stepsLeft = 0;
  let resting = false;
  let interrupted = false;
  /** Deadline of the last step. */
  let last = Number.NEGATIVE_INFINITY;
  /** When the thread was last given away. */
  let yielded = clock.now();
  /** Ends what is being waited for, so that conditions are looked at again. */
  let wake = (): void => {};

  const woken = (seconds?: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = seconds === undefined ? undefined : clock.after(seconds, resolve);
      wake = () => {
        cancel?.();
        resolve();
      };
    });

  async function rest(): Promise<void> {
    const ended = woken();
    resting = true;
    onRest?.();
    await ended;
    resting = false;
    // What the pause took is no lateness.
    last = Number.NEGATIVE_INFINITY;
    yielded = clock.now();
  }

  async function wait(): Promise<boolean> {
    for (;;) {
      if (interrupted) {
        interrupted = false;
        return false;
      }
      const now = clock.now();
      const due = last + period / speed;
      if (paused && stepsLeft === 0) await rest();
      else if (due > now || now - yielded > LONGEST_RUN) {
        await woken(Math.max(0, due - now));
        yielded = clock.now();
      } else {
        last = due < now - MOST_LATE ? now : due;
        if (paused) stepsLeft--;
        return true;
      }
    }
  }

  return {
    get paused() {
      return paused;
    },
    get speed() {
      return speed;
    },
    get resting() {
      return resting;
    },
    pause() {
      paused = true;
      stepsLeft = 0;
      wake();
    },
    play() {
      paused = false;
      wake();
    },
    step(count) {
      if (paused) stepsLeft += count;
      wake();
    },
    setSpeed(factor) {
      speed = factor;
      wake();
    },
    wait,
    interrupt() {
      interrupted = true;
      stepsLeft = 0;
      wake();
    },
  };
}
