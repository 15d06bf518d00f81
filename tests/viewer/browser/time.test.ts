/** Time on the page: what it asks of the simulation, what it shows of the past, and what it saves. */
import { readFile } from 'node:fs/promises';
import { McapIndexedReader } from '@mcap/core';
import { afterEach, expect, test } from 'vitest';
import { describeInBrowser, shoot } from '../../support/browser.ts';
import { expectText, isRed, openToy, press, type ToyPage } from './toy-page.ts';
import { toyFrame, toyHello, toyState } from './toy-source.ts';

let toy: ToyPage;
afterEach(async () => {
  await toy?.page.context().close();
  await toy?.source.stop();
});

const button = (name: string | RegExp) =>
  toy.page.getByRole('button', { name, exact: typeof name === 'string' });

/** The cube goes from the left to the right in ten frames, 0.3 s apart. */
async function crossing(): Promise<(x: number) => [number, number]> {
  for (let i = 0; i < 10; i++)
    toy.source.frame(toyFrame({ step: i + 1, time: 1 + 0.3 * i, cube: [-0.9 + 0.2 * i, 0, 1], value: i }));
  const place = (x: number): [number, number] => [...toy.place([x, -0.2, 1])] as [number, number];
  await toy.see((shot) => isRed(shot.at(...place(0.9))), 'the cube on the right');
  return place;
}

describeInBrowser('the simulation', () => {
  test('is paused and played by a button that says which', async () => {
    toy = await openToy();
    await button('Pause').click();
    await toy.source.waitFor('pause');
    // The page shows what is, not what was asked.
    expect(await button('Play').count()).toBe(0);
    toy.source.report({ ...toyState, paused: true });
    await button('Play').click();
    await toy.source.waitFor('play');
  });

  test('is paused for a single step', async () => {
    toy = await openToy();
    await button('Step').click();
    expect((await toy.source.waitFor('step')).count).toBe(1);
    expect(toy.source.requests.map(({ type }) => type)).toEqual(['pause', 'step']);
    toy.source.report({ ...toyState, paused: true });
    await expectText(toy.page, '[data-command=pause]', 'Play');
    await button('Step').click();
    await expect.poll(() => toy.source.asked('step').length).toBe(2);
    expect(toy.source.asked('pause')).toHaveLength(1);
  });

  test('goes at the speed of the slider, which is logarithmic', async () => {
    toy = await openToy();
    await toy.page.getByLabel('Speed').fill('-0.5');
    expect((await toy.source.waitFor('speed')).factor).toBeCloseTo(10 ** -0.5, 9);
    await toy.page.getByLabel('Speed').fill('1');
    await toy.source.waitFor('speed', ({ factor }) => factor === 10);
    toy.source.report({ ...toyState, speed: 0.1 });
    await expectText(toy.page, '.factor', '0.1 ×');
    // No slower than that.
    await press(toy.page, '-');
    await toy.source.waitFor('speed', ({ factor }) => factor === 0.1);
  });

  test('starts anew with the seed that is given, which has to be one', async () => {
    toy = await openToy();
    const seed = toy.page.getByLabel('Seed');
    expect(await seed.inputValue()).toBe('3');
    await button('Start anew').click();
    expect((await toy.source.waitFor('restart')).seed).toBe(3);
    await seed.fill('4294967295');
    await seed.press('Enter');
    await toy.source.waitFor('restart', (request) => request.seed === 2 ** 32 - 1);
    await seed.fill('-1');
    await button('Start anew').click();
    await expectText(toy.page, '.notices', 'A seed is a whole number from 0 to 4294967295.');
    expect(toy.source.asked('restart')).toHaveLength(2);
  });

  test('of somebody else’s run is only watched, and the page says so', async () => {
    const can = { ...toyHello.can, pause: false, restart: false };
    toy = await openToy({ hello: { ...toyHello, source: 'training', can } });
    for (const name of ['Pause', 'Start anew']) expect(await button(name).isDisabled()).toBe(true);
    await press(toy.page, 'Space');
    await expectText(toy.page, '.notices', 'What is watched here goes at its own pace.');
    await button('Step').click();
    await expectText(toy.page, '.notices', /What is watched here makes its own steps\./);
    expect(toy.source.requests).toEqual([]);
  });
});

describeInBrowser('the past', () => {
  test('is shown by the scrubber while the simulation goes on, until live is asked for', async () => {
    toy = await openToy();
    const place = await crossing();
    // The first frame, of the opening, is at place 0.
    await toy.page.getByLabel('Recorded time').fill('2');
    const shot = await toy.see((seen) => isRed(seen.at(...place(-0.7))), 'the cube on the left');
    expect(isRed(shot.at(...place(0.9)))).toBe(false);
    await expectText(toy.page, '.time', '1.3 s (−2.4 s)');
    toy.source.frame(toyFrame({ step: 20, time: 5, cube: [0, 0, 1.5] }));
    await expectText(toy.page, '.time', '1.3 s (−3.7 s)');
    expect(isRed((await shoot(toy.page)).at(...place(-0.7)))).toBe(true);
    await button('Live').click();
    await toy.see((seen) => isRed(seen.at(...toy.place([0, -0.2, 1.5]))), 'the newest frame');
    await expectText(toy.page, '.time', '5.0 s');
    expect(toy.source.requests).toEqual([]);
  });

  test('is gone through frame by frame and second by second', async () => {
    toy = await openToy();
    const place = await crossing();
    await button('Step back').click();
    await toy.see(
      (shot) => isRed(shot.at(...place(0.7))) && !isRed(shot.at(...place(0.93))),
      'one frame back',
    );
    await press(toy.page, 'PageUp');
    await toy.see(
      (shot) => isRed(shot.at(...place(-0.1))) && !isRed(shot.at(...place(0.3))),
      'a second back',
    );
    await press(toy.page, 'PageDown', '.');
    // At its end the past is the present.
    await expectText(toy.page, '.time', /^3.7 s$/);
    expect(toy.source.requests).toEqual([]);
  });

  test('is marked in the plots, with the values that were', async () => {
    toy = await openToy();
    await crossing();
    const value = toy.page.locator('figure', { hasText: 'Estimated return' }).locator('.value');
    await expect.poll(() => value.innerText()).toBe('9.00');
    await toy.page.getByLabel('Recorded time').fill('4');
    await expect.poll(() => value.innerText()).toBe('3.00');
    const drawing = toy.page.locator('figure', { hasText: 'Estimated return' }).locator('.u-over');
    await drawing.scrollIntoViewIfNeeded();
    const plot = (await drawing.boundingBox())!;
    const isAccent = ([red, green, blue]: readonly number[]): boolean =>
      blue! > 150 && red! < 60 && green! > 60 && green! < 130;
    // A line through the plot from top to bottom, at 1.9 s of 0 s to 3.7 s.
    const x = plot.x + (plot.width * 1.9) / 3.7;
    await toy.see((shot) => shot.count(x, plot.y + 8, 3, isAccent) > 4, 'the cursor');
  });

  test('goes on over a restart', async () => {
    toy = await openToy();
    await crossing();
    toy.source.frame(toyFrame({ step: 1, time: 0, cube: [0, 0, 0.6] }));
    await expectText(toy.page, '.time', /^3.7 s$/);
    toy.source.frame(toyFrame({ step: 2, time: 0.5, cube: [0, 0, 0.6] }));
    await expectText(toy.page, '.time', /^4.2 s$/);
  });
});

describeInBrowser('saving', () => {
  test('writes what was recorded as MCAP', async () => {
    toy = await openToy();
    await crossing();
    const [download] = await Promise.all([toy.page.waitForEvent('download'), button('Save as MCAP').click()]);
    expect(download.suggestedFilename()).toBe('toy.mcap');
    const bytes = await readFile(await download.path());
    const reader = await McapIndexedReader.Initialize({
      readable: {
        size: async () => BigInt(bytes.length),
        read: async (offset, size) => bytes.subarray(Number(offset), Number(offset + size)),
      },
    });
    // Eleven frames from 0 s to 3.7 s.
    expect([reader.statistics?.messageStartTime, reader.statistics?.messageEndTime]).toEqual([
      0n,
      3_700_000_000n,
    ]);
    await expectText(toy.page, '.notices', 'Saved 11 frames as toy.mcap.');
    expect(toy.complaints).toEqual([]);
  });

  test('records the picture as a video', async () => {
    toy = await openToy();
    await button('Record video').click();
    await crossing();
    const [download] = await Promise.all([
      toy.page.waitForEvent('download'),
      button('Stop and save').click(),
    ]);
    expect(download.suggestedFilename()).toBe('toy.webm');
    const bytes = await readFile(await download.path());
    // The magic number of Matroska, and its kind.
    expect(bytes.readUInt32BE(0)).toBe(0x1a45dfa3);
    expect(bytes.subarray(0, 64).includes('webm')).toBe(true);
    expect(bytes.length).toBeGreaterThan(1_000);
    await expectText(toy.page, '[data-command=saveVideo]', 'Record video');
  });
});
