/**
 * `bench sinusoid`: the best sinusoid of each fin-ray task and objective, which policies have to beat. It drives the same
 * actuators through the same actions, on the episodes that "proprio evaluate --episodes 20" runs.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Objective } from '../../../envs/fin-ray/objective.ts';
import { sinusoidPlayer } from '../../../envs/fin-ray/sinusoid-player.ts';
import { envs } from '../../../envs/index.ts';
import { finRay } from '../../../robots/fin-ray/index.ts';
import { explaining, writeFileAtomic } from '../../../src/run/files.ts';
import { FRESH_SEED } from '../../commands/evaluate.ts';
import { decimal } from '../agents/text.ts';
import { machine } from '../machine.ts';
import { gridTaskOf, type SearchedTask } from './grid.ts';
import { Measurements } from './measurements.ts';
import { showProgress } from './progress.ts';
import { type Best, SinusoidSearch } from './search.ts';
import { traceEpisode, type Waveform } from './waveform.ts';

export const SINUSOID_FOLDER = 'bench-results/sinusoid';

/** Where the measurements of a task are. */
export const measurementsFile = (folder: string, task: SearchedTask): string => join(folder, `${task}.jsonl`);

export interface SinusoidReport {
  /** By task; without those that were not reached. */
  readonly best: Readonly<Partial<Record<SearchedTask, readonly Best[]>>>;
  readonly interrupted: boolean;
}

/** @param folder of the results @param stop ends it; the same call goes on */
export async function benchSinusoid(
  tasks: readonly SearchedTask[],
  objectives: readonly Objective[],
  folder: string,
  stop: AbortSignal,
): Promise<SinusoidReport> {
  explaining(folder, () => mkdirSync(folder, { recursive: true }));
  console.log(`the best sinusoids of ${tasks.join(', ')}, in ${folder}; ${machine()}`);
  const best: Partial<Record<SearchedTask, readonly Best[]>> = {};
  const opened = new Map<SearchedTask, Measurements>();
  const measurementsOf = <Task extends SearchedTask>(task: Task): Measurements<Task> => {
    if (!opened.has(task)) opened.set(task, new Measurements(task, measurementsFile(folder, task)));
    return opened.get(task) as Measurements<Task>;
  };
  try {
    for (const task of tasks) {
      const progress = showProgress(task);
      const [own, grid] = [measurementsOf(task), measurementsOf(gridTaskOf(task))];
      const found = await new SinusoidSearch(task, own, grid, progress.show, stop).run(objectives);
      progress.end();
      if (!found) return { best, interrupted: true };
      best[task] = found;
      console.log(sinusoidTable(task, found));
      for (const each of found) await store(folder, task, each);
    }
    return { best, interrupted: false };
  } finally {
    for (const measurements of opened.values()) measurements.close();
  }
}

/** The best of an objective, with an episode of it. */
async function store(folder: string, task: SearchedTask, best: Best): Promise<void> {
  const { create, settings } = envs[task]!;
  const env = create(1, settings.parse({}));
  const waveform: Waveform = await traceEpisode(
    env,
    sinusoidPlayer(env, best.wave, finRay.limits),
    FRESH_SEED,
  );
  env.close();
  const file = join(folder, `${task}-${best.objective}.json`);
  writeFileAtomic(file, `${JSON.stringify({ task, ...best, waveform })}\n`);
}

export function sinusoidTable(task: SearchedTask, best: readonly Best[]): string {
  const header = ['', 'value', 'of grid', 'f', 'heave', 'pitch', 'phase', 'offset', 'phase'];
  const measured = ['C_T', 'C_P', 'efficiency', 'tip', 'St'];
  const rows = best.map(({ objective, value, gridValue, wave, scores }) => [
    objective,
    ...[decimal(value, 4), decimal(gridValue, 4)],
    ...[decimal(wave.frequency, 3), decimal(wave.heave, 3), `${decimal(wave.pitch)}°`],
    ...[degrees(wave.pitchPhase), decimal(wave.offset, 3), degrees(wave.offsetPhase)],
    ...['thrust', 'power', 'efficiency', 'tipAmplitude', 'strouhal'].map((name) => decimal(scores[name]!, 3)),
  ]);
  return [
    task,
    ...[[...header, ...measured], ...rows].map(
      (row) => `  ${row.map((cell) => cell.padStart(10)).join(' ')}`,
    ),
  ].join('\n');
}

/** From 0 to 359. */
const degrees = (phase: number): string => `${((Math.round(phase) % 360) + 360) % 360}°`;
