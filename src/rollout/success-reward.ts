/**
 * Rewards by a classifier instead of the environment's: 1 where it takes what an action led to for success, which ends the task,
 * and 0 elsewhere. Sampled minibatches are judged anew, so that a classifier that goes on learning (VICE) is always asked as it
 * is now, and demonstrations are judged like everything else. Shapes: B rows, O observation size.
 */
import type { Batch } from '../core/batch.ts';
import type { ColumnContents, ExperienceStore } from '../core/columns.ts';
import type { Metrics } from '../core/policy.ts';
import type { Rng, RngState } from '../core/rng.ts';
import type { Experience } from '../replay/experience.ts';

/** As `createClassifier` makes it. */
export interface SuccessClassifier {
  readonly examples: { readonly obs: Float32Array; readonly label: Float32Array };
  update(): Promise<Metrics>;
  /** @param obs `[N, O]` @returns `[N]` */
  logits(obs: Float32Array): Promise<Float32Array>;
  vectors(): Readonly<Record<string, Float32Array>>;
  load(vectors: Readonly<Record<string, Float32Array>>): void;
  rngState(): RngState;
  restoreRng(state: RngState): void;
}

/** Observations, row after row. */
export interface SuccessExamples {
  /** In which the task was done, `[P, O]`. */
  readonly successes: Float32Array;
  /** In which it was not, `[Q, O]`. */
  readonly others: Float32Array;
}

export interface SuccessReward {
  /** Writes rewards and ends of a sampled batch. */
  judge(batch: Batch): Promise<void>;
  /** Has the classifier tell what was seen lately from successes, if it goes on learning. */
  learn(experience: Experience): Promise<Metrics>;
  readonly store: ExperienceStore;
  state(): SuccessRewardState;
  restoreState(state: SuccessRewardState): void;
}

export interface SuccessRewardState {
  readonly sampling: RngState;
  readonly classifier: RngState;
}

/** Draws rows with replacement. @param to first row of `out`, `[B, O]`, that is written */
export function drawRows(
  rows: Float32Array,
  out: Float32Array,
  [from, to]: readonly [number, number],
  size: number,
  rng: Rng,
): void {
  const count = rows.length / size;
  for (let i = from; i < to; i++) {
    const row = rng.integer(count) * size;
    out.set(rows.subarray(row, row + size), i * size);
  }
}

/** Fills the examples of a classifier, half of them successes. */
export function drawBalanced(
  { examples }: SuccessClassifier,
  { successes, others }: SuccessExamples,
  rng: Rng,
): void {
  const rows = examples.label.length;
  const size = examples.obs.length / rows;
  drawRows(successes, examples.obs, [0, rows / 2], size, rng);
  drawRows(others, examples.obs, [rows / 2, rows], size, rng);
  examples.label.fill(1, 0, rows / 2).fill(0, rows / 2);
}

/** What is seen without a base's action, which stands behind it where there is one. @param obs `[B, O]` or `[B, O + A]` */
function withoutBase(obs: Float32Array, rows: number, size: number): Float32Array {
  const width = obs.length / rows;
  if (width === size) return obs;
  const seen = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) seen.set(obs.subarray(row * width, row * width + size), row * size);
  return seen;
}

export interface SuccessRewardOptions {
  readonly classifier: SuccessClassifier;
  /** Of a classifier that goes on learning, what it tells what is seen lately from, `[P, O]`; absent of one that does not. */
  readonly successes?: Float32Array | undefined;
  /** Reward of success. */
  readonly reward: number;
  /** A batch to sample what is seen lately into, with half as many rows as the classifier takes. */
  readonly recent: Batch;
  readonly rng: Rng;
}

export function successReward({
  classifier,
  successes,
  reward,
  recent,
  rng,
}: SuccessRewardOptions): SuccessReward {
  const { examples } = classifier;
  const half = recent.size;
  const size = examples.obs.length / examples.label.length;
  return {
    async judge(batch) {
      const logits = await classifier.logits(withoutBase(batch.nextObs, batch.size, size));
      for (let i = 0; i < batch.size; i++) {
        const done = logits[i]! > 0;
        batch.reward[i] = done ? reward : 0;
        if (done) batch.terminated[i] = 1;
      }
    },
    async learn(experience) {
      if (!successes || experience.teams === 0) return {};
      experience.sample(recent, rng);
      drawRows(successes, examples.obs, [0, half], size, rng);
      examples.obs.set(withoutBase(recent.nextObs, half, size), half * size);
      examples.label.fill(1, 0, half).fill(0, half);
      const { loss, accuracy } = await classifier.update();
      return { classifier_loss: loss!, classifier_accuracy: accuracy! };
    },
    store: {
      contents: (): ColumnContents => ({ columns: classifier.vectors(), rows: 1, cursor: 0 }),
      restore: ({ columns }) => classifier.load(columns),
    },
    state: () => ({ sampling: rng.state(), classifier: classifier.rngState() }),
    restoreState(state) {
      rng.restore(state.sampling);
      classifier.restoreRng(state.classifier);
    },
  };
}
