/** `proprio demos`: what it writes and prints, that a seed determines it, and what it refuses. */
import { join } from 'node:path';
import { beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { demosCommand } from '../../scripts/commands/demos.ts';
import { ConfigurationError, ProprioError, UsageError } from '../../src/core/errors.ts';
import { readDataSet } from '../../src/datasets/read.ts';
import { expectFailure, proprio } from '../support/cli.ts';
import { contentsOf, temporaryFolder } from '../support/temporary.ts';

let [log, progress]: MockInstance[] = [];
beforeEach(() => {
  vi.restoreAllMocks();
  log = vi.spyOn(console, 'log').mockImplementation(() => {});
  progress = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});

/** Runs the command within this process. @returns the lines that it printed */
async function demos(...args: readonly string[]): Promise<string[]> {
  log!.mockClear();
  await demosCommand()
    .exitOverride()
    .parseAsync([...args], { from: 'user' });
  return log!.mock.calls.flat().join('\n').split('\n');
}

const two = ['--episodes', '2'] as const;

describe('proprio demos', () => {
  test('records what a seed determines, byte by byte, and tells what it is', async () => {
    const folder = temporaryFolder();
    const record = (name: string, seed: string) =>
      demos(
        ...['drone-hover', ...two, '--seed', seed, '--json', '--out', join(folder, name)],
        ...['--dial', 'jitter=0.1', '--set', 'reward=sparse'],
      );
    const [told, json] = await record('a', '1');
    expect(progress!.mock.calls.flat().slice(0, 2)).toEqual(['1 of 2 episodes\n', '2 of 2 episodes\n']);
    expect(told).toMatch(
      /\/a: 2 episodes, \d+ steps, [\d.]+ % succeeded, return [\d.]+ ± [\d.]+, [\d.]+ MB$/,
    );
    await record('b', '1');
    await record('c', '2');
    expect(contentsOf(join(folder, 'a'))).toEqual(contentsOf(join(folder, 'b')));
    expect(contentsOf(join(folder, 'a'))).not.toEqual(contentsOf(join(folder, 'c')));
    const { header, episodes } = await readDataSet(join(folder, 'a'));
    expect(header.origin).toEqual({
      ...{ actor: 'scripted controller', seed: 1 },
      dials: { jitter: 0.1, lagSteps: 0 },
    });
    expect(header.env!.settings).toMatchObject({ reward: 'sparse' });
    const frames = episodes.reduce((sum, { length }) => sum + length, 0);
    expect(JSON.parse(json!)).toMatchObject({ path: join(folder, 'a'), episodes: 2, frames });
    await expect(record('a', '1')).rejects.toThrow(/exists already; a data set is not written over/);
  });

  test('checks one: what it holds, and whether it fits', async () => {
    const path = join(temporaryFolder(), 'hover');
    await demos('drone-hover', ...two, '--out', path);
    const lines = await demos('--check', path, '--json');
    expect(lines.slice(0, -1)).toContain('It fits "drone-hover".');
    expect(lines.join('\n')).toMatch(
      /\n {2}grade {8}expert\n {2}dials {8}jitter=0, lagSteps=0\n {2}rate {9}50 steps a second\n/,
    );
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ notes: [], misfits: [], env: { id: 'drone-hover' } });
    const elsewhere = demos('--check', path, '--env', 'drone-track');
    await expect(elsewhere).rejects.toThrow(/does not fit "drone-track", as is told above/);
    await expect(elsewhere).rejects.toBeInstanceOf(ProprioError);
    expect(log!.mock.calls.flat().join('\n')).toContain('wrong: observation size: expected 28, found 19;');
  });

  test('records a grade of a hand, with what was drawn for each episode', async () => {
    const path = join(temporaryFolder(), 'lift');
    await demos('hand-grasp-lift', ...two, '--grade', 'mixed', '--set', 'reward=sparse', '--out', path);
    const { header, episodes } = await readDataSet(path);
    expect(header).toMatchObject({ robotType: 'h20-right', fps: 25, origin: { grade: 'mixed', seed: 0 } });
    expect(Object.keys(episodes[0]!.drawn!)).toEqual(['poseNoise.x', 'poseNoise.y', 'mistake']);
    expect(episodes[0]!.drawn).not.toEqual(episodes[1]!.drawn);
  });
});

describe('it refuses', () => {
  test.each([
    [['drone-hover'], /--out <folder> is needed/],
    [[], /Which environment\?/],
    [['drone-hovr', '--out', 'x'], /Did you mean "drone-hover"\?/],
    [['pendulum', '--out', 'x'], /"pendulum" has no scripted controller, so there is nobody to show/],
    [
      ['drone-hover', '--grade', 'mixed', '--out', 'x'],
      /has no grade "mixed" under these settings\. It has: expert;/,
    ],
    [['drone-hover', '--env', 'drone-track', '--out', 'x'], /--env is for --check/],
    [['drone-hover', '--check', 'x'], /--check takes the environment as --env drone-hover/],
  ] as const)('%j', async (args, message) => {
    await expect(demos(...args)).rejects.toThrow(message);
    await expect(demos(...args)).rejects.toBeInstanceOf(UsageError);
  });

  test.each([
    [['drone-hover', '--dial', 'jiter=0.1', '--out', 'x'], /Unknown dial "jiter"\. Did you mean "jitter"\?/],
    [['drone-hover', '--dial', 'jitter', '--out', 'x'], /--dial takes name=value, not "jitter"/],
    [
      ['drone-hover', '--dial', 'jitter=5', '--out', 'x'],
      /dial\.jitter=5: .*\(deviation of normal noise on all actions\)/,
    ],
  ] as const)('%j', async (args, message) => {
    await expect(demos(...args)).rejects.toThrow(message);
    await expect(demos(...args)).rejects.toBeInstanceOf(ConfigurationError);
  });

  test('with an exit code, as a program', async () => {
    const missing = await proprio('demos', '--check', 'nowhere');
    expectFailure(missing, 3);
    expect(missing.stderr).toContain('There is no data set at nowhere');
  });
});
