/** What the documents say is run or compared, so that it stays true. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { courtDrawings } from '../scripts/court-drawings.ts';
import { environmentTables } from '../scripts/environment-tables.ts';
import { finRayDrawing } from '../scripts/fin-ray-drawing.ts';
import { handDrawing } from '../scripts/hand-drawing.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

test('docs/environments.md is what the environments say (npm run docs writes it)', () => {
  expect(read('docs/environments.md')).toBe(`${environmentTables()}\n`);
});

test('the drawings of the courts are what the environments show (npm run docs writes them)', () => {
  for (const [name, drawing] of Object.entries(courtDrawings()))
    expect(read(`docs/images/${name}`)).toBe(drawing);
});

test('the drawings of the fin ray and of the hand are those of their models (npm run docs writes them)', () => {
  expect(read('docs/images/fin-ray-model.svg')).toBe(finRayDrawing());
  expect(read('docs/images/hand-model.svg')).toBe(handDrawing());
});

describe('README', () => {
  const readme = read('README.md');

  test('its library example runs as written and prints what it says', () => {
    const [, code] = /```ts\n([\s\S]*?)```/.exec(readme)!;
    const local = code!
      .replaceAll("'proprio'", JSON.stringify(join(root, 'src/index.ts')))
      .replaceAll("'proprio/envs'", JSON.stringify(join(root, 'envs/index.ts')));
    const folder = mkdtempSync(join(tmpdir(), 'proprio-readme-'));
    try {
      const file = join(folder, 'example.mts');
      writeFileSync(file, local);
      const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', file], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(stdout).toContain('Float32Array(3) [ 2, 4, 6 ]');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('every npm script that it names exists, and every file that it links', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...readme.matchAll(/npm run ([a-z]+)/g)].map((match) => match[1]!);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const linked = [...readme.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1]!);
    expect(linked.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});
