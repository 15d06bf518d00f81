/** `proprio bench update` in few rounds: which rows and which ratios it prints, and what it says is missing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agents } from '../../agents/index.ts';
import { compete } from '../../scripts/bench/update/contender.ts';
import { describeNetworks, trainedNetworks, updatesPerRound } from '../../scripts/bench/update/networks.ts';
import { medianRatio } from '../../scripts/bench/update/table.ts';
import { type Ended, expectFailure, lastJson, proprio } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

const few = ['--rounds', '1', '--updates', '1', '--json'];

/** With `python` in place of python3. */
function benchUpdate(python: string, ...args: readonly string[]): Promise<Ended> {
  process.env.PYTHON = python;
  return proprio('bench', 'update', ...few, ...args);
}

/** Speaks as `updates_pytorch.py` does, and claims that an update takes a quarter of an hour. */
function slowPython(): string {
  const file = join(temporaryFolder(), 'python');
  writeFileSync(file, '#!/bin/sh\necho ready 1\nwhile read -r _; do echo 900000; done\n', { mode: 0o755 });
  return file;
}

const time = String.raw`\d+\.\d\d \(\d+\.\d\d to \d+\.\d\d\)`;

describe('bench update', () => {
  it('prints a row for each agent, and says that python is missing', async () => {
    const ended = await benchUpdate('/nonexistent', '--agents', 'sac,td3');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toMatch(
      new RegExp(
        String.raw`\| sac \| actor 17·256·256·12, 2 critics 23·256·256·1, batch 256 \| ${time} \| – \| ${time} \| – \| – \| – \|`,
      ),
    );
    expect(ended.stdout).toMatch(
      new RegExp(
        String.raw`\| td3 \| actor 17·256·256·6, 2 critics 23·256·256·1, batch 256, 2 updates a call \| ${time}, a call \d`,
      ),
    );
    expect(ended.stdout).toContain('No ratio to PyTorch: it needs a python3 with torch');
    const { update } = lastJson(ended) as {
      update: Record<string, { milliseconds: object; ratios: object }>;
    };
    expect(Object.keys(update)).toEqual(['sac', 'td3']);
    expect(Object.keys(update.sac!.milliseconds)).toEqual(['cpu, one thread', 'cpu, all cores']);
    expect(update.sac!.ratios).toEqual({});
  });

  it('prints ratios beside those to reach', async () => {
    const ended = await benchUpdate(slowPython(), '--agents', 'sac');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toContain('| 0.00 (to reach: 0.85) | 0.00 (to reach: 0.50) |');
    expect(ended.stdout).not.toContain('No ratio');
  });

  it('sweeps over batches on the devices that load', async () => {
    const ended = await benchUpdate('/nonexistent', '--sweep', '--batches', '16');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toMatch(/\| batch \| cpu, 1 a call \| cpu, 8 a call \|/);
    expect(ended.stdout).toMatch(/\| 16 \| \d+\.\d\d \| \d+\.\d\d \|/);
    const { update } = lastJson(ended) as { update: Record<string, Record<string, number>> };
    for (const device of ['webgpu', 'cuda']) {
      const measured = Object.keys(update[16]!).some((name) => name.startsWith(device));
      if (!measured) expect(ended.stdout).toContain(`${device} does not run here: `);
    }
  });

  it('takes no agents for a sweep', async () => {
    expectFailure(await proprio('bench', 'update', '--sweep', '--agents', 'td3'), 2);
  });
});

describe('a competition', () => {
  it('measures on-policy agents, and says why others do not get to its end', async () => {
    const shell = (name: string, script: string) => ({ name, command: '/bin/sh', args: ['-c', script] });
    const { times, missing } = await compete(
      [
        {
          name: 'ppo',
          command: process.execPath,
          args: ['--import', 'tsx', 'scripts/bench/agent-update.ts', 'ppo', 'cpu', '1', '1', '64', '1'],
        },
        shell('never ready', 'echo "ImportError: no such thing" >&2'),
        shell('soon gone', 'echo ready 3; read -r _; echo "Error: out of memory" >&2'),
        shell('silent', 'exit 0'),
      ],
      2,
    );
    expect([...times.keys()]).toEqual(['ppo']);
    expect(times.get('ppo')).toEqual({
      updatesPerCall: 320,
      rounds: [expect.any(Number), expect.any(Number)],
    });
    expect(Object.fromEntries(missing)).toEqual({
      'never ready': 'no such thing',
      'soon gone': 'out of memory',
      silent: 'it ended without a word',
    });
  });
});

describe('a round', () => {
  it('has fewer updates of larger networks and batches', () => {
    const networks = trainedNetworks(agents.sac!);
    expect([256, 2_048, 16_384, 1e9].map((batch) => updatesPerRound(networks, batch))).toEqual([
      139, 17, 2, 1,
    ]);
    expect(describeNetworks(trainedNetworks(agents.rlpd!))).toBe(
      'actor 17·256·256·12, 10 critics 23·256·256·1',
    );
  });

  it('is compared with the round beside it', () => {
    expect(medianRatio([1, 4, 9], [1, 2, 3])).toBe(2);
  });
});
