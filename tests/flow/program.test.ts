/** The compiled program in the repository is what its source compiles to. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { programBytesModule } from '../../scripts/build-flow.ts';

test('src/flow/program-bytes.ts is up to date: otherwise run npm run build:flow', async () => {
  const stored = readFileSync(new URL('../../src/flow/program-bytes.ts', import.meta.url), 'utf8');
  expect(stored).toBe(await programBytesModule());
});
