/** `proprio tune` from the first trial to the test, with an interruption between. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BenchmarkRun } from '../../scripts/bench/agents/plan.ts';
import { readResults } from '../../scripts/bench/agents/results.ts';
import type { Outcome } from '../../scripts/bench/agents/train-run.ts';
import { TuningFolder } from '../../scripts/tune/folder.ts';
import { planTuning, type TuningOptions } from '../../scripts/tune/plan.ts';
import { trainGroups } from '../../scripts/tune/runs.ts';
import { recordOf, trialRuns } from '../../scripts/tune/tune.ts';
import { UsageError } from '../../src/core/errors.ts';
import { readConfigFile } from '../../src/run/config.ts';
import { lastJson, proprio, startProprio } from '../support/cli.ts';
import { readLines, temporaryFolder } from '../support/temporary.ts';

const small = ['hidden=[8,8]', 'batchSize=16', 'learningStarts=50', 'randomSteps=50', 'evaluationEpisodes=2'];

const tuning = (out: string): string[] => [
  ...['tune', 'pendulum', '--trials', '2', '--rungs', '2', '--steps', '600', '--jobs', '2', '--json'],
  ...['--tuning-seeds', '1000', '--test-seeds', '0', '--only', 'discount,actorLearningRate'],
  ...['--out', out, ...small.flatMap((assignment) => ['--set', assignment])],
];

describe('an interrupted tuning', () => {
  it('goes on where it was, trains nothing twice, and tests the best on fresh seeds', async () => {
    const out = join(temporaryFolder(), 'tuning');
    const records = join(out, 'trials.jsonl');
    const first = startProprio(...tuning(out));
    while (!existsSync(records) && first.child.exitCode === null) await sleep(10);
    first.child.kill('SIGINT');
    const interrupted = await first.ended;
    expect(interrupted.code, interrupted.stderr).toBe(130);
    expect(interrupted.stdout).toContain('Interrupted, and saved. The same command goes on.');

    const second = await proprio(...tuning(out));
    expect([second.code, second.stderr]).toEqual([0, '']);
    const lines = readLines(records);
    const keys = lines.map(({ trial, rung }) => `${trial} ${rung}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(
      lines
        .filter(({ rung }) => rung === 0)
        .map(({ trial }) => trial)
        .sort(),
    ).toEqual([0, 1]);
    for (const line of lines) {
      expect(line).toMatchObject({ outcome: 'finished', steps: line.rung === 0 ? 200 : 600 });
      expect(line.score).toEqual([expect.any(Number)]);
    }
    // A trial that went on did so from its checkpoint: its evaluations are those of one run.
    const run = join(out, 'trials', 'pendulum-sac-trial-0-seed-1000', 'run');
    expect(readLines(join(run, 'evaluations.jsonl')).map(({ step }) => step)).toEqual(
      Array.from({ length: 12 }, (_, i) => 50 * (i + 1)),
    );

    const report = lastJson(second) as Record<string, unknown>;
    expect(report).toEqual(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
    expect(report).toMatchObject({ env: 'pendulum', agent: 'sac', config: join(out, 'best.json') });
    const last = lines.filter(({ rung }) => rung === 1);
    const scores = last.map(({ score }) => (score as number[])[0]!);
    expect(last[scores.indexOf(Math.max(...scores))]!.trial).toBe(report.trial);
    const tested = readResults(join(out, 'test', 'results.jsonl'));
    expect(tested.map(({ label, seed }) => [label, seed])).toEqual(
      report.trial === 0
        ? [['defaults', 0]]
        : [
            ['defaults', 0],
            ['best', 0],
          ],
    );

    const { agent, training, steps, numEnvs } = readConfigFile(join(out, 'best.json'));
    expect({ steps, numEnvs }).toEqual({ steps: 600, numEnvs: 1 });
    expect(training).toMatchObject({ batchSize: 16, learningStarts: 50 });
    expect(agent).toMatchObject({ hidden: [8, 8] });
    for (const [name, value] of Object.entries(report.settings as Record<string, unknown>)) {
      expect(agent?.[name.replace('agent.', '')]).toBe(value);
    }
    expect(second.stdout).toContain(`--agent sac --config ${join(out, 'best.json')}`);
    expect(readdirSync(out).sort()).toEqual(
      ['best.json', 'plan.json', 'report.json', 'test', 'trials', 'trials.jsonl'].sort(),
    );
  });
});

describe('the folder of a tuning', () => {
  const options: TuningOptions = {
    ...{ env: 'pendulum', agent: 'sac', trials: 3, objective: 'area', seed: 0 },
    ...{ tuningSeeds: [1000], testSeeds: [0], search: [], settings: [] },
  };
  const plan = planTuning(options);

  it('is that of one plan', () => {
    const path = join(temporaryFolder(), 'tuning');
    TuningFolder.open(plan, path);
    expect(TuningFolder.open(plan, path).path).toBe(path);
    for (const other of [{ trials: 4 }, { seed: 1 }, { testSeeds: [1] }, { settings: ['critics=3'] }]) {
      expect(() => TuningFolder.open(planTuning({ ...options, ...other }), path)).toThrow(UsageError);
    }
    expect(() => TuningFolder.open(plan, temporaryFolder())).not.toThrow();
  });

  it('keeps the latest of what a trial came to on a rung', () => {
    const folder = TuningFolder.open(plan, join(temporaryFolder(), 'tuning'));
    const record = { trial: 1, rung: 0, steps: 10, settings: {} } as const;
    folder.append({ ...record, outcome: 'failed', score: null, reason: 'the disk is full' });
    folder.append({ ...record, outcome: 'finished', score: [3] });
    expect(folder.records()).toEqual([{ ...record, outcome: 'finished', score: [3] }]);
  });

  it('is for one process at a time', async () => {
    const folder = TuningFolder.open(plan, join(temporaryFolder(), 'tuning'));
    await folder.alone(async () => {
      await expect(folder.alone(async () => {})).rejects.toThrow(`Process ${process.pid} is at work`);
    });
    await expect(folder.alone(async () => 'done')).resolves.toBe('done');
  });
});

describe('the runs of a trial', () => {
  const options: TuningOptions = {
    ...{ env: 'pendulum', agent: 'sac', trials: 3, objective: 'area', seed: 0, steps: 90_000 },
    ...{ tuningSeeds: [1000, 1001], testSeeds: [0], search: [], settings: [] },
  };

  it('go on from rung to rung where the agent does not know the end of its training', () => {
    const plan = planTuning(options);
    const results = temporaryFolder();
    const [first, again] = [0, 1].map((rung) => trialRuns(plan, plan.trials[1]!, rung, results));
    expect(first!.map(({ name }) => name)).toEqual([
      'pendulum-sac-trial-1-seed-1000',
      'pendulum-sac-trial-1-seed-1001',
    ]);
    expect(again!.map(({ path }) => path)).toEqual(first!.map(({ path }) => path));
    expect([first![0]!.plan.steps, again![0]!.plan.steps]).toEqual([30_000, 90_000]);
    first![0]!.prepare(null);
    expect(() => trialRuns(plan, plan.trials[1]!, 1, results)).not.toThrow();
    expect(() => trialRuns(plan, { ...plan.trials[2]!, number: 1 }, 1, results)).toThrow(UsageError);
  });

  it('begin anew on each rung where it does', () => {
    const plan = planTuning({ ...options, agent: 'ppo' });
    const names = [0, 1].map((rung) => trialRuns(plan, plan.trials[0]!, rung, temporaryFolder())[0]!.name);
    expect(names).toEqual(['pendulum-ppo-trial-0-rung-1-seed-1000', 'pendulum-ppo-trial-0-rung-2-seed-1000']);
  });
});

describe('what becomes of a trial', () => {
  const plan = planTuning({
    ...{ env: 'pendulum', agent: 'sac', trials: 2, objective: 'area', seed: 0 },
    ...{ tuningSeeds: [1000, 1001], testSeeds: [0], search: [], settings: [], steps: 6_000 },
  });
  const finished: Outcome = { kind: 'finished' };
  const failed = (reason: string): Outcome => ({ kind: 'failed', reason });
  const record = (outcomes: readonly Outcome[], ...scores: readonly (readonly number[] | null)[]) =>
    recordOf(plan, plan.trials[0]!, 0, outcomes, () => [...scores]);

  it('is the mean of its seeds', () => {
    expect(record([finished, finished], [1, 2], [3, 6])).toMatchObject({
      ...{ trial: 0, rung: 0, steps: 6_000, settings: {}, outcome: 'finished', score: [2, 4] },
    });
  });

  it('has no score where one seed has failed, and tells divergence from other reasons', () => {
    const diverged = failed('Training diverged: q is NaN at update 7');
    expect(record([finished, diverged])).toMatchObject({ outcome: 'diverged', score: null });
    expect(record([failed('ended by SIGKILL'), diverged]).outcome).toBe('diverged');
    expect(record([failed('ended by SIGKILL'), finished])).toMatchObject({
      ...{ outcome: 'failed', score: null, reason: 'ended by SIGKILL' },
    });
    expect(record([finished, finished], [1], null)).toMatchObject({ outcome: 'diverged', score: null });
  });
});

describe('runs of several trials', () => {
  const results = temporaryFolder();
  const run = (label: string, settings: readonly string[]): BenchmarkRun =>
    new BenchmarkRun({ env: 'pendulum', agent: 'sac', label, seed: 0, steps: 100, settings }, results);

  it('go on when one of them fails, and each trial is told once all of its own have ended', async () => {
    const trained = run('trained', []);
    mkdirSync(trained.path, { recursive: true });
    writeFileSync(join(trained.path, 'evaluations.jsonl'), '{"step":100}\n');
    const told: unknown[] = [];
    const group = (name: string, runs: readonly BenchmarkRun[]) => ({
      runs,
      ended: (outcomes: readonly Outcome[]) => told.push([name, outcomes.map(({ kind }) => kind)]),
    });
    // Started from here the program knows no TypeScript and ends at once: a failure as good as any other.
    const groups = [group('bad', [run('bad', [])]), group('good', [trained, trained])];
    expect(await trainGroups(groups, 1, new AbortController().signal)).toBe(true);
    expect(told).toEqual([
      ['bad', ['failed']],
      ['good', ['finished', 'finished']],
    ]);
  });

  it('are left alone while another process trains one of them', async () => {
    const busy = run('busy', []);
    busy.prepare(null);
    writeFileSync(busy.processFile, String(process.pid));
    const groups = [{ runs: [busy], ended: () => {} }];
    await expect(trainGroups(groups, 1, new AbortController().signal)).rejects.toThrow('still trains');
  });

  it('do not begin once they are to stop', async () => {
    const groups = [{ runs: [run('late', [])], ended: () => {} }];
    expect(await trainGroups(groups, 1, AbortSignal.abort())).toBe(false);
  });
});
