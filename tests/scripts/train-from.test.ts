/** `proprio train --from`: a new run that begins with what another one has learnt. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { proprio, smallRun } from '../support/cli.ts';
import { readLines, temporaryFolder } from '../support/temporary.ts';

const parent = temporaryFolder();
const source = join(parent, 'source');
beforeAll(async () => {
  const { stderr } = await proprio(
    ...smallRun(source, 400, 'logInterval=100', 'evaluationInterval=400'),
    '--seed',
    '5',
  );
  expect(stderr).toBe('');
});

let runs = 0;
const begin = async (...options: string[]) => {
  const run = join(parent, `run-${runs++}`);
  const fresh = ['--steps', '100', '--set', 'evaluationEpisodes=4', '--set', 'evaluationInterval=100'];
  return { run, ...(await proprio('train', '--from', source, '--run', run, ...fresh, ...options)) };
};

describe('a run that begins from another', () => {
  it('acts as that one did at its end, and is evaluated before it learns', async () => {
    const { run, code, stderr } = await begin('--seed', '5');
    expect([code, stderr]).toEqual([0, '']);
    const [first, ...later] = readLines(join(run, 'evaluations.jsonl'));
    const last = readLines(join(source, 'evaluations.jsonl')).at(-1)!;
    // The same seed, so the same episodes; 0 updates, so the same policy.
    expect(first).toMatchObject({ step: 0, return_mean: last.return_mean, return_std: last.return_std });
    expect(later.map(({ step }) => step)).toEqual([100]);
  });

  it('takes over environment, agent and its settings, and says where they are from', async () => {
    const { run } = await begin('--set', 'discount=0.9');
    const config = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'));
    expect(config).toMatchObject({
      env: { id: 'pendulum' },
      agent: { name: 'sac', settings: { hidden: [16, 16], discount: 0.9 } },
      training: { randomSteps: 0 },
      from: source,
    });
  });

  it('can be continued without that one', async () => {
    const run = join(parent, 'continued');
    const copy = join(parent, 'copy');
    await proprio(...smallRun(copy, 60));
    await proprio('train', '--from', copy, '--run', run, '--steps', '60');
    rmSync(copy, { recursive: true });
    const { code, stderr } = await proprio('train', '--run', run, '--resume', '--steps', '90');
    expect([code, stderr]).toEqual([0, '']);
    expect(readLines(join(run, 'evaluations.jsonl')).map(({ step }) => step)).toEqual([0, 60, 90]);
  });

  it.each<[string, string[], RegExp]>([
    [
      'is of an agent that learns something else',
      ['--agent', 'td3'],
      /it has learnt "actor\..*", and with these settings of the agent that would be/,
    ],
    [
      'observes something else',
      ['drone-hover'],
      /cannot be begun from: it observes 3 numbers, "drone-hover" with these settings \d+. Number 0 is ".*" there and ".*" here/,
    ],
    [
      'has other networks',
      ['--set', 'hidden=[8,8]'],
      /it has learnt "actor\..*16\]", and with these settings of the agent that would be "actor\..*8\]"/,
    ],
  ])('refuses one that %s', async (_, options, message) => {
    const { run, code, stderr } = await begin(...options);
    expect([code, existsSync(run)]).toEqual([2, false]);
    expect(stderr).toMatch(message);
  });

  it('refuses a run that is none, and one without a checkpoint', async () => {
    const nothing = await proprio('train', '--from', parent);
    expect(nothing.stderr).toMatch(/is not a run folder/);
    const bare = join(parent, 'bare');
    await proprio(...smallRun(bare, 60));
    rmSync(join(bare, 'checkpoint'), { recursive: true });
    const { stderr } = await proprio('train', '--from', bare);
    expect(stderr).toMatch(/has no checkpoint to begin from/);
  });

  it('is not continued with another one’s parameters', async () => {
    const { stderr } = await proprio('train', '--run', source, '--resume', '--from', source);
    expect(stderr).toMatch(/--from cannot change a run that is continued/);
  });
});
