/**
 * An algorithm is a definition: its settings, and pure maths on tensors. A learner compiles, runs, saves and exports any
 * of them. Off-policy agents learn from minibatches of replayed transitions, on-policy agents from what their present
 * policy has just lived through: two contracts with the acting half in common.
 *
 * Shapes: B rows of a minibatch, G minibatches of an update, O observation size, A action size, N rows to act on,
 * R rows of a rollout.
 */
import type { ReturnToGo } from '../core/batch.ts';
import type { Spaces } from '../core/policy.ts';
import type { SearchSpace } from '../core/search.ts';
import type { SettingsSchema } from '../core/settings.ts';
import type { Layout } from '../nn/index.ts';
import type { Tensor } from '../tensor/index.ts';
import type { NoiseSpec } from './noise.ts';
import type { PlanExecution } from './plans.ts';

export type Tensors = Readonly<Record<string, Tensor>>;

/** Flat vectors on the host, by name. */
export type Vectors = Readonly<Record<string, Float32Array>>;

/** The new value of every vector that changed, and scalars to report. */
export interface UpdateResult {
  readonly state: Tensors;
  readonly metrics: Tensors;
}

/** What both kinds of agents have: parameters and a policy. All functions are pure and are recorded once. */
export interface PolicyMaths {
  /** Every flat vector that the agent keeps between updates, by name: parameters, targets, optimiser state. */
  readonly state: Readonly<Record<string, Layout>>;
  /** Vectors that start as copies of others, `{ targetCritics: 'critics' }`. */
  readonly copies?: Readonly<Record<string, string>>;
  /** The vectors that the policy reads. */
  readonly policyState: readonly string[];
  /** Discount γ per control step. */
  readonly discount: number;
  /**
   * Rows that belong together, D, one after another wherever this is learnt from or asked for values; the policy takes
   * each row alone all the same. 1 unless told.
   */
  readonly teamSize?: number;
  /** Of a policy that decides on several control steps at once; absent where it acts step by step. */
  readonly plans?: PlanExecution;
  /** Random numbers that the policy explores with in each row, W; the size of an action unless told. */
  readonly noiseWidth?: number;
  /**
   * @param obs `[N, O]`
   * @param noise standard normal `[N, W]` to explore; null for the deterministic action
   * @returns `[N, A]`, or plans `[N, H·A]`, a step after another; what lies beyond [-1, 1] is clipped
   */
  policy(state: Tensors, obs: Tensor, noise: Tensor | null): Tensor;
  /**
   * Estimate of the discounted return to come, as the critics or the value network have it: of an action
   * where they value actions, which is what the actor maximises, and else of the policy. In the unit of the
   * rewards that were learnt from.
   * @param obs `[N, O]`, whole teams
   * @param action `[N, A]`
   * @returns `[N]`
   */
  value?(state: Tensors, obs: Tensor, action: Tensor): Tensor;
}

/** Columns of a minibatch, as `Batch` but on the device. */
export interface BatchTensors {
  /** `[B, O]` */
  readonly obs: Tensor;
  /** `[B, A]` */
  readonly action: Tensor;
  /** `[B]`; the discounted sum of several where a transition spans several steps */
  readonly reward: Tensor;
  /** `[B, O]` */
  readonly nextObs: Tensor;
  /** `[B]`, 1 where the task ended */
  readonly terminated: Tensor;
  /** γ to the number of steps that the transition spans, `[B]`: the weight of the next state's value. */
  readonly discount: Tensor;
  /** Actions of the next H control steps, a step after another, `[B, H·A]`; only where the policy plans them. */
  readonly plan?: Tensor;
  /** Discounted rewards from here to the end of the episode, or a lower bound, `[B]`; only where the maths ask for them. */
  readonly returnToGo?: Tensor;
}

export interface OffPolicyMaths extends PolicyMaths {
  /** Minibatches that one update takes, G; they lie one after another in the batch. 1 unless told. */
  readonly minibatches?: number;
  /**
   * Column of the observations by whose sign minibatches are told apart: the first, third … have rows where it is above 0,
   * the others the rest. Anything goes in any of them unless told.
   */
  readonly turnColumn?: number;
  /** Asks for returns to go in the batch. */
  readonly returnToGo?: ReturnToGo;
  /** Random numbers that an update needs, by name, for minibatches of `batchSize` rows. */
  noise(batchSize: number): Readonly<Record<string, NoiseSpec>>;
  /**
   * @param batch columns of G·B rows
   * @param progress `[1]`, from 0 at the start of training to 1 at its end
   */
  update(state: Tensors, batch: BatchTensors, noise: Tensors, progress: Tensor): UpdateResult;
}

/** Part of an on-policy update: passes over the rollout in shuffled minibatches. */
export interface Phase {
  /** Passes over the rollout. */
  readonly epochs: number;
  /** Minibatches of a pass. */
  readonly minibatches: number;
  /**
   * @param batch `obs` `[B, O]`, `advantage` and `return` `[B]`, and every column that `describe` gave
   * @param progress `[1]`, from 0 at the start of training to 1 at its end
   */
  update(state: Tensors, batch: Tensors, progress: Tensor): UpdateResult;
}

export interface OnPolicyMaths extends PolicyMaths {
  /** What actions were made with is kept for learning, a number for each component. */
  readonly noiseWidth?: never;
  /** λ of generalised advantage estimation. */
  readonly traceDecay: number;
  /**
   * What learning has to know of the transitions, told by the policy that made them.
   * @param rows `obs` and `nextObs` `[R, O]`, and the `noise` `[R, A]` that the actions were made with
   * @returns `value` and `nextValue` `[R]`, and further columns with R rows for the phases
   */
  describe(state: Tensors, rows: Tensors): Tensors;
  /** One after another. */
  readonly phases: readonly Phase[];
  /** Vectors that change once a rollout has been learnt from, such as statistics of observations. @param obs `[R, O]` */
  finish?(state: Tensors, obs: Tensor): Tensors;
}

interface Definition<Settings> {
  /** Name in `proprio list agents`. */
  readonly name: string;
  readonly description: string;
  readonly settings: SettingsSchema<Settings>;
  /** Defaults of the training loop that belong to the algorithm, such as updates per step. */
  readonly training?: Readonly<Record<string, unknown>>;
  /** What `proprio tune` searches unless told otherwise. */
  readonly search?: SearchSpace<Settings>;
}

export interface OffPolicyDefinition<Settings = Record<string, unknown>> extends Definition<Settings> {
  readonly kind: 'off-policy';
  /**
   * `only`: it learns from recorded transitions, and nothing from its own. `first`: it is made to begin with recorded ones,
   * and may go on with its own.
   */
  readonly offline?: 'only' | 'first';
  /** Learns from somebody who takes over, or tells what they would do. */
  readonly guided?: true;
  /** Corrects a base, whose action is the last of what it observes. */
  readonly corrects?: true;
  /** @throws ConfigurationError for settings that contradict each other */
  build(spaces: Spaces, settings: Settings): OffPolicyMaths;
}

export interface OnPolicyDefinition<Settings = Record<string, unknown>> extends Definition<Settings> {
  readonly kind: 'on-policy';
  /** @throws ConfigurationError for settings that contradict each other */
  build(spaces: Spaces, settings: Settings): OnPolicyMaths;
}

export type AgentDefinition<Settings = Record<string, unknown>> =
  | OffPolicyDefinition<Settings>
  | OnPolicyDefinition<Settings>;
