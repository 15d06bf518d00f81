/** The rules for how environments are made: a definition's settings, and several instances beside each other. */

import type { EnvDefinition, VectorEnv } from '../env.ts';
import { parseSettings } from '../settings.ts';
import { agentsOf, wholeTeams } from '../teams.ts';
import { Driver } from './driver.ts';
import { checkInstance } from './instance.ts';
import type { CheckEnvOptions } from './options.ts';
import type { Findings } from './problems.ts';
import { checkAgents } from './teams.ts';

/** Makes an environment of so many scenes. */
export type Create = (numEnvs: number) => VectorEnv;

export function checkDefinition<Settings>(
  findings: Findings,
  definition: EnvDefinition<Settings>,
  options: CheckEnvOptions,
): void {
  const given = { ...options.settings };
  let settings: Settings;
  try {
    settings = parseSettings('env', definition.settings, given);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    findings.add(
      'settings',
      () =>
        `The settings ${JSON.stringify(given)} are refused. ${text} Each setting needs a default within its range, as number(…), flag(…) and choice(…) take.`,
      { cause },
    );
    return;
  }
  if (definition.settings.safeParse({ ...given, 'no such setting': 1 }).success) {
    findings.add(
      'settings-loose',
      () =>
        'The settings accept a name that is none of theirs, so a misspelt one goes unnoticed. Make them with settings({ … }), which refuses it.',
    );
  }
  const create = (numEnvs: number): VectorEnv => definition.create(numEnvs, settings);
  findings.call = 'agents(settings)';
  findings.attempt(() => {
    const agents = agentsOf(definition, settings);
    checkCreated(findings, create, options, { id: definition.id, agents });
  });
}

/** @param said what the definition says that `spec` has to say too */
export function checkCreated(
  findings: Findings,
  create: Create,
  options: CheckEnvOptions,
  said?: { readonly id: string; readonly agents: number },
): void {
  const drivers: Driver[] = [];
  /** @throws what `create` throws */
  const make = (numEnvs: number, beside = ''): Driver => {
    findings.call = `Creating an environment of ${numEnvs === 1 ? 'one scene' : `${numEnvs} scenes`}${beside}`;
    const driver = new Driver(create(numEnvs), findings);
    drivers.push(driver);
    return driver;
  };
  findings.attempt(() => {
    const numEnvs = options.numEnvs ?? wholeTeams(4, said?.agents ?? 1);
    const driver = make(numEnvs);
    const { env } = driver;
    if (env.numEnvs !== numEnvs) {
      findings.add(
        'member',
        () =>
          `create(${numEnvs}) made an environment whose numEnvs is ${env.numEnvs}; it has to be ${numEnvs}.`,
        { group: 'numEnvs' },
      );
      return;
    }
    if (said && env.spec.id !== said.id) {
      findings.add(
        'id',
        () =>
          `The definition's id is "${said.id}" and its environment's spec.id "${env.spec.id}"; give both the same.`,
      );
    }
    if (said) checkAgents(env, said.agents, findings);
    checkInstance({ driver, findings }, options, make);
  });
  for (const driver of drivers) {
    // The second time has to be allowed: whoever cleans up after an error may not know.
    findings.attempt(() => {
      driver.close();
      driver.close();
    });
  }
}
