/** The house rules that a compiler does not know: who may import whom, and no unseeded randomness. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folder → folders that it may import, beside itself. Everything that is not listed is forbidden. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/tensor': ['src/core'],
  'src/nn': ['src/core', 'src/tensor'],
  'src/learner': ['src/core', 'src/nn', 'src/tensor'],
  'src/replay': ['src/core'],
  'src/datasets': ['src/core', 'src/replay'],
  'src/physics': ['src/core'],
  'src/flow': ['src/core'],
  'src/rollout': ['src/core', 'src/replay'],
  'src/bridge': ['src/core'],
  'src/viewer': ['src/bridge', 'src/core', 'src/rollout'],
  'scripts/demo': [
    'agents',
    'envs',
    ...['core', 'learner', 'replay', 'rollout', 'run', 'viewer'].map((name) => `src/${name}`),
  ],
  'src/run': ['src/core', 'src/datasets', 'src/learner', 'src/nn', 'src/replay', 'src/rollout', 'src/tensor'],
  src: ['core', 'datasets', 'learner', 'nn', 'replay', 'rollout', 'run', 'tensor'].map(
    (name) => `src/${name}`,
  ),
  robots: ['src/core', 'src/flow', 'src/physics'],
  envs: ['src/core', 'src/flow', 'src/physics', 'robots'],
  agents: ['src/core', 'src/learner', 'src/nn', 'src/tensor'],
  scripts: [
    'agents',
    'envs',
    'robots',
    'src',
    ...[
      'bridge',
      'core',
      'datasets',
      'flow',
      'learner',
      'nn',
      'physics',
      'replay',
      'rollout',
      'run',
      'tensor',
      'viewer',
    ].map((name) => `src/${name}`),
  ],
};

/** Libraries that only one folder may know. */
const owners: Readonly<Record<string, string>> = {
  '@tensorflow/tfjs': 'src/tensor',
  '#onnxruntime': 'src/tensor',
  '@dimforge/rapier3d-compat': 'src/physics',
  '@rgrove/parse-xml': 'src/physics',
  '@mcap/core': 'src/viewer',
  hyparquet: 'src/datasets',
  'hyparquet-writer': 'src/datasets',
  three: 'src/viewer',
  uplot: 'src/viewer',
};

/** Folders that run in a browser too, so they know nothing of Node. */
const portable = [
  'src/core',
  'src/tensor',
  'src/nn',
  'src/learner',
  'src/physics',
  'src/flow',
  'src/replay',
  'src/rollout',
  'src/viewer',
  'scripts/demo',
  'envs',
  'agents',
  'robots',
];

/** Files of portable folders that Node alone runs; none of the others there may need them. */
const nodeOnly = [
  'src/viewer/access.ts',
  'src/viewer/listen.ts',
  'src/viewer/server.ts',
  'src/viewer/static-files.ts',
  'src/viewer/app/build.ts',
];

interface SourceFile {
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sourceFiles(): SourceFile[] {
  return Object.keys(mayImport)
    .map((folder) => folder.split('/')[0]!)
    .filter((top, i, all) => all.indexOf(top) === i)
    .flatMap((top) => readdirSync(join(root, top), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const path = posix.normalize(relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
      const text = readFileSync(join(root, path), 'utf8');
      const imports = [...text.matchAll(/(?:from|import)\s+'([^']+)'/g)].map((match) => match[1]!);
      return { path, folder: folderOf(path), text, imports };
    });
}

/** The entry of the table that a path belongs to: the innermost one. */
function folderOf(path: string): string {
  const parts = path.split('/');
  const folders = parts.map((_, i) => parts.slice(0, parts.length - i).join('/'));
  return folders.find((folder) => folder in mayImport)!;
}

const files = sourceFiles();

describe('architecture', () => {
  test('every source file is found', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(new Set(files.map(({ folder }) => folder))).toEqual(new Set(Object.keys(mayImport)));
  });

  test('folders import only what the table allows', () => {
    const offences = files.flatMap(({ path, folder, imports }) =>
      imports
        .filter((name) => name.startsWith('.'))
        .map((name) => posix.join(dirname(path), name))
        .filter((target) => folderOf(target) !== folder && !mayImport[folder]!.includes(folderOf(target)))
        .map((target) => `${path} imports ${target}`),
    );
    expect(offences).toEqual([]);
  });

  test.each(Object.entries(owners))('%s is imported by %s only', (library, owner) => {
    const users = files.filter(({ imports }) => imports.includes(library));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter(({ folder }) => folder !== owner).map(({ path }) => path)).toEqual([]);
  });

  test('portable folders import nothing of Node', () => {
    const needsNode = (path: string, name: string): boolean =>
      name.startsWith('node:') || name === 'ws' || nodeOnly.includes(posix.join(dirname(path), name));
    const offences = files.filter(
      ({ path, folder, imports }) =>
        portable.includes(folder) &&
        !nodeOnly.includes(path) &&
        imports.some((name) => needsNode(path, name)),
    );
    expect(offences.map(({ path }) => path)).toEqual([]);
    expect(nodeOnly.filter((path) => !files.some((file) => file.path === path))).toEqual([]);
  });

  test('nothing draws unseeded random numbers', () => {
    const offences = files.filter(
      ({ text, path }) => /Math\.random\(/.test(text) && path !== 'src/core/rng.ts',
    );
    expect(offences.map(({ path }) => path)).toEqual([]);
  });
});
