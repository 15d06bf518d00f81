/** Taking over by keyboard and gamepad: what is sent, what is shown, and that it ends when the person is gone. */
import { afterEach, expect, test } from 'vitest';
import { describeInBrowser } from '../../support/browser.ts';
import { expectText, openToy, press, type ToyPage } from './toy-page.ts';
import { toyFrame, toyHello, toyState } from './toy-source.ts';

let toy: ToyPage;
afterEach(async () => {
  await toy?.page.context().close();
  await toy?.source.stop();
});

/** How far the bars of the controls are deflected. */
const deflections = (): Promise<number[]> =>
  toy.page
    .locator('.deflection')
    .evaluateAll((bars) =>
      bars.map((bar) => Number((bar as HTMLElement).style.getPropertyValue('--deflection'))),
    );

describeInBrowser('taking over by keyboard', () => {
  test('shows which keys steer, and how far, before anybody has taken over', async () => {
    toy = await openToy();
    const rows = await toy.page.locator('.control').allInnerTexts();
    expect(rows.map((text) => text.replace(/\s+/g, ' '))).toEqual([
      'forward left stick ↕ S back forward W',
      'left D right left A',
    ]);
    await toy.page.keyboard.down('KeyW');
    await expect.poll(deflections).toEqual([1, 0]);
    await toy.page.keyboard.up('KeyW');
    await expect.poll(deflections).toEqual([0, 0]);
    expect(toy.source.requests).toEqual([]);
  });

  test('lasts as long as Shift is held, tells every change, and shows the present', async () => {
    toy = await openToy();
    toy.source.frame(toyFrame({ step: 1, time: 1 }));
    await press(toy.page, ',');
    await expectText(toy.page, '.time', '0.0 s (−1.0 s)');
    await toy.page.keyboard.down('Shift');
    expect((await toy.source.waitFor('intervene')).commands).toEqual([0, 0]);
    await expectText(toy.page, '.time', /^1.0 s$/);
    await toy.page.keyboard.down('KeyW');
    await toy.source.waitFor('intervene', ({ active, commands }) => active && commands[0] === 1);
    await toy.page.keyboard.down('KeyD');
    await toy.source.waitFor('intervene', ({ active, commands }) => active && commands.join() === '1,-1');
    await toy.page.keyboard.up('KeyW');
    await toy.source.waitFor('intervene', ({ active, commands }) => active && commands.join() === '0,-1');
    await toy.page.keyboard.up('Shift');
    await toy.source.waitFor('intervene', ({ active }) => !active);
    expect(toy.source.asked('intervene').at(-1)!.active).toBe(false);
  });

  test('is not meant by Shift+Tab, nor by the question mark', async () => {
    toy = await openToy();
    await toy.page.keyboard.down('Shift');
    await press(toy.page, 'Tab');
    await toy.page.waitForTimeout(500);
    await toy.page.keyboard.up('Shift');
    await press(toy.page, '?', 'Escape');
    expect(toy.source.requests).toEqual([]);
  });

  test('stays with a person who asked for that, until they give back', async () => {
    toy = await openToy();
    const keep = toy.page.getByRole('button', { name: 'Take over and stay' });
    await keep.click();
    await toy.source.waitFor('intervene', ({ active }) => active);
    await expect.poll(() => keep.getAttribute('aria-pressed')).toBe('true');
    await press(toy.page, 'l');
    await toy.source.waitFor('intervene', ({ active }) => !active);
  });

  test.each(['blur', 'pagehide'])('ends at once with %s', async (event) => {
    toy = await openToy();
    await press(toy.page, 'l');
    await toy.source.waitFor('intervene', ({ active }) => active);
    await toy.page.evaluate((type) => window.dispatchEvent(new Event(type)), event);
    await toy.source.waitFor('intervene', ({ active }) => !active);
  });

  test('ends when the person looks at the past, which they cannot steer', async () => {
    toy = await openToy();
    toy.source.frame(toyFrame({ step: 1, time: 1 }));
    await press(toy.page, 'l');
    await toy.source.waitFor('intervene', ({ active }) => active);
    await press(toy.page, ',');
    await toy.source.waitFor('intervene', ({ active }) => !active);
  });

  test('ends where somebody else was faster', async () => {
    toy = await openToy();
    await press(toy.page, 'l');
    await toy.source.waitFor('intervene', ({ active }) => active);
    const message = 'Another page has taken over; it has to give back first.';
    toy.source.report({ type: 'notice', level: 'error', code: 'E_BUSY', message });
    await expectText(toy.page, '.notices', message);
    await toy.source.waitFor('intervene', ({ active }) => !active);
  });

  test('says who acts', async () => {
    toy = await openToy();
    await expectText(toy.page, '.actor', 'The policy acts');
    toy.source.report({ ...toyState, intervening: 'you' });
    await expectText(toy.page, '.actor', 'You act');
    toy.source.report({ ...toyState, intervening: 'another' });
    await expectText(toy.page, '.actor', 'Another person acts');
  });

  test('marks episodes by key and by button', async () => {
    toy = await openToy();
    await press(toy.page, 'Digit6', 'Digit7');
    await toy.page.getByRole('button', { name: 'Record again' }).click();
    await toy.page.getByRole('button', { name: 'End the episode' }).click();
    await toy.source.waitFor('mark', ({ mark }) => mark === 'terminate_episode');
    const marks = toy.source.asked('mark').map(({ mark }) => mark);
    expect(marks).toEqual(['success', 'failure', 'rerecord_episode', 'terminate_episode']);
  });

  test('is not offered where nobody can', async () => {
    toy = await openToy({ hello: { ...toyHello, can: { ...toyHello.can, intervene: false } } });
    await press(toy.page, 'l');
    await expectText(toy.page, '.notices', 'Nobody can take over here.');
    await toy.page.keyboard.down('Shift');
    await press(toy.page, 'KeyW');
    await toy.page.waitForTimeout(400);
    expect(toy.source.requests).toEqual([]);
  });
});

describeInBrowser('taking over by sliders', () => {
  test('is what moving one does; what it says stays when the person is gone', async () => {
    const controls = [
      { name: 'elbow', low: '0.00', high: '1.60 rad', slider: { start: -1 } },
      { name: 'wrist', low: '-0.50', high: '0.50 rad', slider: { start: 0.5 } },
    ];
    toy = await openToy({ hello: { ...toyHello, controls } });
    const elbow = toy.page.getByRole('slider', { name: 'elbow' });
    expect(await elbow.inputValue()).toBe('-1');
    await elbow.fill('0.25');
    await toy.source.waitFor('intervene', ({ active, commands }) => active && commands.join() === '0.25,0.5');
    await toy.page.evaluate(() => window.dispatchEvent(new Event('blur')));
    await toy.source.waitFor('intervene', ({ active }) => !active);
    expect(await elbow.inputValue()).toBe('0.25');
    await elbow.press('ArrowRight');
    const next = 0.25 + 1 / 512;
    await toy.source.waitFor('intervene', ({ active, commands }) => active && commands[0] === next);
  });
});

describeInBrowser('taking over by gamepad', () => {
  /** The pad that the page reads; the browser of the tests has none of its own. */
  interface Pad {
    axes: number[];
    trigger: number;
  }

  const setPad = (pad: Pad): Promise<void> =>
    toy.page.evaluate(({ axes, trigger }) => {
      const buttons = Array.from({ length: 17 }, (_, i) => ({ value: i === 7 ? trigger : 0 }));
      const read = () => [null, { mapping: 'standard', axes, buttons }];
      Object.defineProperty(navigator, 'getGamepads', { value: read, configurable: true });
    }, pad);

  test('needs the right trigger, and steers by the sticks', async () => {
    toy = await openToy();
    await setPad({ axes: [0, -0.55, 0, 0], trigger: 0 });
    await expect.poll(async () => (await deflections())[0]).toBeCloseTo(0.5, 6);
    expect(toy.source.requests).toEqual([]);
    await setPad({ axes: [0, -0.55, 0, 0], trigger: 1 });
    const { commands } = await toy.source.waitFor('intervene', ({ active }) => active);
    expect(commands[0]).toBeCloseTo(0.5, 6);
    // Within the dead zone, forward is as good as nothing.
    await setPad({ axes: [0, 0.09, 0, 0], trigger: 1 });
    await toy.source.waitFor('intervene', ({ active, commands: [forward] }) => active && forward === 0);
    await setPad({ axes: [0, 0, 0, 0], trigger: 0 });
    await toy.source.waitFor('intervene', ({ active }) => !active);
  });
});
