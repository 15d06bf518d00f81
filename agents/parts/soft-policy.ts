/** The step of actor and temperature that soft actor-critic agents make, whatever their critics are. */
import type { Tensors } from '../../src/learner/index.ts';
import { adam } from '../../src/nn/index.ts';
import { type Tensor, valueAndGradient } from '../../src/tensor/index.ts';
import { softActorLoss } from './losses.ts';
import type { SquashedActor } from './squashed-actor.ts';
import type { Temperature } from './temperature.ts';

export interface SoftPolicyStep {
  readonly actor: SquashedActor;
  readonly temperature: Temperature;
  readonly learningRate: number;
  /** α of the whole update, `[1]`. */
  readonly alpha: Tensor;
  /** Network input, `[B, I]`. */
  readonly x: Tensor;
  /** Standard normal, `[B, A]`. */
  readonly noise: Tensor;
  /** What the actor maximises: of actions `[B, A]`, `[B]`. */
  readonly value: (action: Tensor) => Tensor;
}

export function softPolicyStep(
  state: Tensors,
  { actor, temperature, learningRate, alpha, x, noise, value }: SoftPolicyStep,
): { readonly state: Tensors; readonly metrics: Tensors } {
  const improved = valueAndGradient((vector) => {
    const { action, logProb } = actor.sample(vector, x, noise);
    return { loss: softActorLoss(value(action), logProb, alpha), logProb };
  }, state.actor!);
  const steered = temperature.update(state, improved.logProb);
  return {
    state: { ...adam(state, 'actor', improved.gradient, learningRate), ...steered.state },
    metrics: { actor_loss: improved.loss, ...steered.metrics },
  };
}
