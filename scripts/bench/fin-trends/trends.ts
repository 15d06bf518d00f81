/**
 * Two trends that any model of a flapping foil has to show: efficiency over the Strouhal number has its peak where animals
 * cruise, from 0.2 to 0.4 (Taylor, Nudds and Thomas 2003, Nature 425:707), and thrust over frequency has it near the
 * frequency at which the ray bends by itself. Where the first peak is, friction decides (Floryan, Van Buren and Smits
 * 2018, PNAS 115:8116), so it is shown for several Reynolds numbers: that of the tasks is below those of most animals.
 */

import { slenderFlow } from '../../../envs/fin-ray/rays.ts';
import { sinusoidPlayer } from '../../../envs/fin-ray/sinusoid-player.ts';
import { createFinEnv, finSettings } from '../../../envs/fin-ray/task.ts';
import { finTasks } from '../../../envs/fin-ray/tasks.ts';
import { isWithin, type Sinusoid } from '../../../envs/fin-ray/wave.ts';
import { type FinRayModel, finRay } from '../../../robots/fin-ray/index.ts';
import { flexuralRigidity, massPerLength, plateAddedMass } from '../../../robots/fin-ray/model.ts';
import type { VectorEnv } from '../../../src/core/env.ts';
import { evaluate } from '../../../src/rollout/evaluate.ts';
import type { ChartLine, Point } from './chart.ts';

/** Of the heave that a pitch goes with, L, and the incidence that this leaves at mid-stroke, degrees. */
const FEATHERED_HEAVE = 0.25;
const INCIDENCE = 15;
/** The first one is that of the tasks. */
export const REYNOLDS_NUMBERS = [finRay.reynoldsNumber, 6_000, 20_000] as const;
/** Amplitudes that are small, so that the ray answers in proportion. */
const SMALL_HEAVE = 0.05;
const SMALL_PITCH = 5;
const EPISODES = 4;

const still: Sinusoid = { frequency: 1, heave: 0, pitch: 0, pitchPhase: 0, offset: 0, offsetPhase: 0 };

const frequencies = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => Number((from + i * step).toFixed(4)));

/** Lowest bending frequency in the fluid, U/L: that of a cantilever (Euler–Bernoulli). */
function bendingFrequency(): number {
  const mass = massPerLength(finRay) + plateAddedMass(finRay.span);
  return (1.8751 ** 2 / (2 * Math.PI)) * Math.sqrt(flexuralRigidity(finRay) / mass);
}

/** A calm stream, the same for all. */
function createCalmEnv(model: FinRayModel = finRay): VectorEnv {
  const settings = finSettings.parse({ streamVariation: 0, startBend: 0 });
  return createFinEnv(EPISODES, settings, finTasks['fin-base'], slenderFlow(EPISODES, settings.clock, model));
}

async function scoresOf(env: VectorEnv, wave: Sinusoid): Promise<Record<string, number>> {
  const { scores } = await evaluate(env, sinusoidPlayer(env, wave, finRay.limits), EPISODES, 0);
  return Object.fromEntries(Object.entries(scores!).map(([name, { mean }]) => [name, mean]));
}

/** Heave with a pitch that feathers it: a line of efficiency over St for each Reynolds number. */
export async function efficiencyOverStrouhal(): Promise<ChartLine[]> {
  const lines: ChartLine[] = [];
  for (const reynoldsNumber of REYNOLDS_NUMBERS) {
    const env = createCalmEnv({ ...finRay, reynoldsNumber });
    const points: Point[] = [];
    for (const frequency of frequencies(0.25, 0.6, 0.025)) {
      const path = Math.atan(2 * Math.PI * frequency * FEATHERED_HEAVE) * (180 / Math.PI);
      const pitch = path - INCIDENCE;
      const wave = { ...still, frequency, heave: FEATHERED_HEAVE, pitch, pitchPhase: 270 };
      if (!isWithin(finRay.limits, wave)) continue;
      const { thrust, power, strouhal } = await scoresOf(env, wave);
      points.push([strouhal!, thrust! / power!]);
    }
    env.close();
    lines.push({ name: `Re ${reynoldsNumber.toLocaleString('en-US')}`, points });
  }
  return lines;
}

/** Small heave and small pitch: a line of C_T over f/f₁ for each. */
export async function thrustOverFrequency(): Promise<ChartLine[]> {
  const natural = bendingFrequency();
  const env = createCalmEnv();
  const lines: ChartLine[] = [];
  const motions = [
    [`heave ${SMALL_HEAVE} L`, { heave: SMALL_HEAVE }],
    [`pitch ${SMALL_PITCH}°`, { pitch: SMALL_PITCH }],
  ] as const;
  for (const [name, motion] of motions) {
    const points: Point[] = [];
    for (const frequency of frequencies(0.4, 1.6, 0.05)) {
      const { thrust } = await scoresOf(env, { ...still, ...motion, frequency });
      points.push([frequency / natural, thrust!]);
    }
    lines.push({ name, points });
  }
  env.close();
  return lines;
}

/** Where a line has its peak: of the parabola through its highest point and the two beside it. */
export function peakOf(points: readonly Point[]): Point {
  const top = points.reduce((best, [, y], i) => (y > points[best]![1] ? i : best), 0);
  const [before, at, after] = [points[top - 1], points[top]!, points[top + 1]];
  if (!before || !after) return at;
  const [left, right] = [(before[1] - at[1]) / (before[0] - at[0]), (after[1] - at[1]) / (after[0] - at[0])];
  const curvature = (right - left) / (after[0] - before[0]);
  const slope = left - curvature * (before[0] - at[0]);
  if (!(curvature < 0)) return at;
  const shift = -slope / (2 * curvature);
  return [at[0] + shift, at[1] + slope * shift + curvature * shift ** 2];
}
