/**
 * What drives a ray at its base: heave, pitch, and the offset of the two half-rays. Each is commanded as a rate and
 * keeps within a position, a rate and an acceleration, all at once: near the end of its travel it is slowed down in
 * time to stop there. Policies and sinusoids go through the same limits.
 */

/** Of one actuator, symmetric about 0. */
export interface ActuatorLimit {
  readonly position: number;
  readonly rate: number;
  /** None unless told. */
  readonly acceleration?: number;
}

/** Heave L, pitch rad, offset as part of the distance between the half-rays; rates and accelerations per L/U. */
export type ActuatorLimits = Readonly<Record<ActuatorName, ActuatorLimit>>;

/** In the order of all arrays. */
export const actuatorNames = ['heave', 'pitch', 'offset'] as const;
export type ActuatorName = (typeof actuatorNames)[number];

/** Number of actuators of a ray. */
export const ACTUATORS = actuatorNames.length;

/** Shapes: N rays; 3 actuators, in the order of `actuatorNames`. */
export class Actuators {
  /** `[N, 3]` */
  readonly position: Float64Array;
  /** Mean of the last step, `[N, 3]`. */
  readonly rate: Float64Array;
  readonly #limits: readonly ActuatorLimit[];
  readonly #timestep: number;

  /** @param timestep of `advance`, L/U */
  constructor(count: number, limits: ActuatorLimits, timestep: number) {
    this.position = new Float64Array(ACTUATORS * count);
    this.rate = new Float64Array(ACTUATORS * count);
    this.#limits = actuatorNames.map((name) => limits[name]);
    this.#timestep = timestep;
  }

  get state(): Float64Array[] {
    return [this.position, this.rate];
  }

  /** Centres the actuators of ray `i`, at rest. */
  place(i: number): void {
    this.position.fill(0, ACTUATORS * i, ACTUATORS * (i + 1));
    this.rate.fill(0, ACTUATORS * i, ACTUATORS * (i + 1));
  }

  /** One step. @param commands rates that are wanted, `[N, 3]` */
  advance(commands: Float64Array): void {
    for (let i = 0; i < this.rate.length; i++) {
      const limit = this.#limits[i % ACTUATORS]!;
      const rate = nextRate(commands[i]!, this.position[i]!, this.rate[i]!, limit, this.#timestep);
      this.rate[i] = rate;
      const position = this.position[i]! + rate * this.#timestep;
      // What is beyond is rounding.
      this.position[i] = Math.max(-limit.position, Math.min(limit.position, position));
    }
  }
}

function nextRate(
  command: number,
  position: number,
  rate: number,
  limit: ActuatorLimit,
  timestep: number,
): number {
  const change = (limit.acceleration ?? Number.POSITIVE_INFINITY) * timestep;
  const slewed = Math.max(rate - change, Math.min(rate + change, command));
  const upwards = Math.min(limit.rate, stoppingRate(limit.position - position, change, timestep));
  const downwards = Math.min(limit.rate, stoppingRate(limit.position + position, change, timestep));
  return Math.max(-downwards, Math.min(upwards, slewed));
}

/**
 * The fastest rate of the next step from which there is still `distance` to stop in, when the rate falls by `change` in each
 * step after. With m whole changes in it, it covers m + 1 steps: (m + 1)(rate − m·change/2)·timestep = distance.
 */
function stoppingRate(distance: number, change: number, timestep: number): number {
  const quanta = distance / (change * timestep);
  const whole = Math.floor((Math.sqrt(1 + 8 * quanta) - 1) / 2);
  const direct = distance / ((whole + 1) * timestep);
  return whole === 0 ? direct : direct + (whole * change) / 2;
}
