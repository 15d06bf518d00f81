/** What each ray has done in the last part of its episode, which it is compared by. Shapes: N rays, W control steps. */
import type { Score } from '../../src/core/env.ts';
import { efficiencyOf, type ObjectiveSettings, objectiveOf } from './objective.ts';
import { CONTROL_DT } from './rays.ts';

/** In the order that `ScoreSheet` writes them. */
export const scores: readonly Score[] = [
  { name: 'objective', unit: '1', description: 'what the setting `objective` asks for, over the last 8 L/U' },
  { name: 'thrust', unit: '1', description: 'C_T, mean over the last 8 L/U as all that follow' },
  { name: 'power', unit: '1', description: 'C_P, of which the less the better' },
  { name: 'positivePower', unit: '1', description: 'C_P without what comes back from the ray' },
  { name: 'efficiency', unit: '1', description: 'C_T over C_P' },
  { name: 'tipAmplitude', unit: 'm', description: 'half of the travel of the tip across the stream' },
  {
    name: 'strouhal',
    unit: '1',
    description: 'frequency of the tip times its travel, over the speed of the stream',
  },
];

/** Length of the last part of an episode, which counts, L/U. */
export const SCORED_TIME = 8;
const WINDOW_STEPS = Math.round(SCORED_TIME / CONTROL_DT);

export class ScoreSheet {
  readonly #settings: ObjectiveSettings;
  /** Sums of c_T, c_P and its positive part, `[N, 3]`. */
  readonly #sums: Float64Array;
  /** Height of the tip after each control step, `[N, W]`; of what was not swum, that of the step before. */
  readonly #tip: Float64Array;

  constructor(numEnvs: number, settings: ObjectiveSettings) {
    this.#settings = settings;
    this.#sums = new Float64Array(3 * numEnvs);
    this.#tip = new Float64Array(WINDOW_STEPS * numEnvs);
  }

  get state(): Float64Array[] {
    return [this.#sums, this.#tip];
  }

  clear(scene: number): void {
    this.#sums.fill(0, 3 * scene, 3 * scene + 3);
    this.#tip.fill(0, WINDOW_STEPS * scene, WINDOW_STEPS * (scene + 1));
  }

  /** @param left control steps until time is up @param thrust c_T @param power c_P @param tip its height, L */
  add(scene: number, left: number, thrust: number, power: number, tip: number): void {
    const step = WINDOW_STEPS - 1 - left;
    if (step < 0) return;
    this.#sums[3 * scene]! += thrust;
    this.#sums[3 * scene + 1]! += power;
    this.#sums[3 * scene + 2]! += Math.max(0, power);
    this.#tip.fill(tip, WINDOW_STEPS * scene + step, WINDOW_STEPS * (scene + 1));
  }

  /** Time that was lost by a failure counts as time without thrust and power. @param out `[S]` */
  write(scene: number, out: Float32Array): void {
    const [thrust, power, positivePower] = [0, 1, 2].map((k) => this.#sums[3 * scene + k]! / WINDOW_STEPS);
    const means = { thrust: thrust!, power: power! };
    const tip = this.#tip.subarray(WINDOW_STEPS * scene, WINDOW_STEPS * (scene + 1));
    const amplitude = (Math.max(...tip) - Math.min(...tip)) / 2;
    out[0] = objectiveOf(this.#settings, means);
    out[1] = means.thrust;
    out[2] = means.power;
    out[3] = positivePower!;
    out[4] = efficiencyOf(means);
    out[5] = amplitude;
    out[6] = 2 * frequencyOf(tip) * amplitude;
  }
}

/** Per L/U, from the first to the last upward crossing of the mean; 0 with less than two of them. @param heights `[W]` */
export function frequencyOf(heights: Float64Array): number {
  const mean = heights.reduce((sum, height) => sum + height, 0) / heights.length;
  const crossings: number[] = [];
  for (let step = 1; step < heights.length; step++) {
    const [before, now] = [heights[step - 1]! - mean, heights[step]! - mean];
    if (before < 0 && now >= 0) crossings.push(step - now / (now - before));
  }
  return crossings.length < 2
    ? 0
    : (crossings.length - 1) / ((crossings.at(-1)! - crossings[0]!) * CONTROL_DT);
}
