/** What a policy does between two on-policy updates. Shapes: T steps, N scenes, O observation size, A action size. */
import type { Trajectories } from '../core/batch.ts';
import type { ColumnContents, ExperienceStore } from '../core/columns.ts';
import type { Frame } from '../core/frame.ts';

export interface TrajectoryOptions {
  /** T */
  readonly steps: number;
  /** N */
  readonly numEnvs: number;
  readonly observationSize: number;
  readonly actionSize: number;
}

const columns = ['obs', 'nextObs', 'noise', 'reward', 'terminated', 'truncated'] as const;

export class TrajectoryBuffer implements ExperienceStore {
  readonly trajectories: Trajectories;
  #steps = 0;

  constructor({ steps, numEnvs, observationSize, actionSize }: TrajectoryOptions) {
    const rows = steps * numEnvs;
    this.trajectories = {
      steps,
      numEnvs,
      obs: new Float32Array(rows * observationSize),
      nextObs: new Float32Array(rows * observationSize),
      noise: new Float32Array(rows * actionSize),
      reward: new Float32Array(rows),
      terminated: new Float32Array(rows),
      truncated: new Float32Array(rows),
    };
  }

  /** Transitions of a full buffer. */
  get rows(): number {
    return this.trajectories.steps * this.trajectories.numEnvs;
  }

  get full(): boolean {
    return this.#steps === this.trajectories.steps;
  }

  /** @param reward to learn from, `[N]` @param noise that the actions were drawn with, `[N, A]` */
  push(frame: Frame, reward: Float32Array, noise: Float32Array): void {
    const { obs, nextObs, terminated, truncated } = frame;
    const step = { obs, nextObs, noise, reward, terminated, truncated };
    for (const name of columns) this.trajectories[name].set(step[name], this.#steps * step[name].length);
    this.#steps++;
  }

  clear(): void {
    this.#steps = 0;
  }

  /** The stored part of every column. */
  contents(): ColumnContents {
    const part = (values: Float32Array): Float32Array =>
      values.subarray(0, (values.length / this.trajectories.steps) * this.#steps);
    return {
      columns: Object.fromEntries(columns.map((name) => [name, part(this.trajectories[name])])),
      rows: this.#steps * this.trajectories.numEnvs,
      cursor: this.#steps,
    };
  }

  /** @throws RangeError when the rows do not fit this buffer */
  restore(contents: Pick<ColumnContents, 'columns' | 'cursor'>): void {
    const { cursor } = contents;
    if (!(cursor >= 0 && cursor <= this.trajectories.steps)) {
      throw new RangeError(`The checkpoint is ${cursor} steps into a rollout of ${this.trajectories.steps}.`);
    }
    for (const name of columns) {
      const mine = this.trajectories[name];
      const stored = contents.columns[name];
      if (stored?.length !== (mine.length / this.trajectories.steps) * cursor) {
        throw new RangeError(
          `Column "${name}" has ${stored?.length ?? 'no'} values, which are not ${cursor} steps.`,
        );
      }
      mine.set(stored);
    }
    this.#steps = cursor;
  }
}
