/** A URDF file on this machine, with its meshes and the options beside it. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { UsageError } from '../../src/core/errors.ts';
import type { UrdfSource } from '../../src/physics/urdf/load.ts';
import { parseUrdfOptions } from '../../src/physics/urdf/options.ts';

/** How the options are described where a command takes them. */
export const urdfOptionsHelp =
  'JSON: {"passing": [["link", "link"]], "maxEffort": {"joint": N·m, "*": N·m}, "openMeshes": true}';

/**
 * @param optionsFile JSON, see `src/physics/urdf/options.ts`
 * @throws UsageError where there is no such file
 * @throws ConfigurationError for options that are wrong
 */
export function urdfSource(file: string, optionsFile?: string): UrdfSource {
  const text = readTextFile(file);
  return {
    // Folders around it are looked into for meshes, so they have to be named.
    path: resolve(file).split(sep).join('/'),
    text,
    read: async (path) => (existsSync(path) && statSync(path).isFile() ? readFile(path) : undefined),
    ...(optionsFile === undefined
      ? {}
      : { options: parseUrdfOptions(readTextFile(optionsFile), optionsFile) }),
  };
}

/** As a person would give it from here. */
export const shownPath = ({ path }: UrdfSource): string => {
  const near = relative('.', path);
  return near.startsWith('..') ? path : near;
};

function readTextFile(file: string): string {
  if (existsSync(file) && statSync(file).isFile()) return readFileSync(file, 'utf8');
  throw new UsageError(`There is no file ${file}.`);
}
