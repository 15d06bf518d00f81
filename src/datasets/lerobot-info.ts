/** Reads meta/info.json of a LeRobotDataset: what its numbers are, as far as it tells. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../core/errors.ts';
import type { DataSetHeader, Field } from './data-set.ts';
import { type FeatureInfo, INFO, keys, ownKeys } from './lerobot-layout.ts';

const infoSchema = z.looseObject({
  codebase_version: z.string(),
  fps: z.number().positive(),
  robot_type: z.string().nullish(),
  total_frames: z.int().min(0),
  features: z.record(
    z.string(),
    z.looseObject({ dtype: z.string(), shape: z.array(z.int()), names: z.unknown().optional() }),
  ),
  proprio: ownKeys.optional(),
});
type Info = z.output<typeof infoSchema>;

export interface LeRobotInfo {
  readonly header: DataSetHeader;
  readonly frames: number;
  /** Keys of the features that observations are made of, in this order, with their widths. */
  readonly observed: readonly (readonly [key: string, width: number])[];
  readonly has: (key: string) => boolean;
}

/** @throws ConfigurationError where the folder is none of these data sets, or one that cannot be learnt from */
export function readInfo(folder: string): LeRobotInfo {
  const path = join(folder, INFO);
  const info = parseInfo(path, folder);
  const { features, proprio: own } = info;
  const fail = (message: string): never => {
    throw new ConfigurationError(`${path}: ${message}`);
  };
  if (!/^v3\./.test(info.codebase_version)) {
    fail(
      `this is LeRobotDataset ${info.codebase_version}, and v3.0 is read: convert it with lerobot (python -m lerobot.datasets.v30.convert_dataset_v21_to_v30).`,
    );
  }
  const widthOf = (key: string): number => {
    const { shape } = features[key]!;
    if (shape.length !== 1) fail(`feature "${key}" has the shape [${shape}]; a list of numbers is needed.`);
    return shape[0]!;
  };
  for (const key of [keys.observation, keys.action]) {
    if (features[key]) continue;
    fail(
      `there is no feature "${key}"; known are ${Object.keys(features).join(', ')}. Policies here see numbers, no pictures.`,
    );
  }
  const observed = [keys.observation, keys.environment]
    .filter((key) => features[key])
    .map((key) => [key, widthOf(key)] as const);
  const observation =
    own?.observation ?? observed.flatMap(([key, width]) => fieldsOf(key, features[key]!, width));
  const action = own?.action ?? fieldsOf(keys.action, features[keys.action]!, widthOf(keys.action));
  const total = observed.reduce((sum, [, width]) => sum + width, 0);
  if (observation.length !== total || action.length !== widthOf(keys.action)) {
    fail(
      `it contradicts itself: features of ${total} and ${widthOf(keys.action)} numbers, and ${observation.length} and ${action.length} described under "proprio".`,
    );
  }
  return {
    frames: info.total_frames,
    observed,
    has: (key) => key in features,
    header: {
      task: own?.task ?? '',
      fps: info.fps,
      observation,
      action,
      agents: own?.agents ?? 1,
      rewarded: own?.rewarded ?? keys.reward in features,
      ...(info.robot_type ? { robotType: info.robot_type } : {}),
      ...(own?.env ? { env: own.env } : {}),
      ...(own?.origin ? { origin: own.origin } : {}),
    },
  };
}

function parseInfo(path: string, folder: string): Info {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      code === 'ENOENT' || code === 'ENOTDIR'
        ? `${folder} is no data set: it has no ${INFO}. Name a folder that "demos --out" wrote, or another LeRobotDataset v3.0.`
        : `Cannot read ${path}: ${message}.`,
      { cause: error },
    );
  }
  const parsed = infoSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigurationError(`${path}: ${issue!.path.join('.')}: ${issue!.message}.`);
}

/** Names are a list, lists under headings such as `motors`, or missing. */
function fieldsOf(key: string, { names }: FeatureInfo, width: number): Field[] {
  const listed = Array.isArray(names) ? names : Object.values(names ?? {}).flat();
  const known = listed.length === width && listed.every((name) => typeof name === 'string');
  return Array.from({ length: width }, (_, i) => ({ name: known ? (listed[i] as string) : `${key}.${i}` }));
}
