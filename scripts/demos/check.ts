/** Tells what a data set holds, and whether it fits an environment. */
import { envs } from '../../envs/index.ts';
import { lookUp, ProprioError } from '../../src/core/errors.ts';
import { parseSettings, settings as settingsOf } from '../../src/core/settings.ts';
import { agentsOf } from '../../src/core/teams.ts';
import type { DataSet } from '../../src/datasets/data-set.ts';
import { type Misfit, misfitsOf, misfitText } from '../../src/datasets/fit.ts';
import { readDataSet } from '../../src/datasets/read.ts';
import { parseAssignments } from '../../src/run/config.ts';
import { headerText, summaryJson, summaryText } from './summary.ts';

export interface CheckRequest {
  /** A folder, or an HDF5 file. */
  readonly path: string;
  /** The one that the data set names unless told. */
  readonly env: string | undefined;
  readonly set: readonly string[];
  readonly json?: boolean;
}

/** @throws ProprioError where it does not fit, once that is told */
export async function checkDataSet({ path, env, set, json }: CheckRequest): Promise<void> {
  const dataSet = await readDataSet(path);
  const id = env ?? dataSet.header.env?.id;
  const misfits = id === undefined ? [] : misfitsIn(dataSet, id, set);
  const wrong = misfits.filter(({ harmless }) => !harmless);
  console.log(`${path}: ${summaryText(dataSet)}`);
  console.log(headerText(dataSet.header));
  for (const note of dataSet.notes) console.log(`note: ${note}`);
  for (const misfit of misfits) console.log(`${misfit.harmless ? 'note' : 'wrong'}: ${misfitText(misfit)}`);
  if (id === undefined) console.log('It names no environment: --env <id> checks whether it fits one.');
  else if (wrong.length === 0) console.log(`It fits "${id}".`);
  if (json) console.log(JSON.stringify({ path, ...summaryJson(dataSet), notes: dataSet.notes, misfits }));
  if (wrong.length > 0)
    throw new ProprioError(`${path} does not fit "${id}", as is told above with what to do.`);
}

/** Under the settings that it was recorded with, where it is of that environment, and those given. */
function misfitsIn(dataSet: DataSet, id: string, assignments: readonly string[]): Misfit[] {
  const definition = lookUp('environment', envs, id);
  const none = settingsOf({});
  const given = parseAssignments(assignments, { env: definition.settings, agent: none, training: none }).env;
  const recorded = dataSet.header.env?.id === id ? dataSet.header.env.settings : {};
  const settings = parseSettings('env', definition.settings, { ...recorded, ...given });
  const env = definition.create(agentsOf(definition, settings), settings);
  const misfits = misfitsOf(dataSet, { env, settings });
  env.close();
  return misfits;
}
