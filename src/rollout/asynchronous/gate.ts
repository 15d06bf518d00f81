/**
 * Where a learner and its actors let each other go on: counters and flags in shared memory, so that nobody waits for a
 * message. Counted are control steps, summed over the scenes of an actor. A: actors.
 */

/** Sent to another thread, it is the same memory there. */
export interface GateMemory {
  /** NEWS, SIGNAL, STOP, HOLD, then one state for each actor. */
  readonly words: Int32Array;
  /** ALLOWED, then BEGUN, MADE, LAG_SUM, LAG_MAX and LAG_COUNT of each actor. */
  readonly counters: BigInt64Array;
}

// Words: a count of what actors have done, one of what the learner has, and two flags.
const [NEWS, SIGNAL, STOP, HOLD, FIRST_STATE] = [0, 1, 2, 3, 4];
const ALLOWED = 0;
const COUNTERS = 5;
const [BEGUN, MADE, LAG_SUM, LAG_MAX, LAG_COUNT] = [0, 1, 2, 3, 4];
const counter = (actor: number, which: number): number => 1 + actor * COUNTERS + which;

/** What an actor's thread is at: only a CALM one may be ended from outside, since an inference runtime cannot be. */
const [CALM, COMPUTING, HELD] = [0, 1, 2];

export const createGateMemory = (actors: number): GateMemory => ({
  words: new Int32Array(new SharedArrayBuffer(4 * (FIRST_STATE + actors))),
  counters: new BigInt64Array(new SharedArrayBuffer(8 * (1 + actors * COUNTERS))),
});

/** Age of the parameters that actions were made with, in updates of the learner. */
export interface Lag {
  readonly mean: number;
  readonly max: number;
}

/** The learner's side. */
export class LearnerGate {
  readonly #words: Int32Array;
  readonly #counters: BigInt64Array;
  readonly #actors: number;

  constructor({ words, counters }: GateMemory) {
    this.#words = words;
    this.#counters = counters;
    this.#actors = words.length - FIRST_STATE;
  }

  /** Control steps that each actor has made and stored, `[A]`. */
  made(): number[] {
    return this.#each((actor) => Number(Atomics.load(this.#counters, counter(actor, MADE))));
  }

  /** Sets what an actor has made, before it starts: the beginning, or a checkpoint. */
  setMade(actor: number, steps: number): void {
    Atomics.store(this.#counters, counter(actor, MADE), BigInt(steps));
    this.restart(actor);
  }

  /** Forgets the step that an actor had begun when it died. */
  restart(actor: number): void {
    const made = Atomics.load(this.#counters, counter(actor, MADE));
    Atomics.store(this.#counters, counter(actor, BEGUN), made);
    Atomics.store(this.#words, FIRST_STATE + actor, CALM);
  }

  /** Lets steps begin while fewer than `steps` have begun in all. */
  allow(steps: number): void {
    const allowed = BigInt(Math.floor(steps));
    if (Atomics.exchange(this.#counters, ALLOWED, allowed) !== allowed) this.#signal();
  }

  /** A count that changes when an actor has done something. */
  news(): number {
    return Atomics.load(this.#words, NEWS);
  }

  /** Resolves once `news()` is no longer `seen`, after `timeout` ms at the latest. */
  async awaitNews(seen: number, timeout: number): Promise<void> {
    await Atomics.waitAsync(this.#words, NEWS, seen, timeout).value;
  }

  /**
   * Keeps actors from storing anything until `release`, and blocks until every one of them stands between two steps,
   * but no longer than `timeout` ms.
   * @returns for each actor whether it does
   */
  hold(timeout: number): boolean[] {
    const deadline = performance.now() + timeout;
    Atomics.store(this.#words, HOLD, 1);
    this.#signal();
    for (;;) {
      const seen = this.news();
      const held = this.#states().map((state) => state === HELD);
      const left = deadline - performance.now();
      if (left <= 0 || held.every(Boolean)) return held;
      Atomics.wait(this.#words, NEWS, seen, left);
    }
  }

  release(): void {
    Atomics.store(this.#words, HOLD, 0);
    this.#signal();
  }

  /** Lets every actor end. */
  stop(): void {
    Atomics.store(this.#words, STOP, 1);
    this.#signal();
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, STOP) === 1;
  }

  /** Whether an actor can be ended from outside: it cannot while it computes, and begins no more once stopped. */
  mayBeEnded(actor: number): boolean {
    return this.#states()[actor] !== COMPUTING;
  }

  /** Of all steps since the last call; undefined without any. */
  takeLag(): Lag | undefined {
    const take = (which: number): number[] =>
      this.#each((actor) => Number(Atomics.exchange(this.#counters, counter(actor, which), 0n)));
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const [total, max, count] = [sum(take(LAG_SUM)), Math.max(...take(LAG_MAX)), sum(take(LAG_COUNT))];
    return count > 0 ? { mean: total / count, max } : undefined;
  }

  #states(): number[] {
    return this.#each((actor) => Atomics.load(this.#words, FIRST_STATE + actor));
  }

  #each<T>(value: (actor: number) => T): T[] {
    return Array.from({ length: this.#actors }, (_, actor) => value(actor));
  }

  #signal(): void {
    Atomics.add(this.#words, SIGNAL, 1);
    Atomics.notify(this.#words, SIGNAL);
  }
}

/** One actor's side. Its waits block the thread. */
export class ActorGate {
  readonly #words: Int32Array;
  readonly #counters: BigInt64Array;
  readonly #actor: number;
  readonly #actors: number;
  readonly #lockstep: boolean;

  /** @param lockstep allowed steps are shared equally; else whoever is ready takes one */
  constructor({ words, counters }: GateMemory, actor: number, lockstep: boolean) {
    this.#words = words;
    this.#counters = counters;
    this.#actor = actor;
    this.#actors = words.length - FIRST_STATE;
    this.#lockstep = lockstep;
  }

  /** Control steps that this actor has made. */
  made(): number {
    return Number(Atomics.load(this.#counters, counter(this.#actor, MADE)));
  }

  /**
   * Waits until a step may begin.
   * @param steps control steps that it makes
   * @param onHold called once in each hold, before this actor counts as held
   * @returns false when the actor is to end
   */
  enter(steps: number, onHold: () => void): boolean {
    for (;;) {
      const seen = Atomics.load(this.#words, SIGNAL);
      if (this.#is(STOP)) return false;
      if (this.#is(HOLD)) this.#beHeld(onHold);
      else if (this.#begun() < Number(Atomics.load(this.#counters, ALLOWED))) {
        Atomics.add(this.#counters, counter(this.#actor, BEGUN), BigInt(steps));
        return true;
      } else Atomics.wait(this.#words, SIGNAL, seen);
    }
  }

  /** Waits while a hold keeps steps from being stored. @returns false when the actor is to end */
  mayStore(): boolean {
    for (;;) {
      const seen = Atomics.load(this.#words, SIGNAL);
      if (this.#is(STOP)) return false;
      if (!this.#is(HOLD)) return true;
      Atomics.wait(this.#words, SIGNAL, seen);
    }
  }

  /** Counts steps that have been stored. @param lag updates made since the parameters that they were made with */
  count(steps: number, lag: number): void {
    const at = (which: number): number => counter(this.#actor, which);
    Atomics.add(this.#counters, at(LAG_SUM), BigInt(lag));
    Atomics.add(this.#counters, at(LAG_COUNT), 1n);
    if (BigInt(lag) > Atomics.load(this.#counters, at(LAG_MAX)))
      Atomics.store(this.#counters, at(LAG_MAX), BigInt(lag));
    Atomics.add(this.#counters, at(MADE), BigInt(steps));
    this.#tell();
  }

  /** Runs what cannot be ended from outside. @returns its value, or undefined when the actor is to end */
  async computing<T>(compute: () => Promise<T>): Promise<T | undefined> {
    Atomics.store(this.#words, FIRST_STATE + this.#actor, COMPUTING);
    try {
      return this.#is(STOP) ? undefined : await compute();
    } finally {
      Atomics.store(this.#words, FIRST_STATE + this.#actor, CALM);
    }
  }

  #beHeld(onHold: () => void): void {
    onHold();
    Atomics.store(this.#words, FIRST_STATE + this.#actor, HELD);
    this.#tell();
    while (this.#is(HOLD) && !this.#is(STOP)) {
      const seen = Atomics.load(this.#words, SIGNAL);
      if (this.#is(HOLD) && !this.#is(STOP)) Atomics.wait(this.#words, SIGNAL, seen);
    }
    Atomics.store(this.#words, FIRST_STATE + this.#actor, CALM);
  }

  #begun(): number {
    const begun = (actor: number): number => Number(Atomics.load(this.#counters, counter(actor, BEGUN)));
    if (this.#lockstep) return begun(this.#actor) * this.#actors;
    let all = 0;
    for (let actor = 0; actor < this.#actors; actor++) all += begun(actor);
    return all;
  }

  #is(flag: number): boolean {
    return Atomics.load(this.#words, flag) === 1;
  }

  #tell(): void {
    Atomics.add(this.#words, NEWS, 1);
    Atomics.notify(this.#words, NEWS);
  }
}
