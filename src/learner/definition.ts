/**
 * An algorithm is a definition: its settings, and pure maths on tensors. The learner compiles, runs, saves and exports
 * any of them. Shapes: B batch, O observation size, A action size, N rows to act on.
 */
import type { Spaces } from '../core/policy.ts';
import type { SettingsSchema } from '../core/settings.ts';
import type { Layout } from '../nn/index.ts';
import type { Tensor } from '../tensor/index.ts';

export type Tensors = Readonly<Record<string, Tensor>>;

/** Flat vectors on the host, by name. */
export type Vectors = Readonly<Record<string, Float32Array>>;

/** Columns of a minibatch, as `Batch` but on the device. */
export interface BatchTensors {
  /** `[B, O]` */
  readonly obs: Tensor;
  /** `[B, A]` */
  readonly action: Tensor;
  /** `[B]` */
  readonly reward: Tensor;
  /** `[B, O]` */
  readonly nextObs: Tensor;
  /** `[B]`, 1 where the task ended */
  readonly terminated: Tensor;
}

/** The maths of an algorithm for given spaces and settings. All functions are pure and are recorded once. */
export interface AgentMaths {
  /** Every flat vector that the agent keeps between updates, by name: parameters, targets, optimiser state. */
  readonly state: Readonly<Record<string, Layout>>;
  /** Vectors that start as copies of others, `{ targetCritics: 'critics' }`. */
  readonly copies?: Readonly<Record<string, string>>;
  /** The vectors that the policy reads. */
  readonly policyState: readonly string[];
  /** Standard normal numbers that an update needs, by name, with the number of columns: `[B, columns]`. */
  readonly noise: Readonly<Record<string, number>>;
  /**
   * @param obs `[N, O]`
   * @param noise standard normal `[N, A]` to explore; null for the deterministic action
   * @returns `[N, A]` in [-1, 1]
   */
  policy(state: Tensors, obs: Tensor, noise: Tensor | null): Tensor;
  /** @returns the new value of every vector that changed, and scalars to report */
  update(
    state: Tensors,
    batch: BatchTensors,
    noise: Tensors,
  ): { readonly state: Tensors; readonly metrics: Tensors };
}

export interface AgentDefinition<Settings = Record<string, unknown>> {
  /** Name in `proprio list agents`. */
  readonly name: string;
  readonly description: string;
  readonly settings: SettingsSchema<Settings>;
  build(spaces: Spaces, settings: Settings): AgentMaths;
}
