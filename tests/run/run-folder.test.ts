/** The folder of a run: made once, appended to, rewound. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProprioError, UsageError } from '../../src/core/errors.ts';
import type { Evaluation } from '../../src/rollout/evaluate.ts';
import type { RunConfig } from '../../src/run/config.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { contentsOf, readLines, temporaryFolder } from '../support/temporary.ts';

const config: RunConfig = {
  format: 1,
  env: { id: 'pendulum', settings: {} },
  agent: { name: 'sac', settings: {} },
  training: {},
  numEnvs: 1,
  steps: 100,
  seed: 0,
  device: 'cpu',
  versions: {},
};
const evaluation = (returnMean: number, successRate: number | null = null): Evaluation => ({
  episodes: 4,
  returnMean,
  returnStd: 0.5,
  successRate,
  episodeLengthMean: 20,
});
const freshRun = (): RunFolder => RunFolder.create(join(temporaryFolder(), 'run'), config);

describe('RunFolder.create', () => {
  it('makes the folder and those above it, with a configuration that can be read again', () => {
    const path = join(temporaryFolder(), 'a', 'b');
    RunFolder.create(path, config);
    expect(RunFolder.open(path).config).toEqual(config);
  });

  it('takes an empty folder', () => {
    const path = temporaryFolder();
    expect(RunFolder.create(path, config).path).toBe(path);
  });

  it('refuses a folder with anything in it, and changes nothing', () => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'thesis.txt'), 'important');
    const create = () => RunFolder.create(path, config);
    expect(create).toThrow(UsageError);
    expect(create).toThrow(`${path} exists and is not empty. Choose another folder with --run`);
    expect(Object.keys(contentsOf(path))).toEqual(['thesis.txt']);
  });

  it('refuses a file', () => {
    const path = join(temporaryFolder(), 'file');
    writeFileSync(path, '');
    expect(() => RunFolder.create(path, config)).toThrow(
      new ProprioError(`Cannot write ${path}: a file has that name. Choose another folder with --run.`),
    );
  });

  it('says that a part of the path is a file', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => RunFolder.create(join(file, 'run'), config)).toThrow(ProprioError);
    expect(() => RunFolder.create(join(file, 'run'), config)).toThrow('a part of the path is a file');
  });
});

describe('RunFolder.open', () => {
  it('says that a folder is none of a run', () => {
    const path = temporaryFolder();
    expect(() => RunFolder.open(path)).toThrow(
      new UsageError(`${path} is not a run folder: it has no config.json.`),
    );
  });
});

describe('RunFolder.freshPath', () => {
  it('counts up to the first name that is not taken', () => {
    const parent = temporaryFolder();
    mkdirSync(join(parent, 'pendulum-sac-1'));
    mkdirSync(join(parent, 'pendulum-sac-3'));
    expect(RunFolder.freshPath(parent, 'pendulum-sac')).toBe(join(parent, 'pendulum-sac-2'));
  });
});

describe('RunFolder.withSteps', () => {
  it('changes the total of steps in config.json, and nothing else', () => {
    const run = freshRun();
    expect(run.withSteps(250).config).toEqual({ ...config, steps: 250 });
    expect(RunFolder.open(run.path).config).toEqual({ ...config, steps: 250 });
    expect(run.config.steps).toBe(100);
  });
});

describe('metrics.jsonl and evaluations.jsonl', () => {
  it('grow by a line of JSON each time', () => {
    const run = freshRun();
    run.appendMetrics(100, 1.5, { 'train/q': 2 });
    run.appendMetrics(200, 2.5, { 'train/q': 3 });
    run.appendEvaluation(200, 7, evaluation(-5, 0.25));
    expect(readLines(join(run.path, 'metrics.jsonl'))).toEqual([
      { step: 100, time: 1.5, 'train/q': 2 },
      { step: 200, time: 2.5, 'train/q': 3 },
    ]);
    expect(readLines(join(run.path, 'evaluations.jsonl'))).toEqual([
      {
        step: 200,
        time: 7,
        episodes: 4,
        return_mean: -5,
        return_std: 0.5,
        success_rate: 0.25,
        episode_length_mean: 20,
      },
    ]);
  });

  it('give evaluations back as they were, without a success rate too', () => {
    const run = freshRun();
    expect(run.evaluations()).toEqual([]);
    expect(run.bestEvaluation()).toBeUndefined();
    const all = [evaluation(-5), evaluation(-3), evaluation(-4)];
    for (const [i, one] of all.entries()) run.appendEvaluation(i, 0, one);
    expect(run.evaluations()).toEqual(all);
    expect(run.bestEvaluation()).toEqual(evaluation(-3));
  });

  it('count successes before returns when the best one is looked for', () => {
    const run = freshRun();
    for (const one of [evaluation(9, 0.5), evaluation(1, 0.75), evaluation(100, 0)])
      run.appendEvaluation(1, 0, one);
    expect(run.bestEvaluation()).toEqual(evaluation(1, 0.75));
  });
});

describe('RunFolder.rewind', () => {
  it('drops lines of later steps and a last line that was cut short', () => {
    const run = freshRun();
    for (const step of [100, 200, 300]) {
      run.appendMetrics(step, step / 100, { 'train/q': 1 });
      run.appendEvaluation(step, 0, evaluation(step));
    }
    appendFileSync(join(run.path, 'metrics.jsonl'), '{"step":150,"ti');
    appendFileSync(join(run.path, 'evaluations.jsonl'), '{"step":');
    run.rewind(200);
    expect(readLines(join(run.path, 'metrics.jsonl')).map(({ step }) => step)).toEqual([100, 200]);
    expect(run.evaluations().map(({ returnMean }) => returnMean)).toEqual([100, 200]);
  });

  it('leaves the lines it keeps byte for byte, so that the next one begins on a line of its own', () => {
    const run = freshRun();
    const file = join(run.path, 'metrics.jsonl');
    run.appendMetrics(100, 0.1, { 'train/q': 1 / 3 });
    const before = readFileSync(file, 'utf8');
    appendFileSync(file, '{"st');
    run.rewind(100);
    expect(readFileSync(file, 'utf8')).toBe(before);
    run.appendMetrics(200, 0.2, {});
    expect(readFileSync(file, 'utf8')).toBe(`${before}{"step":200,"time":0.2}\n`);
  });

  it('ends a last line that has lost only its end', () => {
    const run = freshRun();
    run.appendMetrics(100, 0.1, {});
    appendFileSync(join(run.path, 'metrics.jsonl'), '{"step":200,"time":0.2}');
    run.rewind(200);
    run.appendMetrics(300, 0.3, {});
    expect(readLines(join(run.path, 'metrics.jsonl')).map(({ step }) => step)).toEqual([100, 200, 300]);
  });

  it('has nothing to do in a run without lines', () => {
    const run = freshRun();
    run.rewind(100);
    expect(run.evaluations()).toEqual([]);
  });
});
