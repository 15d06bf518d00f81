/**
 * Files that another process writes, looked at once a second: no notice of a file system is the same
 * everywhere.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** ms */
const INTERVAL = 1_000;

type Stop = () => void;

function repeatedly(look: () => void): Stop {
  const timer = setInterval(look, INTERVAL);
  timer.unref();
  return () => clearInterval(timer);
}

/** Calls `changed` whenever the file has become another one. */
export function followFile(file: string, changed: () => void): Stop {
  const version = (): string => {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats ? `${stats.ino} ${stats.mtimeMs} ${stats.size}` : '';
  };
  let known = version();
  return repeatedly(() => {
    const now = version();
    if (now === known) return;
    known = now;
    if (now !== '') changed();
  });
}

/** Calls `added` with every record of a file of JSON lines, those that are there now and those that come. */
export function followLines(file: string, added: (record: Record<string, unknown>) => void): Stop {
  let inode = 0;
  let offset = 0;
  let rest = '';
  const look = (): void => {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (!stats) return;
    // A run that is continued writes its files anew, up to where it goes on.
    if (stats.ino !== inode || stats.size < offset) [inode, offset, rest] = [stats.ino, 0, ''];
    if (stats.size === offset) return;
    const lines = (rest + read(file, offset, stats.size)).split('\n');
    offset = stats.size;
    rest = lines.pop()!;
    for (const line of lines) {
      const record = parse(line);
      if (record) added(record);
    }
  };
  look();
  return repeatedly(look);
}

function read(file: string, from: number, to: number): string {
  const bytes = Buffer.alloc(to - from);
  const descriptor = openSync(file, 'r');
  try {
    const count = readSync(descriptor, bytes, 0, bytes.length, from);
    return bytes.toString('utf8', 0, count);
  } finally {
    closeSync(descriptor);
  }
}

/** Undefined for a line that a crash has cut short. */
function parse(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
