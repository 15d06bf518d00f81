/** The table of keys: one meaning each, none that tasks are steered with, names as they are on the keys. */
import { describe, expect, test } from 'vitest';
import {
  ariaShortcuts,
  chordOf,
  commandFor,
  commandIds,
  commandOf,
  keyName,
} from '../../../../src/viewer/app/logic/commands.ts';

const press = (key: string, code: string, ctrlKey = false): string => chordOf({ key, code, ctrlKey });

describe('keys', () => {
  test('mean one thing each', () => {
    const chords = commandIds.flatMap((id) => commandOf(id).keys);
    expect(new Set(chords).size).toBe(chords.length);
    for (const id of commandIds) for (const chord of commandOf(id).keys) expect(commandFor(chord)).toBe(id);
  });

  test('leave those that tasks are steered with by default', () => {
    const taken = ['w', 'a', 's', 'd', 'q', 'e', 'r', 'f'].map((key) =>
      commandFor(press(key, `Key${key.toUpperCase()}`)),
    );
    expect(taken.filter(Boolean)).toEqual([]);
  });

  test.each([
    ['p', 'KeyP', false, 'pause'],
    ['P', 'KeyP', false, 'pause'],
    [' ', 'Space', false, 'pause'],
    ['?', 'Slash', false, 'help'],
    ['ß', 'Minus', false, undefined],
    // Where another layout has the letter.
    ['z', 'KeyY', false, 'follow'],
    ['^', 'Digit6', false, 'success'],
    ['ArrowLeft', 'ArrowLeft', false, 'turnLeft'],
    ['ArrowLeft', 'ArrowLeft', true, 'pushLeft'],
    ['c', 'KeyC', true, undefined],
    ['Shift', 'ShiftRight', false, 'takeOver'],
    ['+', 'NumpadAdd', false, 'faster'],
  ])('%s on %s (Ctrl: %s) is %s', (key, code, ctrl, expected) => {
    expect(commandFor(press(key, code, ctrl))).toBe(expected);
  });

  test('are named as a person reads them', () => {
    expect(['KeyW', 'Digit6', 'Ctrl+ArrowLeft', 'p', 'PageUp', '-', 'Space'].map(keyName)).toEqual([
      'W',
      '6',
      'Ctrl+←',
      'P',
      'Page up',
      '−',
      'Space',
    ]);
    expect(ariaShortcuts('pushUp')).toBe('Control+ArrowUp');
    expect(ariaShortcuts('faster')).toBe('Plus =');
    expect(ariaShortcuts('success')).toBe('6');
  });
});
