/** The rules of the matches, table by table: who is at fault, and who wins. */
import { describe, expect, test } from 'vitest';
import { courts } from '../../../envs/volleyball/court.ts';
import { type MatchRules, oneOnOne, sixOnSix, threeOnThree } from '../../../envs/volleyball/rules/by-task.ts';
import { faultsIn } from '../../../envs/volleyball/rules/faults.ts';
import { back, ball, drones, hits, over, play, tests, touch, verdict, wait } from './match.ts';

const [playing, near, far, draw] = ['playing', 'near side wins', 'far side wins', 'draw'];

describe('1v1', () => {
  tests(oneOnOne, [
    ['a drone as low as it may be', 0, [[drones([2, 0, 0.3], [-2, 0, 2])]], playing, [], []],
    [
      'a rally of legal hits goes on',
      0,
      [...hits(0), [over], ...hits(1), [back], ...hits(0)],
      playing,
      [],
      [],
    ],
    ['the server may not hit twice', 0, hits(0, 0), far, ['double hit'], []],
    ['the receiver may not serve', 0, hits(1), near, [], ['out of turn']],
    [
      'a contact of four steps is one hit',
      0,
      [[touch(0)], [touch(0)], [touch(0)], [touch(0)]],
      playing,
      [],
      [],
    ],
    ['a ball carried longer is hit twice', 0, Array(5).fill([touch(0)]), far, ['double hit'], []],
    ['a body without racket', 0, [[touch(0, false)]], far, ['body touch'], []],
    ['a body out of turn', 0, [[touch(1, false)]], near, [], ['out of turn', 'body touch']],
    ['a body touch within a contact of the racket', 0, [[touch(0), touch(0, false)]], playing, [], []],
    ['over the net above 2.43 m', 0, [[touch(0), ball(0.4, 0, 2.5)], [ball(-0.4, 0, 2.5)]], playing, [], []],
    [
      'through the net below 2.43 m',
      0,
      [[touch(0), ball(0.4, 0, 2.4)], [ball(-0.4, 0, 2.4)]],
      far,
      ['ball in net'],
      [],
    ],
    ['in the zone of the net', 0, [[touch(0), ball(0.29, 0, 2.42)]], far, ['ball in net'], []],
    ['at the edge of that zone', 0, [[touch(0), ball(0.3, 0, 2.42)]], playing, [], []],
    ['in the net before any hit: the server', 0, [[ball(0.1, 0, 1)]], far, ['ball in net'], []],
    ['in the net before any hit: the far server', 1, [[ball(-0.1, 0, 1)]], near, [], ['ball in net']],
    ['out before any hit: the server', 1, [[ball(-2, 1.6, 3)]], near, [], ['ball out']],
    ['out at any height: the last to hit', 0, [[touch(0), ball(-3.01, 0, 5)]], far, ['ball out'], []],
    ['on the lines is in', 0, [[touch(0), ball(-3, 1.5, 5)]], playing, [], []],
    ['down in one’s own half', 0, [[touch(0), ball(1, 0, 0.19)]], far, ['ball down'], []],
    ['down in the other half', 0, [[touch(0), over], [ball(-1, 0, 0.19)]], near, [], ['ball down']],
    ['down on the line is in', 0, [[touch(0), over], [ball(-3, 1.5, 0.1)]], near, [], ['ball down']],
    ['as high as the floor allows', 0, [[touch(0), over], [ball(-1, 0, 0.2)]], playing, [], []],
    ['never too high', 0, [[ball(1, 0, 50)]], playing, [], []],
    [
      'a drone over the plane of the net',
      0,
      [[drones([-0.01, 0, 5], [-2, 0, 2])]],
      far,
      ['drone in net'],
      [],
    ],
    ['a drone in that plane', 0, [[drones([0, 0, 2], [-2, 0, 2])]], playing, [], []],
    ['the far drone over it', 0, [[drones([2, 0, 2], [0.01, 0, 2])]], near, [], ['drone in net']],
    ['a crash gives nobody the win', 0, [[drones([2, 0, 0.29], [-2, 0, 2])]], draw, ['drone down'], []],
    [
      'both at fault in one step',
      0,
      [[touch(1), drones([-1, 0, 2], [-2, 0, 2])]],
      draw,
      ['drone in net'],
      ['out of turn'],
    ],
    [
      'at fault while the other one crashes',
      0,
      [[touch(0, false), drones([2, 0, 2], [-2, 0, 0])]],
      draw,
      ['body touch'],
      ['drone down'],
    ],
    [
      'at fault and crashed',
      0,
      [[touch(0, false), drones([2, 0, 0], [-2, 0, 2])]],
      far,
      ['body touch', 'drone down'],
      [],
    ],
    [
      'a dead ball commits nothing more',
      0,
      [[touch(0), ball(-3.1, 0, 1), ball(-2.9, 0, 0)]],
      far,
      ['ball out'],
      [],
    ],
  ]);
});

describe('3v3', () => {
  tests(threeOnThree, [
    [
      'a side that had touches left',
      5,
      [...hits(5), [back], ...hits(0), [over], ...hits(1)],
      far,
      ['wrong side'],
      [],
    ],
    [
      'three hits by three players, then over',
      2,
      [...hits(2), [over], ...hits(3, 4, 5), [back], ...hits(0)],
      playing,
      [],
      [],
    ],
    ['only the server may serve', 2, hits(0), far, ['out of turn'], []],
    ['the other side may not serve', 2, hits(4), near, [], ['wrong side']],
    ['the serve goes over at once', 2, hits(2, 0), far, ['out of turn'], []],
    ['nobody hits twice in a possession', 2, [[touch(2), over], ...hits(3, 4, 3)], near, [], ['double hit']],
    [
      'everybody is free again after a crossing',
      2,
      [...hits(2), [over], ...hits(3), [back], ...hits(2, 0), [over], ...hits(3)],
      playing,
      [],
      [],
    ],
    [
      'the side that the ball has left',
      2,
      [[touch(2), over], ...wait(4), [touch(1)]],
      far,
      ['wrong side'],
      [],
    ],
    ['beyond the lines in flight', 2, [[touch(2), over], [ball(-7, 0, 1)]], playing, [], []],
    ['beyond the lines and down', 2, [[touch(2), over], [ball(-6.01, 0, 0.1)]], far, ['ball out'], []],
    ['on the line and down', 2, [[touch(2), over], [ball(-6, -3, 0.1)]], near, [], ['ball down']],
    [
      'down beyond the lines, touched by the receivers',
      2,
      [
        [touch(2), over],
        [touch(4), ball(-7, 0, 0.1)],
      ],
      near,
      [],
      ['ball out'],
    ],
  ]);

  const spread = (other: number[]): number[][] => [
    ...[[3, 0, 2], other, [6, 2, 2]],
    ...[
      [-3, 0, 2],
      [-3, 2, 2],
      [-6, 2, 2],
    ],
  ];

  test.each([
    ['team-mates 0.79 m apart', [3, 0.79, 2], draw, [0, 1]],
    ['team-mates 0.8 m apart', [3, 0.8, 2], playing, []],
    ['one above the other', [3, 0, 2.7], draw, [0, 1]],
  ])('%s', (_, other, outcome, blamed) => {
    const { sheet, words } = play(threeOnThree, 2, [[drones(...spread(other))]]);
    expect(words.outcomes[sheet.outcome[0]!]).toBe(outcome);
    expect([...sheet.faults].flatMap((set, player) => (set ? [[player, faultsIn(set)]] : []))).toEqual(
      blamed.map((player) => [player, ['too close']]),
    );
  });

  test('opponents may be as close as they like', () => {
    const positions = spread([3, 2, 2]);
    [positions[0], positions[3]] = [
      [0.1, 0, 2],
      [-0.1, 0, 2],
    ];
    expect(verdict(play(threeOnThree, 2, [[drones(...positions)]]))).toEqual([playing, [], []]);
  });
});

test('6v6: six hits, and the regulation court', () => {
  expect(sixOnSix.court).toBe(courts.regulation);
  const six = [...hits(4), [over], ...hits(6, 7, 8, 9, 10, 11)];
  expect(verdict(play(sixOnSix, 4, six))).toEqual([playing, [], []]);
  expect(verdict(play(sixOnSix, 4, [...six, [ball(8.9, 0, 0.1)]]))).toEqual([far, ['ball down'], []]);
});

test('a server who is no player, or has no turn, is refused', () => {
  const start = (rules: MatchRules, server: number) => () => play(rules, server, []);
  expect(start(oneOnOne, 2)).toThrow('There is no player 2; they are 0 to 1.');
  expect(start({ ...oneOnOne, turns: { kind: 'rota', order: [0], repeats: true } }, 1)).toThrow(
    'Player 1 cannot serve: it is not in the rota 0.',
  );
  expect(() => play(oneOnOne, 0, [[touch(-1)]])).toThrow(RangeError);
});
