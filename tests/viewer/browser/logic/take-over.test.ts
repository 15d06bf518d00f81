/** Who acts, and what is commanded, from keys and a gamepad as they come. */
import { describe, expect, test } from 'vitest';
import { deflection, type GamepadState, TakeOver } from '../../../../src/viewer/app/logic/take-over.ts';

const controls = [
  {
    name: 'forward',
    low: 'back',
    high: 'forward',
    keys: ['KeyS', 'KeyW'] as [string, string],
    axis: { index: 1 },
  },
  {
    name: 'left',
    low: 'right',
    high: 'left',
    keys: ['KeyD', 'KeyA'] as [string, string],
    axis: { index: 0, inverted: true },
  },
  { name: 'grip', low: 'open', high: 'close' },
];

const gamepad = (axes: readonly number[], trigger = 0): GamepadState => ({
  axes,
  buttons: Array.from({ length: 8 }, (_, i) => ({ value: i === 7 ? trigger : 0 })),
});

describe('taking over', () => {
  test('needs the hold key alone for a fifth of a second, and ends with it', () => {
    const takeOver = new TakeOver(controls);
    takeOver.hold(true, 1);
    expect([takeOver.update(1.1, null), takeOver.active]).toEqual([false, false]);
    expect([takeOver.update(1.25, null), takeOver.active]).toEqual([true, true]);
    takeOver.hold(false, 1.3);
    expect([takeOver.update(1.3, null), takeOver.active]).toEqual([true, false]);
  });

  test('is immediate with a control key', () => {
    const takeOver = new TakeOver(controls);
    takeOver.hold(true, 1);
    takeOver.press('KeyW');
    expect(takeOver.update(1, null)).toBe(true);
    expect([takeOver.active, takeOver.commands]).toEqual([true, [1, 0, 0]]);
  });

  test('is not meant by a chord such as Shift+Tab', () => {
    const takeOver = new TakeOver(controls);
    takeOver.hold(true, 1);
    takeOver.press('Tab');
    expect([takeOver.update(5, null), takeOver.active]).toEqual([false, false]);
    takeOver.hold(false, 6);
    takeOver.hold(true, 7);
    takeOver.update(8, null);
    expect(takeOver.active).toBe(true);
    // Somebody who steers may use other keys.
    takeOver.press('Tab');
    expect([takeOver.update(9, null), takeOver.active]).toEqual([false, true]);
  });

  test('stays without holding where that was asked for', () => {
    const takeOver = new TakeOver(controls);
    takeOver.toggleKept();
    takeOver.update(1, null);
    expect([takeOver.active, takeOver.kept]).toEqual([true, true]);
    takeOver.toggleKept();
    takeOver.update(2, null);
    expect(takeOver.active).toBe(false);
  });

  test('ends with the attention, and a trigger has to be let go before it counts again', () => {
    const takeOver = new TakeOver(controls);
    takeOver.press('KeyW');
    takeOver.toggleKept();
    takeOver.update(1, gamepad([0, 0], 1));
    takeOver.letGo();
    expect(takeOver.update(2, null)).toBe(true);
    expect([takeOver.active, takeOver.commands]).toEqual([false, [0, 0, 0]]);
    takeOver.update(3, gamepad([0, 0], 1));
    expect(takeOver.active).toBe(false);
    takeOver.update(4, gamepad([0, 0], 0));
    takeOver.update(5, gamepad([0, 0], 1));
    expect(takeOver.active).toBe(true);
  });
});

describe('commands', () => {
  test('are shown whoever acts; opposite keys come to nothing', () => {
    const takeOver = new TakeOver(controls);
    takeOver.press('KeyW');
    takeOver.press('KeyA');
    expect([takeOver.update(0, null), takeOver.commands]).toEqual([true, [1, 1, 0]]);
    takeOver.press('KeyS');
    takeOver.lift('KeyA');
    expect([takeOver.update(0, null), takeOver.commands]).toEqual([true, [0, 0, 0]]);
    expect([takeOver.update(0, null), takeOver.active]).toEqual([false, false]);
  });

  test('of a stick are positive forward and to the right, unless the control says otherwise', () => {
    const takeOver = new TakeOver(controls);
    // Standard gamepads tell −1 of a stick pushed forward, 1 of one pushed to the right.
    takeOver.update(0, gamepad([1, -1]));
    expect(takeOver.commands).toEqual([1, -1, 0]);
  });

  test('of key and stick together stay within bounds', () => {
    const takeOver = new TakeOver(controls);
    takeOver.press('KeyW');
    takeOver.update(0, gamepad([0, -1]));
    expect(takeOver.commands[0]).toBe(1);
  });

  test('of a control without keys stay at rest', () => {
    const takeOver = new TakeOver(controls);
    for (const code of ['KeyW', 'KeyA', '']) takeOver.press(code);
    takeOver.update(0, null);
    expect(takeOver.commands).toEqual([1, 1, 0]);
    expect(takeOver.steersWith('')).toBe(false);
  });

  test('a stick at rest is at rest, and one at its end at its end', () => {
    const values = [0, 0.1, -0.1, 0.55, -0.55, 1, -1.2].map(
      (value) => Number(deflection(value).toFixed(6)) + 0,
    );
    expect(values).toEqual([0, 0, 0, 0.5, -0.5, 1, -1]);
  });

  test('of a slider stay where it was put, also when the person looks elsewhere, and begin where it stands', () => {
    const takeOver = new TakeOver([
      { name: 'elbow', low: '0', high: '2 rad', slider: { start: -1 } },
      { name: 'wrist', low: '-1', high: '1 rad', slider: { start: 0.5 } },
    ]);
    expect([takeOver.update(0, null), takeOver.commands]).toEqual([false, [-1, 0.5]]);
    takeOver.place(0, 0.25);
    expect([takeOver.update(1, null), takeOver.active, takeOver.kept]).toEqual([true, true, true]);
    expect(takeOver.commands).toEqual([0.25, 0.5]);
    takeOver.letGo();
    expect([takeOver.update(2, null), takeOver.active, takeOver.commands]).toEqual([
      true,
      false,
      [0.25, 0.5],
    ]);
    takeOver.place(1, -0.5);
    takeOver.update(3, null);
    expect([takeOver.active, takeOver.commands]).toEqual([true, [0.25, -0.5]]);
  });
});
