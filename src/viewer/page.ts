/**
 * One page's connection, and what a hub may send over it: nothing is ever queued for a page that does not
 * keep up.
 */
import type { Report } from './protocol.ts';

/** A WebSocket, or the port of a worker. */
export interface Connection {
  send(message: string | Uint8Array): void;
  /** Bytes that wait to leave. */
  readonly bufferedAmount: number;
  close(code: number, reason: string): void;
}

/** Backlog above which a page gets nothing new, bytes. */
const MOST_BACKLOG = 64 * 1024;
/** Backlog above which it is given up, bytes; … */
const STUCK_BACKLOG = 1024 * 1024;
/** … and how long it may have more than the former, s. */
const STUCK_TIME = 30;
/** Messages a second that a page may send. */
export const MOST_MESSAGES = 200;

export class Page {
  /** Whether contacts are to come with frames. */
  wantsContacts = false;
  readonly #connection: Connection;
  /** What a slow page has missed: the newest report of each type. */
  readonly #missed = new Map<Report['type'], Report>();
  /** Since when there has been too much of a backlog, s. */
  #slowSince: number | undefined;
  #second = 0;
  #messages = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** What a page has to know from the start, whatever its size. */
  welcome(reports: readonly Report[]): void {
    for (const report of reports) this.#connection.send(JSON.stringify(report));
  }

  report(report: Report): void {
    if (this.#isSlow) this.#missed.set(report.type, report);
    else this.#connection.send(JSON.stringify(report));
  }

  /** @param now s @returns false where the page is stuck */
  frame(bytes: Uint8Array, now: number): boolean {
    this.drained();
    if (!this.#isSlow) {
      this.#slowSince = undefined;
      this.#connection.send(bytes);
      return true;
    }
    this.#slowSince ??= now;
    return now - this.#slowSince < STUCK_TIME && this.#connection.bufferedAmount < STUCK_BACKLOG;
  }

  /** Sends what was missed, where there is room now. */
  drained(): void {
    for (const [type, report] of this.#missed) {
      if (this.#isSlow) return;
      this.#missed.delete(type);
      this.#connection.send(JSON.stringify(report));
    }
  }

  /** Counts a message from the page. @param now s @returns whether it has not sent too many */
  mayStillSend(now: number): boolean {
    if (now - this.#second >= 1) {
      this.#second = now;
      this.#messages = 0;
    }
    return ++this.#messages <= MOST_MESSAGES;
  }

  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
  }

  get #isSlow(): boolean {
    return this.#connection.bufferedAmount > MOST_BACKLOG;
  }
}
