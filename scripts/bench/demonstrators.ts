/** How often the demonstrators of an environment succeed, grade by grade, and the dial that brings about a wanted success. */
import { demonstratorOf, gradeNames } from '../../src/core/demonstrator.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { UsageError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { agentsOf } from '../../src/core/teams.ts';
import { returnOf } from '../../src/replay/recorded-episode.ts';
import { recordEpisodes } from '../../src/rollout/record.ts';

export interface DemonstratorBench {
  readonly definition: EnvDefinition;
  /** Of the environment, checked and complete. */
  readonly settings: Record<string, unknown>;
  readonly episodes: number;
  readonly seed: number;
}

export interface DemonstratorRow {
  readonly dials: Readonly<Record<string, unknown>>;
  readonly episodes: number;
  readonly successes: number;
  /** Wilson's 95 % interval of the success rate. */
  readonly interval: readonly [low: number, high: number];
  readonly returnMean: number;
  /** Control steps. */
  readonly lengthMean: number;
}

/** 97.5 % of a standard normal lie below. */
const Z = 1.96;

/** Wilson's interval of a rate: it stays within 0 and 1, also where all or none succeeded (Wilson 1927). */
export function wilson(successes: number, trials: number): readonly [low: number, high: number] {
  const rate = successes / trials;
  const spread = Z ** 2 / trials;
  const middle = (rate + spread / 2) / (1 + spread);
  const half = (Z / (1 + spread)) * Math.sqrt((rate * (1 - rate)) / trials + spread / (4 * trials));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** @param values of dials, the others without effect */
export async function measureDemonstrator(
  { definition, settings, episodes, seed }: DemonstratorBench,
  values: Readonly<Record<string, unknown>>,
): Promise<DemonstratorRow> {
  const shown = demonstratorOf(definition);
  const dials = parseSettings('dial', shown.dials, { ...values });
  const env = definition.create(agentsOf(definition, settings), settings);
  const demonstrator = shown.create(env, settings, dials, createRng(seed).split('demonstrator'));
  const recorded = await recordEpisodes({ env, demonstrator, episodes, seed });
  env.close();
  const successes = recorded.filter(({ success }) => success).length;
  const mean = (of: (episode: (typeof recorded)[number]) => number): number =>
    recorded.reduce((sum, episode) => sum + of(episode), 0) / recorded.length;
  return {
    dials,
    episodes: recorded.length,
    successes,
    interval: wilson(successes, recorded.length),
    returnMean: mean(returnOf),
    lengthMean: mean(({ length }) => length),
  };
}

/** Every grade that the task has. @param onRow called with each as soon as it is measured */
export async function benchDemonstrators(
  bench: DemonstratorBench,
  onRow: (grade: string, row: DemonstratorRow) => void,
): Promise<Readonly<Record<string, DemonstratorRow>>> {
  const grades = demonstratorOf(bench.definition).grades(bench.settings);
  const rows: Record<string, DemonstratorRow> = {};
  for (const grade of gradeNames) {
    if (!grades[grade]) continue;
    rows[grade] = await measureDemonstrator(bench, grades[grade]);
    onRow(grade, rows[grade]);
  }
  return rows;
}

export interface Bisection {
  /** Name of the dial, which is 0 where it has no effect; `poseBias.0` for the first number of one that has several. */
  readonly dial: string;
  /** Success rate wanted. */
  readonly target: number;
  /** Value of the dial at which success is rarer than that. */
  readonly most: number;
  /** Halvings of the interval. */
  readonly rounds: number;
  /** The dials beside it. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** Halves the interval of a dial until success is about as frequent as wanted: the more of the dial, the rarer it is. */
export async function bisectDial(
  bench: DemonstratorBench,
  { dial, target, most, rounds, others }: Bisection,
  onRow: (value: number, row: DemonstratorRow) => void,
): Promise<number> {
  const { dials } = demonstratorOf(bench.definition);
  const [name, component] = dial.split('.') as [string, string | undefined];
  if (!(name in dials.shape))
    throw new UsageError(`There is no dial "${name}". Known: ${Object.keys(dials.shape).join(', ')}.`);
  const given = parseSettings('dial', dials, { ...others });
  const withValue = (value: number): Readonly<Record<string, unknown>> => ({
    ...given,
    [name]: component === undefined ? value : (given[name] as number[]).with(Number(component), value),
  });
  let [low, high] = [0, most];
  for (let round = 0; round < rounds; round++) {
    const value = Number(((low + high) / 2).toPrecision(3));
    const row = await measureDemonstrator(bench, withValue(value));
    onRow(value, row);
    if (row.successes / row.episodes > target) low = value;
    else high = value;
  }
  return Number(((low + high) / 2).toPrecision(3));
}
