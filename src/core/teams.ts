/**
 * Teams: an episode with D agents takes D rows, row = episode·D + agent, each with an observation, an action and a reward
 * of its own. The rows of an episode begin and end together.
 */
import type { EnvDefinition } from './env.ts';
import { ConfigurationError } from './errors.ts';

/** Rows that an episode takes under these settings, D. */
export const agentsOf = <Settings>(definition: EnvDefinition<Settings>, settings: Settings): number =>
  definition.agents?.(settings) ?? 1;

/** The least number of whole teams' rows that is at least `rows`. */
export const wholeTeams = (rows: number, agents: number): number => agents * Math.ceil(rows / agents);

/**
 * @param what has so many rows: the beginning of a sentence, such as `--envs 5`
 * @throws ConfigurationError naming the nearest number of rows that are whole teams
 */
export function assertWholeTeams(what: string, rows: number, agents: number): void {
  if (rows % agents === 0) return;
  const nearest = Math.max(agents, agents * Math.round(rows / agents));
  throw new ConfigurationError(
    `${what} makes no whole teams: an episode takes ${agents} rows, one for each agent. The nearest multiple of ${agents} is ${nearest}.`,
  );
}
