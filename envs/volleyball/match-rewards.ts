/** What players of a match are paid. After VolleyBots, without its penalty for the court's centre line. */
import type { Match, MatchSettings } from './match.ts';
import { faultSet } from './rules/faults.ts';

export const rewardTerms = (team: boolean): readonly string[] =>
  team ? ['result', 'hit', 'near', 'place', 'down', 'close'] : ['result', 'hit', 'near', 'place', 'down'];

/** In 1v1 the inner part of a half, where places cost nothing: so far from net and lines, and from 2 m of height, m. */
const ROOM = { lines: 0.5, height: 1, middle: 2 } as const;
const DOWN = faultSet('drone down');
const CLOSE = faultSet('too close');

/** @returns what writes the terms of `player` in `scene` */
export function matchTerms(
  match: Match,
  s: MatchSettings,
): (scene: number, player: number, terms: Float32Array) => void {
  const { scenes, game, options, players, perSide } = match;
  const { sheet } = game.referee;
  const { team, rules } = options;
  const p = scenes.fleet.bodies.position;
  const b = game.ball.position;

  const hits = (scene: number, player: number): number => {
    const first = match.sideOf(player) * perSide;
    const who = team ? ((1 << perSide) - 1) << first : 1 << player;
    let [set, count] = [sheet.hits[scene]! & who, 0];
    for (; set !== 0; set &= set - 1) count++;
    return count;
  };

  const near = (scene: number, player: number): number => {
    if ((sheet.free[scene]! & (1 << player)) === 0) return 0;
    const i = 3 * (scene * players + player);
    const [x, y] = [p[i]! - b[3 * scene]!, p[i + 1]! - b[3 * scene + 1]!];
    return s.nearReward / (1 + (team ? Math.hypot(x, y, p[i + 2]! - b[3 * scene + 2]!) : Math.hypot(x, y)));
  };

  /** How far beyond the inner part of the half, m, all axes together. */
  const beyond = (i: number): number => {
    const { length, width } = rules.court;
    const [x, y, z] = [Math.abs(p[i]!), Math.abs(p[i + 1]!), p[i + 2]!];
    const over = (value: number): number => Math.max(0, value);
    return (
      over(ROOM.lines - x) +
      over(ROOM.lines - (length / 2 - x)) +
      over(ROOM.lines - (width / 2 - y)) +
      over(Math.abs(z - ROOM.middle) - ROOM.height)
    );
  };

  return (scene, player, terms) => {
    const i = scene * players + player;
    const faults = sheet.faults[i]!;
    terms[0] = s.winReward * sheet.result(scene, match.sideOf(player));
    terms[1] = s.hitReward * hits(scene, player);
    terms[2] = near(scene, player);
    terms[3] = team
      ? s.placeReward / (1 + scenes.distanceTo(i, match.places[player]!))
      : s.placeReward * beyond(3 * i);
    terms[4] = faults & DOWN ? s.downReward : 0;
    if (team) terms[5] = faults & CLOSE ? s.closeReward : 0;
  };
}
