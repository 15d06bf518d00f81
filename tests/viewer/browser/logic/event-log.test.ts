/** Events beside the picture: which ones belong to what is seen. */
import { describe, expect, test } from 'vitest';
import { EventLog } from '../../../../src/viewer/app/logic/event-log.ts';

const happened = (age: number, scene = 0) => ({
  ...{ type: 'event' as const, scene, age },
  ...{ kind: 'hit', text: `at ${age}` },
});

describe('the events that are listed', () => {
  test('are the last ones of the scene, newest first', () => {
    const log = new EventLog();
    for (let age = 1; age <= 20; age++) log.add(happened(age, age % 2), age);
    expect(log.until(20, 0, 3).map(({ age }) => age)).toEqual([20, 18, 16]);
    expect(log.until(20, 1, 3).map(({ age }) => age)).toEqual([19, 17, 15]);
    expect(log.until(20, 2, 3)).toEqual([]);
  });

  test('go back with the picture', () => {
    const log = new EventLog();
    for (const place of [3, 5, 5, 9]) log.add(happened(10 * place), place);
    expect(log.until(4, 0, 8).map(({ age }) => age)).toEqual([30]);
    expect(log.until(5, 0, 8).map(({ age }) => age)).toEqual([50, 50, 30]);
    expect(log.until(2, 0, 8)).toEqual([]);
  });

  test('are dropped when there are too many, the oldest first, and are found by the frames that are left', () => {
    const log = new EventLog();
    for (let place = 0; place < 1_000; place++) log.add(happened(place), place);
    expect(log.since(0).map(({ place }) => place)).toEqual(Array.from({ length: 500 }, (_, i) => 500 + i));
    expect(log.since(998).map(({ place }) => place)).toEqual([998, 999]);
  });
});
