/**
 * A policy as a flow: a network gives the velocity at which a point moves from noise to an action while time goes from 0 to 1
 * (flow matching along straight lines; Lipman et al. 2023, arXiv:2210.02747). It can have any number of modes.
 *
 * Shapes: M rows, I inputs, A actions.
 */
import { type Layout, mlp } from '../../src/nn/index.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';

export interface FlowPolicyOptions {
  readonly inputs: number;
  readonly actions: number;
  readonly hidden: readonly number[];
  /** Euler steps of a whole flow. */
  readonly steps: number;
}

export interface FlowPolicy {
  readonly layout: Layout;
  /** `[M, A]` @param x `[M, I]` @param point on the way, `[M, A]` @param time from 0 to 1, `[M, 1]` */
  velocity(vector: Tensor, x: Tensor, point: Tensor, time: Tensor): Tensor;
  /** @param latent standard normal, `[M, A]` @returns actions in [-1, 1], `[M, A]` */
  act(vector: Tensor, x: Tensor, latent: Tensor): Tensor;
}

export function flowPolicy({ inputs, actions, hidden, steps }: FlowPolicyOptions): FlowPolicy {
  const network = mlp({
    ...{ inputs: inputs + actions + 1, hidden, outputs: actions },
    ...{ layerNorm: true, activation: 'silu' as const },
  });
  const velocity = (vector: Tensor, x: Tensor, point: Tensor, time: Tensor): Tensor =>
    network.apply(vector, tf.concat([x, point, time], 1));
  return {
    layout: network.layout,
    velocity,
    act(vector, x, latent) {
      let point = latent;
      for (let step = 0; step < steps; step++) {
        const time = everywhere(x, [step / steps]);
        point = tf.add(point, tf.div(velocity(vector, x, point, time), steps));
      }
      return tf.clipByValue(point, -1, 1);
    },
  };
}

/**
 * Squared error of the velocity on straight lines from noise to recorded actions, mean over rows and components.
 * @param action `[B, A]` @param latent standard normal, `[B, A]` @param time uniform in [-1, 1], for times from 0 to 1, `[B, 1]`
 */
export function flowLoss(
  { velocity }: Pick<FlowPolicy, 'velocity'>,
  vector: Tensor,
  x: Tensor,
  action: Tensor,
  latent: Tensor,
  time: Tensor,
): Tensor {
  const at = tf.mul(tf.add(time, 1), 0.5);
  const line = tf.sub(action, latent);
  const point = tf.add(latent, tf.mul(line, at));
  return tf.mean(tf.squaredDifference(velocity(vector, x, point, at), line));
}

/** The same numbers in every row, `[M, V]`. Made from `x` `[M, I]`, whose number of rows may be free in a compiled policy. */
export const everywhere = (x: Tensor, values: ArrayLike<number>): Tensor =>
  tf.add(tf.mul(tf.slice(x, [0, 0], [-1, 1]), 0), tf.tensor2d([Array.from(values)]));
