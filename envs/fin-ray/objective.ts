/**
 * What a ray is to do well, and what it is rewarded for. c_T and c_P are thrust and power over ½ρU²·bL and ½ρU³·bL, means
 * over a control step.
 */
import { choice, number } from '../../src/core/settings.ts';

export const objectives = ['thrust', 'combined', 'efficiency'] as const;
export type Objective = (typeof objectives)[number];

export const objectiveSettings = {
  objective: choice(
    'thrust',
    objectives,
    'thrust: c_T; combined: thrust less power at a given price; efficiency: the same at the price at which that is 0',
  ),
  combinedPowerPrice: number(0.2, 0, 10, 'thrust that a unit of power costs under the objective combined'),
  efficiencyPowerPrice: number(
    0.33,
    0,
    10,
    'the same under efficiency: the efficiency to be exceeded, that of the best sinusoid unless told',
  ),
  leastThrust: number(0.2, -10, 10, 'mean c_T that efficiency must not be bought with'),
  shortfallReward: number(
    -2,
    -100,
    0,
    'weight of what the running mean of c_T lacks of that, under efficiency',
  ),
  changeReward: number(-1e-3, -10, 0, 'weight of the squared change of the action'),
  failureReward: number(-10, -1000, 0, 'reward of bending too far, which ends the episode'),
};

export interface ObjectiveSettings {
  readonly objective: Objective;
  readonly combinedPowerPrice: number;
  readonly efficiencyPowerPrice: number;
  readonly leastThrust: number;
  readonly shortfallReward: number;
  readonly changeReward: number;
  readonly failureReward: number;
}

/** What a control step came to. */
export interface StepOutcome {
  /** c_T and c_P of the step. */
  readonly thrust: number;
  readonly power: number;
  /** Running mean of c_T. */
  readonly meanThrust: number;
  /** |Δa|² */
  readonly change: number;
}

/** Parts of the reward, in the order that `writeReward` writes them. */
export const rewardTerms = ['thrust', 'power', 'shortfall', 'change', 'failure'] as const;

/** Of a step that did not fail. @param terms `[T]` */
export function writeReward(settings: ObjectiveSettings, outcome: StepOutcome, terms: Float32Array): void {
  const { objective, leastThrust, shortfallReward, changeReward } = settings;
  const shortfall = objective === 'efficiency' ? Math.max(0, leastThrust - outcome.meanThrust) : 0;
  terms[0] = outcome.thrust;
  terms[1] = -powerPrice(settings) * outcome.power;
  terms[2] = shortfallReward * shortfall;
  terms[3] = changeReward * outcome.change;
  terms[4] = 0;
}

/** Thrust that a unit of power costs. */
export function powerPrice({
  objective,
  combinedPowerPrice,
  efficiencyPowerPrice,
}: Pick<ObjectiveSettings, 'objective' | 'combinedPowerPrice' | 'efficiencyPowerPrice'>): number {
  return { thrust: 0, combined: combinedPowerPrice, efficiency: efficiencyPowerPrice }[objective];
}

/** Means over the part of an episode that counts. */
export interface SwimMeans {
  /** C_T and C_P */
  readonly thrust: number;
  readonly power: number;
}

/** Of a power that is given by the fluid, which no efficiency tells of, it is 0. */
export const efficiencyOf = ({ thrust, power }: SwimMeans): number => (power > 0 ? thrust / power : 0);

/** What an episode is compared by, the more the better. Efficiency at too little thrust is charged as the reward is. */
export function objectiveOf(settings: ObjectiveSettings, means: SwimMeans): number {
  if (settings.objective !== 'efficiency') return means.thrust - powerPrice(settings) * means.power;
  const shortfall = Math.max(0, settings.leastThrust - means.thrust);
  return efficiencyOf(means) + settings.shortfallReward * shortfall;
}
