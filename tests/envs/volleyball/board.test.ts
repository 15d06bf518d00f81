/** The board that defends in `volley-set-and-spike-hard`. */
import { describe, expect, test } from 'vitest';
import { setAndSpikeHard } from '../../../envs/volleyball/rules/by-task.ts';
import { Outcome } from '../../../envs/volleyball/rules/events.ts';
import { VolleyScenes } from '../../../envs/volleyball/scenes.ts';
import { createRng } from '../../../src/core/rng.ts';

const settings = {
  actionMode: 'rates' as const,
  ...{ massVariation: 0, inertiaVariation: 0, motorLagVariation: 0 },
  ...{ thrustVariation: 0, windSpeed: 0 },
} as const;
/** Both aircraft hover. */
const HOVER = Float32Array.from({ length: 8 }, (_, i) => (i % 4 === 3 ? 0.242 : 0));
const places = [
  [2, -2.5, 2.5],
  [2, 2.5, 2.5],
] as const;

/** A spike after two legal hits. @returns what happened, until play was over */
function spiked(position: readonly number[], velocity: readonly number[]) {
  const scenes = new VolleyScenes({ scenes: 1, aircraft: 2, settings, rules: setAndSpikeHard, board: true });
  const { ball, referee, boards, answered } = scenes.game!;
  for (const i of [0, 1])
    scenes.start(i, createRng(1), places[i]!, { position: [0, 0, 0], tilt: 0, yaw: [0, 0] });
  scenes.game!.serve(0, 0, 2);
  referee.beginStep();
  referee.touch(0, 0, true);
  for (let step = 0; step < 10; step++) referee.beginStep();
  referee.touch(0, 1, true);
  ball.position.set(position);
  ball.linearVelocity.set(velocity);
  ball.place(0);
  const told: string[] = [];
  const seen: { time: number; ball: number[]; board: number[] }[] = [];
  for (let step = 1; step <= 250 && referee.sheet.outcome[0] === Outcome.playing; step++) {
    scenes.fly(HOVER);
    told.push(...referee.happened(0).map(({ text }) => text));
    seen.push({ time: 0.02 * step, ball: [...ball.position], board: [...boards!.position] });
    referee.judge(0);
  }
  scenes.close();
  return { told, seen, outcome: referee.sheet.outcome[0]!, answered: answered[0]! };
}

describe('a spike that it can reach', () => {
  test.each([
    [
      [2, 1, 3.6],
      [-8, 0, -1],
    ],
    [
      [2, 0, 3.6],
      [-7, -2, 0],
    ],
    [
      [2, -1, 3.6],
      [-12, 0, -2],
    ],
  ])('from %j at %j m/s comes back to (3, 1, 1.3) m after 1.5 s', (position, velocity) => {
    const { told, seen, outcome, answered } = spiked(position, velocity);
    expect(answered).toBe(1);
    expect(told).toContain('board hits');
    const hit = seen.find((_, i) => i > 0 && seen[i]!.ball[0]! > seen[i - 1]!.ball[0]!)!;
    const there = seen.find(({ time }) => time >= hit.time + 1.48)!;
    expect(Math.abs(there.ball[0]! - 3)).toBeLessThan(1);
    expect(Math.abs(there.ball[1]! - 1)).toBeLessThan(0.4);
    expect(Math.abs(there.ball[2]! - 1.3)).toBeLessThan(0.7);
    // Nobody plays it on: the near side loses.
    expect(outcome).toBe(Outcome.farWins);
  });
});

test('a spike that is too fast and too wide beats it', () => {
  const { told, outcome, answered } = spiked([0.5, 2, 3.2], [-14, 7, -9]);
  expect(answered).toBe(1);
  expect(told).not.toContain('board hits');
  expect(outcome).toBe(Outcome.nearWins);
});

test('it does not try where the ball goes out, or hardly moves', () => {
  expect(spiked([1, 3, 4], [-9, 6, 0]).answered).toBe(0);
  expect(spiked([0.6, 0, 4], [-1.5, 0, 0]).answered).toBe(0);
});

test('it stays at home until then, and moves no faster than 8 m/s', () => {
  const { seen } = spiked([2, 1, 3.6], [-8, 0, -1]);
  for (let i = 1; i < seen.length; i++) {
    const way = Math.hypot(...seen[i]!.board.map((at, k) => at - seen[i - 1]!.board[k]!));
    expect(way).toBeLessThan(0.02 * 8 + 1e-3);
  }
  expect(seen.at(-1)!.board.map((at) => Math.round(10 * at) / 10)).toEqual([-4, 0, 0.5]);
});
