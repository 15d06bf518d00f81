/**
 * Rewards divided by the running standard deviation of the discounted return, as Gymnasium's `NormalizeReward` and
 * CleanRL's PPO do: the size of the values to learn is then about one whatever the task pays.
 */
import type { Frame } from '../core/frame.ts';

/** Scaled rewards are clipped here. */
const LIMIT = 10;
const EPSILON = 1e-8;

export interface RewardScaleState {
  /** Discounted return of the episode under way in each scene. */
  readonly returns: readonly number[];
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

export class RewardScaler {
  readonly #discount: number;
  readonly #returns: Float64Array;
  readonly #scaled: Float32Array;
  #count = 0;
  #mean = 0;
  #variance = 1;

  constructor(numEnvs: number, discount: number) {
    this.#discount = discount;
    this.#returns = new Float64Array(numEnvs);
    this.#scaled = new Float32Array(numEnvs);
  }

  /** Counts the frame in. @returns its rewards, scaled, `[N]`; a view until the next call */
  scale({ reward, terminated, truncated, numEnvs }: Frame): Float32Array {
    for (let scene = 0; scene < numEnvs; scene++) {
      this.#returns[scene] = this.#discount * this.#returns[scene]! + reward[scene]!;
    }
    this.#countIn(this.#returns);
    const scale = 1 / Math.sqrt(this.#variance + EPSILON);
    for (let scene = 0; scene < numEnvs; scene++) {
      this.#scaled[scene] = Math.max(-LIMIT, Math.min(LIMIT, reward[scene]! * scale));
      if (terminated[scene] || truncated[scene]) this.#returns[scene] = 0;
    }
    return this.#scaled;
  }

  /** Merges mean and variance (Chan, Golub and LeVeque 1979). */
  #countIn(values: Float64Array): void {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const total = this.#count + values.length;
    const [rate, shift] = [values.length / total, mean - this.#mean];
    this.#variance = this.#variance * (1 - rate) + variance * rate + shift ** 2 * rate * (1 - rate);
    this.#mean += shift * rate;
    this.#count = total;
  }

  state(): RewardScaleState {
    return {
      returns: [...this.#returns],
      count: this.#count,
      mean: this.#mean,
      variance: this.#variance,
    };
  }

  restore({ returns, count, mean, variance }: RewardScaleState): void {
    this.#returns.set(returns);
    this.#count = count;
    this.#mean = mean;
    this.#variance = variance;
  }
}
