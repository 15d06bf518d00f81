/**
 * `npm run screenshots`: writes the pictures in docs/images, of every environment as `proprio view` shows it, in light and in
 * dark, and of a training run with its curves. Names as arguments write those pictures alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { envs } from '../envs/index.ts';
import { MissingError } from '../src/core/errors.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const images = join(root, 'docs/images');
const CHROMIUM = '/usr/bin/chromium';

interface Picture {
  /** Of the files, without `-light` or `-dark`. */
  readonly name: string;
  /** Of `proprio`, without where to serve. */
  readonly command: readonly string[];
  readonly size: { readonly width: number; readonly height: number };
  readonly schemes: readonly ('light' | 'dark')[];
  /** Brings the page to where the picture is taken. */
  prepare(page: Page): Promise<void>;
}

const DESKTOP = { width: 1280, height: 720 };
const PHONE = { width: 390, height: 844 };
const LIGHT = ['light'] as const;
const BOTH = ['light', 'dark'] as const;

/** Waits until so much has been simulated, s. */
const untilTime = (page: Page, seconds: number): Promise<unknown> =>
  page.waitForFunction(
    (wanted) => Number.parseFloat(document.querySelector('.time')?.textContent ?? '') >= wanted,
    seconds,
  );

const trainingFolder = mkdtempSync(join(tmpdir(), 'proprio-screenshots-'));

const pictures: readonly Picture[] = [
  ...Object.keys(envs).map((id) => ({
    name: id,
    command: ['view', id],
    size: DESKTOP,
    schemes: id.startsWith('volley-') ? LIGHT : BOTH,
    async prepare(page: Page) {
      await untilTime(page, 7);
      for (const key of ['i', 'i']) await page.keyboard.press(key);
    },
  })),
  {
    name: 'hand-ball-pick-place-trays',
    command: [
      ...['view', 'hand-ball-pick-place'],
      ...['containers=trays', 'direction=both', 'resets=hand'].flatMap((setting) => ['--set', setting]),
    ],
    size: DESKTOP,
    schemes: LIGHT,
    prepare: (page) => untilTime(page, 2.6).then(() => undefined),
  },
  {
    name: 'push',
    command: ['view', 'drone-hover'],
    size: DESKTOP,
    schemes: ['light'],
    async prepare(page) {
      await untilTime(page, 4);
      for (const key of ['i', 'i', 'x']) await page.keyboard.press(key);
      await page.keyboard.down('Control');
      await page.keyboard.down('ArrowRight');
      await page.waitForSelector('.force:not([hidden])');
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'many-scenes',
    command: ['view', 'drone-hover', '--scenes', '16'],
    size: DESKTOP,
    schemes: ['dark'],
    async prepare(page) {
      await untilTime(page, 5);
      for (const key of ['h', 'i', 'i', 'i', 'i']) await page.keyboard.press(key);
      await page.waitForTimeout(3_000);
    },
  },
  {
    name: 'phone',
    command: ['view', 'drone-hover'],
    size: PHONE,
    schemes: ['light'],
    prepare: async (page) => void (await untilTime(page, 7)),
  },
  {
    name: 'training',
    // Small and often told of, so that there are curves within minutes.
    command: [
      ...['train', 'pendulum', '--view', '--run', join(trainingFolder, 'run')],
      ...['hidden=[32,32]', 'batchSize=64', 'logInterval=400', 'evaluationInterval=1000'].flatMap(
        (setting) => ['--set', setting],
      ),
    ],
    size: DESKTOP,
    schemes: BOTH,
    async prepare(page) {
      await page.locator('summary', { hasText: 'Take over' }).click();
      const evaluations = page.locator('figure', { hasText: 'return_mean' }).locator('.value');
      for (let seen = '', changes = 0; changes < 5; await page.waitForTimeout(500)) {
        const value = (await evaluations.count()) > 0 ? await evaluations.innerText() : seen;
        if (value !== seen) changes++;
        seen = value;
      }
    },
  },
];

/** A command of `proprio`, and where its page is. */
async function serve(command: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'scripts/proprio.ts', ...command, '--port', '0'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/\S+/.exec(line) ?? [];
    if (url) return { child, url };
  }
  throw new Error(`"proprio ${command.join(' ')}" ended without saying where its page is.`);
}

async function take(browser: Browser, picture: Picture): Promise<void> {
  const { child, url } = await serve(picture.command);
  try {
    const page = await browser.newPage({ viewport: picture.size });
    // A run that is being prepared has nothing to show yet.
    while ((await page.goto(url))?.status() === 503) await page.waitForTimeout(1_000);
    await page.waitForSelector('.picture canvas');
    await picture.prepare(page);
    for (const scheme of picture.schemes) {
      await page.emulateMedia({ colorScheme: scheme });
      // The plots take the colours with their next drawing.
      await page.waitForTimeout(1_000);
      const path = join(images, `${picture.name}-${scheme}.png`);
      await page.screenshot({ path });
      console.log(path);
    }
    await page.close();
  } finally {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    await ended;
  }
}

const wanted = process.argv.slice(2);
if (!existsSync(CHROMIUM)) throw new MissingError(`There is no ${CHROMIUM}; apt-get install chromium.`);
mkdirSync(images, { recursive: true });
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
try {
  for (const picture of pictures)
    if (wanted.length === 0 || wanted.includes(picture.name)) await take(browser, picture);
} finally {
  await browser.close();
  rmSync(trainingFolder, { recursive: true, force: true });
}
