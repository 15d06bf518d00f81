/** What becomes of finished runs: times, `results.jsonl`, curves over seeds and tables. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { meanScore, returnMean, successRate } from '../../scripts/bench/agents/measures.ts';
import { BenchmarkRun, nameOf, plansOf, type RunPlan } from '../../scripts/bench/agents/plan.ts';
import {
  type EvaluationPoint,
  type Result,
  readResults,
  resultOf,
  trainingSeconds,
} from '../../scripts/bench/agents/results.ts';
import { resultTables } from '../../scripts/bench/agents/table.ts';
import { trainRun } from '../../scripts/bench/agents/train-run.ts';
import { curveOf, variantsByEnv } from '../../scripts/bench/agents/variants.ts';
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

const evaluation = (step: number, return_mean: number, success_rate: number | null, bumps?: number) => ({
  ...{ step, episodes: 100, return_mean, return_std: 1, success_rate, episode_length_mean: 200 },
  ...(bumps === undefined
    ? {}
    : { scores: { bumps: { mean: bumps, std: 1 }, hits: { mean: -bumps, std: 1 } } }),
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
      score_name: null,
      final: { return_mean: 7, success_rate: 0.96, score: null },
      best: { return_mean: 9, success_rate: 0.96, score: null },
      kept: null,
      solved_score: null,
      steps_to_solve: 200,
      seconds_to_solve: 1.5,
      evaluations: [
        [100, 5, 0.5, null],
        [200, 9, 0.96, null],
        [300, 7, 0.96, null],
      ],
      ...{ versions: { proprio: '0.1.0' }, commit: 'abc1234', machine: 'a machine', jobs: 2 },
    });
  });

  it('has no time to success where the task knows none', () => {
    const run = trainedRun([evaluation(100, -5, null), evaluation(300, -9, null)]);
    expect(resultOf(run, '', 1)).toMatchObject({
      final: { return_mean: -9, success_rate: null, score: null },
      best: { return_mean: -5, success_rate: null, score: null },
      ...{ steps_to_solve: null, seconds_to_solve: null },
    });
    // A bound is one of scores, and says nothing of returns.
    expect(resultOf(run, '', 1, { solved: -100 })).toMatchObject({
      solved_score: null,
      steps_to_solve: null,
    });
  });

  describe('of a task with scores and without success', () => {
    const run = trainedRun([
      evaluation(100, 9, null, 2),
      evaluation(200, 1, null, 8.5),
      evaluation(300, 3, null, 8.5),
    ]);

    it('is told by the first score, which chooses the best before the return does', () => {
      expect(resultOf(run, '', 1)).toMatchObject({
        score_name: 'bumps',
        final: { return_mean: 3, success_rate: null, score: 8.5 },
        best: { return_mean: 3, success_rate: null, score: 8.5 },
        ...{ solved_score: null, steps_to_solve: null, seconds_to_solve: null },
        evaluations: [
          [100, 9, null, 2],
          [200, 1, null, 8.5],
          [300, 3, null, 8.5],
        ],
      });
      const fading = trainedRun([evaluation(100, 1, null, 5), evaluation(300, 9, null, 4)]);
      expect(resultOf(fading, '', 1).best).toEqual({ return_mean: 1, success_rate: null, score: 5 });
    });

    it('is solved from the score on that was given', () => {
      expect(resultOf(run, '', 1, { solved: 8.5 })).toMatchObject({
        ...{ solved_score: 8.5, steps_to_solve: 200, seconds_to_solve: 1.5 },
      });
      expect(resultOf(run, '', 1, { solved: 9 })).toMatchObject({
        ...{ solved_score: 9, steps_to_solve: null, seconds_to_solve: null },
      });
    });
  });

  it('is solved by success where there is a score beside it', () => {
    const run = trainedRun([evaluation(100, 1, 0.2, 9), evaluation(300, 1, 0.97, 4)]);
    expect(resultOf(run, '', 1, { solved: 8 })).toMatchObject({
      ...{ score_name: 'bumps', solved_score: null, steps_to_solve: 300 },
      best: { return_mean: 1, success_rate: 0.97, score: 4 },
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
  const point: EvaluationPoint[] = [[100, 1, null, null]];

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
          [10, value, 0, null],
          [20, 2 * value, value / 100, null],
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

  it('are of scores too', () => {
    const results = [3, 5].map((bumps, seed) => resultWith([[10, 0, null, bumps]], { seed }));
    expect(curveOf({ name: 'sac', results }, meanScore)).toMatchObject([{ step: 10, value: 4 }]);
  });

  it('are interpolated where seeds were evaluated at other steps, and end with the shortest', () => {
    const results = [
      resultWith(
        [
          [10, 0, null, null],
          [20, 10, null, null],
          [30, 30, null, null],
        ],
        { seed: 0 },
      ),
      resultWith(
        [
          [15, 100, null, null],
          [25, 200, null, null],
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
    const point: EvaluationPoint[] = [[100, 1, null, null]];
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
        resultWith([[20_000, -150, null, null]], { env: 'pendulum', seed, seconds: 60 * (seed + 1) }),
      ),
      ...[110_000, 90_000, null].map((steps_to_solve, seed) =>
        resultWith([[200_000, 450, 0.97 + seed / 100, null]], { seed, steps_to_solve }),
      ),
      ...[0, 1, 2].map((seed) => resultWith([[200_000, 1, 0, null]], { seed, label: 'x' })),
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

  /** Three seeds that end at 7, 8 and 9 bumps; their kept policies came to one less, with a return ten times that. */
  const scored = (changes: Partial<Result>, success: number | null = null) =>
    [7, 8, 9].map((bumps, seed) =>
      resultWith(
        [
          [50_000, 1, success, bumps - 4],
          [100_000, 2, success, bumps],
        ],
        {
          ...{ env: 'volley-solo-bump', seed, ...changes },
          kept: {
            ...{ episodes: 128, return_mean: 10 * (bumps - 1), return_std: 1 },
            ...{ success_rate: success, score: bumps - 1, score_std: 1 },
          },
        },
      ),
    );
  const tableOf = (results: readonly Result[]): string => resultTables(results).split('\n\n').at(-1)!;

  it('tell the score of the kept policy, and how soon evaluations reached each bound', () => {
    // The bound of one variant is counted for the other one too.
    const text = resultTables([...scored({ solved_score: 8 }), ...scored({ label: 'x', solved_score: 5 })]);
    expect(text).toContain(
      'The kept policy is that of the best evaluation, measured once more on fresh episodes.\n',
    );
    const row = [
      ...['100,000', '7.00 (6.00 to 8.00)', '70.0 (60.0 to 80.0)'],
      // At 50,000 steps the seeds are at 3, 4 and 5 bumps: one of them has reached 5, none 8.
      ...['100,000 (50,000 to 100,000), 3 of 3 seeds', '100,000 (100,000 or more), 2 of 3 seeds', '1.5'],
    ].join(' | ');
    expect(text.split('\n\n').at(-1)).toBe(`\
| agent | steps | bumps of the kept policy | return of the kept policy | steps to 5 | steps to 8 | minutes |
| --- | --- | --- | --- | --- | --- | --- |
| sac | ${row} |
| sac, x | ${row} |`);
  });

  it('tell success before the score where there are both', () => {
    const [titles, , row] = tableOf(scored({}, 0.5)).split('\n');
    expect(titles).toBe(
      '| agent | steps | success of the kept policy | bumps of the kept policy | return of the kept policy | steps to 95 % | minutes |',
    );
    expect(row).toContain('| 50 % (50 to 50) | 7.00 (6.00 to 8.00) | 70.0 (60.0 to 80.0) | not reached,');
  });

  it('tell the last score of all where one kept policy has not been measured', () => {
    const [first, ...others] = scored({});
    const text = resultTables([{ ...first!, kept: null }, ...others]);
    expect(text).toContain(`\
| agent | steps | bumps at the end | return at the end | minutes |
| --- | --- | --- | --- | --- |
| sac | 100,000 | 8.00 (7.00 to 9.00) | 2.0 (2.0 to 2.0) | 1.5 |`);
    expect(text).not.toContain('The kept policy');
  });
});
