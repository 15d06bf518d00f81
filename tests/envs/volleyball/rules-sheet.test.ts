/** What can be read of a match: whose turn it is, the verdict of a step, and the log in words. */
import { expect, test } from 'vitest';
import { FAR, NEAR } from '../../../envs/volleyball/court.ts';
import { hitTheBall, oneOnOne, threeOnThree } from '../../../envs/volleyball/rules/by-task.ts';
import { ballFaults, faultSet, flightFaults, touchFaults } from '../../../envs/volleyball/rules/faults.ts';
import { Referee } from '../../../envs/volleyball/rules/referee.ts';
import { packBytes, restoreArray, unpackBytes } from '../../../src/core/bytes.ts';
import { back, ball, type Event, hits, over, play, touch } from './match.ts';

test('the sheet says who may hit, and how many have', () => {
  const turn = ({ sheet, words }: Referee): unknown[] => [words.turns[sheet.whoseTurn(0)], sheet.touches(0)];
  expect(turn(play(threeOnThree, 5, []))).toEqual(['drone 5 (far)', 0]);
  expect(turn(play(threeOnThree, 5, hits(5)))).toEqual(['nobody', 1]);
  const received = [...hits(5), [back]];
  expect(turn(play(threeOnThree, 5, received))).toEqual(['near side', 0]);
  expect(turn(play(threeOnThree, 5, [...received, ...hits(0, 2)]))).toEqual(['drone 1 (near)', 2]);
  expect(turn(play(threeOnThree, 5, [...received, ...hits(0, 2, 1)]))).toEqual(['nobody', 3]);
});

test('a rally is told event by event', () => {
  const referee = new Referee(oneOnOne, 2);
  const log: string[] = [];
  const step = (...events: Event[]): void => {
    referee.beginStep();
    for (const event of events) event(referee);
    referee.judge(0);
    for (const { scene, step, kind, player, text } of referee.happened(0))
      log.push(`${scene} ${step} ${kind} ${player ?? '-'} ${text}`);
  };
  referee.start(1, 0, [1.5, 0, 4], 0);
  referee.start(0, 1, [-1.5, 0, 4], 0);
  step();
  step();
  step(touch(1), touch(1));
  step(touch(1), back);
  expect(referee.words.events[referee.sheet.lastEvent[0]!]!.text).toBe('ball to the near side');
  step(touch(0, false), ball(4, 0, 1));
  expect(log).toEqual([
    '0 1 serve 1 drone 1 (far) to serve',
    '0 3 hit 1 drone 1 (far) hits',
    '0 4 crossing - ball to the near side',
    '0 5 fault 0 body touch: drone 0 (near)',
    '0 5 fault - ball out: near side',
    '0 5 end - far side wins',
  ]);
  expect(referee.words.events[referee.sheet.lastEvent[0]!]!.text).toBe('ball out: near side');
});

test('the verdict of a step is of this step: its hits, each player’s faults, each side’s result', () => {
  const referee = play(threeOnThree, 2, [[touch(2)]]);
  expect(referee.sheet.hits[0]).toBe(1 << 2);
  referee.beginStep();
  expect([referee.sheet.hits[0], referee.judge(0)]).toEqual([0, false]);
  expect([NEAR, FAR].map((side) => referee.sheet.result(0, side))).toEqual([0, 0]);
  over(referee);
  referee.touch(0, 1, true);
  expect(referee.judge(0)).toBe(true);
  expect([...referee.sheet.faults]).toEqual([0, faultSet('wrong side'), 0, 0, 0, 0]);
  expect(referee.sheet.faults[1]! & touchFaults).not.toBe(0);
  expect(referee.sheet.faults[1]! & (ballFaults | flightFaults)).toBe(0);
  expect([NEAR, FAR].map((side) => referee.sheet.result(0, side))).toEqual([-1, 1]);
});

test('a landing is forgotten when the next match begins', () => {
  const referee = play(hitTheBall, 0, [[touch(0), ball(4, 0, 1.9, -1)]]);
  expect(referee.sheet.result(0, NEAR)).toBe(1);
  referee.start(0, 0, [4.5, 0, 5], 0);
  referee.beginStep();
  expect(referee.judge(0)).toBe(false);
});

test('where the ball came from is part of the state: it flies over the net, with a snapshot on the way', () => {
  const before = play(oneOnOne, 0, [[touch(0), ball(1, 0, 3)]]);
  const after = new Referee(oneOnOne, 1);
  const parts = unpackBytes(packBytes(before.state));
  after.state.forEach((array, i) => {
    restoreArray(array, parts[i]!);
  });
  after.beginStep();
  ball(-1, 0, 3)(after);
  expect(after.judge(0)).toBe(false);
  expect(after.sheet.side[0]).toBe(FAR);
});
