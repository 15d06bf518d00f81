/** The demo in a real browser, from a server that knows nothing but files. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { sac } from '../../../agents/sac.ts';
import { tunedDefaults } from '../../../envs/defaults.ts';
import { droneHover } from '../../../envs/drone/hover.ts';
import { buildDemo } from '../../../scripts/build-demo.ts';
import { createLearning, type LearningOptions } from '../../../scripts/demo/learning.ts';
import type { ViewFrame, ViewMetrics } from '../../../src/viewer/protocol.ts';
import { describeInBrowser, type Rgb, shoot } from '../../support/browser.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { type OpenPage, openPage } from '../../tensor/browser/static-page.ts';
import { framesOf, listen, reportsOf, until } from './ear.ts';

const folder = temporaryFolder();

/** Where nobody looks at the picture. */
const small = { width: 450, height: 300 };

/** The colours of the aircraft; floor, sky and marker are pale. */
const isStrong = ([red, , blue]: Rgb): boolean => red - blue > 80;
/** From the aircraft to its target, m. */
const distance = ({ rows: [x, y, z] }: ViewFrame): number => Math.hypot(x!, y!, z! - 3);
/** The aircraft has had 3 s of its 5 to come to rest. */
const settled = ({ age }: ViewFrame): boolean => age > 150;

/** Metrics at or before control step `last`, without those that tell of time. */
async function curves(page: Page, last: number): Promise<ViewMetrics[]> {
  const reports = await reportsOf(page);
  return reports
    .filter((report): report is ViewMetrics => report.type === 'metrics' && report.step <= last)
    .map((report) => ({ ...report, values: withoutTime(report.values) }));
}

const withoutTime = (values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name !== 'time/fps'));

const trainedUntil = (page: Page, step: number): Promise<true> =>
  until(
    `training until step ${step}`,
    async () => {
      const reports = await reportsOf(page);
      return reports.some((report) => report.type === 'metrics' && report.step >= step) || undefined;
    },
    240,
  );

describeInBrowser('the demo', () => {
  beforeAll(() => buildDemo(folder), 120_000);

  test('flies: it is drawn, it hovers, a push moves it, a person takes it over', async () => {
    const { page, address, requests, complaints }: OpenPage = await openPage(folder, '', listen);
    const alone = await until('two episodes', async () => {
      const frames = await framesOf(page);
      return frames.some(({ time }) => time > 10) ? frames : undefined;
    });
    expect(Math.max(...alone.filter(settled).map(distance))).toBeLessThan(0.3);
    expect(Math.max(...alone.map(distance))).toBeLessThan(2);
    // The camera that stays close behind it.
    await page.keyboard.press('2');
    await until('its colours', async () => {
      const picture = await shoot(page);
      return picture.count(285, 300, 150, isStrong) > 200 || undefined;
    });

    await page.keyboard.press('x');
    await page.keyboard.down('Control');
    await page.keyboard.down('ArrowLeft');
    await until('a push that drives it away', async () =>
      (await framesOf(page, true)).find((frame) => distance(frame) > 2.5),
    );
    await page.keyboard.up('ArrowLeft');
    await page.keyboard.up('Control');

    await page.keyboard.down('Shift');
    await page.keyboard.down('r');
    await until('a take-over', async () =>
      (await framesOf(page, true)).filter(({ intervened }) => intervened).find(({ rows }) => rows[2]! > 4.5),
    );
    await page.keyboard.up('r');
    await page.keyboard.up('Shift');

    expect(requests.filter((url) => !url.startsWith(address))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  }, 240_000);

  test.each([
    // Eight bumps of a high ball are 80 of it, the ball overhead for 16 s some 1300.
    { button: 'Play volleyball', env: 'volley-solo-bump', length: 800, least: 1000 },
    // The best sinusoid of the fast flow has 879 there.
    { button: 'Swim', env: 'fin-base-fsi', length: 250, least: 900 },
    // A ball that is held up high pays 7 a step: after the fourth second of five that is 175.
    { button: 'Grasp', env: 'hand-grasp-lift', length: 125, least: 500 },
  ])(
    '$button: a whole episode',
    async ({ button, env, length, least }) => {
      const { page, complaints } = await openPage(folder, '', listen, small);
      await page.getByRole('button', { name: button }).click();
      const episode = await until('an episode', async () => {
        const reports = await reportsOf(page);
        const shown = reports.findIndex((report) => report.type === 'hello' && report.env.id === env);
        return shown < 0 ? undefined : reports.slice(shown).find((report) => report.type === 'episode');
      });
      expect(episode.length).toBe(length);
      expect(episode.return).toBeGreaterThan(least);
      expect(complaints).toEqual([]);
      await page.close();
    },
    120_000,
  );

  test('waits in a pause', async () => {
    const { page } = await openPage(folder, '', listen, small);
    await until('frames', async () => (await framesOf(page)).at(-1));
    await page.getByRole('button', { name: 'Pause' }).click();
    await until(
      'the pause',
      async () =>
        (await reportsOf(page)).some((report) => report.type === 'state' && report.paused) || undefined,
    );
    const paused = await until('the last frame', async () => {
      const before = (await framesOf(page)).at(-1)!.time;
      await page.waitForTimeout(1_000);
      return (await framesOf(page)).at(-1)!.time === before ? before : undefined;
    });
    await page.keyboard.press('.');
    const stepped = await until('a step', async () =>
      (await framesOf(page)).find(({ time }) => time > paused),
    );
    expect(stepped.time - paused).toBeCloseTo(0.02, 6);
    await page.close();
  }, 120_000);

  test('says what is wrong with a seed in the address, and flies all the same', async () => {
    const { page, complaints } = await openPage(folder, '?seed=-1', listen);
    await until('frames', async () => (await framesOf(page)).at(-1));
    expect(await page.locator('#status').textContent()).toBe(
      'The seed in the address has to be a whole number from 0 to 4294967295, not "-1"; it is 0 now.',
    );
    expect(complaints).toEqual([]);
    await page.close();
  }, 120_000);

  test('trains here, flies what it has learned, and waits in a pause', async () => {
    const { page, complaints } = await trainingPage('0');
    await trainedUntil(page, 6_000);
    expect(await page.locator('#status').textContent()).toMatch(
      /^Learning: step [\d,]+, success \d+ % at step 5,\d+$/,
    );

    await page.getByRole('button', { name: 'Fly what it has learned' }).click();
    await until('the flight of what was learnt', async () =>
      (await reportsOf(page)).find(
        (report) => report.type === 'hello' && report.policy === 'what was learnt in this tab',
      ),
    );
    await page.getByRole('button', { name: 'Train here' }).click();
    await page.getByRole('button', { name: 'Pause training' }).click();
    await page.getByRole('button', { name: 'Resume training' }).waitFor();
    await until('the last frame', async () => {
      const count = (): Promise<number> => page.evaluate(() => globalThis.heard.frameCount);
      const before = await count();
      await page.waitForTimeout(2_000);
      return (await count()) === before || undefined;
    });
    await page.getByRole('button', { name: 'Stop training' }).click();
    await until('the end of its worker', async () => page.workers().length === 1 || undefined);
    expect(
      await page.getByRole('button', { name: 'Fly what it has learned' }).getAttribute('aria-pressed'),
    ).toBe('true');
    expect(complaints).toEqual([]);
    await page.close();
  }, 300_000);

  test('learns the same from the same seed, and at first what Node does', async () => {
    const points = await pointsUntil('2', 6_000);
    expect(points.some(({ values }) => values['train/critic_loss']! > 0)).toBe(true);
    expect(await pointsUntil('2', 6_000)).toEqual(points);
    const random = points.filter(({ step }) => step < 5_000);
    expect(random.length).toBeGreaterThan(3);
    expect(random).toEqual(await curvesInNode(2, 5_000));
  }, 300_000);
});

async function trainingPage(seed: string): Promise<OpenPage> {
  const opened = await openPage(folder, `?seed=${seed}`, listen, small);
  await opened.page.getByRole('button', { name: 'Train here' }).click();
  return opened;
}

/** Points of the curves of a training in a page of its own, which asks for nothing but the demo's files. */
async function pointsUntil(seed: string, step: number): Promise<ViewMetrics[]> {
  const { page, requests, address } = await trainingPage(seed);
  await trainedUntil(page, step);
  const points = await curves(page, step);
  expect(requests.filter((url) => !url.startsWith(address))).toEqual([]);
  await page.close();
  return points;
}

/** Curves of the first steps, before anything is learnt. */
async function curvesInNode(seed: number, steps: number): Promise<ViewMetrics[]> {
  const tuned = tunedDefaults['drone-hover']!.sac as LearningOptions['tuned'];
  const learning = await createLearning({
    env: droneHover,
    agent: sac,
    tuned,
    seed,
    breathe: async () => {},
  });
  const points: ViewMetrics[] = [];
  learning.reports$.subscribe((report) => {
    if (report.kind !== 'metrics') return;
    points.push({ type: 'metrics', step: report.step, values: withoutTime(report.values) });
  });
  await new Promise<void>((resolve, reject) => {
    const running = learning.run.run$.subscribe({
      error: reject,
      next(step) {
        if (step + 64 < steps) return;
        running.unsubscribe();
        resolve();
      },
    });
  });
  await learning.dispose();
  return points;
}
