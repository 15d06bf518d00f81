/**
 * How strong a policy is against another, from the games between them: win rate, Elo by updates in order, and the Elo
 * difference that explains the games best. Every figure is the first policy's.
 */

/** Games between two policies, counted. */
export interface Games {
  readonly wins: number;
  readonly draws: number;
  readonly losses: number;
}

/** A number with its 95 % confidence interval; `value` is null where the games say nothing of it. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
}

/** Quantile of the standard normal distribution for 95 % between both ends. */
const Z = 1.959963984540054;

/** Both policies' ratings before their first game. */
export const ELO_BASE = 1000;
/** Rating points at which the stronger one is expected to score ten times as much. */
const ELO_SCALE = 400;
/**
 * Largest change of a rating by one game: 42 points for each of two, as VolleyBots ranks its policies (arXiv
 * 2502.01932).
 */
const ELO_STEP = 84;

/**
 * Wilson's score interval of a proportion (Wilson 1927): unlike the normal one it stays within 0 and 1, and says
 * something even where all or none succeeded.
 * @param successes from 0 to `trials`; half a success is allowed
 * @throws RangeError for numbers that count nothing
 */
export function wilsonInterval(successes: number, trials: number): Estimate {
  if (!(trials >= 0 && successes >= 0 && successes <= trials && Number.isFinite(trials)))
    throw new RangeError(`${successes} successes in ${trials} trials make no proportion.`);
  if (trials === 0) return { value: null, low: 0, high: 1 };
  const value = successes / trials;
  const spread = Z ** 2 / trials;
  const centre = (value + spread / 2) / (1 + spread);
  const half = (Z / (1 + spread)) * Math.sqrt((value * (1 - value)) / trials + spread / (4 * trials));
  // Rounding may leave the ends of an interval that touches 0 or 1 a little beyond or short of it.
  return {
    value,
    low: successes === 0 ? 0 : centre - half,
    high: successes === trials ? 1 : centre + half,
  };
}

/** Wins as a part of the games that were decided: draws do not count. */
export const winRate = ({ wins, losses }: Games): Estimate => wilsonInterval(wins, wins + losses);

/**
 * The part of the points that a policy is expected to score against one rated `difference` lower; a draw is half a
 * point.
 */
export const expectedScore = (difference: number): number => 1 / (1 + 10 ** (-difference / ELO_SCALE));

/** Points of the first policy in a game. */
export type Points = 0 | 0.5 | 1;

/**
 * Both ratings after these games, each changed after every game by how much its points exceeded what was expected. The
 * last games count most, so the same games in another order give other ratings; `eloDifference` does not depend on it.
 * @param points the first policy's in each game, in order
 */
export function eloRatings(points: Iterable<Points>): { readonly first: number; readonly second: number } {
  let [first, second] = [ELO_BASE, ELO_BASE];
  for (const scored of points) {
    const gain = ELO_STEP * (scored - expectedScore(first - second));
    first += gain;
    second -= gain;
  }
  return { first, second };
}

/**
 * The difference of ratings under which these games are the most probable, a draw being half a win and half a loss: the
 * one at which the expected score is the score. Infinite where one side has all the points. Its interval is that of the
 * score, by Wilson; draws make it wider than need be, never narrower.
 */
export function eloDifference({ wins, draws, losses }: Games): Estimate {
  const score = wilsonInterval(wins + draws / 2, wins + draws + losses);
  const value = score.value === null ? null : differenceAt(score.value);
  return { value, low: differenceAt(score.low), high: differenceAt(score.high) };
}

/** Inverse of `expectedScore`. */
const differenceAt = (score: number): number => ELO_SCALE * Math.log10(score / (1 - score));
