/** Who plays against a run: another run, or the scripted player of the match at some strength. */
import { existsSync } from 'node:fs';
import type { EnvDefinition, VectorEnv } from '../../src/core/env.ts';
import { UsageError } from '../../src/core/errors.ts';
import type { Policy } from '../../src/core/policy.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { type Estimate, eloDifference, eloRatings, winRate } from '../../src/rollout/ratings.ts';
import type { Contest } from '../../src/rollout/versus.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { loadRunPolicy } from '../view/run-policy.ts';

/** Settings under which every player of a match is a row. @throws UsageError for an environment that is no match */
export function matchSettings(
  definition: EnvDefinition,
  settings: Record<string, unknown>,
): Record<string, unknown> {
  if (!definition.match)
    throw new UsageError(`"${definition.id}" is no match: --opponent is for those, such as volley-1v1.`);
  return parseSettings('env', definition.settings, { ...settings, ...definition.match.settings });
}

/**
 * @param name of a run folder, or `scripted`, or `scripted:level` with a level from 0 to 1
 * @throws UsageError where there is neither
 */
export async function findOpponent(
  name: string,
  env: VectorEnv,
  definition: EnvDefinition,
  settings: Record<string, unknown>,
): Promise<Policy & { dispose?(): Promise<void> }> {
  const scripted = /^scripted(?::(.+))?$/.exec(name);
  if (scripted) {
    const level = Number(scripted[1] ?? 1);
    if (!(level >= 0 && level <= 1))
      throw new UsageError(`--opponent scripted:${scripted[1]}: the strength is a number from 0 to 1.`);
    return definition.match!.opponent(env, settings, level);
  }
  if (!existsSync(name))
    throw new UsageError(
      `--opponent ${name}: there is no such run folder; or use scripted, or scripted:0.5.`,
    );
  const run = RunFolder.open(name);
  if (run.config.env.id !== definition.id)
    throw new UsageError(`--opponent ${name} is a run of "${run.config.env.id}", not of "${definition.id}".`);
  return loadRunPolicy(run, env);
}

/** A contest under the names that `--json` uses. */
export const contestRecord = (result: Contest) => {
  const { first, second } = eloRatings(result.points);
  return {
    wins: result.wins,
    draws: result.draws,
    losses: result.losses,
    win_rate: winRate(result),
    elo: { first, second },
    elo_difference: eloDifference(result),
  };
};

export function contestText(result: Contest): string {
  const { first, second } = eloRatings(result.points);
  const { wins, draws, losses } = result;
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  return [
    `${wins} won, ${draws} drawn, ${losses} lost; of those decided, won ${range(winRate(result), percent)}`,
    `Elo, game after game from 1000: ${first.toFixed(0)} against ${second.toFixed(0)}; difference that explains the games best: ${range(eloDifference(result), (points) => points.toFixed(0))}`,
  ].join('\n');
}

const range = ({ value, low, high }: Estimate, text: (value: number) => string): string =>
  value === null ? 'unknown' : `${text(value)} (95 %: ${text(low)} to ${text(high)})`;
