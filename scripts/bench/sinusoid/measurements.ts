/** What sinusoids came to, each measured once: as many lines of a file as there are. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { objectives } from '../../../envs/fin-ray/objective.ts';
import { sinusoidPlayer } from '../../../envs/fin-ray/sinusoid-player.ts';
import { envs } from '../../../envs/index.ts';
import { finRay } from '../../../robots/fin-ray/index.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import { ConfigurationError } from '../../../src/core/errors.ts';
import { evaluate } from '../../../src/rollout/evaluate.ts';
import { explaining } from '../../../src/run/files.ts';
import { FRESH_SEED } from '../../commands/evaluate.ts';
import { readRecords } from '../agents/records.ts';
import type { SearchedTask } from './grid.ts';

const measurementSchema = z.object({
  wave: z.object({
    frequency: z.number(),
    heave: z.number(),
    pitch: z.number(),
    pitchPhase: z.number(),
    offset: z.number(),
    offsetPhase: z.number(),
  }),
  episodes: z.number(),
  /** Setting of the task, which the score `objective` follows. */
  objective: z.enum(objectives),
  /** Means over the episodes, by name of the score. */
  scores: z.record(z.string(), z.number()),
});
export type Measurement = z.output<typeof measurementSchema>;

/** What is measured, under the task's default settings but for the objective. */
export type Measured = Omit<Measurement, 'scores'>;

const keyOf = ({ wave, episodes, objective }: Measured): string =>
  JSON.stringify([...Object.entries(wave).sort(), episodes, objective]);

/** Where a search has its numbers from. */
export interface Meter<Task extends SearchedTask = SearchedTask> {
  readonly task: Task;
  measure(what: Measured): Promise<Measurement>;
  /** All that was measured so far, by this search and those before it. */
  known(): Iterable<Measurement>;
}

/** Of one task. */
export class Measurements<Task extends SearchedTask = SearchedTask> implements Meter<Task> {
  readonly task: Task;
  readonly #file: string;
  readonly #known = new Map<string, Measurement>();
  /** By number of episodes, one in each scene, and objective. */
  readonly #envs = new Map<string, VectorEnv>();
  /** Measured now, and not found in the file. */
  measured = 0;

  /** @throws ConfigurationError naming the first record of the file that is no measurement */
  constructor(task: Task, file: string) {
    this.task = task;
    this.#file = file;
    readRecords(file).forEach((record, i) => {
      const parsed = measurementSchema.safeParse(record);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw new ConfigurationError(
          `${file}: record ${i + 1} is no measurement: ${issue!.path.join('.')}: ${issue!.message}. Delete the file to measure anew.`,
        );
      }
      this.#known.set(keyOf(parsed.data), parsed.data);
    });
    // A line that a crash has cut short must not swallow the next one.
    if (existsSync(file) && !readFileSync(file, 'utf8').endsWith('\n')) appendFileSync(file, '\n');
  }

  /** The first episodes of those that "proprio evaluate" runs. */
  async measure(what: Measured): Promise<Measurement> {
    const known = this.#known.get(keyOf(what));
    if (known) return known;
    const env = this.#envOf(what);
    const player = sinusoidPlayer(env, what.wave, finRay.limits);
    const { scores } = await evaluate(env, player, what.episodes, FRESH_SEED);
    const means = Object.entries(scores!).map(([name, { mean }]) => [name, mean] as const);
    const measurement = { ...what, scores: Object.fromEntries(means) };
    this.#known.set(keyOf(measurement), measurement);
    this.measured++;
    explaining(this.#file, () => appendFileSync(this.#file, `${JSON.stringify(measurement)}\n`));
    // Lets a Ctrl-C through.
    await new Promise(setImmediate);
    return measurement;
  }

  known(): Iterable<Measurement> {
    return this.#known.values();
  }

  #envOf({ episodes, objective }: Measured): VectorEnv {
    const name = `${episodes} ${objective}`;
    const existing = this.#envs.get(name);
    if (existing) return existing;
    const { create, settings } = envs[this.task]!;
    const env = create(episodes, settings.parse({ objective }));
    this.#envs.set(name, env);
    return env;
  }

  close(): void {
    for (const env of this.#envs.values()) env.close();
    this.#envs.clear();
  }
}
