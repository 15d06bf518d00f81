/** Data sets in words and in JSON. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DataSet, type DataSetHeader, type Field, summaryOf } from '../../src/datasets/data-set.ts';

/** Such as `200 episodes, 12000 steps, 55.0 % succeeded, return 0.55 ± 0.50`. */
export function summaryText(dataSet: Pick<DataSet, 'episodes'>): string {
  const { episodes, frames, successes, returnMean, returnStd } = summaryOf(dataSet);
  return [
    `${episodes} episodes`,
    `${frames} steps`,
    ...(successes === null ? [] : [`${((100 * successes) / episodes).toFixed(1)} % succeeded`]),
    `return ${returnMean.toFixed(2)} ± ${returnStd.toFixed(2)}`,
  ].join(', ');
}

export const summaryJson = (dataSet: DataSet): object => ({
  ...summaryOf(dataSet),
  env: dataSet.header.env ?? null,
  origin: dataSet.header.origin ?? null,
});

/** What a data set tells of itself, a line each. */
export function headerText({ task, env, origin, robotType, fps, agents, ...header }: DataSetHeader): string {
  const settings = Object.entries(env?.settings ?? {}).map(([name, value]) => `${name}=${shown(value)}`);
  const dials = Object.entries(origin?.dials ?? {}).map(([name, value]) => `${name}=${shown(value)}`);
  const lines: readonly (readonly [string, string])[] = [
    ['task', task || 'not told'],
    ['environment', env ? `${env.id} (${settings.join(', ')})` : 'not told'],
    ['robot', robotType ?? 'not told'],
    ['actor', origin ? `${origin.actor}, seed ${origin.seed}` : 'not told'],
    ['grade', origin?.grade ?? 'none'],
    ['dials', dials.join(', ') || 'none'],
    ['rate', fps > 0 ? `${fps} steps a second` : 'not told'],
    ['observation', fieldsText(header.observation)],
    ['action', fieldsText(header.action)],
    ...(agents > 1 ? [['agents', String(agents)] as const] : []),
  ];
  return lines.map(([name, text]) => `  ${name.padEnd(12)} ${text}`).join('\n');
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const fieldsText = (fields: readonly Field[]): string => {
  const [first, last] = [fields[0]!, fields.at(-1)!];
  const told = ({ name, unit }: Field): string => (unit === undefined ? name : `${name} [${unit}]`);
  return `${fields.length} numbers, from ${told(first)} to ${told(last)}`;
};

/** Bytes of all files in a folder. */
export const folderSize = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .filter((entry) => entry.isFile())
    .reduce((sum, { size }) => sum + size, 0);
