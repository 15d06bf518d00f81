/** Writing files so that a reader sees the old one or the new one, never half of one. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ProprioError } from '../core/errors.ts';

type Contents = string | Uint8Array;

/** Writes to a temporary name, forces it to disk, renames. @throws ProprioError that says why it could not */
export function writeFileAtomic(path: string, contents: Contents): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  explaining(path, () => {
    try {
      writeThrough(temporary, contents);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/** Name beside a folder where its last version waits while the new one takes its place. */
const previousOf = (path: string): string => `${path}.previous`;

/** Replaces a whole folder by one with these files. A crash at any point leaves the old or the new one to be found. */
export function writeFolderAtomic(path: string, files: Readonly<Record<string, Contents>>): void {
  // The same name every time, so that what a killed process has left is cleared away by the next one.
  const temporary = `${path}.tmp`;
  explaining(path, () => {
    try {
      rmSync(temporary, { recursive: true, force: true });
      mkdirSync(temporary, { recursive: true });
      for (const [name, contents] of Object.entries(files)) writeThrough(join(temporary, name), contents);
      // Without one at `path`, the previous one is the only one, and has to stay until the new one is in place.
      if (existsSync(path)) {
        rmSync(previousOf(path), { recursive: true, force: true });
        renameSync(path, previousOf(path));
      }
      renameSync(temporary, path);
      rmSync(previousOf(path), { recursive: true, force: true });
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      throw error;
    }
  });
}

/** The folder that `writeFolderAtomic` last completed at `path`; undefined where there is none. */
export function findFolder(path: string): string | undefined {
  return [path, previousOf(path)].find((candidate) => existsSync(candidate));
}

function writeThrough(path: string, contents: Contents): void {
  const bytes = typeof contents === 'string' ? Buffer.from(contents) : contents;
  const file = openSync(path, 'w');
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space and go on with --resume',
  EDQUOT: 'the disk quota is used up. Free some space and go on with --resume',
  EACCES: 'no permission to write there. Choose another folder with --run',
  EPERM: 'no permission to write there. Choose another folder with --run',
  EROFS: 'the file system is read-only. Choose another folder with --run',
  ENOTDIR: 'a part of the path is a file. Choose another folder with --run',
  EEXIST: 'a file has that name. Choose another folder with --run',
  ENOENT: 'the folder does not exist any more',
};

/** Runs `write` and turns what the system reports into a sentence. What was saved before is still there then. */
export function explaining<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ProprioError(`Cannot write ${path}: ${reasons[code ?? ''] ?? message}.`, 1, { cause: error });
  }
}
