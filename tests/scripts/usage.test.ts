/** What the command line says about wrong usage, and the exit codes it then gives. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectFailure, proprio } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { createRun } from '../support/training.ts';

const folder = temporaryFolder();
const file = join(folder, 'a-file');
writeFileSync(file, 'not JSON');
const unused = join(folder, 'unused');
const occupied = join(folder, 'occupied');
mkdirSync(join(occupied, 'something'), { recursive: true });
const run = join(folder, 'run');
createRun(run);

/** Whether the optional package is installed here. */
const hasTensorflow = (() => {
  try {
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu');
    return true;
  } catch {
    return false;
  }
})();

describe.concurrent('exit code 2', () => {
  it.each<[string, string[], string]>([
    ['an unknown command', ['trian'], 'Did you mean train?'],
    ['an unknown flag', ['train', 'pendulum', '--stpes', '3'], 'Did you mean --steps?'],
    [
      'an unknown environment',
      ['train', 'pendulm'],
      'Unknown environment "pendulm". Did you mean "pendulum"?',
    ],
    ['an unknown agent', ['train', 'pendulum', '--agent', 'sca'], 'Unknown agent "sca". Did you mean "sac"?'],
    ['an unknown device', ['train', 'pendulum', '--device', 'wbgpu'], 'Unknown device "wbgpu".'],
    ['a number in words', ['train', 'pendulum', '--steps', 'ten'], '--steps takes a whole number from 1 to'],
    [
      'a seed that config.json cannot hold',
      ['train', 'pendulum', '--seed', '5000000000'],
      '--seed takes a whole number from 0 to 4294967295.',
    ],
    [
      'a run folder that is taken',
      ['train', 'pendulum', '--run', occupied],
      `${occupied} exists and is not empty.`,
    ],
    [
      'to watch actors',
      ['train', 'pendulum', '--run', unused, '--actors', '2', '--view', '--port', '0'],
      'With --actors the scenes are in threads of their own, where --view cannot see them',
    ],
    ['--resume without a run', ['train', '--resume'], '--resume needs --run <dir>'],
    [
      'another seed for a run that is continued',
      ['train', '--resume', '--run', run, '--seed', '0'],
      '--seed cannot change a run that is continued',
    ],
    [
      'another device for a run that is continued',
      ['train', '--resume', '--run', run, '--device', 'cuda'],
      '--device cannot change a run that is continued',
    ],
    ['a folder without a run', ['evaluate', unused], `Unknown environment or run folder "${unused}"`],
  ])('follows %s', async (_, args, message) => {
    const ended = await proprio(...args);
    expectFailure(ended, 2);
    expect(ended.stderr).toContain(message);
  });
});

describe.concurrent('exit code 3', () => {
  it.each<[string, string[], string]>([
    ['an unknown setting', ['--set', 'discont=0.9'], 'Unknown setting "discont". Did you mean "discount"?'],
    ['a setting out of range', ['--set', 'discount=2'], 'Setting agent.discount=2: '],
    ['a broken file of settings', ['--config', file], `${file} is not valid JSON`],
    [
      'actors of an on-policy agent',
      ['--agent', 'ppo', '--actors', '2'],
      '--actors 2 is for off-policy agents',
    ],
  ])('follows %s, before anything is written', async (_, args, message) => {
    const ended = await proprio('train', 'pendulum', '--run', unused, ...args);
    expectFailure(ended, 3);
    expect(ended.stderr).toContain(message);
    expect(existsSync(unused)).toBe(false);
  });
});

describe.concurrent('other failures', () => {
  it('say that a run cannot be written below a file', async () => {
    const ended = await proprio('train', 'pendulum', '--run', join(file, 'run'));
    expectFailure(ended, 1);
    expect(ended.stderr).toBe(
      `Error: Cannot write ${join(file, 'run')}: a part of the path is a file. Choose another folder with --run.\n`,
    );
  });

  it('say that there is no checkpoint to continue from', async () => {
    const ended = await proprio('train', '--resume', '--run', run);
    expectFailure(ended, 1);
    expect(ended.stderr).toContain('no checkpoint to continue from');
  });

  it.skipIf(hasTensorflow)('name the package that --device tensorflow needs, with exit code 4', async () => {
    const ended = await proprio('train', 'pendulum', '--run', unused, '--device', 'tensorflow');
    expectFailure(ended, 4);
    expect(ended.stderr).toContain('npm install @tensorflow/tfjs-node-gpu');
    expect(existsSync(unused)).toBe(false);
  });

  it('show the stack of an error with --debug', async () => {
    const { code, stderr } = await proprio('--debug', 'evaluate', unused);
    expect(code).toBe(2);
    expect(stderr).toMatch(/Unknown environment or run folder.*\n(\s+at .*\n)*\s+at .*subject\.[jt]s/);
  });
});
