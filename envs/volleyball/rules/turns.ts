/**
 * Whose turn it is: by a rota, or by the side that has the ball. Everything here reads and writes one scene of a
 * scoresheet.
 */
import type { Side } from '../court.ts';
import type { MatchRules } from './by-task.ts';
import type { Fault } from './faults.ts';
import type { Scoresheet } from './sheet.ts';

/** The place of a server in the rota; 0 without one. @throws RangeError for a server who is not in it */
export function turnOf({ turns }: MatchRules, server: number): number {
  if (turns.kind !== 'rota') return 0;
  const turn = turns.order.indexOf(server);
  if (turn >= 0) return turn;
  throw new RangeError(`Player ${server} cannot serve: it is not in the rota ${turns.order.join(', ')}.`);
}

/** Why a player may not hit now, `since` control steps after its last contact began; undefined where it may. */
export function faultOfTurn(
  { turns, touches, sides }: MatchRules,
  { free, touched, side, answerable }: Scoresheet,
  scene: number,
  player: number,
  since: number,
): Fault | undefined {
  if (since <= touches.interval) return 'double hit';
  if (free[scene]! & (1 << player)) return undefined;
  if (turns.kind === 'rota') return answerable[scene] === player ? 'double hit' : 'out of turn';
  if (sides[player] !== side[scene]) return 'wrong side';
  return touched[scene]! & (1 << player) ? 'double hit' : 'out of turn';
}

/** A player has hit legally: the next one's turn. */
export function passTurn({ turns }: MatchRules, sheet: Scoresheet, scene: number, player: number): void {
  sheet.hits[scene]! |= 1 << player;
  sheet.touched[scene]! |= 1 << player;
  sheet.rally[scene]!++;
  if (turns.kind === 'possession') {
    sheet.free[scene]! &= ~(1 << player);
    return;
  }
  const next = sheet.turn[scene]! + 1;
  sheet.turn[scene] = turns.repeats ? next % turns.order.length : next;
  const nobodyLeft = sheet.turn[scene] === turns.order.length;
  sheet.free[scene] = nobodyLeft ? 0 : 1 << turns.order[sheet.turn[scene]!]!;
}

/** The ball has come to another side: its touches are counted anew. */
export function passBall({ turns, sides }: MatchRules, sheet: Scoresheet, scene: number, to: Side): void {
  sheet.side[scene] = to;
  sheet.touched[scene] = 0;
  if (turns.kind === 'rota') return;
  sheet.free[scene] = 0;
  for (let player = 0; player < sides.length; player++)
    if (sides[player] === to) sheet.free[scene]! |= 1 << player;
}
