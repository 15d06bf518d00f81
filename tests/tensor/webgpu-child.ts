/**
 * Runs one update on `webgpu` and on the reference and prints the errors as JSON. A process of its own, because graphics
 * drivers may hang or crash when a process ends.
 */
import { MissingError } from '../../src/core/errors.ts';
import { errorsOf, runUpdates, sacShapes, sacUpdate } from '../support/sac-updates.ts';

const update = sacUpdate(sacShapes.small);
try {
  const actual = await runUpdates(update, 'webgpu', 1);
  const errors = errorsOf(actual, await runUpdates(update, 'reference', 1));
  console.log(JSON.stringify({ errors }));
} catch (error) {
  if (!(error instanceof MissingError)) throw error;
  console.log(JSON.stringify({ missing: error.message }));
}
