/** What a data set is: episodes, and a header that says what their numbers mean and how they were made. */
import type { VectorEnv } from '../core/env.ts';
import type { Component } from '../core/space.ts';
import { type RecordedEpisode, returnOf } from '../replay/recorded-episode.ts';

/** What one number of an observation or action is. Data of others may say no more than its name, or not even that. */
export interface Field {
  readonly name: string;
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
}

export interface DataSetHeader {
  /** What was to be done, in words. */
  readonly task: string;
  readonly fps: number;
  readonly observation: readonly Field[];
  readonly action: readonly Field[];
  /** Agents of a team, whose episodes stand one after another. */
  readonly agents: number;
  /** Whether rewards were recorded; they are 0 where not. */
  readonly rewarded: boolean;
  readonly robotType?: string;
  /** Where it was recorded; absent where that is not known. */
  readonly env?: { readonly id: string; readonly settings: Readonly<Record<string, unknown>> };
  /** How it was recorded; absent where that is not known. */
  readonly origin?: Origin;
}

export interface Origin {
  /** Who acted: `scripted controller`. */
  readonly actor: string;
  readonly seed: number;
  /** Absent where dials were set one by one. */
  readonly grade?: string;
  /** All of them, with their values. */
  readonly dials: Readonly<Record<string, unknown>>;
}

export interface DataSet {
  readonly header: DataSetHeader;
  readonly episodes: readonly RecordedEpisode[];
  /** What reading had to leave out or take for granted, a sentence each. */
  readonly notes: readonly string[];
}

export interface DataSetSummary {
  readonly episodes: number;
  /** Control steps. */
  readonly frames: number;
  /** Null where success was not recorded. */
  readonly successes: number | null;
  readonly returnMean: number;
  readonly returnStd: number;
}

export function summaryOf({ episodes }: Pick<DataSet, 'episodes'>): DataSetSummary {
  const returns = episodes.map(returnOf);
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / returns.length;
  const known = episodes.some(({ success }) => success !== undefined);
  return {
    episodes: episodes.length,
    frames: episodes.reduce((sum, { length }) => sum + length, 0),
    successes: known ? episodes.filter(({ success }) => success).length : null,
    returnMean: mean,
    returnStd: Math.sqrt(variance),
  };
}

/** The header of what is recorded in an environment. */
export const headerFor = (
  { spec, observationSpace, actionSpace }: VectorEnv,
  settings: Readonly<Record<string, unknown>>,
  { robotType, origin }: Pick<DataSetHeader, 'robotType' | 'origin'> = {},
): DataSetHeader => ({
  task: spec.description,
  fps: framesPerSecond(spec.controlDt),
  observation: observationSpace.components.map(fieldOf),
  action: actionSpace.components.map(fieldOf),
  agents: spec.agents,
  rewarded: true,
  env: { id: spec.id, settings },
  ...(robotType === undefined ? {} : { robotType }),
  ...(origin === undefined ? {} : { origin }),
});

/** Without the rounding of a control step such as 0.02 s. */
export const framesPerSecond = (controlDt: number): number => Number((1 / controlDt).toPrecision(12));

/** JSON has no infinity, so a bound that there is not is left out. */
const fieldOf = ({ name, unit, low, high }: Component): Field => ({
  name,
  unit,
  ...(Number.isFinite(low) ? { low } : {}),
  ...(Number.isFinite(high) ? { high } : {}),
});
