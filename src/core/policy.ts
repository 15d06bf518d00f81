/** What acts, and what learns, as the loops of `src/rollout` see them: no tensors here. */
import type { Batch, Trajectories } from './batch.ts';
import type { BinaryArray } from './bytes.ts';
import type { SteppedScenes } from './env.ts';
import type { Space } from './space.ts';

/** `explore` draws from the policy's distribution; `exploit` takes its deterministic action. */
export type ActMode = 'explore' | 'exploit';

export interface Policy {
  /**
   * @param obs `[N, O]`
   * @param actions `[N, A]`, written, every component in [-1, 1]
   */
  act(obs: Float32Array, actions: Float32Array, mode: ActMode): Promise<void>;
  /**
   * An episode begins in `scene`; called before the first action of each. Absent where decisions follow from what is seen
   * alone. @param obs its first observation, `[O]`
   */
  begin?(scene: number, obs: Float32Array): void;
  /** 1 in the scenes where a person or an expert, and not this policy, made the last actions, `[N]`; absent where nobody can. */
  readonly intervened?: Uint8Array;
}

/** A policy that another one corrects, and that does not learn. */
export interface BasePolicy extends Policy {
  /**
   * What it would do next, with nothing of it carried out; as `act` where it is absent.
   * @param obs `[N, O]` @param actions `[N, A]`, written
   */
  foresee?(obs: Float32Array, actions: Float32Array): Promise<void>;
  /** What it keeps from step to step for `numEnvs` scenes; absent where it keeps nothing. */
  state?(numEnvs: number): readonly BinaryArray[];
}

/** Sizes and meaning of what goes in and out of a policy. */
export interface Spaces {
  readonly observation: Space;
  readonly action: Space;
  /** Rows that make a team, one after another; 1 unless told. */
  readonly agents?: number;
}

/** Those of an environment. */
export const spacesOfEnv = ({ observationSpace, actionSpace, spec }: SteppedScenes): Required<Spaces> => ({
  observation: observationSpace,
  action: actionSpace,
  agents: spec.agents,
});

/** Named scalars of one update, such as `critic_loss`. */
export type Metrics = Readonly<Record<string, number>>;

/** A policy that learns from replayed transitions. */
export interface OffPolicyLearner extends Policy {
  /** What `update` learns from: `minibatches` parts of equal size, one after another. Fill it first. */
  readonly batch: Batch;
  /** Minibatches, and gradient updates of the critics, in one update. */
  readonly minibatches: number;
  /** Discount γ per control step. */
  readonly discount: number;
  /** @param progress part of the training that is done, from 0 to 1 */
  update(progress: number): Promise<Metrics>;
}

/** A policy that learns from what it has just done. */
export interface OnPolicyLearner extends Policy {
  /** Standard normal numbers of the last call of `act` that explored, `[N, A]`. */
  explorationNoise(): Float32Array;
  /** Discount γ per control step. */
  readonly discount: number;
  /**
   * Learns once from all of them.
   * @param progress part of the training that is done, from 0 to 1
   * @returns means over its gradient updates, and their number
   */
  learn(
    trajectories: Trajectories,
    progress: number,
  ): Promise<{ readonly metrics: Metrics; readonly updates: number }>;
}
