/** What a task tells in words over its picture, and whose numbers are shown where a scene has several agents. */
import { afterEach, expect, test } from 'vitest';
import type { ViewFrame } from '../../../src/viewer/protocol.ts';
import { describeInBrowser } from '../../support/browser.ts';
import { expectText, openToy, press, type ToyPage } from './toy-page.ts';
import { toyAppearance, toyFrame, toyHello, toyState } from './toy-source.ts';

let toy: ToyPage;
afterEach(async () => {
  await toy?.page.context().close();
  await toy?.source.stop();
});

const appearance = {
  ...toyAppearance,
  signals: ['turn', 'speed', 'hits'],
  readouts: [
    { name: 'turn', signal: 'turn', words: ['nobody', 'left', 'right'] },
    { name: 'ball', signal: 'speed', unit: 'm/s' as const },
    { name: 'hits', signal: 'hits' },
  ],
};
const hello = { ...toyHello, appearance };
const moment = (step: number, turn: number, speed: number): ViewFrame =>
  toyFrame({ step, time: step / 10, age: 5 * step, more: [turn, speed, step] });
const tell = (age: number, text: string, scene = 0): void =>
  toy.source.report({ type: 'event', scene, age, kind: 'hit', text });

const listed = async (): Promise<string[]> => toy.page.locator('.readouts li').allInnerTexts();
const marks = (): Promise<number> => toy.page.locator('#event-marks option').count();

describeInBrowser('over the picture', () => {
  test('stand the read-outs and the last events, which go back with the scrubber', async () => {
    toy = await openToy({ hello }, {}, moment(0, 0, 0));
    const values = toy.page.locator('.readouts dl');
    await expectText(toy.page, '.readouts dl', /^turn\s+nobody\s+ball\s+0.000 m\/s\s+hits\s+0$/);
    expect(await values.getAttribute('aria-live')).toBe('off');
    for (let step = 1; step <= 10; step++) {
      tell(5 * step, `number ${step}`);
      // Of a scene that is not in focus.
      tell(5 * step, 'elsewhere', 1);
      toy.source.frame(moment(step, 1 + (step % 2), -step / 4));
    }
    await expectText(toy.page, '.readouts dl', /turn\s+left\s+ball\s+−2.50 m\/s\s+hits\s+10$/);
    await expect
      .poll(listed)
      .toEqual([10, 9, 8, 7, 6, 5, 4, 3].map((step) => `${(step / 10).toFixed(2)} s hit: number ${step}`));
    await expect.poll(marks).toBe(10);
    await toy.page.getByLabel('Recorded time').fill('2');
    await expectText(toy.page, '.readouts dl', /turn\s+left\s+ball\s+−0.500 m\/s/);
    await expect.poll(listed).toEqual(['0.20 s hit: number 2', '0.10 s hit: number 1']);
    await press(toy.page, 'End');
    await expect.poll(async () => (await listed()).length).toBe(8);
    expect(toy.complaints).toEqual([]);
  });

  test('stands nothing where a task tells nothing', async () => {
    toy = await openToy();
    toy.source.frame(toyFrame({ step: 1, time: 1 }));
    await expectText(toy.page, '.time', /^1.0 s$/);
    expect(await toy.page.locator('.readouts').isVisible()).toBe(false);
    expect(await toy.page.getByRole('group', { name: 'Agent' }).isVisible()).toBe(false);
    await press(toy.page, 'Digit5');
    await expectText(toy.page, '.notices', 'There is one agent in each scene.');
    expect(toy.source.requests).toEqual([]);
  });
});

describeInBrowser('a scene of three agents', () => {
  test('has one of them in focus, by key and by button, and says for whom a person acts', async () => {
    toy = await openToy({ hello: { ...toyHello, agents: 3 } });
    const pressed = () =>
      toy.page
        .getByRole('group', { name: 'Agent' })
        .getByRole('button')
        .evaluateAll((all) => all.map((button) => button.getAttribute('aria-pressed')));
    expect(await pressed()).toEqual(['true', 'false', 'false']);
    await press(toy.page, 'Digit5');
    expect(await toy.source.waitFor('focus')).toEqual({ type: 'focus', scene: 0, agent: 1 });
    toy.source.report({ ...toyState, agent: 2, intervening: 'you' });
    await expect.poll(pressed).toEqual(['false', 'false', 'true']);
    await expectText(toy.page, '.actor', 'You act for agent 2');
    await press(toy.page, 'Digit5');
    await toy.source.waitFor('focus', ({ agent }) => agent === 0);
    await toy.page.getByRole('button', { name: 'Agent 1' }).click();
    await expect.poll(() => toy.source.asked('focus').map(({ agent }) => agent)).toEqual([1, 0, 1]);
    // Keys steer at once, though the button still has the focus.
    await press(toy.page, 'l');
    await toy.source.waitFor('intervene', ({ active }) => active);
  });
});
