/** What the page says of its connection: lost and back again, refused, of another version; and what it is told in words. */
import { afterEach, expect, test } from 'vitest';
import { closeCode } from '../../../src/viewer/protocol.ts';
import { describeInBrowser, openPage, type Rgb } from '../../support/browser.ts';
import { expectText, isRed, openToy, press, type ToyPage } from './toy-page.ts';
import { ToySource, toyFrame, toyHello } from './toy-source.ts';

let toy: ToyPage;
afterEach(async () => {
  await toy?.page.context().close();
  await toy?.source.stop();
});

const isGrey = ([red, green, blue]: Rgb): boolean =>
  Math.max(red, green, blue) - Math.min(red, green, blue) < 14;

describeInBrowser('states of the connection', () => {
  test('a lost one greys the picture and says since when; the server comes back and all goes on', async () => {
    toy = await openToy();
    toy.source.frame(toyFrame({ step: 1, time: 1 }));
    await toy.source.stop();
    await expectText(toy.page, '.cover', /Connection lost since .*\d.*Trying again/);
    await toy.see((shot) => isGrey(shot.at(...toy.place([0, -0.2, 1]))), 'a grey cube');
    await toy.source.start();
    toy.source.frame(toyFrame({ step: 2, time: 2, cube: [0.5, 0, 1] }));
    await toy.see((shot) => isRed(shot.at(...toy.place([0.5, -0.2, 1]))), 'the cube at its new place');
    expect(await toy.page.locator('.cover').isVisible()).toBe(false);
    // What was recorded before is still there.
    await press(toy.page, 'PageUp');
    await toy.see((shot) => isRed(shot.at(...toy.place([0, -0.2, 1]))), 'the cube as it was');
  });

  test('a refusal says why, and is not tried again', async () => {
    toy = await openToy();
    toy.source.dismiss(closeCode.full, 'There are 32 pages already.');
    await expectText(toy.page, '.cover', 'Refused. There are 32 pages already.');
    await toy.page.waitForTimeout(700);
    expect(toy.source.pages).toBe(0);
  });

  test.each([
    ['an unknown message', '{"type":"telemetry"}'],
    ['no JSON', 'hello?'],
    ['bytes that are no frame', new Uint8Array(70)],
  ])('%s is of another version, and the page says what to do', async (_, message) => {
    toy = await openToy();
    toy.source.sendRaw(message);
    await expectText(toy.page, '.cover', /different versions. Load the page again/);
  });

  test('a frame of another size is refused in words', async () => {
    toy = await openToy();
    toy.source.frame({ ...toyFrame({ step: 1, time: 1 }), rows: new Float32Array(3) });
    await expectText(toy.page, '.notices', /A frame of 3 numbers came, where 20 were expected/);
  });

  test('an environment that does not say how it looks', async () => {
    const source = Object.assign(new ToySource(), { hello: { ...toyHello, appearance: null } });
    const { page } = await openPage(await source.start());
    await expectText(page, '.cover', /"toy" does not say how it looks. Give the environment a "view"/);
    await page.context().close();
    await source.stop();
  });

  test('notices are shown over the picture and stay in the log', async () => {
    toy = await openToy();
    toy.source.report({ type: 'notice', level: 'error', code: 'E_ENV', message: 'The wind is not finite.' });
    await expectText(toy.page, '.notices [role=alert]', 'The wind is not finite.');
    await toy.page.locator('summary', { hasText: 'Messages' }).click();
    await expectText(toy.page, '.log', 'The wind is not finite.');
  });
});
