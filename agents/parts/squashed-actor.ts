/**
 * The stochastic policy of the soft actor-critic family: a network gives mean and log σ of a Gaussian, which tanh squashes.
 *
 * Shapes: B batch, I inputs, A actions.
 */
import { type Activation, type Initialization, type Layout, mlp, tanhGaussian } from '../../src/nn/index.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';

export interface SquashedActorOptions {
  readonly inputs: number;
  readonly actions: number;
  readonly hidden: readonly number[];
  readonly activation?: Activation;
  readonly initialization?: Initialization;
  readonly layerNorm?: boolean;
  /** As of an `mlp`. */
  readonly lastGain?: number;
  /** Bounds of log σ. */
  readonly logStd?: readonly [low: number, high: number];
}

export interface SquashedActor {
  readonly layout: Layout;
  /** Mean and log σ before squashing, `[B, A]` both. @param x `[B, I]` */
  distribution(vector: Tensor, x: Tensor): [mean: Tensor, logStd: Tensor];
  /** @param noise standard normal, `[B, A]` @returns action `[B, A]` and log π `[B]` */
  sample(vector: Tensor, x: Tensor, noise: Tensor): { action: Tensor; logProb: Tensor };
  /** @param noise null for the deterministic action @returns `[B, A]` */
  act(vector: Tensor, x: Tensor, noise: Tensor | null): Tensor;
}

/** Of Haarnoja's code. */
const LOG_STD_BOUNDS = [-20, 2] as const;

export function squashedActor({
  actions,
  logStd: bounds = LOG_STD_BOUNDS,
  ...options
}: SquashedActorOptions): SquashedActor {
  const network = mlp({ ...options, outputs: 2 * actions });
  const distribution = (vector: Tensor, x: Tensor): [mean: Tensor, logStd: Tensor] =>
    meanAndLogStd(network.apply(vector, x), bounds);
  return {
    layout: network.layout,
    distribution,
    sample: (vector, x, noise) => tanhGaussian(...distribution(vector, x), noise),
    act(vector, x, noise) {
      const [mean, logStd] = distribution(vector, x);
      return noise ? tanhGaussian(mean, logStd, noise).action : tf.tanh(mean);
    },
  };
}

/** Halves of a network's output, the second one limited. @param output `[B, 2A]` */
export function meanAndLogStd(
  output: Tensor,
  [low, high]: readonly [low: number, high: number] = LOG_STD_BOUNDS,
): [mean: Tensor, logStd: Tensor] {
  const [mean, logStd] = tf.split(output, 2, 1);
  return [mean!, tf.clipByValue(logStd!, low, high)];
}
