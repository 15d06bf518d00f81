/** Requests that follow a hand, such as a push: of each kind only the newest counts, and no more than needed are sent. */
import type { Request } from '../../protocol.ts';

/** s; as often as frames come. */
const INTERVAL = 1 / 30;

export class Outbox {
  readonly #send: (request: Request) => void;
  readonly #waiting = new Map<Request['type'], Request>();
  readonly #sentAt = new Map<Request['type'], number>();

  constructor(send: (request: Request) => void) {
    this.#send = send;
  }

  /** Sends `request` with a later `flush`, unless a newer one of its kind takes its place. */
  offer(request: Request): void {
    this.#waiting.set(request.type, request);
  }

  /** Sends `request` at once, in place of one of its kind that waits: a release. */
  sendNow(request: Request): void {
    this.#waiting.delete(request.type);
    this.#send(request);
  }

  /** Sends what is due. @param now s */
  flush(now: number): void {
    for (const [type, request] of this.#waiting) {
      if (now - (this.#sentAt.get(type) ?? Number.NEGATIVE_INFINITY) < INTERVAL) continue;
      this.#sentAt.set(type, now);
      this.sendNow(request);
    }
  }
}
