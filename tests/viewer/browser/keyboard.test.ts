/** The keyboard alone does everything: each control is reached by Tab, each command has a key that works. */
import { afterEach, expect, test } from 'vitest';
import { commandIds, commandOf, keyName } from '../../../src/viewer/app/logic/commands.ts';
import { describeInBrowser } from '../../support/browser.ts';
import { expectText, openToy, press, type ToyPage } from './toy-page.ts';
import { toyFrame, toyHello } from './toy-source.ts';

let toy: ToyPage;
afterEach(async () => {
  await toy?.page.context().close();
  await toy?.source.stop();
});

const pressed = (command: string): Promise<string | null> =>
  toy.page.locator(`[data-command=${command}]`).getAttribute('aria-pressed');

describeInBrowser('the keyboard', () => {
  test('reaches every control by Tab, with a focus that is seen', async () => {
    toy = await openToy();
    const focusable = 'button:enabled, input:enabled, summary';
    const count = await toy.page
      .locator(focusable)
      .evaluateAll((all) => all.filter((control) => control.checkVisibility()).length);
    expect(count).toBeGreaterThan(35);
    const reached = new Set<number>();
    for (let i = 0; i < count; i++) {
      await press(toy.page, 'Tab');
      const { index, outline } = await toy.page.evaluate((selector) => {
        const focused = document.activeElement!;
        const controls = [...document.querySelectorAll(selector)];
        return { index: controls.indexOf(focused), outline: getComputedStyle(focused).outlineStyle };
      }, focusable);
      expect([index >= 0, outline]).toEqual([true, 'solid']);
      reached.add(index);
    }
    expect(reached.size).toBe(count);
  });

  test('every control has a name, and those of commands tell their key', async () => {
    toy = await openToy();
    const nameless = await toy.page.locator('button, input').evaluateAll((all) =>
      all
        .filter((control) => {
          const labels = (control as HTMLInputElement).labels;
          return !(control.textContent || control.getAttribute('aria-label') || labels?.length);
        })
        .map((control) => control.outerHTML),
    );
    expect(nameless).toEqual([]);
    const pause = toy.page.locator('[data-command=pause]');
    expect(await pause.getAttribute('title')).toBe('Pause or play (Space, P)');
    expect(await pause.getAttribute('aria-keyshortcuts')).toBe('Space p');
  });

  test('has one key for each command, all of which ? shows', async () => {
    toy = await openToy();
    await press(toy.page, '?');
    const dialog = toy.page.getByRole('dialog', { name: 'All keys' });
    await expect.poll(() => dialog.isVisible()).toBe(true);
    const shown = await dialog.innerText();
    for (const id of commandIds) {
      expect(shown).toContain(commandOf(id).label);
      for (const key of commandOf(id).keys) expect(shown).toContain(keyName(key));
    }
    // The controls of the task too.
    expect(shown).toContain('forward: back');
    // Behind it nothing happens.
    await press(toy.page, 'p', '?');
    await expect.poll(() => dialog.isVisible()).toBe(false);
    expect(toy.source.requests).toEqual([]);
  });

  test('runs time', async () => {
    toy = await openToy();
    for (let i = 1; i < 30; i++) toy.source.frame(toyFrame({ step: i, time: i / 10 }));
    await expectText(toy.page, '.time', /^2.9 s$/);
    await press(toy.page, 'Space');
    await toy.source.waitFor('pause');
    await press(toy.page, '.');
    await toy.source.waitFor('step');
    await press(toy.page, '+');
    await toy.source.waitFor('speed', ({ factor }) => Math.abs(factor - 10 ** 0.1) < 1e-9);
    await press(toy.page, '-', '-');
    await toy.source.waitFor('speed', ({ factor }) => Math.abs(factor - 10 ** -0.1) < 1e-9);
    await press(toy.page, ',');
    await expectText(toy.page, '.time', '2.8 s (−0.1 s)');
    await press(toy.page, 'PageUp');
    await expectText(toy.page, '.time', '1.8 s (−1.1 s)');
    await press(toy.page, 'PageDown');
    await expectText(toy.page, '.time', '2.8 s (−0.1 s)');
    await press(toy.page, 'End');
    await expectText(toy.page, '.time', /^2.9 s$/);
    await press(toy.page, 'b', '4', '2', 'Enter');
    await toy.source.waitFor('restart', ({ seed }) => seed === 42);
    await press(toy.page, 'Backspace');
    await expect.poll(() => toy.source.asked('restart').length).toBe(2);
    for (const [key, name] of [
      ['m', 'toy.mcap'],
      ['v', 'toy.webm'],
    ] as const) {
      const download = toy.page.waitForEvent('download');
      await press(toy.page, key);
      if (key === 'v') {
        await expectText(toy.page, '[data-command=saveVideo]', 'Stop and save');
        await press(toy.page, key);
      }
      expect((await download).suggestedFilename()).toBe(name);
    }
  });

  test('sets the picture', async () => {
    toy = await openToy();
    for (const [key, command] of [
      ['c', 'colliders'],
      ['k', 'contacts'],
      ['j', 'joints'],
      ['t', 'trails'],
      ['y', 'arrows'],
      ['g', 'grid'],
      ['z', 'follow'],
      ['Digit0', 'orthographic'],
    ] as const) {
      const before = await pressed(command);
      await press(toy.page, key);
      expect(await pressed(command)).toBe(before === 'true' ? 'false' : 'true');
      await press(toy.page, key);
      expect(await pressed(command)).toBe(before);
    }
    // Each of these leaves another picture.
    let last = (await toy.page.locator('.picture').screenshot()).toString('base64');
    for (const key of [
      'ArrowLeft',
      'ArrowDown',
      'i',
      'h',
      'Digit2',
      'ArrowRight',
      'ArrowUp',
      'o',
      'Digit1',
    ]) {
      await press(toy.page, key);
      await expect
        .poll(async () => (await toy.page.locator('.picture').screenshot()).toString('base64') !== last, {
          timeout: 20_000,
        })
        .toBe(true);
      // The camera comes to rest.
      await expect
        .poll(
          async () => {
            const before = last;
            last = (await toy.page.locator('.picture').screenshot()).toString('base64');
            return before === last;
          },
          { timeout: 20_000 },
        )
        .toBe(true);
    }
    await press(toy.page, 'Digit3');
    await expectText(toy.page, '.notices', 'There are only 2 cameras here.');
  });

  test('is left to a control that has a use for it', async () => {
    toy = await openToy();
    await toy.page.getByLabel('Speed').focus();
    await press(toy.page, 'ArrowRight');
    await toy.source.waitFor('speed', ({ factor }) => Math.abs(factor - 10 ** 0.1) < 1e-9);
    await press(toy.page, 'p');
    await toy.source.waitFor('pause');
    await toy.page.getByRole('button', { name: 'Grid' }).focus();
    await press(toy.page, 'Space');
    expect([await pressed('grid'), toy.source.asked('pause').length]).toEqual(['false', 1]);
    await toy.page.getByLabel('Seed').focus();
    await press(toy.page, 'g', 'Backspace');
    expect([await pressed('grid'), toy.source.asked('restart').length]).toEqual(['false', 0]);
  });

  test('steers with the keys of the task, whatever else they mean', async () => {
    const controls = [
      { name: 'turn', low: 'left', high: 'right', keys: ['KeyJ', 'KeyL'] as [string, string] },
    ];
    toy = await openToy({ hello: { ...toyHello, controls } });
    await press(toy.page, 'l');
    await toy.source.waitFor('intervene', ({ active }) => active);
    await toy.page.keyboard.down('KeyJ');
    await toy.source.waitFor('intervene', ({ commands }) => commands[0] === -1);
    expect(await pressed('joints')).toBe('false');
  });
});
