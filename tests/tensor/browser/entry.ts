/** What is bundled: every file that says of itself to be portable, and the situations that are compared. */
/// <reference types="vite/types/importMeta.d.ts" />
import * as comparable from './situations.ts';

const portable = import.meta.glob(
  [
    '../../../src/{core,tensor,nn,learner,physics,replay,rollout}/**/*.ts',
    '../../../{envs,agents,robots}/**/*.ts',
  ],
  { eager: true },
);

declare global {
  /** How many files there are. */
  var portableFiles: number;
  var situations: typeof comparable;
}
globalThis.portableFiles = Object.keys(portable).length;
globalThis.situations = comparable;
