/** The page before the toy source, and where on it things have to be by the geometry of its camera. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { openPage, type Rgb, type Shot, shoot, type WatchedPage } from '../../support/browser.ts';
import { ToySource, toyFrame } from './toy-source.ts';

/** Half of the picture's height at 1 m before the camera, m: its vertical field of view is 45°. */
const HALF_HEIGHT = Math.tan(Math.PI / 8);
const CAMERA = { y: -4, z: 1 };

export type Place = readonly [x: number, y: number];

export interface ToyPage extends WatchedPage {
  readonly source: ToySource;
  readonly url: string;
  /** Where a point, m, of the scene is on the screen, px, as the camera `front` sees it. */
  place(point: readonly [x: number, y: number, z: number]): Place;
  /** Takes shots until what they show `holds`. */
  see(holds: (shot: Shot) => boolean, what: string): Promise<Shot>;
}

const isCubeShown = (shot: Shot, { place }: ToyPage): boolean => isRed(shot.at(...place([0, -0.2, 1])));

/**
 * A page that shows the cube in the middle of the picture.
 * @param first the first frame
 * @param shown whether a shot shows it
 */
export async function openToy(
  change: Partial<ToySource> = {},
  options: BrowserContextOptions = {},
  first = toyFrame({}),
  shown = isCubeShown,
): Promise<ToyPage> {
  const source = Object.assign(new ToySource(), change);
  const url = await source.start();
  source.frame(first);
  const watched = await openPage(url, options);
  await watched.page.waitForSelector('.picture canvas');
  const box = (await watched.page.locator('.picture canvas').boundingBox())!;
  const toy: ToyPage = {
    ...watched,
    source,
    url,
    place([x, y, z]) {
      const perMetre = box.height / 2 / HALF_HEIGHT / (y - CAMERA.y);
      return [box.x + box.width / 2 + perMetre * x, box.y + box.height / 2 - perMetre * (z - CAMERA.z)];
    },
    see: (holds, what) => see(watched.page, holds, what),
  };
  await toy.see((shot) => shown(shot, toy), 'the first frame');
  return toy;
}

export async function see(page: Page, holds: (shot: Shot) => boolean, what: string): Promise<Shot> {
  return vi.waitFor(
    async () => {
      const shot = await shoot(page);
      if (!holds(shot)) throw new Error(`The page does not show ${what}.`);
      return shot;
    },
    { timeout: 20_000, interval: 50 },
  );
}

/** The hue of the cube, `#d02818`, however it is lit. */
export const isRed = ([red, green, blue]: Rgb): boolean => red > 60 && red > 2.5 * green && red > 3 * blue;
/** The hue of the push's arrow, `#e0571a`. */
export const isOrange = ([red, green, blue]: Rgb): boolean =>
  red > 150 && green > 0.25 * red && green < 0.55 * red && blue < 0.3 * red;

/** Presses keys one after another. */
export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Waits until the text of an element is `text`, or matches it. */
export async function expectText(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await expect.poll(() => page.locator(selector).first().innerText(), { timeout: 20_000 }).toMatch(text);
}
