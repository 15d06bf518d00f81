/** Results of benchmarks as tests make them up. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluationPoint, Result } from '../../scripts/bench/agents/results.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A run with these evaluations; the rest follows from them or is of no interest. */
export function resultWith(evaluations: readonly EvaluationPoint[], changes: Partial<Result> = {}): Result {
  const [steps, return_mean, success_rate, score] = evaluations.at(-1)!;
  const last = { return_mean, success_rate, score };
  return {
    ...{ env: 'drone-hover', agent: 'sac', label: '', seed: 0, steps, settings: [] },
    ...{ seconds: 90, score_name: score === null ? null : 'bumps', final: last, best: last, kept: null },
    ...{ solved_score: null, steps_to_solve: null, seconds_to_solve: null },
    evaluations: [...evaluations],
    ...{ versions: { proprio: '0.1.0' }, commit: 'abc1234', machine: '2 × core, load 0.50', jobs: 2 },
    ...changes,
  };
}

/** A `results.jsonl` with these lines. */
export function resultsFile(lines: readonly (Result | string)[]): string {
  const file = join(temporaryFolder(), 'results.jsonl');
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  writeFileSync(file, texts.map((text) => `${text}\n`).join(''));
  return file;
}

/** A run folder before its first step. */
export function emptyRun(path: string): RunFolder {
  return RunFolder.create(path, {
    format: 1,
    env: { id: 'pendulum', settings: {} },
    agent: { name: 'sac', settings: {} },
    training: {},
    ...{ numEnvs: 1, steps: 300, seed: 3, device: 'cpu', versions: { proprio: '0.1.0' } },
  });
}
