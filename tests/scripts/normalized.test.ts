/** Returns on a scale from chance to the scripted controller. */
import { expect, it } from 'vitest';
import { envs } from '../../envs/index.ts';
import { normalizedScore, referenceReturns } from '../../scripts/evaluate/normalized.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { lastJson, proprio } from '../support/cli.ts';

it.each([
  [5, 0, 10, 50],
  [10, 0, 10, 100],
  [-30, -20, 20, -25],
  [1, 2, 2, undefined],
])('a return of %d between %d and %d is %d', (value, random, expert, score) => {
  expect(normalizedScore(value, { random, expert })).toBe(score);
});

it('gives the scripted controller 100 on its own episodes, and says what the scale is', async () => {
  const run = await proprio(
    'evaluate',
    'drone-hover',
    '--episodes',
    '8',
    '--seed',
    '3',
    '--normalize',
    '--json',
  );
  expect([run.code, run.stderr]).toEqual([0, '']);
  const { normalized_score, references, return_mean } = lastJson(run) as {
    normalized_score: number;
    references: { random: number; expert: number };
    return_mean: number;
  };
  expect(normalized_score).toBeCloseTo(100, 9);
  expect(references.expert).toBe(return_mean);
  expect(references.random).toBeLessThan(references.expert);
  expect(run.stdout).toMatch(/Normalised score 100\.0 \(random -?[\d.]+, scripted controller [\d.]+\)/);
});

it('is refused where nobody scripted sets the scale', async () => {
  const definition = envs.pendulum as EnvDefinition;
  const options = { definition, settings: definition.settings.parse({}), episodes: 2, scenes: 2, seed: 1 };
  await expect(referenceReturns(options)).rejects.toThrow(
    /--normalize: "pendulum" has no scripted controller/,
  );
});
