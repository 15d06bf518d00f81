/** What commands print: help, and JSON for other programs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agents } from '../../agents/index.ts';
import { envs } from '../../envs/index.ts';
import { lastJson, proprio, smallRun, startProprio } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

describe.concurrent('--help', () => {
  it.each([
    [[], /Start here:\n {2}proprio train drone-hover/],
    [['evaluate'], /Examples:\n {2}proprio evaluate runs\//],
    [['list'], /Examples:\n {2}proprio list/],
    [['bench'], /Examples:\n {2}proprio bench/],
    [['doctor'], /Examples:\n {2}proprio doctor/],
  ])('of proprio %j shows what to type', async (command, example) => {
    const { code, stdout, stderr } = await proprio(...command, '--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(example);
  });

  it('of proprio train shows what to type, and where the settings are told', async () => {
    const { stdout } = await proprio('train', '--help');
    expect(stdout).toMatch(/Examples:\n {2}proprio train drone-hover/);
    expect(stdout).toMatch(/"proprio list <agent>" and "proprio list <env>" show the settings/);
  });
});

describe.concurrent('list', () => {
  it.each([
    ['sac', [/batchSize=256 +transitions of a minibatch/, /hidden=\[256,256\] +units of the hidden layers/]],
    ['ppo', [/rolloutSteps=2048 +control steps of each scene/, /clipRange=0.2 +how far the probability/]],
    ['drone-hover', [/windSpeed=0 +largest wind speed/]],
  ] as const)('shows every setting of %s with its default and meaning', async (name, lines) => {
    const { code, stdout } = await proprio('list', name);
    expect(code).toBe(0);
    for (const line of lines) expect(stdout).toMatch(line);
  });

  it('prints environments, agents and robots as JSON', async () => {
    const ended = await proprio('list', '--json');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    const {
      envs: listed,
      agents,
      robots,
    } = lastJson(ended) as Record<string, { name: string; description: string }[]>;
    expect(listed!.map(({ name }) => name)).toEqual(Object.keys(envs));
    expect(agents!.map(({ name }) => name)).toContain('sac');
    expect(robots!.map(({ name }) => name)).toContain('iris');
    for (const { description } of [...listed!, ...agents!, ...robots!]) expect(description).not.toBe('');
  });

  it('prints one kind alone, as JSON and for people', async () => {
    const [json, text] = await Promise.all([proprio('list', 'agents', '--json'), proprio('list', 'agents')]);
    const described = Object.keys(agents).map((name) => ({ name, description: expect.any(String) }));
    expect(lastJson(json)).toEqual(described);
    expect(text.stdout).toMatch(/^agents:\n {2}sac +\S/);
  });
});

describe('doctor', () => {
  it('prints the machine and every device as JSON, and has a cpu', async () => {
    const ended = await proprio('doctor', '--json');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    const report = lastJson(ended) as {
      node: string;
      cores: number;
      devices: { device: string; available: boolean }[];
    };
    expect(report.node).toBe(process.versions.node);
    expect(report.cores).toBeGreaterThan(0);
    expect(report.devices.map(({ device }) => device)).toEqual(['cpu', 'webgpu', 'cuda', 'tensorflow']);
    expect(report.devices[0]).toMatchObject({ device: 'cpu', available: true });
    for (const device of report.devices)
      expect(device).toMatchObject({ detail: expect.stringMatching(/\S/) });
  });
});

describe.concurrent('a reader that leaves early', () => {
  const run = join(temporaryFolder(), 'run');

  it('is no error', async () => {
    const { child, ended } = startProprio('list');
    child.stdout!.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('does not end a training run', async () => {
    const { child, ended } = startProprio(...smallRun(run, 300, 'logInterval=100'));
    child.stdout!.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(run, 'policy.onnx'))).toBe(true);
  });
});
