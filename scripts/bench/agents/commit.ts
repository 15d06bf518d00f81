/** Which sources a benchmark was made with. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageFile } from '../../package-file.ts';

/** Short hash of the repository's commit, with `+` where files differ from it; null where this is no repository. */
export function currentCommit(): string | null {
  const root = dirname(packageFile);
  if (!existsSync(join(root, '.git'))) return null;
  const git = (...args: string[]) =>
    spawnSync('git', ['--no-optional-locks', ...args], { cwd: root, encoding: 'utf8' });
  const { status, stdout: hash } = git('rev-parse', '--short', 'HEAD');
  if (status !== 0) return null;
  const changed = git('status', '--porcelain').stdout.trim() !== '';
  return `${hash.trim()}${changed ? '+' : ''}`;
}
