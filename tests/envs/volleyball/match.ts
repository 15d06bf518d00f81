/** Matches told in a line: control steps as arrays of events, and how they end. */
import { expect, test } from 'vitest';
import { FAR, NEAR } from '../../../envs/volleyball/court.ts';
import type { MatchRules } from '../../../envs/volleyball/rules/by-task.ts';
import { faultsIn } from '../../../envs/volleyball/rules/faults.ts';
import { Referee } from '../../../envs/volleyball/rules/referee.ts';

export type Event = (referee: Referee) => void;

export const touch = (player: number, withRacket = true): Event => {
  return (referee) => referee.touch(0, player, withRacket);
};
export const ball = (x: number, y: number, z: number, verticalSpeed = 0): Event => {
  return (referee) => referee.ball(0, [x, y, z], 0, verticalSpeed);
};
export const drones = (...positions: number[][]): Event => {
  return (referee) => referee.drones(0, positions.flat(), 0);
};
/** Control steps in which nothing is told. */
export const wait = (steps: number): Event[][] => Array.from({ length: steps }, () => []);

/** A match in which each inner array is a control step. */
export function play(rules: MatchRules, server: number, steps: readonly Event[][]): Referee {
  const referee = new Referee(rules, 1);
  referee.start(0, server, [rules.sides[server] === NEAR ? 1.5 : -1.5, 0, 4], 0);
  steps.forEach((events, i) => {
    expect(referee.sheet.outcome[0], `before step ${i}`).toBe(0);
    referee.beginStep();
    for (const event of events) event(referee);
    referee.judge(0);
  });
  return referee;
}

/** How it stands, and the faults of both sides. */
export const verdict = ({ sheet, words }: Referee): unknown[] => [
  words.outcomes[sheet.outcome[0]!],
  faultsIn(sheet.sideFaults[NEAR]!),
  faultsIn(sheet.sideFaults[FAR]!),
];

export type Case = [
  name: string,
  server: number,
  steps: Event[][],
  outcome: string,
  near: string[],
  far: string[],
];

export const tests = (rules: MatchRules, cases: Case[]): void =>
  test.each(cases)('%s', (_, server, steps, ...expected) => {
    expect(verdict(play(rules, server, steps))).toEqual(expected);
  });

/** Five steps apart, so that each is a contact of its own. */
export const hits = (...players: number[]): Event[][] =>
  players.flatMap((player) => [...wait(4), [touch(player)]]);

/** The ball in the far half, and in the near one, in the air. */
export const over = ball(-1.5, 0, 3);
export const back = ball(1.5, 0, 3);
