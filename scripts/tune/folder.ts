/** The folder of a tuning: its plan, what trials came to on each rung, the runs, and in the end the report. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../src/core/errors.ts';
import { readJson } from '../../src/run/config.ts';
import { explaining, writeFileAtomic } from '../../src/run/files.ts';
import { RunFolder } from '../../src/run/run-folder.ts';
import { readRecords } from '../bench/agents/records.ts';
import { livingProcess } from '../bench/agents/train-run.ts';
import type { Score } from './objective.ts';
import type { TuningPlan } from './plan.ts';

export const TUNING_FOLDER = 'tune';

/** One line of `trials.jsonl`: what became of a trial on a rung. */
export interface TrialRecord {
  readonly trial: number;
  /** From 0. */
  readonly rung: number;
  /** Control steps from the start of training. */
  readonly steps: number;
  /** `diverged` by its own fault, which is final; `failed` for another reason, so that a tuning that goes on tries again. */
  readonly outcome: 'finished' | 'diverged' | 'failed';
  /** Mean over the tuning seeds; null unless it finished. */
  readonly score: Score | null;
  readonly reason?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export class TuningFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * The folder at `path`, or without one the unfinished tuning of the same plan, or else a new one.
   * @throws UsageError where something else is there
   */
  static open(plan: TuningPlan, path = findUnfinished(plan)): TuningFolder {
    const folder = new TuningFolder(path);
    explaining(path, () => mkdirSync(path, { recursive: true }));
    if (existsSync(folder.#planFile)) {
      if (same(readJson(folder.#planFile), plan)) return folder;
      throw new UsageError(
        `${path} holds a tuning with other trials, seeds, steps or settings. Choose another folder with --out.`,
      );
    }
    if (explaining(path, () => readdirSync(path)).length > 0) {
      throw new UsageError(`${path} exists and is not empty. Choose another folder with --out.`);
    }
    writeFileAtomic(folder.#planFile, `${JSON.stringify(plan, null, 2)}\n`);
    return folder;
  }

  /** Results folder of the runs by which trials are compared. */
  get trials(): string {
    return join(this.path, 'trials');
  }

  /** Results folder of the runs on test seeds. */
  get test(): string {
    return join(this.path, 'test');
  }

  get bestFile(): string {
    return join(this.path, 'best.json');
  }

  /** The latest record of each trial on each rung. */
  records(): TrialRecord[] {
    const latest = new Map<string, TrialRecord>();
    for (const record of readRecords(this.#recordsFile) as unknown as TrialRecord[]) {
      latest.set(`${record.rung} ${record.trial}`, record);
    }
    return [...latest.values()];
  }

  append(record: TrialRecord): void {
    explaining(this.#recordsFile, () => appendFileSync(this.#recordsFile, `${JSON.stringify(record)}\n`));
  }

  writeBest(config: object): void {
    writeFileAtomic(this.bestFile, `${JSON.stringify(config, null, 2)}\n`);
  }

  writeReport(report: object): void {
    writeFileAtomic(reportIn(this.path), `${JSON.stringify(report, null, 2)}\n`);
  }

  /** Keeps other processes out while `work` is done. @throws UsageError while another one is at work here */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const file = join(this.path, 'process');
    const other = livingProcess(file);
    if (other !== undefined) {
      throw new UsageError(`Process ${other} is at work in ${this.path}: wait until it has ended.`);
    }
    explaining(file, () => writeFileSync(file, String(process.pid)));
    try {
      return await work();
    } finally {
      rmSync(file, { force: true });
    }
  }

  get #planFile(): string {
    return planIn(this.path);
  }

  get #recordsFile(): string {
    return join(this.path, 'trials.jsonl');
  }
}

const planIn = (path: string): string => join(path, 'plan.json');
const reportIn = (path: string): string => join(path, 'report.json');

/** The latest tuning of the same plan that has no report yet, else a name that is not taken. */
function findUnfinished(plan: TuningPlan): string {
  const stem = `${plan.env}-${plan.agent}`;
  const fresh = RunFolder.freshPath(TUNING_FOLDER, stem);
  const taken = Number(fresh.slice(fresh.lastIndexOf('-') + 1)) - 1;
  for (let number = taken; number > 0; number--) {
    const path = join(TUNING_FOLDER, `${stem}-${number}`);
    if (existsSync(planIn(path)) && !existsSync(reportIn(path)) && same(readJson(planIn(path)), plan))
      return path;
  }
  return fresh;
}

const same = (read: unknown, plan: TuningPlan): boolean =>
  JSON.stringify(read) === JSON.stringify(JSON.parse(JSON.stringify(plan)));
