/** The rules of the drills and of the cooperative tasks, table by table. */
import { describe, expect, test } from 'vitest';
import {
  bumpAndPass,
  hitTheBall,
  setAndSpikeEasy,
  setAndSpikeHard,
  soloBump,
} from '../../../envs/volleyball/rules/by-task.ts';
import { back, ball, drones, hits, over, play, tests, touch, wait } from './match.ts';

const [playing, near, far] = ['playing', 'near side wins', 'far side wins'];

describe('bump and pass', () => {
  tests(bumpAndPass, [
    ['goes on for ever', 0, hits(0, 1, 0, 1, 0, 1, 0), playing, [], []],
    ['strictly in turns', 0, hits(0, 1, 1), 'failure', ['double hit'], []],
    ['drone 0 first', 0, hits(1), 'failure', ['out of turn'], []],
    [
      'ball down in the far half too',
      0,
      [[touch(0), over], [ball(-5, 0, 0.1)]],
      'failure',
      ['ball down'],
      [],
    ],
    ['ball out', 0, [[ball(5, 4.6, 5)]], 'failure', ['ball out'], []],
    ['ball too high', 0, [[ball(5, 0, 16.1)]], 'failure', ['ball too high'], []],
    ['ball beside the net', 0, [[ball(0.11, 0, 1)]], playing, [], []],
    ['drone in the net', 0, [[drones([0.19, 0, 2], [4, 0, 2])]], 'failure', ['drone in net'], []],
    ['drone over the net', 0, [[drones([0.19, 0, 2.5], [4, 0, 2])]], playing, [], []],
    ['drone down', 0, [[drones([4, 0, 0.39], [4, 2, 2])]], 'failure', ['drone down'], []],
    ['drones close together', 0, [[drones([4, 0, 2], [4, 0.3, 2])]], playing, [], []],
  ]);
});

const spike = [...hits(0, 1), [over]];

describe('set and spike, easy', () => {
  tests(setAndSpikeEasy, [
    [
      'set, spiked and down in the far half',
      0,
      [...spike, [ball(-4, 0, 0.19)]],
      'success',
      [],
      ['ball down'],
    ],
    [
      'set, spiked and down in the near half',
      0,
      [...hits(0, 1), [ball(4, 0, 0.19)]],
      'failure',
      ['ball down'],
      [],
    ],
    ['set, spiked and out', 0, [...spike, [ball(-9.1, 0, 3)]], 'failure', ['ball out'], []],
    ['over without a spike', 0, [...hits(0), [over], [ball(-4, 0, 0.1)]], 'failure', ['ball down'], []],
    ['a third hit by the attacker', 0, hits(0, 1, 1), 'failure', ['double hit'], []],
    ['a third hit by the setter', 0, hits(0, 1, 0), 'failure', ['out of turn'], []],
    ['a drone on the far side', 0, [[drones([2, 0, 2], [-0.01, 0, 5])]], 'failure', ['drone in net'], []],
  ]);

  test('after the spike it is nobody’s turn', () => {
    const { sheet, words } = play(setAndSpikeEasy, 0, spike);
    expect([words.turns[sheet.whoseTurn(0)], sheet.turn[0]]).toEqual(['nobody', 2]);
  });
});

describe('set and spike, hard', () => {
  tests(setAndSpikeHard, [
    ['the board misses', 0, [...spike, [ball(-4, 0, 0.1)]], near, [], ['ball down']],
    [
      'the board returns it into the near half',
      0,
      [...spike, [touch(2), back], [ball(4, 0, 0.1)]],
      far,
      ['ball down'],
      [],
    ],
    ['the board returns it out', 0, [...spike, [touch(2), back], [ball(4, 5, 3)]], near, [], ['ball out']],
    [
      'the board returns it into the net',
      0,
      [...spike, [touch(2), ball(-0.05, 0, 2)]],
      near,
      [],
      ['ball in net'],
    ],
    ['nobody hits after the board', 0, [...spike, [touch(2), back], [touch(0)]], far, ['out of turn'], []],
  ]);
});

describe('solo bump', () => {
  tests(soloBump, [
    ['26 steps between hits', 0, [[touch(0)], ...wait(25), [touch(0)]], playing, [], []],
    ['25 steps between hits', 0, [[touch(0)], ...wait(24), [touch(0)]], 'failure', ['double hit'], []],
    ['an impact across two steps', 0, [[touch(0)], [touch(0)]], playing, [], []],
    ['a ball carried', 0, [[touch(0)], [touch(0)], [touch(0)]], 'failure', ['double hit'], []],
    ['with any part', 0, [[touch(0, false)]], playing, [], []],
    ['ball at 4.5 m', 0, [[ball(4.5, 0, 4.5)]], playing, [], []],
    ['ball above 4.5 m', 0, [[ball(4.5, 0, 4.51)]], 'failure', ['ball too high'], []],
    ['ball below 0.15 m', 0, [[ball(4.5, 0, 0.149)]], 'failure', ['ball down'], []],
    ['ball out', 0, [[ball(9.01, 0, 3)]], 'failure', ['ball out'], []],
    ['drone above 2.5 m', 0, [[drones([4.5, 0, 2.51])]], 'failure', ['drone too high'], []],
    ['drone at the net', 0, [[drones([0.009, 0, 2])]], 'failure', ['drone in net'], []],
  ]);
});

describe('hit the ball', () => {
  tests(hitTheBall, [
    [
      'lands when it has fallen to 2 m',
      0,
      [[touch(0)], [ball(20, 0, 2.01, -1)], [ball(21, 0, 2, -1)]],
      'success',
      [],
      [],
    ],
    ['not while it rises', 0, [[touch(0), ball(4, 0, 1.9, 1)]], playing, [], []],
    ['not before a hit', 0, [[ball(4, 0, 1.9, -1)]], playing, [], []],
    ['not after two hits', 0, [[touch(0)], ...wait(25), [touch(0)], [ball(4, 0, 1.9, -1)]], playing, [], []],
    [
      'not with a fault',
      0,
      [[touch(0), ball(4, 0, 1.9, -1), drones([4, 0, 0.3])]],
      'failure',
      ['drone down'],
      [],
    ],
    ['missed', 0, [[ball(4, 0, 0.1, -5)]], 'failure', ['ball down'], []],
  ]);
});
