/**
 * Soft Actor-Critic with a learned temperature.
 *
 * Haarnoja et al. 2018, arXiv:1812.05905v2, whose equation numbers stand below. As in the authors' code there is no
 * value network and the target is the least of the target critics.
 *
 * Shapes: B batch, O observation size, A action size, E critics.
 */
import { flag, integer, number, settings, widths } from '../src/core/settings.ts';
import type { AgentDefinition } from '../src/learner/definition.ts';
import {
  adam,
  adamState,
  constant,
  type Layout,
  mlp,
  moveToward,
  scaleToUnit,
  tanhGaussian,
} from '../src/nn/index.ts';
import { type Tensor, tf, valueAndGradient } from '../src/tensor/index.ts';

export const sacSettings = settings({
  discount: number(0.99, 0, 1, 'discount γ per control step'),
  targetRate: number(0.005, 0, 1, 'rate τ at which target critics follow, per update'),
  actorLearningRate: number(3e-4, 0, 1, 'Adam step size of the actor'),
  criticLearningRate: number(3e-4, 0, 1, 'Adam step size of the critics'),
  temperatureLearningRate: number(3e-4, 0, 1, 'Adam step size of log α'),
  hidden: widths([256, 256], 'units of the hidden layers of actor and critics'),
  critics: integer(2, 1, 64, 'ensemble size E'),
  criticLayerNorm: flag(false, 'layer normalisation in the critics (RLPD, arXiv:2302.02948)'),
  initialTemperature: number(1, 1e-8, 1e3, 'α before the first update'),
  targetEntropyPerAction: number(
    -1,
    -20,
    20,
    'entropy that α steers to, nats per action component; −1 is the paper’s −|A|',
  ),
});

/** Bounds of log σ, from the authors' code. */
const LOG_STD_MIN = -20;
const LOG_STD_MAX = 2;

/**
 * r + γ(1 − terminated)(min Q̄ − α log π), Eqs. 2 and 3.
 * @param nextQ target critics at the next state, `[E, B]`
 * @param nextLogProb `[B]`
 */
export function softTarget(
  reward: Tensor,
  terminated: Tensor,
  nextQ: Tensor,
  nextLogProb: Tensor,
  temperature: Tensor,
  discount: number,
): Tensor {
  const softValue = tf.sub(tf.min(nextQ, 0), tf.mul(temperature, nextLogProb));
  return tf.add(reward, tf.mul(tf.mul(tf.sub(1, terminated), discount), softValue));
}

/** Squared Bellman error, mean over the batch and sum over critics, Eq. 5. @param q `[E, B]` @param target `[B]` */
export const criticLoss = (q: Tensor, target: Tensor): Tensor =>
  tf.sum(tf.mean(tf.squaredDifference(q, target), 1));

/** Mean of α log π − min Q, Eq. 7. @param q `[E, B]` @param logProb `[B]` */
export const actorLoss = (q: Tensor, logProb: Tensor, temperature: Tensor): Tensor =>
  tf.mean(tf.sub(tf.mul(temperature, logProb), tf.min(q, 0)));

/** Mean of −α(log π + H̄), Eq. 18. @param logProb `[B]`, a constant here */
export const temperatureLoss = (temperature: Tensor, logProb: Tensor, targetEntropy: number): Tensor =>
  tf.mean(tf.mul(tf.neg(temperature), tf.add(logProb, targetEntropy)));

export const sac: AgentDefinition<ReturnType<typeof sacSettings.parse>> = {
  name: 'sac',
  description: 'Soft Actor-Critic with a learned temperature (arXiv:1812.05905)',
  settings: sacSettings,

  build({ observation, action }, s) {
    const actor = mlp({ inputs: observation.size, hidden: s.hidden, outputs: 2 * action.size });
    const critics = mlp({
      inputs: observation.size + action.size,
      hidden: s.hidden,
      outputs: 1,
      members: s.critics,
      layerNorm: s.criticLayerNorm,
    });
    const logTemperature: Layout = [
      { name: 'value', shape: [1], initialize: constant(Math.log(s.initialTemperature)) },
    ];
    const targetEntropy = s.targetEntropyPerAction * action.size;

    const distribution = (vector: Tensor, obs: Tensor): [mean: Tensor, logStd: Tensor] => {
      const [mean, logStd] = tf.split(actor.apply(vector, scaleToUnit(obs, observation)), 2, 1);
      return [mean!, tf.clipByValue(logStd!, LOG_STD_MIN, LOG_STD_MAX)];
    };
    /** Q of every critic, `[E, B]`. */
    const value = (vector: Tensor, obs: Tensor, actions: Tensor): Tensor =>
      tf.squeeze(critics.apply(vector, tf.concat([scaleToUnit(obs, observation), actions], 1)), [2]);

    return {
      state: {
        actor: actor.layout,
        critics: critics.layout,
        targetCritics: critics.layout,
        logTemperature,
        ...adamState('actor', actor.layout),
        ...adamState('critics', critics.layout),
        ...adamState('logTemperature', logTemperature),
      },
      copies: { targetCritics: 'critics' },
      policyState: ['actor'],
      noise: { action: action.size, nextAction: action.size },

      policy(state, obs, noise) {
        const [mean, logStd] = distribution(state.actor!, obs);
        return noise ? tanhGaussian(mean, logStd, noise).action : tf.tanh(mean);
      },

      update(state, batch, noise) {
        const temperature = tf.exp(state.logTemperature!);

        const next = tanhGaussian(...distribution(state.actor!, batch.nextObs), noise.nextAction!);
        const nextQ = value(state.targetCritics!, batch.nextObs, next.action);
        const target = softTarget(
          batch.reward,
          batch.terminated,
          nextQ,
          next.logProb,
          temperature,
          s.discount,
        );

        const critic = valueAndGradient((vector) => {
          const q = value(vector, batch.obs, batch.action);
          return { loss: criticLoss(q, target), q: tf.mean(q) };
        }, state.critics!);
        const criticStep = adam(state, 'critics', critic.gradient, s.criticLearningRate);

        const act = valueAndGradient((vector) => {
          const { action, logProb } = tanhGaussian(...distribution(vector, batch.obs), noise.action!);
          return {
            loss: actorLoss(value(criticStep.critics!, batch.obs, action), logProb, temperature),
            logProb,
          };
        }, state.actor!);
        const actorStep = adam(state, 'actor', act.gradient, s.actorLearningRate);

        const steer = valueAndGradient(
          (vector) => ({ loss: temperatureLoss(tf.exp(vector), act.logProb, targetEntropy) }),
          state.logTemperature!,
        );
        const temperatureStep = adam(state, 'logTemperature', steer.gradient, s.temperatureLearningRate);

        return {
          state: {
            ...criticStep,
            ...actorStep,
            ...temperatureStep,
            targetCritics: moveToward(state.targetCritics!, criticStep.critics!, s.targetRate),
          },
          metrics: {
            critic_loss: critic.loss,
            actor_loss: act.loss,
            ent_coef_loss: steer.loss,
            ent_coef: tf.mean(temperature),
            entropy: tf.neg(tf.mean(act.logProb)),
            q: critic.q,
          },
        };
      },
    };
  },
};
