/** What acts, and what learns, as the loops of `src/rollout` see them: no tensors here. */
import type { Batch } from './batch.ts';
import type { Space } from './space.ts';

/** `explore` draws from the policy's distribution; `exploit` takes its deterministic action. */
export type ActMode = 'explore' | 'exploit';

export interface Policy {
  /**
   * @param obs `[N, O]`
   * @param actions `[N, A]`, written, every component in [-1, 1]
   */
  act(obs: Float32Array, actions: Float32Array, mode: ActMode): Promise<void>;
}

/** Sizes and meaning of what goes in and out of a policy. */
export interface Spaces {
  readonly observation: Space;
  readonly action: Space;
}

/** Named scalars of one update, such as `critic_loss`. */
export type Metrics = Readonly<Record<string, number>>;

/** A policy that learns from replayed transitions. */
export interface OffPolicyLearner extends Policy {
  /** The minibatch that `update` learns from; fill it first. */
  readonly batch: Batch;
  /** One gradient update. */
  update(): Promise<Metrics>;
}
