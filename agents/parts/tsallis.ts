/** Entropies that mirror descent is made with: Shannon's, and Tsallis' of index q (arXiv:2005.09814, section 4). */
import { choice, number } from '../../src/core/settings.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';

export const divergenceSettings = {
  divergence: choice('kl', ['kl', 'tsallis'], 'Bregman divergence between successive policies'),
  tsallisIndex: number(1.5, 1, 2, 'index q of the Tsallis entropy; 1 is the KL divergence'),
};

export interface DivergenceSettings {
  readonly divergence: 'kl' | 'tsallis';
  readonly tsallisIndex: number;
}

/** Index of the chosen divergence: 1 is the KL divergence. */
export const indexOf = (s: DivergenceSettings): number => (s.divergence === 'kl' ? 1 : s.tsallisIndex);

/** log_q π = (π^(q−1) − 1)/(q − 1), which is log π at q = 1. @param logProb log π, `[B]` */
export const tsallisLog = (logProb: Tensor, index: number): Tensor =>
  index === 1 ? logProb : tf.div(tf.expm1(tf.mul(logProb, index - 1)), index - 1);
