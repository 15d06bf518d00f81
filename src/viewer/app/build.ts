/** Builds the page with Vite into files that a server only has to hand out. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MissingError } from '../../core/errors.ts';

const PAGE = 'index.html';
const here = fileURLToPath(new URL('.', import.meta.url));
/** Everything that the page may be made of. */
const sources = join(here, '../..');

/**
 * Builds the page if any source is newer than what was built last.
 * @returns the folder to serve: `dist/viewer-app` of the repository, or of the installed package
 * @throws MissingError when it has to be built and Vite is not installed
 */
export async function buildPage(): Promise<string> {
  // An installed package has no sources beside this file, but the page that was built before it was packed.
  if (!existsSync(join(here, PAGE))) return join(here, '../../../viewer-app');
  const folder = join(here, '../../../dist/viewer-app');
  const page = join(folder, PAGE);
  if (existsSync(page) && (await newestChange(sources)) < (await stat(page)).mtimeMs) return folder;
  const started = new Date();
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(`${folder}-`);
  try {
    await build(fresh);
    // What changes from now on was not built.
    await utimes(join(fresh, PAGE), started, started);
    await replace(folder, fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return folder;
}

async function build(outDir: string): Promise<void> {
  const vite = await import('vite').catch((error: Error) => {
    const message =
      'The page of the viewer has to be built, and Vite is missing: run `npm install` in the repository.';
    throw new MissingError(message, { cause: error });
  });
  await vite.build({
    root: here,
    // Relative, so that the page works wherever it is put.
    base: './',
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2_000,
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  });
}

/** s since 1970, in ms, of the file that was changed last. */
async function newestChange(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const stats = await Promise.all(files.map((file) => stat(join(file.parentPath, file.name))));
  return Math.max(...stats.map(({ mtimeMs }) => mtimeMs));
}

/**
 * Puts a fresh build in place while others may be reading or doing the same: the names of assets are hashes of what they
 * hold, so the new ones lie beside the old ones until the page that names them has taken its place, each in one move.
 */
async function replace(folder: string, fresh: string): Promise<void> {
  const files = await filesOf(fresh);
  const assets = files.filter((file) => file !== PAGE);
  for (const file of [...assets, PAGE]) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await rename(join(fresh, file), join(folder, file));
  }
  for (const file of await filesOf(folder))
    if (!files.includes(file)) await rm(join(folder, file), { force: true });
}

const filesOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
