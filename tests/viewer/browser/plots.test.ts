/** Plots: curves where the numbers are, values in the legend, training curves that can be chosen. */
import { afterEach, expect, test } from 'vitest';
import { describeInBrowser, type Rgb, type Shot } from '../../support/browser.ts';
import { expectText, openToy, type ToyPage } from './toy-page.ts';
import { toyFrame } from './toy-source.ts';

let toy: ToyPage;
afterEach(async () => {
  await toy?.page.context().close();
  await toy?.source.stop();
});

const figure = (title: string) => toy.page.locator('figure', { hasText: title });

async function plotOf(title: string): Promise<{ x: number; y: number; width: number; height: number }> {
  const plot = figure(title).locator('.u-over');
  await plot.scrollIntoViewIfNeeded();
  return (await plot.boundingBox())!;
}

const isBlue = ([red, green, blue]: Rgb): boolean => blue > 150 && red < 120 && green < 170;
const isLightBlue = ([red, green, blue]: Rgb): boolean => blue > 150 && red < 130 && green > 100;

describeInBrowser('plots', () => {
  test('draw a curve through the values, in the colours of a light and of a dark page', async () => {
    toy = await openToy();
    for (let i = 1; i <= 20; i++) toy.source.frame(toyFrame({ step: i, time: i, value: i < 10 ? 0 : 10 }));
    await expect.poll(() => figure('Estimated return').locator('.value').innerText()).toBe('10.0');
    const plot = await plotOf('Estimated return');
    // In the upper or the lower quarter of the plot, `x` s from its left.
    const curve = (shot: Shot, x: number, top: boolean, holds: (color: Rgb) => boolean): number => {
      const y = plot.y + plot.height * (top ? 0.12 : 0.88);
      return shot.count(plot.x + (plot.width * x) / 20, y, 0.12 * plot.height, holds);
    };
    const shot = await toy.see((seen) => curve(seen, 15, true, isBlue) > 3, 'the later values at the top');
    expect(curve(shot, 5, false, isBlue)).toBeGreaterThan(3);
    expect([curve(shot, 15, false, isBlue), curve(shot, 5, true, isBlue)]).toEqual([0, 0]);
    await toy.page.emulateMedia({ colorScheme: 'dark' });
    await toy.see(
      (seen) => curve(seen, 15, true, isLightBlue) > 3,
      'the curve in the colours of a dark page',
    );
  });

  test('have a legend with the newest values, whose entries hide their curves', async () => {
    toy = await openToy();
    toy.source.frame(
      toyFrame({
        step: 1,
        time: 1,
        reward: -1.25,
        rewardTerms: Float32Array.of(0.5, -1.75),
        action: Float32Array.of(-1),
      }),
    );
    await expectText(
      toy.page,
      'figure:has-text("Reward") .legend',
      /near\s*0.500\s*calm\s*−1.75\s*sum\s*−1.25/,
    );
    await expectText(toy.page, 'figure:has-text("Action") .legend', /throttle\s*−1.00/);
    const near = figure('Reward').getByRole('button', { name: /near/ });
    await near.click();
    expect(await near.getAttribute('aria-pressed')).toBe('false');
    const plot = await plotOf('Reward');
    await toy.see(
      (shot) => shot.count(plot.x + plot.width / 2, plot.y + plot.height / 2, 60, isBlue) === 0,
      'a plot without the curve that was hidden',
    );
  });

  test('tell how episodes went', async () => {
    toy = await openToy();
    for (const [i, success] of [null, true].entries())
      toy.source.report({ type: 'episode', step: i, scene: 0, return: 12 + i, length: 90 + i, success });
    await expectText(toy.page, '.side', /Last: 91 steps, a success, return 13.0\./);
    await expectText(toy.page, 'figure:has-text("Return of an episode") .legend', /return\s*13.0/);
  });

  test('show training curves as they come, one for each that is chosen', async () => {
    toy = await openToy();
    expect(await toy.page.getByText('Training', { exact: true }).isVisible()).toBe(false);
    for (let step = 1000; step <= 3000; step += 1000)
      toy.source.report({
        type: 'metrics',
        step,
        values: { 'rollout/success_rate': step / 4000, 'train/critic_loss': 1 / step, 'time/fps': 900 },
      });
    await expectText(toy.page, 'figure:has-text("success_rate") .value', '0.750');
    await expectText(toy.page, 'figure:has-text("critic_loss") .value', '3.33e−4');
    expect(await figure('time/fps').isVisible()).toBe(false);
    await toy.page.locator('summary', { hasText: 'Choose curves' }).click();
    await toy.page.getByRole('checkbox', { name: 'time/fps' }).check();
    await expectText(toy.page, 'figure:has-text("time/fps") .value', '900');
    await toy.page.getByRole('checkbox', { name: 'rollout/success_rate' }).uncheck();
    await expect.poll(() => figure('rollout/success_rate').isVisible()).toBe(false);
    // A server that comes back tells everything again.
    toy.source.report({ type: 'metrics', step: 1000, values: { 'time/fps': 700 } });
    await expectText(toy.page, 'figure:has-text("time/fps") .value', '700');
    expect(toy.complaints).toEqual([]);
  });
});
