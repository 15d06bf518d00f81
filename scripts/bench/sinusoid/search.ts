/** The search for the best sinusoid of a task: a grid, then a climb from its best points, and the best of all in full. */
import { flowTasks } from '../../../envs/fin-ray/flow-tasks.ts';
import { type Objective, objectiveOf } from '../../../envs/fin-ray/objective.ts';
import { finSettings } from '../../../envs/fin-ray/task.ts';
import type { FinTaskName } from '../../../envs/fin-ray/tasks.ts';
import type { Sinusoid } from '../../../envs/fin-ray/wave.ts';
import {
  candidatesOf,
  firstSteps,
  fromVector,
  gridOf,
  isAllowed,
  type Parameter,
  parametersOf,
  type SearchedTask,
  toVector,
} from './grid.ts';
import type { Measurement, Meter } from './measurements.ts';
import { nelderMead } from './nelder-mead.ts';

/** What a search may cost. */
interface Effort {
  /** Episodes that waves are tried in before a climb, and in it: the first of those that they are judged by. */
  readonly trialEpisodes: number;
  readonly climbEpisodes: number;
  /** Waves that are climbed from. */
  readonly starts: number;
}

const slenderEffort: Effort = { trialEpisodes: 2, climbEpisodes: 4, starts: 5 };
/** An episode of it takes two seconds. */
const latticeEffort: Effort = { trialEpisodes: 1, climbEpisodes: 2, starts: 3 };
const effortOf = (task: SearchedTask): Effort => (task in flowTasks ? latticeEffort : slenderEffort);

/** Episodes that a wave of a grid is measured in. */
export const GRID_EPISODES = slenderEffort.trialEpisodes;
/** Episodes that the best are judged by. */
const EPISODES = 20;
/** Waves that a climb tries, for each parameter. */
const TRIES_PER_PARAMETER = 15;

export interface SearchStep {
  /** What is being done, in words. */
  readonly stage: string;
  /** Waves done, and all there are to be, of the stage. */
  readonly done: number;
  readonly total: number;
}

export interface Best {
  readonly objective: Objective;
  readonly wave: Sinusoid;
  readonly value: number;
  /** The best of the grid alone. */
  readonly gridWave: Sinusoid;
  readonly gridValue: number;
  readonly scores: Measurement['scores'];
}

/** How well a wave does. What was measured under another objective is told by its mean thrust and power: near enough to rank. */
export function meritOf(objective: Objective, { scores, ...measured }: Measurement): number {
  if (measured.objective === objective) return scores.objective!;
  const settings = { ...finSettings.parse({}), objective };
  return objectiveOf(settings, { thrust: scores.thrust!, power: scores.power! });
}

const ranked = (objective: Objective, measurements: readonly Measurement[]): Measurement[] =>
  [...measurements].sort((a, b) => meritOf(objective, b) - meritOf(objective, a));

/** Ends a search that is asked to stop. */
class Stopped extends Error {}

export class SinusoidSearch {
  readonly #meter: Meter;
  readonly #grid: Meter<FinTaskName>;
  readonly #task: SearchedTask;
  readonly #effort: Effort;
  readonly #parameters: readonly Parameter[];
  readonly #report: (step: SearchStep) => void;
  readonly #stop: AbortSignal;

  /**
   * @param meter of the task
   * @param grid that of its grid: of the same task, or of the one that `gridTaskOf` names
   * @param report called after every wave
   * @param stop ends it; what is measured is kept
   */
  constructor(
    task: SearchedTask,
    meter: Meter,
    grid: Meter<FinTaskName>,
    report: (step: SearchStep) => void,
    stop: AbortSignal,
  ) {
    this.#task = task;
    this.#effort = effortOf(task);
    this.#meter = meter;
    this.#grid = grid;
    this.#parameters = parametersOf(task);
    this.#report = report;
    this.#stop = stop;
  }

  /** @returns the best of each objective; undefined where it was stopped */
  async run(objectives: readonly Objective[]): Promise<Best[] | undefined> {
    try {
      const waves = gridOf(this.#grid.task);
      const grid = await this.#measureAll('grid', waves, GRID_EPISODES, 'thrust', this.#grid);
      const best: Best[] = [];
      for (const objective of objectives) best.push(await this.#bestOf(objective, grid));
      return best;
    } catch (error) {
      if (error instanceof Stopped) return undefined;
      throw error;
    }
  }

  async #bestOf(objective: Objective, grid: readonly Measurement[]): Promise<Best> {
    const starts = await this.#startsOf(objective, grid);
    const tries = TRIES_PER_PARAMETER * this.#parameters.length;
    const climbed: Sinusoid[] = [];
    for (const [i, start] of starts.entries()) {
      const progress = { stage: `${objective}: climb`, done: i * tries, total: starts.length * tries };
      climbed.push(await this.#climb(objective, start, tries, progress));
    }
    const finals = await this.#measureAll(
      `${objective}: finals`,
      [...climbed, ...starts],
      EPISODES,
      objective,
    );
    const [best] = ranked(objective, finals);
    const [ofGrid] = ranked(objective, finals.slice(climbed.length));
    return {
      objective,
      ...{ wave: best!.wave, value: meritOf(objective, best!) },
      ...{ gridWave: ofGrid!.wave, gridValue: meritOf(objective, ofGrid!) },
      scores: best!.scores,
    };
  }

  /** The best points of the grid, or where that is another task's, the best of what it makes worth trying. */
  async #startsOf(objective: Objective, grid: readonly Measurement[]): Promise<Sinusoid[]> {
    const waves = ranked(objective, grid).map(({ wave }) => wave);
    const { trialEpisodes, starts } = this.#effort;
    if (this.#grid === this.#meter) return waves.slice(0, starts);
    const candidates = [...this.#bestOfGridTask(objective), ...candidatesOf(this.#task, waves)];
    const tried = await this.#measureAll(`${objective}: trials`, candidates, trialEpisodes, objective);
    return ranked(objective, tried)
      .slice(0, starts)
      .map(({ wave }) => wave);
  }

  /** What an earlier search of the grid's own task has found, if there was one. */
  #bestOfGridTask(objective: Objective): Sinusoid[] {
    const finals = [...this.#grid.known()].filter(
      (each) => each.episodes === EPISODES && each.objective === objective,
    );
    return ranked(objective, finals)
      .slice(0, 1)
      .map(({ wave }) => wave);
  }

  /** @param before how far the stage was @returns the best wave that was found */
  async #climb(objective: Objective, start: Sinusoid, tries: number, before: SearchStep): Promise<Sinusoid> {
    const search = nelderMead(toVector(start, this.#parameters), firstSteps(this.#parameters), tries);
    let asked = search.next();
    for (let tried = 1; !asked.done; tried++) {
      this.#goOn();
      const wave = fromVector(asked.value, this.#parameters, start);
      const what = { wave, episodes: this.#effort.climbEpisodes, objective };
      const value = isAllowed(wave)
        ? meritOf(objective, await this.#meter.measure(what))
        : Number.NEGATIVE_INFINITY;
      this.#report({ ...before, done: before.done + tried });
      asked = search.next(value);
    }
    return fromVector(asked.value.at, this.#parameters, start);
  }

  async #measureAll(
    stage: string,
    waves: readonly Sinusoid[],
    episodes: number,
    objective: Objective,
    meter: Meter = this.#meter,
  ): Promise<Measurement[]> {
    const found: Measurement[] = [];
    for (const wave of waves) {
      this.#goOn();
      found.push(await meter.measure({ wave, episodes, objective }));
      this.#report({ stage, done: found.length, total: waves.length });
    }
    return found;
  }

  /** @throws Stopped when that was asked for */
  #goOn(): void {
    if (this.#stop.aborted) throw new Stopped();
  }
}
