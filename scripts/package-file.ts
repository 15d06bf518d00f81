/** Where this package's own package.json lies: beside the sources, or one level above the built files. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const packageFile = ['../package.json', '../../package.json']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find(existsSync)!;
