/** A policy beside the best sinusoid on the same episodes, and runs that differ in their seed only beside what they are to reach. */
import type { Objective } from '../../../envs/fin-ray/objective.ts';
import type { Sinusoid } from '../../../envs/fin-ray/wave.ts';
import { mean } from '../statistics.ts';
import type { Played } from './play.ts';
import { lowerBound } from './student.ts';

/** Gains over the best sinusoid that are to be reached, %. */
export const TARGETS: Readonly<Record<Objective, number>> = { thrust: 5, combined: 5, efficiency: 3 };

/** The score that is compared: efficiency itself, without the charge for too little thrust that the objective makes. */
export const comparedScore = (objective: Objective): 'objective' | 'efficiency' =>
  objective === 'efficiency' ? 'efficiency' : 'objective';

/** Means over the episodes, each of them over its last 8 L/U. */
export interface Figures {
  readonly objective: number;
  /** C_T and C_P */
  readonly thrust: number;
  readonly power: number;
  readonly efficiency: number;
  /** Episodes that ended by bending too far. */
  readonly failures: number;
}

/** What one run came to: a line of the file that `--out` names. */
export interface Comparison {
  /** Name of its folder. */
  readonly run: string;
  /** Environments that the run was trained in and compared in, and the settings of the latter. */
  readonly task: string;
  readonly playedIn: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly objective: Objective;
  readonly agent: string;
  readonly seed: number;
  /** Control steps of the run as planned. */
  readonly steps: number;
  readonly episodes: number;
  readonly compared: 'objective' | 'efficiency';
  readonly wave: Sinusoid;
  /** The task that the wave is the best one of. */
  readonly waveOf: string;
  readonly sinusoid: Figures;
  readonly policy: Figures;
  /** Of the compared score, % of the sinusoid's magnitude. */
  readonly gain: number;
  /** Of the compared score, policy less sinusoid, episode by episode; the bound is null for a single episode. */
  readonly difference: { readonly mean: number; readonly lower: number | null };
  /** Best C_T of the measured sinusoids at the policy's C_P, and the policy's gain over it in %; null where none were measured. */
  readonly equalPower: { readonly thrust: number; readonly gain: number } | null;
  /** Short hash of the sources that it was compared with; null outside the repository. */
  readonly commit: string | null;
}

/**
 * Settings that scores depend on. The price of power under the objective "efficiency" is a reward's alone, and its default
 * moves with what the search for sinusoids finds.
 */
export function scoringSettings(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { efficiencyPowerPrice: _, ...others } = settings;
  return others;
}

export const figuresOf = ({ scores, failures }: Played): Figures => ({
  objective: mean(scores.objective!),
  thrust: mean(scores.thrust!),
  power: mean(scores.power!),
  efficiency: mean(scores.efficiency!),
  failures,
});

/** In % of the magnitude of `reference`: above 0 is better also where the reference is below 0. */
export const gainOver = (reference: number, value: number): number =>
  (100 * (value - reference)) / Math.abs(reference);

/** Of two that have played the same episodes. */
export function compare(objective: Objective, sinusoid: Played, policy: Played) {
  const compared = comparedScore(objective);
  const [of, by] = [sinusoid.scores[compared]!, policy.scores[compared]!];
  const differences = by.map((value, i) => value - of[i]!);
  return {
    compared,
    sinusoid: figuresOf(sinusoid),
    policy: figuresOf(policy),
    gain: gainOver(mean(of), mean(by)),
    difference: { mean: mean(differences), lower: lowerBound(differences) },
  };
}

/** Runs that differ in their seed only. */
export interface Summary {
  readonly task: string;
  readonly playedIn: string;
  readonly objective: Objective;
  readonly agent: string;
  readonly seeds: readonly number[];
  /** Mean over the seeds and the lower end of its 95 % interval, %; no bound for one seed. */
  readonly gain: number;
  readonly lower: number | null;
  /** %, and whether the gain is as great and its bound above 0; null where there is no bound. */
  readonly target: number;
  readonly met: boolean | null;
}

export function summarize(runs: readonly Comparison[]): Summary {
  const { task, playedIn, objective, agent } = runs[0]!;
  const gains = runs.map(({ gain }) => gain);
  const [gain, lower, target] = [mean(gains), lowerBound(gains), TARGETS[objective]];
  return {
    ...{ task, playedIn, objective, agent, seeds: runs.map(({ seed }) => seed) },
    ...{ gain, lower, target, met: lower === null ? null : gain >= target && lower > 0 },
  };
}
