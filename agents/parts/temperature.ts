/** The temperature of soft actor-critic agents, learned so that the entropy reaches a target (arXiv:1812.05905, Eq. 18). */
import { number } from '../../src/core/settings.ts';
import type { Tensors } from '../../src/learner/index.ts';
import { adam, adamState, constant, type Layout } from '../../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../../src/tensor/index.ts';
import { rateAt } from './learning-rate.ts';

export const temperatureSettings = {
  temperatureLearningRate: number(3e-4, 0, 1, 'Adam step size of log α; 0 keeps α fixed'),
  initialTemperature: number(1, 1e-8, 1e3, 'α before the first update'),
  targetEntropyPerAction: number(
    -1,
    -20,
    20,
    'entropy that α steers to, nats per action component; −1 is the paper’s −|A|',
  ),
};

export interface TemperatureSettings {
  readonly temperatureLearningRate: number;
  readonly initialTemperature: number;
  readonly targetEntropyPerAction: number;
  readonly learningRateDecay: number;
}

/** Mean of −α(log π + H̄). @param logProb `[B]`, a constant here */
export const temperatureLoss = (temperature: Tensor, logProb: Tensor, targetEntropy: number): Tensor =>
  tf.mean(tf.mul(tf.neg(temperature), tf.add(logProb, targetEntropy)));

export interface Temperature {
  readonly state: Readonly<Record<string, Layout>>;
  /** α, `[1]`. */
  of(state: Tensors): Tensor;
  /**
   * One step towards the target entropy.
   * @param logProb of the actor's actions, `[B]`
   * @param progress of the training, `[1]`
   */
  update(
    state: Tensors,
    logProb: Tensor,
    progress: Tensor,
  ): { readonly state: Tensors; readonly metrics: Tensors };
}

const NAME = 'logTemperature';

export function learnedTemperature(actions: number, s: TemperatureSettings): Temperature {
  const layout: Layout = [
    { name: 'value', shape: [1], initialize: constant(Math.log(s.initialTemperature)) },
  ];
  const targetEntropy = s.targetEntropyPerAction * actions;
  const of = (state: Tensors): Tensor => tf.exp(state[NAME]!);
  return {
    state: { [NAME]: layout, ...adamState(NAME, layout) },
    of,
    update(state, logProb, progress) {
      const { loss, gradient } = valueAndGradient(
        (vector) => ({ loss: temperatureLoss(tf.exp(vector), logProb, targetEntropy) }),
        state[NAME]!,
      );
      return {
        state: adam(state, NAME, gradient, rateAt(progress, s.learningRateDecay)(s.temperatureLearningRate)),
        metrics: {
          ent_coef_loss: loss,
          ent_coef: tf.mean(of(state)),
          entropy: tf.neg(tf.mean(logProb)),
        },
      };
    },
  };
}
