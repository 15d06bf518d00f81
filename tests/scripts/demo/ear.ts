/** What comes to a page over its ports, kept aside for tests. */
import type { Page } from 'playwright-core';
import { decodeFrame, type Report, type ViewFrame } from '../../../src/viewer/protocol.ts';

declare global {
  /** Reports since the page was loaded, and the newest frames, the oldest first. */
  var heard: { reports: Report[]; frames: Uint8Array[]; frameCount: number };
}

/** To run before anything else in the page. */
export function listen(): void {
  globalThis.heard = { reports: [], frames: [], frameCount: 0 };
  const listenTo = MessagePort.prototype.addEventListener;
  MessagePort.prototype.addEventListener = function (
    this: MessagePort,
    type: string,
    listener: EventListener,
  ): void {
    if (type === 'message') {
      listenTo.call(this, type, (event) => {
        const { data } = event as MessageEvent<string | Uint8Array>;
        if (typeof data === 'string') globalThis.heard.reports.push(JSON.parse(data));
        else {
          globalThis.heard.frameCount++;
          globalThis.heard.frames.push(data);
          // Some twenty seconds are enough.
          if (globalThis.heard.frames.length > 600) globalThis.heard.frames.shift();
        }
      });
    }
    listenTo.call(this, type, listener);
  };
}

/** The frames that are kept; `forget` leaves none behind. */
export async function framesOf(page: Page, forget = false): Promise<ViewFrame[]> {
  const frames = await page.evaluate((empty) => {
    const kept = globalThis.heard.frames.map((bytes) => Array.from(bytes));
    if (empty) globalThis.heard.frames = [];
    return kept;
  }, forget);
  return frames.map((bytes) => decodeFrame(Uint8Array.from(bytes).buffer));
}

export const reportsOf = (page: Page): Promise<Report[]> => page.evaluate(() => globalThis.heard.reports);

/** Asks again and again until `answer` is there. @throws Error saying what was waited for */
export async function until<T>(what: string, answer: () => Promise<T | undefined>, seconds = 60): Promise<T> {
  const deadline = performance.now() + 1e3 * seconds;
  for (;;) {
    const given = await answer();
    if (given !== undefined) return given;
    if (performance.now() > deadline) throw new Error(`Waited ${seconds} s in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
