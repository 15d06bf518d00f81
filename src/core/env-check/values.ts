/** Advice about values: observations that never change, rewards that are always the same or very large. */
import type { StepBatch } from '../env.ts';
import { type Check, componentName } from './driver.ts';

/** Root mean square of the reward beyond which critics, whose values are sums of many, learn badly. */
const LARGE_REWARD = 100;

export class Values {
  readonly #check: Check;
  readonly #least: Float32Array;
  readonly #greatest: Float32Array;
  #leastReward = Number.POSITIVE_INFINITY;
  #greatestReward = Number.NEGATIVE_INFINITY;
  #squares = 0;
  #rewards = 0;

  constructor(check: Check) {
    const { size } = check.driver.env.observationSpace;
    this.#check = check;
    this.#least = new Float32Array(size).fill(Number.POSITIVE_INFINITY);
    this.#greatest = new Float32Array(size).fill(Number.NEGATIVE_INFINITY);
  }

  /** @param start what `reset` returned */
  begin(start: Float32Array): void {
    this.#seeObservations(start);
  }

  see({ obs, finalObs, reward }: StepBatch): void {
    this.#seeObservations(obs);
    this.#seeObservations(finalObs);
    for (const value of reward) {
      this.#leastReward = Math.min(this.#leastReward, value);
      this.#greatestReward = Math.max(this.#greatestReward, value);
      this.#squares += value * value;
      this.#rewards++;
    }
  }

  #seeObservations(obs: Float32Array): void {
    const size = this.#least.length;
    for (let i = 0; i < obs.length; i++) {
      this.#least[i % size] = Math.min(this.#least[i % size]!, obs[i]!);
      this.#greatest[i % size] = Math.max(this.#greatest[i % size]!, obs[i]!);
    }
  }

  conclude(): void {
    const { driver, findings } = this.#check;
    this.#least.forEach((least, i) => {
      if (least !== this.#greatest[i]) return;
      const subject = componentName(driver.env.observationSpace, i);
      findings.add(
        'obs-constant',
        () =>
          `Observation ${subject} was ${least} in every scene and step. Check that it is written; if it cannot change, leave it out.`,
        { subject },
      );
    });
    if (this.#leastReward === this.#greatestReward) {
      findings.add(
        'reward-constant',
        () =>
          `The reward was ${this.#leastReward} in every scene and step, so random actions show an agent nothing to prefer. Add a term that grows as the goal comes nearer.`,
      );
    }
    const size = Math.sqrt(this.#squares / this.#rewards);
    if (size > LARGE_REWARD && Number.isFinite(size)) {
      findings.add(
        'reward-scale',
        () =>
          `The reward is large: its root mean square was ${size.toPrecision(3)} under random actions, between ${this.#leastReward} and ${this.#greatestReward}. Divide it so that a step is worth about 1 to 10; critics learn sums of many steps.`,
      );
    }
  }
}
