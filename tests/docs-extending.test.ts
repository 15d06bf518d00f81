/** The programs in docs/extending.md are type-checked and run as they stand. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './support/temporary.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = readFileSync(join(root, 'docs/extending.md'), 'utf8');

/** Code blocks whose first line is a comment with a file name, by that name. */
const programs = Object.fromEntries(
  [...text.matchAll(/```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)```/g)].map(([, name, code]) => [name!, code!]),
);

/** Writes the programs, each through `change`, with this repository for the package. @returns their folder */
function write(change: (name: string, code: string) => string = (_, code) => code): string {
  const folder = temporaryFolder();
  const local = (path: string) => JSON.stringify(join(root, path));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, code] of Object.entries(programs)) {
    const imported = change(name, code)
      .replaceAll("'proprio'", local('src/index.ts'))
      .replaceAll("'proprio/agents'", local('agents/index.ts'));
    writeFileSync(join(folder, name), imported);
  }
  return folder;
}

/** @returns what the program printed */
function run(folder: string, program: string): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', join(folder, program)], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

/** Replaces `from` by `to` in the program called `name`, where it has to stand. */
const replacing = (name: string, from: string, to: string) => (program: string, code: string) => {
  if (program !== name) return code;
  expect(code).toContain(from);
  return code.replace(from, to);
};

test('all programs are found, and pass the type checker', () => {
  expect(Object.keys(programs)).toEqual(
    expect.arrayContaining(['cart-dock.ts', 'cart-view.ts', 'check.ts', 'drive.ts', 'train.ts', 'ddpg.ts']),
  );
  const folder = write();
  const typeRoots = [join(root, 'node_modules/@types')];
  const compilerOptions = { typeRoots, rewriteRelativeImportExtensions: false };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  });
  // Errors elsewhere in the repository are for its own type check to tell.
  expect(stdout.split('\n').filter((line) => /^[^./][^/]*\.ts\(/.test(line))).toEqual([]);
});

describe('the environment', () => {
  test('takes about sixty lines', () => {
    const lines = programs['cart-dock.ts']!.split('\n').filter((line) => /^\s*[^/\s]/.test(line));
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.length).toBeLessThanOrEqual(62);
  });

  test('has nothing that checkEnv would mention', () => {
    expect(run(write(), 'check.ts')).toBe('');
  });

  test('without its pending commands in the state gets the message that the page shows', () => {
    const folder = write(
      replacing('cart-dock.ts', 'state: [position, speed, pending, held]', 'state: [position, speed, held]'),
    );
    const [, shown] = /```\n(error: .*)…\n```/.exec(text)!;
    expect(run(folder, 'check.ts')).toContain(shown);
  });

  test('is solved by the policy that is written by hand, in every episode', () => {
    const output = run(write(), 'drive.ts');
    expect(output).toContain('episodes: 100,');
    expect(output).toContain('successRate: 1,');
    expect(output.match(/scene \d+: 100 steps, success true/g)).toHaveLength(20);
    expect(output).toMatch(/fastest 0\.\d\d m\/s/);
  });

  test('is learnt from, here for fewer steps than on the page', () => {
    const folder = write(replacing('train.ts', 'const steps = 20_000', 'const steps = 1_100'));
    expect(run(folder, 'train.ts')).toMatch(/episodes: 100,\n\s+returnMean: -?\d/);
  });
});

describe('the agent', () => {
  test('takes about a hundred lines', () => {
    const lines = programs['ddpg.ts']!.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeGreaterThan(70);
    expect(lines.length).toBeLessThanOrEqual(105);
  });

  test('learns to stay near the dock in place of soft actor-critic, here with smaller networks for fewer steps', () => {
    const folder = write((name, code) =>
      name === 'train.ts'
        ? code
            .replace("import { agents } from 'proprio/agents'", "import { ddpg } from './ddpg.ts'")
            .replace('agents.sac', 'ddpg')
            .replace('hidden: [128, 128]', 'hidden: [64, 64]')
            .replace('const steps = 20_000', 'const steps = 6_000')
        : code,
    );
    // Seen: 37 after 8,000 steps, and −21 after 1,100, when it has hardly begun to learn.
    const [, mean] = /returnMean: (-?[\d.]+)/.exec(run(folder, 'train.ts'))!;
    expect(Number(mean)).toBeGreaterThan(10);
  });
});
