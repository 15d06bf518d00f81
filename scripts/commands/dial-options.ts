/** Reading the dials of a demonstrator from flags. */
import type { DemonstratorDefinition } from '../../src/core/demonstrator.ts';
import { ConfigurationError } from '../../src/core/errors.ts';
import { settings } from '../../src/core/settings.ts';
import { parseAssignments } from '../../src/run/config.ts';

/** @param assignments `name=value` @throws ConfigurationError for an unknown name, with the nearest */
export function parseDials(
  { dials }: Pick<DemonstratorDefinition, 'dials'>,
  assignments: readonly string[],
): Record<string, unknown> {
  const none = settings({});
  try {
    return parseAssignments(assignments, { env: dials, agent: none, training: none }).env;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(
      error.message.replace('--set', '--dial').replace('Unknown setting', 'Unknown dial'),
      { cause: error },
    );
  }
}
