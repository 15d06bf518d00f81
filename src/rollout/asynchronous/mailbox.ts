/**
 * The newest parameters of a policy, from one learner to any number of actors. Two places take turns, so that one is
 * always whole; whoever reads while it is overtaken twice reads again. Nobody waits.
 */

/** Sent to another thread, it is the same memory there. */
export interface MailboxMemory {
  /** Both places, `[2, P]`. */
  readonly values: Float32Array;
  /** Publications begun, publications made, updates that the learner has made, and those of each place. */
  readonly counters: BigInt64Array;
}

const [BEGUN, PUBLISHED, UPDATES, FIRST_PLACE] = [0, 1, 2, 3];

/** @param size parameters of the policy, P */
export const createMailboxMemory = (size: number): MailboxMemory => ({
  values: new Float32Array(new SharedArrayBuffer(8 * size)),
  counters: new BigInt64Array(new SharedArrayBuffer(8 * (FIRST_PLACE + 2))),
});

export class Mailbox {
  readonly #values: Float32Array;
  readonly #counters: BigInt64Array;
  readonly #size: number;
  #received = 0;
  #updates = 0;

  constructor({ values, counters }: MailboxMemory) {
    this.#values = values;
    this.#counters = counters;
    this.#size = values.length / 2;
  }

  /** Tells how many updates the learner has made, published or not. */
  countUpdates(updates: number): void {
    Atomics.store(this.#counters, UPDATES, BigInt(updates));
  }

  /** @param vectors of P numbers together, which are copied @param updates that made them */
  publish(vectors: readonly Float32Array[], updates: number): void {
    const next = this.#load(PUBLISHED) + 1;
    const place = next % 2;
    Atomics.store(this.#counters, BEGUN, BigInt(next));
    let offset = place * this.#size;
    for (const vector of vectors) {
      this.#values.set(vector, offset);
      offset += vector.length;
    }
    Atomics.store(this.#counters, FIRST_PLACE + place, BigInt(updates));
    Atomics.store(this.#counters, PUBLISHED, BigInt(next));
  }

  /** Copies the newest parameters, where there are newer ones than at the last call. @returns whether there were */
  receive(vectors: readonly Float32Array[]): boolean {
    for (;;) {
      const published = this.#load(PUBLISHED);
      if (published === this.#received) return false;
      const place = published % 2;
      let offset = place * this.#size;
      for (const vector of vectors) {
        vector.set(this.#values.subarray(offset, offset + vector.length));
        offset += vector.length;
      }
      const updates = this.#load(FIRST_PLACE + place);
      if (this.#load(BEGUN) > published + 1) continue;
      this.#received = published;
      this.#updates = updates;
      return true;
    }
  }

  /** Updates that the learner has made since the parameters that were received last. */
  lag(): number {
    return Math.max(0, this.#load(UPDATES) - this.#updates);
  }

  #load(which: number): number {
    return Number(Atomics.load(this.#counters, which));
  }
}
