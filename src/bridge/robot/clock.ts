/**
 * How far another clock is ahead, and how long a message takes there and back, by four stamps (as NTP has it, RFC 5905,
 * section 8). Of the last exchanges the one that took least counts: what it could not tell is least.
 */

/** Exchanges that are kept. */
const KEPT = 16;
/** Of stamps of some days, s. */
const ROUNDING = 1e-9;

export interface Exchange {
  /** By this clock: when it was asked, and when the answer came, s. */
  readonly t0: number;
  readonly t3: number;
  /** By the other one: when it was asked, and when it answered, s. */
  readonly t1: number;
  readonly t2: number;
}

export class ClockEstimate {
  readonly #exchanges: { readonly offset: number; readonly delay: number }[] = [];

  /** An exchange that ends before it begins is none, and is left away. */
  add({ t0, t1, t2, t3 }: Exchange): void {
    const delay = t3 - t0 - (t2 - t1);
    if (!(delay >= -ROUNDING)) return;
    this.#exchanges.push({ offset: (t1 - t0 + (t2 - t3)) / 2, delay: Math.max(0, delay) });
    if (this.#exchanges.length > KEPT) this.#exchanges.shift();
  }

  /** The other clock less this one, s; undefined before the first exchange. It is off by half of `delay` at most. */
  get offset(): number | undefined {
    return this.#best?.offset;
  }

  /** Of a message there and back, the least, s. */
  get delay(): number | undefined {
    return this.#best?.delay;
  }

  /** Of all that are kept, in order, s. */
  get delays(): number[] {
    return this.#exchanges.map(({ delay }) => delay).sort((a, b) => a - b);
  }

  get #best() {
    return this.#exchanges.reduce<{ offset: number; delay: number } | undefined>(
      (best, each) => (best && best.delay <= each.delay ? best : each),
      undefined,
    );
  }
}
