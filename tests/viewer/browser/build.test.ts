/** The built page: complete, fit for a strict Content-Security-Policy, and built only when it has to be. */
import { existsSync } from 'node:fs';
import { readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildPage } from '../../../src/viewer/app/build.ts';

test('names only files that are there, relative to itself, and holds no script or style of its own', async () => {
  const folder = await buildPage();
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map((match) => match[1]!);
  expect(named.length).toBeGreaterThan(1);
  for (const file of named)
    expect([file.startsWith('./'), existsSync(join(folder, file))]).toEqual([true, true]);
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
});

test('is built once for sources that have not changed, and by two at the same time without harm', async () => {
  const folder = await buildPage();
  const page = join(folder, 'index.html');
  const built = await readFile(page, 'utf8');
  const { mtimeMs } = await stat(page);
  await buildPage();
  expect((await stat(page)).mtimeMs).toBe(mtimeMs);
  // Older than any source.
  await utimes(page, new Date(0), new Date(0));
  expect(await Promise.all([buildPage(), buildPage()])).toEqual([folder, folder]);
  expect((await stat(page)).mtimeMs).toBeGreaterThan(mtimeMs - 1);
  expect(await readFile(page, 'utf8')).toBe(built);
});
