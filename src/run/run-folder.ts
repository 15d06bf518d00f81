/** The folder that a run leaves behind, and where everything in it lies. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { type Evaluation, isBetter } from '../rollout/evaluate.ts';
import { type RunConfig, readConfig } from './config.ts';
import { explaining, findFolder, writeFileAtomic } from './files.ts';

export class RunFolder {
  readonly path: string;
  readonly config: RunConfig;

  private constructor(path: string, config: RunConfig) {
    this.path = path;
    this.config = config;
  }

  /** Makes a folder for a new run. @throws UsageError when something is there already */
  static create(path: string, config: RunConfig): RunFolder {
    explaining(path, () => mkdirSync(path, { recursive: true }));
    if (explaining(path, () => readdirSync(path)).length > 0) {
      throw new UsageError(
        `${path} exists and is not empty. Choose another folder with --run, or continue that run with --resume.`,
      );
    }
    const folder = new RunFolder(path, config);
    folder.#saveConfig(config);
    return folder;
  }

  /** @throws UsageError when there is no run */
  static open(path: string): RunFolder {
    const file = join(path, 'config.json');
    if (!existsSync(file)) throw new UsageError(`${path} is not a run folder: it has no config.json.`);
    return new RunFolder(path, readConfig(file));
  }

  /** A name under `parent` that is not taken: `drone-hover-sac-1`, … */
  static freshPath(parent: string, stem: string): string {
    for (let number = 1; ; number++) {
      const path = join(parent, `${stem}-${number}`);
      if (!existsSync(path)) return path;
    }
  }

  get checkpoint(): string {
    return join(this.path, 'checkpoint');
  }

  get policy(): string {
    return join(this.path, 'policy.onnx');
  }

  /** The model that this run corrects, where it corrects one. */
  get base(): string {
    return join(this.path, 'base.onnx');
  }

  saveBase(model: Uint8Array): void {
    writeFileAtomic(this.base, model);
  }

  /** The model that may take over, where there is one. */
  get expert(): string {
    return join(this.path, 'expert.onnx');
  }

  saveExpert(model: Uint8Array): void {
    writeFileAtomic(this.expert, model);
  }

  get hasCheckpoint(): boolean {
    return findFolder(this.checkpoint) !== undefined;
  }

  #saveConfig(config: RunConfig): void {
    writeFileAtomic(join(this.path, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  }

  /** @param description goes to `policy.json`, for programs that do not read ONNX metadata */
  savePolicy(model: Uint8Array, description: object): void {
    writeFileAtomic(this.policy, model);
    writeFileAtomic(join(this.path, 'policy.json'), `${JSON.stringify(description, null, 2)}\n`);
  }

  appendMetrics(step: number, time: number, values: Readonly<Record<string, number>>): void {
    this.#appendLine('metrics.jsonl', { step, time, ...values });
  }

  appendEvaluation(step: number, time: number, evaluation: Evaluation): void {
    this.#appendLine('evaluations.jsonl', { step, time, ...evaluationRecord(evaluation) });
  }

  /** All evaluations so far, the oldest first. */
  evaluations(): Evaluation[] {
    return this.#readLines('evaluations.jsonl').map(({ record }) => ({
      episodes: Number(record.episodes),
      returnMean: Number(record.return_mean),
      returnStd: Number(record.return_std),
      successRate: record.success_rate === null ? null : Number(record.success_rate),
      episodeLengthMean: Number(record.episode_length_mean),
      ...(record.scores ? { scores: record.scores as Evaluation['scores'] & object } : {}),
    }));
  }

  /** Whether the run was evaluated at `step`. */
  evaluatedAt(step: number): boolean {
    return this.#readLines('evaluations.jsonl').some(({ record }) => record.step === step);
  }

  bestEvaluation(): Evaluation | undefined {
    return this.evaluations().reduce<Evaluation | undefined>(
      (best, next) => (best === undefined || isBetter(next, best) ? next : best),
      undefined,
    );
  }

  /** The same run with another total of steps, which `config.json` then says. */
  withSteps(steps: number): RunFolder {
    const config = { ...this.config, steps };
    if (steps !== this.config.steps) this.#saveConfig(config);
    return new RunFolder(this.path, config);
  }

  /** Forgets lines of later steps than `step`, and a last line that a crash has cut short. */
  rewind(step: number): void {
    for (const name of ['metrics.jsonl', 'evaluations.jsonl']) {
      const lines = this.#readLines(name).filter(({ record }) => Number(record.step) <= step);
      writeFileAtomic(join(this.path, name), lines.map(({ text }) => `${text}\n`).join(''));
    }
  }

  #readLines(name: string): { readonly text: string; readonly record: Readonly<Record<string, unknown>> }[] {
    const file = join(this.path, name);
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((text) => {
        try {
          return [{ text, record: JSON.parse(text) as Record<string, unknown> }];
        } catch {
          return [];
        }
      });
  }

  #appendLine(name: string, record: object): void {
    const file = join(this.path, name);
    explaining(file, () => appendFileSync(file, `${JSON.stringify(record)}\n`));
  }
}

/** An evaluation under the names that files and `--json` use. */
export const evaluationRecord = (evaluation: Evaluation) => ({
  episodes: evaluation.episodes,
  return_mean: evaluation.returnMean,
  return_std: evaluation.returnStd,
  success_rate: evaluation.successRate,
  episode_length_mean: evaluation.episodeLengthMean,
  ...(evaluation.scores ? { scores: evaluation.scores } : {}),
});
