/** Records a data set of an environment's demonstrator. */
import { existsSync } from 'node:fs';
import { demonstratorOf, gradeNames } from '../../src/core/demonstrator.ts';
import { UsageError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { agentsOf } from '../../src/core/teams.ts';
import { headerFor } from '../../src/datasets/data-set.ts';
import { writeDataSet } from '../../src/datasets/lerobot-writer.ts';
import { recordEpisodes } from '../../src/rollout/record.ts';
import { parseDials } from '../commands/dial-options.ts';
import { findSubject, type Subject } from '../view/subject.ts';
import { countedProgress } from './progress.ts';
import { folderSize, summaryJson, summaryText } from './summary.ts';

export interface RecordRequest {
  readonly env: string;
  readonly set: readonly string[];
  readonly grade?: string;
  readonly dial: readonly string[];
  readonly episodes: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: boolean;
}

/** @throws UsageError for a grade that the task has not, or a folder that exists */
export async function recordDataSet({
  env: name,
  set,
  out,
  episodes,
  seed,
  json,
  ...request
}: RecordRequest) {
  const { definition, settings } = findSubject(name, set);
  if (existsSync(out))
    throw new UsageError(`${out} exists already; a data set is not written over: name another folder.`);
  const demonstrator = demonstratorOf(definition);
  const { grade, dials } = dialsOf({ definition, settings }, request);
  const env = definition.create(agentsOf(definition, settings), settings);
  const progress = countedProgress('episodes', episodes);
  const recorded = await recordEpisodes({
    env,
    demonstrator: demonstrator.create(env, settings, dials, createRng(seed).split('demonstrator')),
    episodes,
    seed,
    onEpisode: progress.show,
  });
  progress.end();
  env.close();
  const header = headerFor(env, settings, {
    ...(demonstrator.robot === undefined ? {} : { robotType: demonstrator.robot }),
    origin: { actor: 'scripted controller', seed, ...(grade === undefined ? {} : { grade }), dials },
  });
  const dataSet = { header, episodes: recorded, notes: [] };
  writeDataSet(out, dataSet);
  const bytes = folderSize(out);
  console.log(`${out}: ${summaryText(dataSet)}, ${(bytes / 1e6).toFixed(1)} MB`);
  if (json) console.log(JSON.stringify({ path: out, bytes, ...summaryJson(dataSet) }));
}

/** A grade, or dials set one by one; dials over a grade make it none. */
function dialsOf(
  { definition, settings }: Pick<Subject, 'definition' | 'settings'>,
  { grade, dial }: Pick<RecordRequest, 'grade' | 'dial'>,
): { readonly grade?: string; readonly dials: Record<string, unknown> } {
  const demonstrator = demonstratorOf(definition);
  const given = parseDials(demonstrator, dial);
  const grades: Readonly<Record<string, object | undefined>> = demonstrator.grades(settings);
  const named = grade ?? (dial.length === 0 ? 'expert' : undefined);
  const values = named === undefined ? {} : grades[named];
  if (!values) {
    const known = gradeNames.filter((each) => grades[each]);
    throw new UsageError(
      `"${definition.id}" has no grade "${named}" under these settings. It has: ${known.join(', ') || 'none'}; or set dials: ${Object.keys(demonstrator.dials.shape).join(', ')}.`,
    );
  }
  const dials = parseSettings('dial', demonstrator.dials, { ...values, ...given });
  return named !== undefined && dial.length === 0 ? { grade: named, dials } : { dials };
}
