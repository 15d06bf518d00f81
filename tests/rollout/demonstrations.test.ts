/** Demonstrations of a scripted controller: successful episodes only, and always the same ones. */
import { describe, expect, test } from 'vitest';
import { envs } from '../../envs/index.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { ProprioError } from '../../src/core/errors.ts';
import { collectDemonstrations } from '../../src/rollout/demonstrations.ts';

const hover = envs['drone-hover']! as EnvDefinition;
const options = {
  definition: hover,
  settings: hover.settings.parse({ reward: 'sparse' }),
  episodes: 5,
  replay: { rewardScale: 1, multiStep: { steps: 1, discount: 0.98 } },
  seed: 3,
};

test('hold whole successful episodes, each ended by its time limit and by nothing else', async () => {
  const { columns, rows } = (await collectDemonstrations(options)).contents();
  expect(rows).toBe(5 * 250);
  expect(columns.terminated!.every((value) => value === 0)).toBe(true);
  const ends = [...columns.truncated!].flatMap((value, row) => (value === 1 ? [row] : []));
  expect(ends).toEqual([249, 499, 749, 999, 1249]);
  // Success is the whole last second within the radius, where a sparse reward pays 1 a step.
  for (const end of ends) {
    expect([...columns.reward!.subarray(end - 49, end + 1)]).toEqual(Array(50).fill(1));
  }
});

test('are stored with rewards scaled as experience is', async () => {
  const replay = { ...options.replay, rewardScale: 0.25 };
  const scaled = (await collectDemonstrations({ ...options, replay })).contents().columns.reward!;
  const plain = (await collectDemonstrations(options)).contents().columns.reward!;
  expect([...scaled]).toEqual([...plain].map((reward) => 0.25 * reward));
});

test('are the same for the same seed, and others for another', async () => {
  const obs = async (seed: number) => [
    ...(await collectDemonstrations({ ...options, seed })).contents().columns.obs!,
  ];
  const first = await obs(3);
  expect(await obs(3)).toEqual(first);
  expect(await obs(4)).not.toEqual(first);
});

test('have noise on their actions where that is asked for, stored as it was executed', async () => {
  const settings = hover.settings.parse({});
  const noisy = { ...options, settings, episodes: 2, noise: 0.1 };
  const { columns } = (await collectDemonstrations(noisy)).contents();
  const env = hover.create(1, settings);
  const pilot = hover.scripted!(env, settings);
  const actions = columns.action!.slice();
  await pilot.act(columns.obs!, actions, 'exploit');
  // Where nothing was clipped.
  const errors = [...columns.action!].flatMap((value, i) =>
    Math.abs(value) < 0.6 && Math.abs(actions[i]!) < 0.6 ? [value - actions[i]!] : [],
  );
  expect(errors.length).toBeGreaterThan(800);
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  expect(Math.abs(deviation / 0.1 - 1)).toBeLessThan(5 / Math.sqrt(2 * errors.length));
  for (const value of columns.action!) expect(Math.abs(value)).toBeLessThanOrEqual(1);
  env.close();
});

describe('a controller that does not solve the task', () => {
  test('is given up, with a count', async () => {
    const idle: EnvDefinition = {
      ...hover,
      scripted: () => ({ act: async (_, actions) => void actions.fill(0) }),
    };
    const demonstrations = collectDemonstrations({ ...options, definition: idle });
    await expect(demonstrations).rejects.toThrow(ProprioError);
    await expect(demonstrations).rejects.toThrow(/"drone-hover" succeeded in only 0 of 50 attempts/);
  });
});
