/** Reads a data set of any kind that is known: a folder in LeRobot's layout, or an HDF5 file. */
import { existsSync, statSync } from 'node:fs';
import { ConfigurationError } from '../core/errors.ts';
import type { DataSet, DataSetHeader } from './data-set.ts';
import { readHdf5 } from './hdf5.ts';
import { readInfo } from './lerobot-info.ts';
import { readLeRobot } from './lerobot-reader.ts';

/** @throws ConfigurationError where there is none, MissingError without a library, ProprioError where it is damaged */
export async function readDataSet(path: string): Promise<DataSet> {
  assertThere(path);
  return statSync(path).isDirectory() ? readLeRobot(path) : readHdf5(path);
}

/** What a data set tells of itself before its episodes are read; undefined for files, which tell nothing. @throws as `readDataSet` */
export function readHeader(path: string): DataSetHeader | undefined {
  assertThere(path);
  return statSync(path).isDirectory() ? readInfo(path).header : undefined;
}

function assertThere(path: string): void {
  if (!existsSync(path))
    throw new ConfigurationError(
      `There is no data set at ${path}: "proprio demos <env> --out ${path}" makes one.`,
    );
}
