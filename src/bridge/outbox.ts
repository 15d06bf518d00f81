/**
 * What waits to be sent to one client. A client that reads too slowly, or not at all, loses its oldest messages; the
 * memory that it holds stays bounded, and nobody waits for it.
 */

/** Limits of what waits. The newest message is kept even where it alone is larger. */
export const OUTBOX_LIMIT = { messages: 1024, bytes: 8 * 1024 * 1024 } as const;

/** Least time between two reports of lost messages, ms. */
const REPORT_INTERVAL = 30_000;

export interface OutgoingMessage {
  readonly data: Uint8Array;
  /** Otherwise it is text, in UTF-8. */
  readonly binary: boolean;
}

export interface OutboxOptions {
  /** Sends one message and calls back once the system has taken it, or it has failed; called for one at a time. */
  readonly send: (message: OutgoingMessage, done: (error?: Error | null) => void) => void;
  /** Called when messages are lost, at most once in 30 s. @param count lost since the last call */
  readonly report: (count: number) => void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #waiting: OutgoingMessage[] = [];
  #bytes = 0;
  #sending = false;
  #closed = false;
  #lost = 0;
  #reported = Number.NEGATIVE_INFINITY;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  push(message: OutgoingMessage): void {
    if (this.#closed) return;
    this.#waiting.push(message);
    this.#bytes += message.data.length;
    this.#sendNext();
    while (
      this.#waiting.length > OUTBOX_LIMIT.messages ||
      (this.#bytes > OUTBOX_LIMIT.bytes && this.#waiting.length > 1)
    ) {
      this.#takeOldest();
      this.#lost++;
    }
    this.#reportLost();
  }

  /** Forgets what waits. */
  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    this.#bytes = 0;
  }

  #sendNext(): void {
    if (this.#sending || this.#waiting.length === 0) return;
    this.#sending = true;
    this.#options.send(this.#takeOldest(), (error) => {
      this.#sending = false;
      if (error) this.close();
      else this.#sendNext();
    });
  }

  #takeOldest(): OutgoingMessage {
    const message = this.#waiting.shift()!;
    this.#bytes -= message.data.length;
    return message;
  }

  #reportLost(): void {
    const now = performance.now();
    if (this.#lost === 0 || now - this.#reported < REPORT_INTERVAL) return;
    this.#options.report(this.#lost);
    this.#lost = 0;
    this.#reported = now;
  }
}
