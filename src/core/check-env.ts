/**
 * Is an environment what `VectorEnv` promises? `checkEnv` runs it and says what is wrong, where, and what to do. It has
 * the role of Gymnasium's `check_env`, for many scenes at once; it tells everything that it finds, and never throws.
 */
import type { EnvDefinition, VectorEnv } from './env.ts';
import { type Create, checkCreated, checkDefinition } from './env-check/creation.ts';
import { Driver } from './env-check/driver.ts';
import { checkInstance } from './env-check/instance.ts';
import type { CheckEnvOptions } from './env-check/options.ts';
import { type EnvProblem, Findings } from './env-check/problems.ts';

export type { CheckEnvOptions } from './env-check/options.ts';
export type { EnvProblem, EnvRule, Severity } from './env-check/problems.ts';

/**
 * @param subject a definition, a function that creates an environment of N scenes, or one environment that has not been
 *   reset yet. Of the last only what a single instance shows is checked; it stays open, and has to be reset before use.
 * @returns the problems, errors first. Without errors it is ready for training; advice is for reading.
 */
export function checkEnv<Settings>(
  subject: EnvDefinition<Settings> | Create | VectorEnv,
  options: CheckEnvOptions = {},
): EnvProblem[] {
  const findings = new Findings();
  if ((typeof subject !== 'object' && typeof subject !== 'function') || subject === null) {
    findings.add('member', () => `checkEnv was given ${subject}; it takes an environment or what makes one.`);
    return findings.list();
  }
  findings.attempt(() => {
    if (typeof subject === 'function') checkCreated(findings, subject, options);
    else if ('create' in subject) checkDefinition(findings, subject, options);
    else checkInstance({ driver: new Driver(subject, findings), findings }, options);
  });
  return findings.list();
}
