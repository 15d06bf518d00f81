/** How much the aircraft of an episode may differ from the model: settings that every task with quadrotors has. */
import type { Rng } from '../../src/core/rng.ts';
import { number } from '../../src/core/settings.ts';
import type { Variation } from './fleet.ts';

/** Zero switches a variation off. */
export const variationSettings = {
  massVariation: number(0, 0, 0.9, 'largest relative change of the mass'),
  inertiaVariation: number(0, 0, 0.9, 'largest relative change of the inertia'),
  motorLagVariation: number(0, 0, 0.9, 'largest relative change of the motor time constant'),
  thrustVariation: number(0, 0, 0.9, 'largest relative change of the rotor thrust'),
  windSpeed: number(0, 0, 10, 'largest wind speed, m/s, constant within an episode'),
};

export interface VariationSettings {
  readonly massVariation: number;
  readonly inertiaVariation: number;
  readonly motorLagVariation: number;
  readonly thrustVariation: number;
  readonly windSpeed: number;
}

/** The aircraft of an episode, drawn uniformly. */
export function drawVariation(rng: Rng, s: VariationSettings): Variation {
  const factor = (limit: number): number => 1 + rng.uniform(-limit, limit);
  const [speed, direction] = [rng.uniform(0, s.windSpeed), rng.uniform(-Math.PI, Math.PI)];
  return {
    mass: factor(s.massVariation),
    inertia: factor(s.inertiaVariation),
    motorTimeConstant: factor(s.motorLagVariation),
    thrust: factor(s.thrustVariation),
    wind: [speed * Math.cos(direction), speed * Math.sin(direction), 0],
  };
}
