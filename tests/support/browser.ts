/**
 * Debian's Chromium, driven by Playwright, with a software renderer: what a person would see, in numbers. Where there is no
 * Chromium, the tests that need it are skipped and say so.
 */
import { existsSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, describe } from 'vitest';

const EXECUTABLE = '/usr/bin/chromium';
const hasChromium = existsSync(EXECUTABLE);
if (!hasChromium) console.warn(`Tests in a browser are skipped: there is no ${EXECUTABLE}.`);

/** `describe`, where there is a browser. */
export const describeInBrowser = describe.skipIf(!hasChromium);

let browser: Promise<Browser> | undefined;

afterAll(async () => {
  await (await browser)?.close();
});

/** One browser for each test file. */
export function openBrowser(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--no-sandbox',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
    ],
  });
  return browser;
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings on the console, uncaught errors, and requests that failed or went elsewhere. */
  readonly complaints: string[];
}

/** A page of its own, at 800 × 450 unless told otherwise: the renderer takes all cores for many pixels. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await (await openBrowser()).newContext({
    viewport: { width: 800, height: 450 },
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(url).origin) complaints.push(request.url());
  });
  await page.goto(url);
  return { page, complaints };
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** What is on the screen, pixel by pixel. */
export class Shot {
  readonly width: number;
  readonly height: number;
  readonly #pixels: Uint8Array;
  readonly #channels: number;

  /** @param png 8 bits a channel, not interlaced, as Chromium writes them */
  constructor(png: Buffer) {
    this.width = png.readUInt32BE(16);
    this.height = png.readUInt32BE(20);
    this.#channels = png[25] === 6 ? 4 : 3;
    this.#pixels = decode(png, this.width, this.height, this.#channels);
  }

  at(x: number, y: number): Rgb {
    const i = this.#channels * (Math.round(y) * this.width + Math.round(x));
    return [this.#pixels[i]!, this.#pixels[i + 1]!, this.#pixels[i + 2]!];
  }

  /** Pixels that a test holds for, within `radius` px of a place. */
  count(x: number, y: number, radius: number, holds: (color: Rgb) => boolean): number {
    let count = 0;
    const within = (value: number, size: number): number =>
      Math.max(0, Math.min(size - 1, Math.round(value)));
    for (let row = within(y - radius, this.height); row <= within(y + radius, this.height); row++)
      for (let column = within(x - radius, this.width); column <= within(x + radius, this.width); column++)
        if (holds(this.at(column, row))) count++;
    return count;
  }
}

export const shoot = async (page: Page): Promise<Shot> => new Shot(await page.screenshot());

/** PNG (W3C 2003), sections 5 and 9: chunks, then filtered rows. */
function decode(png: Buffer, width: number, height: number, channels: number): Uint8Array {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
  }
  const rows = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]!;
    for (let i = 0; i < stride; i++) {
      const at = y * stride + i;
      const left = i < channels ? 0 : pixels[at - channels]!;
      const up = y === 0 ? 0 : pixels[at - stride]!;
      const corner = i < channels || y === 0 ? 0 : pixels[at - stride - channels]!;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
      pixels[at] = rows[y * (stride + 1) + 1 + i]! + predicted;
    }
  }
  return pixels;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(guess - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
