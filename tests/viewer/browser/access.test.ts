/** Who may not see anything, or cannot: the page says why and what to do. */
import { afterEach, expect, test } from 'vitest';
import { buildPage } from '../../../src/viewer/app/build.ts';
import { openViewServer, type ViewServer } from '../../../src/viewer/server.ts';
import { describeInBrowser, openBrowser, openPage } from '../../support/browser.ts';
import { expectText } from './toy-page.ts';
import { ToySource, toyFrame } from './toy-source.ts';

let server: ViewServer | undefined;
afterEach(async () => {
  await server?.close('The server goes.');
});

/** A server for other machines, which demands a token. */
async function serve(): Promise<string> {
  const source = new ToySource();
  source.frame(toyFrame({}));
  server = await openViewServer({ folder: await buildPage(), port: 0, host: '0.0.0.0' });
  server.show(source);
  return server.url;
}

describeInBrowser('a server that demands a token', () => {
  test('shows everything to a page that has it', async () => {
    const { page, complaints } = await openPage(await serve());
    await expectText(page, 'h1', 'toy');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each([
    ['none', ''],
    ['another', '#token=guessed'],
    ['one that no header may hold', '#token=a%20b'],
  ])('tells a page that has %s what to do', async (_, hash) => {
    const { page } = await openPage((await serve()).replace(/#.*/, hash));
    await expectText(
      page,
      '.cover',
      /^Refused. The server does not admit this page. Open the address that it printed/,
    );
    await page.context().close();
  });
});

describeInBrowser('a browser', () => {
  test('that cannot draw is told so', async () => {
    const source = new ToySource();
    const url = await source.start();
    const context = await (await openBrowser()).newContext();
    const page = await context.newPage();
    await page.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = () => null;
    });
    await page.goto(url);
    await expectText(page, '.cover', /^This browser cannot draw the picture: .*WebGL/);
    await context.close();
    await source.stop();
  });
});
