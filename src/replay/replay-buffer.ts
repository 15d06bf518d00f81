/**
 * Ring buffer of transitions, one column each, in shared memory, so that other threads can read them in place.
 * Shapes: C capacity, O observation size, A action size.
 */
import type { Batch } from '../core/batch.ts';
import type { Frame } from '../core/frame.ts';
import type { Rng } from '../core/rng.ts';

export interface ReplayOptions {
  /** Transitions kept; the oldest are overwritten. */
  readonly capacity: number;
  readonly observationSize: number;
  readonly actionSize: number;
}

/** The stored rows as they lie in memory, for a checkpoint. */
export interface ReplayContents {
  readonly columns: Readonly<Record<ReplayColumn, Float32Array>>;
  /** Row that the next transition is written to. */
  readonly cursor: number;
}

export const replayColumns = ['obs', 'action', 'reward', 'nextObs', 'terminated'] as const;
export type ReplayColumn = (typeof replayColumns)[number];

export class ReplayBuffer {
  readonly capacity: number;
  readonly #widths: Readonly<Record<ReplayColumn, number>>;
  readonly #columns: Readonly<Record<ReplayColumn, Float32Array>>;
  #size = 0;
  #cursor = 0;

  constructor({ capacity, observationSize, actionSize }: ReplayOptions) {
    this.capacity = capacity;
    this.#widths = {
      obs: observationSize,
      action: actionSize,
      reward: 1,
      nextObs: observationSize,
      terminated: 1,
    };
    this.#columns = mapColumns((name) => new Float32Array(sharedMemory(4 * capacity * this.#widths[name])));
  }

  /** Transitions stored. */
  get size(): number {
    return this.#size;
  }

  /** Stores a copy of every scene's transition. */
  push(frame: Frame): void {
    const { obs, action, reward, nextObs, terminated } = this.#columns;
    const { obs: observationSize, action: actionSize } = this.#widths;
    for (let scene = 0; scene < frame.numEnvs; scene++) {
      const row = this.#cursor;
      copyRow(obs, row, frame.obs, scene, observationSize);
      copyRow(action, row, frame.action, scene, actionSize);
      copyRow(nextObs, row, frame.nextObs, scene, observationSize);
      reward[row] = frame.reward[scene]!;
      terminated[row] = frame.terminated[scene]!;
      this.#cursor = (row + 1) % this.capacity;
      this.#size = Math.min(this.#size + 1, this.capacity);
    }
  }

  /**
   * Fills `batch` with rows drawn uniformly, with replacement.
   * @throws RangeError when nothing is stored
   */
  sample(batch: Batch, rng: Rng): Batch {
    if (this.#size === 0)
      throw new RangeError('The replay buffer is empty: store transitions before sampling.');
    const { obs, action, reward, nextObs, terminated } = this.#columns;
    const { obs: observationSize, action: actionSize } = this.#widths;
    for (let i = 0; i < batch.size; i++) {
      const row = rng.integer(this.#size);
      copyRow(batch.obs, i, obs, row, observationSize);
      copyRow(batch.action, i, action, row, actionSize);
      copyRow(batch.nextObs, i, nextObs, row, observationSize);
      batch.reward[i] = reward[row]!;
      batch.terminated[i] = terminated[row]!;
    }
    return batch;
  }

  /** The stored part of every column: views, valid until the next push. */
  contents(): ReplayContents {
    return {
      columns: mapColumns((name) => this.#columns[name].subarray(0, this.#size * this.#widths[name])),
      cursor: this.#cursor,
    };
  }

  /** @throws RangeError when the rows do not fit this buffer */
  restore({ columns, cursor }: ReplayContents): void {
    const size = columns.reward.length;
    // A ring that is not full has been written from its first row on; a full one may continue anywhere.
    const fits = size < this.capacity ? cursor === size : size === this.capacity && cursor < this.capacity;
    if (!fits) {
      throw new RangeError(
        `The checkpoint holds ${size} transitions and continues at row ${cursor}; that is no state of a replay buffer of ${this.capacity}.`,
      );
    }
    for (const name of replayColumns) {
      if (columns[name].length !== size * this.#widths[name]) {
        throw new RangeError(
          `Replay column "${name}" has ${columns[name].length} values; ${size} rows of ${this.#widths[name]} are needed.`,
        );
      }
      this.#columns[name].set(columns[name]);
    }
    this.#size = size;
    this.#cursor = cursor;
  }
}

function mapColumns<T>(value: (name: ReplayColumn) => T): Record<ReplayColumn, T> {
  return Object.fromEntries(replayColumns.map((name) => [name, value(name)])) as Record<ReplayColumn, T>;
}

/** Shared where the platform allows it: browsers do only on isolated pages. */
const sharedMemory = (bytes: number): SharedArrayBuffer | ArrayBuffer =>
  typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);

// A loop beats `set(subarray(…))` for rows this short, and makes no garbage.
function copyRow(to: Float32Array, row: number, from: Float32Array, fromRow: number, width: number): void {
  const [t, f] = [row * width, fromRow * width];
  for (let i = 0; i < width; i++) to[t + i] = from[f + i]!;
}
