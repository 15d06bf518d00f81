/** How well the scripted players of the tasks for two do. Their best is in docs/volleyball.md. */
import { expect, test } from 'vitest';
import { envs } from '../../../envs/index.ts';
import { parseSettings } from '../../../src/core/settings.ts';
import { evaluate } from '../../../src/rollout/evaluate.ts';
import { createEnv } from '../../support/env-runs.ts';

/** Both rows of each episode. */
async function played(id: string, episodes: number) {
  const { scripted, settings } = envs[id]!;
  const env = createEnv(id, episodes);
  const evaluation = await evaluate(env, scripted!(env, parseSettings('env', settings, {})), env.numEnvs, 3);
  env.close();
  return evaluation;
}

test('two pass a ball to each other 12 times in 16 s, most of them above 4 m', async () => {
  const { scores } = await played('volley-bump-and-pass', 8);
  expect(scores!.hits!.mean).toBeGreaterThan(8);
  expect(scores!.passes!.mean).toBeGreaterThan(6);
});

test('a set spike lands in the target in most episodes', async () => {
  const { successRate } = await played('volley-set-and-spike-easy', 24);
  expect(successRate).toBeGreaterThan(0.7);
});

test('a board that returns the spike is part of the game', async () => {
  const { successRate, scores } = await played('volley-set-and-spike-hard', 48);
  expect(successRate).toBeGreaterThan(0.04);
  expect(scores!.stages!.mean).toBeGreaterThan(0.5);
});
