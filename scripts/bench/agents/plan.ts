/** What a benchmark of agents trains, and the folder of each run: its plan, its output and the run folder itself. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tunedDefaults } from '../../../envs/defaults.ts';
import { UsageError } from '../../../src/core/errors.ts';
import { readJson } from '../../../src/run/config.ts';
import { writeFileAtomic } from '../../../src/run/files.ts';
import { RunFolder } from '../../../src/run/run-folder.ts';
import { readRecords } from './records.ts';

/** Used where neither `--steps` nor a tuned default says otherwise. */
export const DEFAULT_STEPS = 1_000_000;
const EVALUATIONS = 20;
const CHECKPOINTS = 4;

/** One run of the benchmark. */
export interface RunPlan {
  readonly env: string;
  readonly agent: string;
  /** Tells variants of an agent apart; empty where there is one only. */
  readonly label: string;
  readonly seed: number;
  readonly steps: number;
  /** Assignments `name=value`, as for `proprio train --set`. */
  readonly settings: readonly string[];
  /** Further arguments of `proprio train`, such as `--base scripted`; absent where there are none. */
  readonly options?: readonly string[] | undefined;
}

/** Stands for the seed in an option: `--base runs/clone-{seed}`. */
const SEED = '{seed}';

export interface BenchmarkOptions {
  readonly agents: readonly string[];
  readonly envs: readonly string[];
  /** Number of seeds: 0, 1, … */
  readonly seeds: number;
  /** Control steps of each run; by default the tuned default of the environment with the agent. */
  readonly steps?: number;
  readonly settings: readonly string[];
  /** Further arguments of `proprio train`; none unless told. */
  readonly options?: readonly string[] | undefined;
  readonly label: string;
}

/** The runs, seed by seed, so that a benchmark that is cut short has something of everything. */
export function plansOf({
  agents,
  envs,
  seeds,
  steps,
  settings,
  options = [],
  label,
}: BenchmarkOptions): RunPlan[] {
  return Array.from({ length: seeds }, (_, seed) =>
    envs.flatMap((env) =>
      agents.map((agent) => ({
        env,
        agent,
        label,
        seed,
        steps: steps ?? tunedDefaults[env]?.[agent]?.steps ?? DEFAULT_STEPS,
        settings,
        ...(options.length > 0
          ? { options: options.map((option) => option.replaceAll(SEED, String(seed))) }
          : {}),
      })),
    ),
  ).flat();
}

/** `drone-hover-sac-seed-0`, also the name of the run's folder. */
export const nameOf = ({ env, agent, label, seed }: RunPlan): string =>
  [env, agent, ...(label === '' ? [] : [label.replace(/[^\w.]+/g, '-')]), 'seed', seed].join('-');

export interface BenchmarkRunOptions {
  /** Whether a run that was planned with fewer steps may go on to those of the plan. */
  readonly extend?: boolean;
}

/** The folder of one run in the results folder. */
export class BenchmarkRun {
  readonly plan: RunPlan;
  readonly name: string;
  readonly #folder: string;

  /** @throws UsageError where the folder holds a run that was planned differently */
  constructor(plan: RunPlan, resultsFolder: string, { extend = false }: BenchmarkRunOptions = {}) {
    this.plan = plan;
    this.name = nameOf(plan);
    this.#folder = join(resultsFolder, this.name);
    const planned = this.#planned();
    if (planned && !samePlan(extend ? { ...planned, steps: plan.steps } : planned, plan)) {
      throw new UsageError(
        `${this.#folder} holds a run with other settings, steps or label. Give this variant a --label of its own, or choose another folder with --out.`,
      );
    }
  }

  /** The run folder that `proprio train` fills. */
  get path(): string {
    return join(this.#folder, 'run');
  }

  get output(): string {
    return join(this.#folder, 'output.log');
  }

  get errors(): string {
    return join(this.#folder, 'errors.log');
  }

  get processFile(): string {
    return join(this.#folder, 'process');
  }

  /** The commit that it was begun at; null where that is not known. */
  get commit(): string | null {
    return this.#planned()?.commit ?? null;
  }

  /** Whether the last evaluation is that of the last step. */
  get isFinished(): boolean {
    const last = readRecords(join(this.path, 'evaluations.jsonl')).at(-1);
    return last !== undefined && Number(last.step) >= this.plan.steps;
  }

  /**
   * Gets the folder ready for the process that trains.
   * @returns its arguments: to continue where there is a checkpoint, else to begin anew
   */
  prepare(commit: string | null): string[] {
    if (existsSync(join(this.path, 'config.json')) && RunFolder.open(this.path).hasCheckpoint) {
      this.#writePlan(this.commit);
      return ['train', '--run', this.path, '--resume', '--steps', String(this.plan.steps), '--json'];
    }
    // Only what an earlier start of this benchmark has left.
    if (this.#planned()) rmSync(this.path, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
    this.#writePlan(commit);
    return ['train', ...trainingArguments(this.plan), '--run', this.path, '--json'];
  }

  get #planFile(): string {
    return join(this.#folder, 'plan.json');
  }

  #writePlan(commit: string | null): void {
    writeFileAtomic(this.#planFile, `${JSON.stringify({ ...this.plan, commit }, null, 2)}\n`);
  }

  #planned(): (RunPlan & { readonly commit: string | null }) | undefined {
    if (!existsSync(this.#planFile)) return undefined;
    return readJson(this.#planFile) as RunPlan & { readonly commit: string | null };
  }
}

/**
 * One thread a run, because runs share the cores. Evaluations have seeds of their own, so that their number changes nothing
 * of what is learnt. The plan's settings overrule all but the lines of metrics: those tell how long training took.
 */
function trainingArguments({ env, agent, seed, steps, settings, options = [] }: RunPlan): string[] {
  const part = (count: number): number => Math.max(1, Math.floor(steps / count));
  const assignments = [
    'threads=1',
    'evaluationEpisodes=100',
    `evaluationInterval=${part(EVALUATIONS)}`,
    `checkpointInterval=${part(CHECKPOINTS)}`,
    ...settings,
    `logInterval=${part(EVALUATIONS)}`,
  ];
  return [
    env,
    ...['--agent', agent, '--seed', String(seed), '--steps', String(steps)],
    ...options,
    ...assignments.flatMap((assignment) => ['--set', assignment]),
  ];
}

/** Whether both are the same run, of the same steps and settings. */
export const samePlan = (a: RunPlan, b: RunPlan): boolean => fingerprint(a) === fingerprint(b);

const fingerprint = ({ env, agent, label, seed, steps, settings, options = [] }: RunPlan): string =>
  JSON.stringify([env, agent, label, seed, steps, settings, options]);
