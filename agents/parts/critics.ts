/**
 * Ensembles of action values, one batched product a layer for all members.
 *
 * Shapes: E critics, B batch, I inputs, A actions.
 */
import { ConfigurationError } from '../../src/core/errors.ts';
import { dropoutMask, type NoiseSpec, type Tensors } from '../../src/learner/index.ts';
import { type ApplyOptions, type Layout, type MlpOptions, mlp } from '../../src/nn/index.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';
import { noiseOf } from './minibatches.ts';

export interface CriticsOptions extends Omit<MlpOptions, 'inputs' | 'outputs' | 'members'> {
  readonly inputs: number;
  readonly actions: number;
  /** Ensemble size E. */
  readonly critics: number;
  /** Values of each critic; 1 unless told. */
  readonly outputs?: number;
}

export interface Critics {
  readonly layout: Layout;
  /**
   * @param x network input `[B, I]`
   * @param action `[B, A]`
   * @returns `[E, B]`, or `[E, B, outputs]` where each critic gives several
   */
  value(vector: Tensor, x: Tensor, action: Tensor, options?: ApplyOptions): Tensor;
}

export function actionValueCritics({
  inputs,
  actions,
  critics,
  outputs = 1,
  ...options
}: CriticsOptions): Critics {
  const network = mlp({ ...options, inputs: inputs + actions, outputs, members: critics });
  return {
    layout: network.layout,
    value(vector, x, action, options) {
      const values = network.apply(vector, tf.concat([x, action], 1), options);
      return outputs === 1 ? tf.squeeze(values, [2]) : values;
    },
  };
}

/** A mask for every hidden layer of `count` critics, by the layer's number; none at a rate of 0. */
export const dropoutMasks = (
  rate: number,
  count: number,
  rows: number,
  hidden: readonly number[],
): Record<string, NoiseSpec> =>
  rate === 0
    ? {}
    : Object.fromEntries(hidden.map((units, layer) => [layer, dropoutMask(rate, count, rows, units)]));

/** The masks that stand under `name` in the noise of an update, layer by layer; undefined where there are none. */
export function masksOf(noise: Tensors, name: string): Tensor[] | undefined {
  const masks = Object.values(noiseOf(noise, name));
  return masks.length > 0 ? masks : undefined;
}

/**
 * `size` critics drawn without replacement (REDQ, arXiv:2101.05982, algorithm 1): those with the greatest random numbers.
 * @param noise `[1, E]`; without it all critics count
 * @returns indices `[size]`, so that the others need not be computed
 */
export const randomSubset = (noise: Tensor | undefined, size: number): tf.Tensor1D | undefined =>
  noise && (tf.topk(tf.reshape(noise, [-1]), size).indices as tf.Tensor1D);

/** The critic that deterministic policies climb, as the one to compute. */
export const firstCritic = (): tf.Tensor1D => tf.tensor1d([0], 'int32');

/** @throws ConfigurationError where more critics are asked for than there are */
export function assertSubset(size: number, critics: number): void {
  if (size <= critics) return;
  throw new ConfigurationError(
    `Setting agent.targetSubset=${size} asks for more critics than the ensemble has (agent.critics=${critics}): make it at most ${critics}.`,
  );
}
