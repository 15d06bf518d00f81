/**
 * A crash at every point of `writeFolderAtomic`. From the chosen operation on nothing reaches the disk any more, as when
 * the process is killed; removing a folder may be cut off when a part of it is gone.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { findFolder, writeFolderAtomic } from '../../src/run/files.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Operations on the disk that still succeed. */
const power = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }));

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  // biome-ignore lint/suspicious/noExplicitAny: any operation with any arguments
  type Operation = (...args: any[]) => any;
  const untilCrash = (operation: Operation, half?: Operation): Operation => {
    return (...args) => {
      if (power.left-- > 0) return operation(...args);
      if (power.left === -1) half?.(...args);
      throw new Error('killed');
    };
  };
  const removeFirstFile = (folder: string): void => {
    const first = fs.existsSync(folder) ? fs.readdirSync(folder)[0] : undefined;
    if (first !== undefined) fs.rmSync(join(folder, first));
  };
  return {
    ...fs,
    mkdirSync: untilCrash(fs.mkdirSync),
    openSync: untilCrash(fs.openSync),
    writeSync: untilCrash(fs.writeSync),
    renameSync: untilCrash(fs.renameSync),
    rmSync: untilCrash(fs.rmSync, removeFirstFile),
  };
});

const OLD = { a: 'old a', b: 'old b' };
const NEW = { a: 'new a', b: 'new b' };

/** A whole folder, made without the code under test. */
function place(path: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
}

/** The files of the folder that is found at `path`. */
function found(path: string): Record<string, string> | undefined {
  const folder = findFolder(path);
  if (folder === undefined) return undefined;
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

describe('writeFolderAtomic', () => {
  it.each<[string, (path: string) => void]>([
    ['an old folder', (path) => place(path, OLD)],
    [
      'an old folder and a half-written one of an earlier crash',
      (path) => {
        place(path, OLD);
        place(`${path}.tmp`, { a: 'half' });
      },
    ],
    [
      'only a previous one, after a crash between the renames',
      (path) => {
        place(`${path}.previous`, OLD);
        place(`${path}.tmp`, NEW);
      },
    ],
    [
      'an old folder and the rest of the one before it',
      (path) => {
        place(path, OLD);
        place(`${path}.previous`, { b: 'older' });
      },
    ],
  ])('leaves the old or the new one, starting from %s, wherever it is killed', (_, prepare) => {
    const path = join(temporaryFolder(), 'checkpoint');
    const outcomes: string[] = [];
    for (let operations = 0; ; operations++) {
      for (const name of [path, `${path}.tmp`, `${path}.previous`])
        rmSync(name, { recursive: true, force: true });
      prepare(path);
      power.left = operations;
      let killed = false;
      try {
        writeFolderAtomic(path, NEW);
      } catch {
        killed = true;
      } finally {
        power.left = Number.POSITIVE_INFINITY;
      }
      const files = found(path);
      expect([OLD, NEW]).toContainEqual(files);
      outcomes.push(files?.a ?? 'none');
      if (!killed) break;
    }
    expect(outcomes[0]).toBe('old a');
    expect(outcomes.at(-1)).toBe('new a');
    expect(outcomes.length).toBeGreaterThan(7);
    expect([existsSync(`${path}.tmp`), existsSync(`${path}.previous`)]).toEqual([false, false]);
  });
});
