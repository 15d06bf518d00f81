/**
 * What follows a stored transition in its scene, in a ring that is written all the time: sums of rewards, plans, and what
 * happened next. Rows of a scene stand a stride apart. Shapes: C capacity, A action size, H control steps of a plan.
 */
import type { Batch } from '../core/batch.ts';

/** Rewards of up to `steps` control steps are added up, discounted; an episode's end or the newest step cuts the sum. */
export interface MultiStep {
  readonly steps: number;
  /** γ per control step. */
  readonly discount: number;
  /** Scenes that are stored together in each frame. */
  readonly numEnvs: number;
}

export interface SequenceColumns {
  readonly action: Float32Array;
  readonly reward: Float32Array;
  readonly terminated: Float32Array;
  readonly truncated: Float32Array;
  readonly intervened: Float32Array;
}

export interface SequenceOptions {
  /** Rows from one step of a scene to its next. */
  readonly stride: number;
  /** Of the step before somebody takes over, and the only one; undefined for the rewards that are stored. */
  readonly interventionReward: number | undefined;
}

/** `cursor` is everywhere the row that is written next. */
export class Sequences {
  readonly #columns: SequenceColumns;
  readonly #capacity: number;
  readonly #stride: number;
  readonly #interventionReward: number | undefined;

  constructor(columns: SequenceColumns, { stride, interventionReward }: SequenceOptions) {
    this.#columns = columns;
    this.#capacity = columns.reward.length;
    this.#stride = stride;
    this.#interventionReward = interventionReward;
  }

  /** Whether the policy is taken over is not known of its newest step yet, which counts as if it were not. */
  rewardOf(row: number, cursor: number): number {
    const { reward, intervened } = this.#columns;
    if (this.#interventionReward === undefined) return reward[row]!;
    if (intervened[row] === 1 || this.#isEnd(row) || this.#available(row, cursor) === 1) return 0;
    return intervened[this.#next(row)] === 1 ? this.#interventionReward : 0;
  }

  /** Writes reward and discount of a transition that begins at `first`, to row `i`. @returns the row of its last step */
  addUp({ steps, discount }: MultiStep, first: number, cursor: number, batch: Batch, i: number): number {
    const most = Math.min(steps, this.#available(first, cursor));
    let [row, sum, weight] = [first, 0, 1];
    for (let step = 1; ; step++) {
      sum += weight * this.rewardOf(row, cursor);
      weight *= discount;
      if (step === most || this.#isEnd(row)) break;
      row = this.#next(row);
    }
    batch.reward[i] = sum;
    batch.discount[i] = weight;
    return row;
  }

  /**
   * Writes the actions of `horizon` steps from `first` on, the last one again where the episode, or what is stored of it, ends.
   * @param plans `[B, H·A]`, of which row `i` is written
   */
  copyPlan(plans: Float32Array, first: number, cursor: number, i: number, horizon: number): void {
    const { action } = this.#columns;
    const available = this.#available(first, cursor);
    for (let step = 0, row = first; step < horizon; step++) {
      copyRow(plans, i * horizon + step, action, row, action.length / this.#capacity);
      if (step + 1 < available && !this.#isEnd(row)) row = this.#next(row);
    }
  }

  #isEnd(row: number): boolean {
    const { terminated, truncated } = this.#columns;
    return terminated[row] === 1 || truncated[row] === 1;
  }

  #next(row: number): number {
    return (row + this.#stride) % this.#capacity;
  }

  /** Steps of the scene that are stored from `row` on, whatever episodes they belong to. */
  #available(row: number, cursor: number): number {
    const newer = (cursor - 1 - row + this.#capacity) % this.#capacity;
    return 1 + Math.floor(newer / this.#stride);
  }
}

// A loop beats `set(subarray(…))` for rows this short, and makes no garbage.
export function copyRow(
  to: Float32Array,
  row: number,
  from: Float32Array,
  fromRow: number,
  width: number,
): void {
  const [t, f] = [row * width, fromRow * width];
  for (let i = 0; i < width; i++) to[t + i] = from[f + i]!;
}
