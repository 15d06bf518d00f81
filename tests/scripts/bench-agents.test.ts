/** `proprio bench agents` from the first run to the last, with an interruption between. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readResults } from '../../scripts/bench/agents/results.ts';
import type { evaluationRecord } from '../../src/run/run-folder.ts';
import { expectFailure, lastJson, proprio, startProprio } from '../support/cli.ts';
import { readLines, temporaryFolder } from '../support/temporary.ts';

const STEPS = 3_000;
/** 150, 300, … */
const EVALUATED = Array.from({ length: 20 }, (_, i) => ((i + 1) * STEPS) / 20);

const benchmark = (out: string, seeds: number, ...set: readonly string[]): string[] => [
  ...['bench', 'agents', '--agents', 'sac', '--envs', 'pendulum', '--json', '--out', out],
  ...['--seeds', String(seeds), '--steps', String(STEPS), '--label', 'tiny'],
  ...['hidden=[16,16]', 'batchSize=32', 'learningStarts=50', 'evaluationEpisodes=2', ...set].flatMap(
    (assignment) => ['--set', assignment],
  ),
];

describe('an interrupted benchmark', () => {
  it('goes on where it was, and trains nothing twice', async () => {
    const out = temporaryFolder();
    const results = join(out, 'results.jsonl');
    const folder = join(out, 'pendulum-sac-tiny-seed-0');
    const first = startProprio(...benchmark(out, 1));
    const checkpoint = join(folder, 'run', 'checkpoint', 'state.json');
    while (!existsSync(checkpoint) && first.child.exitCode === null) await sleep(10);
    first.child.kill('SIGINT');
    const interrupted = await first.ended;
    expect([interrupted.code, interrupted.stderr.trim()]).toEqual([
      130,
      'Stopping the runs and saving. Press Ctrl-C again to leave without waiting for them.',
    ]);
    expect(lastJson(interrupted)).toEqual({ results, finished: 0, failed: [] });

    const second = await proprio(...benchmark(out, 2));
    expect([second.code, second.stderr]).toEqual([0, '']);
    expect(lastJson(second)).toEqual({ results, finished: 2, failed: [] });
    expect(second.stdout).toContain('2/2 pendulum-sac-tiny-seed-');
    expect(second.stdout).toMatch(/\| sac, tiny \| 3,000 \| −[\d.]+ \(−[\d.]+ to −[\d.]+\) \| 0\.\d \|/);
    for (const result of readResults(results)) {
      expect(result).toMatchObject({ env: 'pendulum', agent: 'sac', label: 'tiny', steps: STEPS });
      expect(result.evaluations.map(([step]) => step)).toEqual(EVALUATED);
      const [, return_mean] = result.evaluations.at(-1)!;
      expect(result.final).toEqual({ return_mean, success_rate: null, score: null });
      expect(result.seconds).toBeGreaterThan(0);
      expect(result.versions.node).toBe(process.versions.node);
    }
    // The first seed was begun, interrupted, and continued; one process at a time has a folder.
    const output = readFileSync(join(folder, 'output.log'), 'utf8');
    expect(output.match(/^Training sac on pendulum/gm)).toHaveLength(2);
    expect(output).toContain('Interrupted, and saved.');
    expect(readdirSync(folder).sort()).toEqual(['errors.log', 'output.log', 'plan.json', 'run']);

    // A line is enough: its folder may be gone.
    rmSync(folder, { recursive: true });
    const third = await proprio(...benchmark(out, 2));
    expect(third.stdout).toContain('2 runs, 0 to do');
    expect(readLines(results)).toHaveLength(2);
    expect(existsSync(folder)).toBe(false);
  }, 120_000);
});

describe('a benchmark of a task with scores', () => {
  it('measures kept policies on fresh episodes, and again without training where the line is not there', async () => {
    const out = temporaryFolder();
    const results = join(out, 'results.jsonl');
    const bench = (solved: number) =>
      proprio(
        ...['bench', 'agents', '--agents', 'sac', '--envs', 'volley-bump-and-pass', '--seeds', '1'],
        ...['--steps', '600', '--out', out, '--solved', String(solved)],
        ...[
          'hidden=[16,16]',
          'batchSize=32',
          'learningStarts=200',
          'demonstrationEpisodes=0',
          'evaluationEpisodes=4',
        ].flatMap((assignment) => ['--set', assignment]),
      );
    const first = await bench(0);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toContain('| hits of the kept policy | return of the kept policy | steps to 0 |');
    const [result] = readResults(results);
    expect(result).toMatchObject({ score_name: 'hits', solved_score: 0, kept: { episodes: 128 } });
    expect(result!.steps_to_solve).toBe(result!.evaluations[0]![0]);

    const run = join(out, 'volley-bump-and-pass-sac-seed-0', 'run');
    const fresh = await proprio('evaluate', run, '--episodes', '128', '--seed', '1000003', '--json');
    const { return_mean, return_std, scores } = lastJson(fresh) as ReturnType<typeof evaluationRecord>;
    expect(result!.kept).toEqual({
      ...{ episodes: 128, return_mean, return_std, success_rate: null },
      ...{ score: scores!.hits!.mean, score_std: scores!.hits!.std },
    });

    // No line, then another bound: the folder tells both.
    rmSync(results);
    for (const [bound, steps] of [
      [0, result!.steps_to_solve],
      [1_000, null],
    ] as const) {
      expect((await bench(bound)).stdout).toContain('1 runs, 1 to do');
      expect(readResults(results)[0]).toMatchObject({ solved_score: bound, steps_to_solve: steps });
    }
    expect(readResults(results)[0]!.kept).toEqual(result!.kept);
    const output = readFileSync(join(run, '..', 'output.log'), 'utf8');
    expect(output.match(/^Training sac/gm)).toHaveLength(1);
  });
});

describe.concurrent('proprio bench agents', () => {
  it('reports runs that fail, and goes on with the others', async () => {
    const out = temporaryFolder();
    const ended = await proprio(...benchmark(out, 2, 'discount=2'), '--jobs', '2');
    expectFailure(ended, 1);
    for (const seed of [0, 1])
      expect(ended.stderr).toContain(
        `pendulum-sac-tiny-seed-${seed} failed: Setting agent.discount=2: too big`,
      );
    expect(lastJson(ended)).toMatchObject({
      finished: 0,
      failed: [{ reason: expect.stringContaining('discount') }, {}],
    });
  });

  it('refuses unknown names and flags before anything is written', async () => {
    const out = temporaryFolder();
    const unknown = await proprio('bench', 'agents', '--agents', 'sca', '--out', out);
    expectFailure(unknown, 2);
    expect(unknown.stderr).toContain('Unknown agent "sca". Did you mean "sac"?');
    const flag = await proprio('bench', 'agents', '--sedes', '3');
    expectFailure(flag, 2);
    expect(flag.stderr).toContain('(Did you mean --seeds?)');
    const bound = await proprio('bench', 'agents', '--solved', 'soon', '--out', out);
    expectFailure(bound, 2);
    expect(bound.stderr).toContain('--solved takes a number.');
    expect(readdirSync(out)).toEqual([]);
  });
});

describe.concurrent('proprio bench', () => {
  it('shows what to type for agents', async () => {
    const { code, stdout, stderr } = await proprio('bench', 'agents', '--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/Examples:\n {2}proprio bench agents/);
  });

  it('still takes names, and refuses unknown ones', async () => {
    const ended = await proprio('bench', 'updat');
    expectFailure(ended, 2);
    expect(ended.stderr).toContain('Unknown benchmark "updat". Did you mean "update"?');
  });
});
