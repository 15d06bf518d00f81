/** The rules for teams: an episode takes a row for each agent, and they begin and end together. */
import type { StepBatch, VectorEnv } from '../env.ts';
import type { Check } from './driver.ts';
import type { Findings } from './problems.ts';

/** Rows of an episode; undefined where the environment does not say it in a whole number. */
export const teamOf = ({ spec: { agents } }: VectorEnv): number | undefined =>
  Number.isInteger(agents) && agents >= 1 ? agents : undefined;

/** @returns whether the rows are whole teams */
export function checkRows(env: VectorEnv, findings: Findings): boolean {
  const agents = teamOf(env);
  if (agents === undefined || env.numEnvs % agents === 0) return true;
  findings.add(
    'member',
    () =>
      `numEnvs is ${env.numEnvs}, and an episode takes ${agents} rows, one for each of spec.agents; create it with a multiple of ${agents}.`,
    { group: 'rows' },
  );
  return false;
}

/** @param agents what the definition says of its settings */
export function checkAgents({ spec }: VectorEnv, agents: number, findings: Findings): void {
  if (spec.agents === agents) return;
  findings.add(
    'spec',
    () =>
      `spec.agents is ${spec.agents} and the definition says ${agents} for these settings; let agents(settings) return what the environment will say (without it, 1 is meant).`,
    { group: 'agents of the definition' },
  );
}

export function checkTogether({ driver, findings }: Check, { terminated, truncated }: StepBatch): void {
  const agents = teamOf(driver.env);
  if (agents === undefined) return;
  for (let row = 0; row < driver.env.numEnvs; row++) {
    const first = row - (row % agents);
    if (terminated[row] === terminated[first] && truncated[row] === truncated[first]) continue;
    const flags = (at: number): string => `terminated ${terminated[at]} and truncated ${truncated[at]}`;
    findings.add(
      'team-apart',
      () =>
        `Rows ${first} and ${row} are agents of one episode, and had ${flags(first)}, ${flags(row)}${driver.at(row)}. End an episode for all its agents in the same step and in the same way.`,
    );
    return;
  }
}
