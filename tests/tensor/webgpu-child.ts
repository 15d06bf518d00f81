/**
 * Runs updates of every agent on `webgpu` and prints their errors as JSON. A process of its own, because graphics drivers
 * may hang or crash when a process ends.
 */
import { MissingError } from '../../src/core/errors.ts';
import { type GoldenRollout, goldenCases, offPolicyErrors, onPolicyErrors } from '../support/golden.ts';
import { errorsOf, runUpdates, sacShapes, sacUpdate } from '../support/sac-updates.ts';

/** Against the reference, with Adam's moments as in the midst of a training. */
async function sacErrors(): Promise<Record<string, number>> {
  const update = sacUpdate(sacShapes.small);
  const actual = await runUpdates(update, 'webgpu', 1);
  return errorsOf(actual, await runUpdates(update, 'reference', 1));
}

try {
  const errors: Record<string, Record<string, number>> = { 'sac under way': await sacErrors() };
  for (const file of ['dsac-t', 'td3', 'crossq', 'tqc', 'mdpo']) {
    const [title, golden] = goldenCases(file)[0]!;
    errors[title] = await offPolicyErrors(golden, 'webgpu');
  }
  for (const file of ['ppo', 'mdpo-on-policy']) {
    const [title, golden] = goldenCases<GoldenRollout>(file)[0]!;
    errors[title] = await onPolicyErrors(golden, 'webgpu');
  }
  console.log(JSON.stringify({ errors }));
} catch (error) {
  if (!(error instanceof MissingError)) throw error;
  console.log(JSON.stringify({ missing: error.message }));
}
