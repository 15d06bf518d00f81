/** What becomes of finished runs: times, `results.jsonl`, curves over seeds and tables. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BenchmarkRun, nameOf, plansOf, type RunPlan } from '../../scripts/bench/agents/plan.ts';
import {
  type EvaluationPoint,
  readResults,
  resultOf,
  trainingSeconds,
} from '../../scripts/bench/agents/results.ts';
import { resultTables } from '../../scripts/bench/agents/table.ts';
import { trainRun } from '../../scripts/bench/agents/train-run.ts';
import { curveOf, returnMean, successRate, variantsByEnv } from '../../scripts/bench/agents/variants.ts';
import { ConfigurationError, UsageError } from '../../src/core/errors.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { emptyRun, resultsFile, resultWith } from './benchmark-results.ts';

const plan: RunPlan = {
  ...{ env: 'pendulum', agent: 'sac', label: '', seed: 3, steps: 300 },
  settings: ['discount=0.9'],
};

/** A run folder that looks as if it had trained. */
function trainedRun(evaluations: readonly object[]): BenchmarkRun {
  const run = new BenchmarkRun(plan, temporaryFolder());
  run.prepare('abc1234');
  emptyRun(run.path);
  const lines = (records: readonly object[]): string =>
    records.map((record) => `${JSON.stringify(record)}\n`).join('');
  writeFileSync(join(run.path, 'evaluations.jsonl'), lines(evaluations));
  writeFileSync(
    join(run.path, 'metrics.jsonl'),
    lines([100, 200, 300].map((step) => ({ step, 'time/fps': step }))),
  );
  return run;
}

const evaluation = (step: number, return_mean: number, success_rate: number | null) => ({
  ...{ step, episodes: 100, return_mean, return_std: 1, success_rate, episode_length_mean: 200 },
});

describe('plans', () => {
  it('go seed by seed, with the tuned steps unless others are given', () => {
    const options = { agents: ['sac'], envs: ['pendulum', 'drone-hover'], seeds: 2, settings: [], label: '' };
    expect(plansOf(options).map((each) => [nameOf(each), each.steps])).toEqual([
      ['pendulum-sac-seed-0', 20_000],
      ['drone-hover-sac-seed-0', 200_000],
      ['pendulum-sac-seed-1', 20_000],
      ['drone-hover-sac-seed-1', 200_000],
    ]);
    expect(plansOf({ ...options, steps: 7 }).map(({ steps }) => steps)).toEqual([7, 7, 7, 7]);
    expect(nameOf({ ...plan, label: 'no / norm' })).toBe('pendulum-sac-no-norm-seed-3');
  });

  it('evaluate twenty times on one thread, and let settings overrule that', () => {
    const run = new BenchmarkRun({ ...plan, settings: ['threads=2'] }, temporaryFolder());
    const args = run.prepare(null);
    expect(args.slice(0, 8)).toEqual('train pendulum --agent sac --seed 3 --steps 300'.split(' '));
    expect(args).toContain('evaluationInterval=15');
    expect(args.indexOf('threads=2')).toBeGreaterThan(args.indexOf('threads=1'));
  });

  it('refuse a folder that holds a run with other settings', () => {
    const out = temporaryFolder();
    new BenchmarkRun(plan, out).prepare(null);
    expect(() => new BenchmarkRun(plan, out)).not.toThrow();
    for (const other of [{ settings: [] }, { steps: 301 }])
      expect(() => new BenchmarkRun({ ...plan, ...other }, out)).toThrow(UsageError);
  });
});

describe('a run folder', () => {
  it('is finished with the evaluation of its last step', () => {
    expect(trainedRun([evaluation(200, 1, null)]).isFinished).toBe(false);
    expect(trainedRun([evaluation(200, 1, null), evaluation(300, 2, null)]).isFinished).toBe(true);
    expect(new BenchmarkRun(plan, temporaryFolder()).isFinished).toBe(false);
  });

  it('becomes a result', () => {
    const run = trainedRun([evaluation(100, 5, 0.5), evaluation(200, 9, 0.96), evaluation(300, 7, 0.96)]);
    expect(resultOf(run, 'a machine', 2)).toEqual({
      ...plan,
      seconds: 1 + 0.5 + 1 / 3,
      final: { return_mean: 7, success_rate: 0.96 },
      best: { return_mean: 9, success_rate: 0.96 },
      steps_to_solve: 200,
      seconds_to_solve: 1.5,
      evaluations: [
        [100, 5, 0.5],
        [200, 9, 0.96],
        [300, 7, 0.96],
      ],
      ...{ versions: { proprio: '0.1.0' }, commit: 'abc1234', machine: 'a machine', jobs: 2 },
    });
  });

  it('has no time to success where the task knows none', () => {
    const run = trainedRun([evaluation(100, -5, null), evaluation(300, -9, null)]);
    expect(resultOf(run, '', 1)).toMatchObject({
      final: { return_mean: -9, success_rate: null },
      best: { return_mean: -5, success_rate: null },
      ...{ steps_to_solve: null, seconds_to_solve: null },
    });
  });

  it('is left alone while another process trains in it', async () => {
    const run = new BenchmarkRun(plan, temporaryFolder());
    run.prepare(null);
    writeFileSync(run.processFile, String(process.pid));
    expect(await trainRun(run, null, new AbortController().signal)).toEqual({
      kind: 'failed',
      reason: `process ${process.pid} is training it; wait until that has ended`,
    });
  });

  it('that nobody planned is not cleared away', () => {
    const out = temporaryFolder();
    const run = new BenchmarkRun(plan, out);
    mkdirSync(run.path, { recursive: true });
    writeFileSync(join(run.path, 'notes'), 'mine');
    run.prepare(null);
    expect(() => emptyRun(run.path)).toThrow('not empty');
  });
});

describe('seconds of training', () => {
  const metrics = [
    { step: 100, 'time/fps': 50 },
    { step: 300, 'time/fps': 100 },
  ];

  it('are summed from the speeds between lines, and go on with the last one', () => {
    expect([0, 50, 100, 200, 300, 400].map((step) => trainingSeconds(metrics, step))).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
  });
});

describe('results.jsonl', () => {
  const point: EvaluationPoint[] = [[100, 1, null]];

  it('gives the latest result of each run, without a line that was cut short', () => {
    const [first, again] = [1, 2].map((seconds) => resultWith(point, { seconds }));
    const other = resultWith(point, { seed: 1 });
    const file = resultsFile([first!, other, again!, '{"env":"pend']);
    expect(readResults(file)).toEqual([again, other]);
    expect(readResults(join(temporaryFolder(), 'none'))).toEqual([]);
  });

  it('is refused where a record is no result', () => {
    const file = resultsFile([resultWith(point), '{"env":"pendulum"}']);
    expect(() => readResults(file)).toThrow(ConfigurationError);
    expect(() => readResults(file)).toThrow(/record 2 is no result: agent/);
  });
});

describe('curves over seeds', () => {
  it('are interquartile means at each evaluation, within their intervals', () => {
    const seeds = [0, 1, 2, 3, 100].map((value, seed) =>
      resultWith(
        [
          [10, value, 0],
          [20, 2 * value, value / 100],
        ],
        { seed },
      ),
    );
    const [[, [variant]]] = variantsByEnv(seeds) as [[string, [never]]];
    const curve = curveOf(variant, returnMean);
    expect(curve.map(({ step, value }) => [step, value])).toEqual([
      [10, 2],
      [20, 4],
    ]);
    for (const { low, value, high } of curve) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
    expect(curveOf(variant, successRate)[1]!.value).toBeCloseTo(0.02, 12);
  });

  it('are interpolated where seeds were evaluated at other steps, and end with the shortest', () => {
    const results = [
      resultWith(
        [
          [10, 0, null],
          [20, 10, null],
          [30, 30, null],
        ],
        { seed: 0 },
      ),
      resultWith(
        [
          [15, 100, null],
          [25, 200, null],
        ],
        { seed: 1 },
      ),
    ];
    const curve = curveOf({ name: 'sac', results }, returnMean);
    expect(curve.map(({ step, value }) => [step, value])).toEqual([
      [15, (5 + 100) / 2],
      [25, (20 + 200) / 2],
    ]);
  });

  it('belong to an agent with its label, in the order of the names', () => {
    const point: EvaluationPoint[] = [[100, 1, null]];
    const results = [
      resultWith(point, { env: 'pendulum' }),
      resultWith(point, { label: 'small' }),
      resultWith(point),
    ];
    expect(variantsByEnv(results).map(([env, of]) => [env, of.map(({ name }) => name)])).toEqual([
      ['drone-hover', ['sac', 'sac, small']],
      ['pendulum', ['sac']],
    ]);
  });
});

describe('tables', () => {
  it('say how often, how good, how soon and how long', () => {
    const results = [
      ...[0, 1, 2].map((seed) =>
        resultWith([[20_000, -150, null]], { env: 'pendulum', seed, seconds: 60 * (seed + 1) }),
      ),
      ...[110_000, 90_000, null].map((steps_to_solve, seed) =>
        resultWith([[200_000, 450, 0.97 + seed / 100]], { seed, steps_to_solve }),
      ),
      ...[0, 1, 2].map((seed) => resultWith([[200_000, 1, 0]], { seed, label: 'x' })),
    ];
    expect(resultTables(results)).toBe(`\
Interquartile means and, of steps and minutes, medians over 3 seeds, with 95 % bootstrap intervals in brackets.
Minutes are those of acting and learning on one thread, without evaluations.
2 runs at a time; 2 × core; commit abc1234.

### drone-hover

| agent | steps | success at the end | return at the end | steps to 95 % | minutes |
| --- | --- | --- | --- | --- | --- |
| sac | 200,000 | 98 % (97 to 99) | 450.0 (450.0 to 450.0) | 110,000 (90,000 or more), 2 of 3 seeds | 1.5 |
| sac, x | 200,000 | 0 % (0 to 0) | 1.0 (1.0 to 1.0) | not reached, 0 of 3 seeds | 1.5 |

### pendulum

| agent | steps | return at the end | minutes |
| --- | --- | --- | --- |
| sac | 20,000 | −150.0 (−150.0 to −150.0) | 2.0 |`);
  });
});
