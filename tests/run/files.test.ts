/** Files and folders that are replaced whole or not at all, and what a user reads when they cannot be. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProprioError } from '../../src/core/errors.ts';
import { explaining, findFolder, writeFileAtomic, writeFolderAtomic } from '../../src/run/files.ts';
import { contentsOf, temporaryFolder } from '../support/temporary.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** Longer than any file system takes. */
const IMPOSSIBLE_NAME = 'n'.repeat(300);

describe('writeFileAtomic', () => {
  it('writes text and bytes, replaces what was there, and leaves nothing beside it', () => {
    const folder = temporaryFolder();
    writeFileAtomic(join(folder, 'a'), 'first, and longer');
    writeFileAtomic(join(folder, 'a'), 'größer');
    writeFileAtomic(join(folder, 'b'), Uint8Array.of(0, 255).subarray(1));
    expect(contentsOf(folder)).toEqual({ a: base64('größer'), b: '/w==' });
  });

  // A device that answers every write with "no space left" stands where the temporary file would.
  it.skipIf(!existsSync('/dev/full'))(
    'leaves the old file when the disk is full, and says what to do',
    () => {
      const folder = temporaryFolder();
      const file = join(folder, 'state.json');
      writeFileAtomic(file, 'old');
      symlinkSync('/dev/full', join(folder, `.state.json.${process.pid}.tmp`));
      expect(() => writeFileAtomic(file, 'new')).toThrow(
        new ProprioError(`Cannot write ${file}: the disk is full. Free some space and go on with --resume.`),
      );
      expect(contentsOf(folder)).toEqual({ 'state.json': base64('old') });
    },
  );

  it('leaves no temporary file when the name cannot be taken', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'taken', 'by'), { recursive: true });
    expect(() => writeFileAtomic(join(folder, 'taken'), 'new')).toThrow(ProprioError);
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('says that a part of the path is a file', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => writeFileAtomic(join(file, 'below'), 'new')).toThrow(/a part of the path is a file/);
  });
});

describe('writeFolderAtomic', () => {
  const folderIn = (parent: string): string => join(parent, 'checkpoint');

  it('replaces all files of the folder: those that are not given again are gone', () => {
    const parent = temporaryFolder();
    writeFolderAtomic(folderIn(parent), { a: '1', b: '2' });
    writeFolderAtomic(folderIn(parent), { b: '3', c: Uint8Array.of(52) });
    expect(contentsOf(parent)).toEqual({ 'checkpoint/b': base64('3'), 'checkpoint/c': base64('4') });
  });

  it('makes the folders above it', () => {
    const parent = join(temporaryFolder(), 'x', 'y');
    writeFolderAtomic(folderIn(parent), { a: '1' });
    expect(contentsOf(parent)).toEqual({ 'checkpoint/a': base64('1') });
  });

  it('leaves the old folder, and nothing else, when a file cannot be written', () => {
    const parent = temporaryFolder();
    writeFolderAtomic(folderIn(parent), { a: 'old' });
    expect(() => writeFolderAtomic(folderIn(parent), { a: 'new', [IMPOSSIBLE_NAME]: 'new' })).toThrow(
      ProprioError,
    );
    expect(contentsOf(parent)).toEqual({ 'checkpoint/a': base64('old') });
    expect(readdirSync(parent)).toEqual(['checkpoint']);
  });

  it('clears away what an earlier process has left half written', () => {
    const parent = temporaryFolder();
    const killed = `${folderIn(parent)}.tmp`;
    mkdirSync(killed);
    writeFileSync(join(killed, 'half'), '…');
    writeFolderAtomic(folderIn(parent), { a: 'new' });
    expect(readdirSync(parent)).toEqual(['checkpoint']);
    expect(contentsOf(parent)).toEqual({ 'checkpoint/a': base64('new') });
  });

  it('goes on from a process that was killed between its two renames', () => {
    const parent = temporaryFolder();
    mkdirSync(`${folderIn(parent)}.previous`);
    writeFileSync(join(`${folderIn(parent)}.previous`, 'a'), 'old');
    expect(findFolder(folderIn(parent))).toBe(`${folderIn(parent)}.previous`);
    writeFolderAtomic(folderIn(parent), { a: 'new' });
    expect(contentsOf(parent)).toEqual({ 'checkpoint/a': base64('new') });
  });
});

describe('findFolder', () => {
  it('finds nothing where nothing was completed', () => {
    const parent = temporaryFolder();
    mkdirSync(join(parent, 'checkpoint.tmp'));
    expect(findFolder(join(parent, 'checkpoint'))).toBeUndefined();
  });

  it('prefers the newer of two', () => {
    const parent = temporaryFolder();
    mkdirSync(join(parent, 'checkpoint'));
    mkdirSync(join(parent, 'checkpoint.previous'));
    expect(findFolder(join(parent, 'checkpoint'))).toBe(join(parent, 'checkpoint'));
  });
});

describe('explaining', () => {
  const failing =
    (code: string): (() => never) =>
    () => {
      throw Object.assign(new Error(`${code}: as the system says it`), { code });
    };

  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'quota'],
    ['EACCES', 'no permission'],
    ['EPERM', 'no permission'],
    ['EROFS', 'read-only'],
    ['ENOTDIR', 'a part of the path is a file'],
    ['ENOENT', 'does not exist any more'],
    ['EIO', 'EIO: as the system says it'],
  ])('turns %s into a sentence with the path', (code, reason) => {
    expect(() => explaining('/some/where', failing(code))).toThrow(ProprioError);
    expect(() => explaining('/some/where', failing(code))).toThrow(/^Cannot write \/some\/where: .*\.$/);
    expect(() => explaining('/some/where', failing(code))).toThrow(reason);
  });

  it('hands back what the function gives', () => {
    const path = join(temporaryFolder(), 'x');
    expect(explaining(path, () => writeFileSync(path, 'x'))).toBeUndefined();
    expect(explaining(path, () => readFileSync(path, 'utf8'))).toBe('x');
  });
});
