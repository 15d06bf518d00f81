/**
 * What a network sees of an observation: its components scaled by the bounds that the space declares or, where the agent
 * asks for it, standardised with running statistics. The statistics are state of the agent like its weights: updates move
 * them, acting and evaluation only read them, and an exported policy has them inside.
 */
import type { Space } from '../core/space.ts';
import { type Tensor, tf } from '../tensor/index.ts';
import type { Layout } from './parameters.ts';
import { runningStatistics } from './running-statistics.ts';

type State = Readonly<Record<string, Tensor>>;

export interface ObservationInput {
  /** Vectors to keep; none without normalisation. */
  readonly state: Readonly<Record<string, Layout>>;
  /** @param obs `[B, O]` @returns `[B, O]` */
  apply(state: State, obs: Tensor): Tensor;
  /** The statistics once `obs` `[B, O]` have been counted in. */
  observe(state: State, obs: Tensor): Record<string, Tensor>;
}

const STATISTICS = 'observationStatistics';
/** Standardised components are clipped here, as in CleanRL's `ppo_continuous_action.py`. */
const LIMIT = 10;
const EPSILON = 1e-8;

export function observationInput(space: Space, normalize: boolean): ObservationInput {
  if (!normalize) return { state: {}, apply: (_, obs) => scaleToUnit(obs, space), observe: () => ({}) };
  const statistics = runningStatistics(space.size);
  return {
    state: { [STATISTICS]: statistics.layout },
    apply(state, obs) {
      const { mean, variance } = statistics.moments(state[STATISTICS]!);
      const scaled = tf.sub(scaleToUnit(obs, space), mean);
      return tf.clipByValue(tf.mul(scaled, tf.rsqrt(tf.add(variance, EPSILON))), -LIMIT, LIMIT);
    },
    observe: (state, obs) => ({
      [STATISTICS]: statistics.observe(state[STATISTICS]!, scaleToUnit(obs, space)),
    }),
  };
}

/** Maps each bounded component of `x` `[B, size]` from its bounds onto [-1, 1]; leaves unbounded ones as they are. */
export function scaleToUnit(x: Tensor, { components }: Space): Tensor {
  const bounded = (low: number, high: number): boolean => Number.isFinite(low) && Number.isFinite(high);
  const centre = components.map(({ low, high }) => (bounded(low, high) ? (low + high) / 2 : 0));
  const scale = components.map(({ low, high }) => (bounded(low, high) ? 2 / (high - low) : 1));
  return tf.mul(tf.sub(x, tf.tensor2d([centre])), tf.tensor2d([scale]));
}
