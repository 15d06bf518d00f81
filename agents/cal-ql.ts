/**
 * Calibrated Q-learning (Nakamoto et al. 2023, arXiv:2303.05479; constants as in github.com/nakamotoo/Cal-QL): soft
 * actor-critic whose critics hold down the values of actions that the data does not show (CQL(H); Kumar et al. 2020,
 * arXiv:2006.04779), but never below what the data is known to have brought. So values learnt offline have the size of
 * returns, and going on with one's own experience need not unlearn them first. Without the calibration it is CQL. As in the
 * authors' code targets are without entropy; unlike there, the actions drawn for the next step serve targets and the
 * conservative loss alike.
 *
 * Shapes: B batch, I inputs, A actions, E critics, S actions drawn of each kind, G critic updates of a call.
 */
import { ConfigurationError } from '../src/core/errors.ts';
import { logUniform, oneOf } from '../src/core/search.ts';
import { flag, integer, number, settings } from '../src/core/settings.ts';
import { normalNoise, type OffPolicyDefinition, uniformNoise } from '../src/learner/index.ts';
import { type Tensor, tf } from '../src/tensor/index.ts';
import { actionValueCritics } from './parts/critics.ts';
import { bellmanTarget, criticLoss } from './parts/losses.ts';
import { layerNormSearch, offPolicySearch, targetSearch, temperatureSearch } from './parts/search.ts';
import { offPolicySettings } from './parts/settings.ts';
import { softActorCritic } from './parts/soft-actor-critic.ts';
import { squashedActor } from './parts/squashed-actor.ts';
import { temperatureSettings } from './parts/temperature.ts';

export const calQlSettings = settings({
  ...offPolicySettings,
  actorLearningRate: number(1e-4, 0, 1, 'Adam step size of the actor'),
  ...temperatureSettings,
  temperatureLearningRate: number(1e-4, 0, 1, 'Adam step size of log α; 0 keeps α fixed'),
  critics: integer(2, 1, 64, 'ensemble size E, of which the least counts in targets and for the actor'),
  maxTargetBackup: flag(true, 'targets take the best of the sampled next actions instead of one'),
  conservativeWeight: number(5, 0, 1e3, 'weight of the conservative loss beside the squared Bellman error'),
  conservativeTemperature: number(1, 1e-3, 1e3, 'of its soft maximum over actions'),
  sampledActions: integer(
    10,
    1,
    256,
    'actions S of each kind in it: uniform ones, the policy’s, and the policy’s a step later',
  ),
  calibrated: flag(
    true,
    'hold values of the policy’s actions down to the stored return at most; false is CQL',
  ),
  leastReward: number(
    0,
    -1e6,
    0,
    'least that a control step gives, before rewardScale: assumed of what follows a time limit, so that stored returns are lower bounds',
  ),
  policyDelay: integer(1, 1, 64, 'critic updates for each update of actor and temperature, in one call'),
});

/**
 * How much more valuable sampled actions seem than recorded ones, `[E, B]`: τ·log Σ exp((Q(s, a) − log density(a))/τ) less Q
 * of the data (CQL, Eq. 4, its integral by importance sampling). A mean for the sum would take off a constant.
 * @param sampled values of K actions for each row, `[E, K, B]`
 * @param logDensity of drawing them, `[K, B]` or what spreads to it
 * @param recorded values of the actions in the data, `[E, B]`
 */
export function conservativeGap(
  sampled: Tensor,
  logDensity: Tensor,
  recorded: Tensor,
  temperature: number,
): Tensor {
  const weighed = tf.div(tf.sub(sampled, logDensity), temperature);
  return tf.sub(tf.mul(tf.logSumExp(weighed, 1), temperature), recorded);
}

export const calQl: OffPolicyDefinition<ReturnType<typeof calQlSettings.parse>> = {
  kind: 'off-policy',
  offline: 'first',
  name: 'cal-ql',
  description:
    'Cal-QL: conservative values, calibrated by returns, offline and on from there (arXiv:2303.05479)',
  settings: calQlSettings,
  search: {
    ...offPolicySearch,
    ...targetSearch,
    ...layerNormSearch,
    ...temperatureSearch,
    conservativeWeight: logUniform(0.5, 10),
    maxTargetBackup: oneOf([false, true]),
  },

  build({ observation, action }, s) {
    if (s.discount === 1 && s.leastReward < 0)
      throw new ConfigurationError(
        `Setting agent.leastReward=${s.leastReward} for ever has no sum at agent.discount=1: lower the discount, or set agent.leastReward=0.`,
      );
    const [A, S] = [action.size, s.sampledActions];
    const network = { inputs: observation.size, actions: A, hidden: s.hidden };
    const actor = squashedActor(network);
    const critics = actionValueCritics({
      ...{ ...network, critics: s.critics },
      layerNorm: s.criticLayerNorm,
    });

    /** Of S actions for each row, one set of rows after another, `[E, S, B]`. @param x `[B, I]` @param actions `[S·B, A]` */
    const valuesOf = (vector: Tensor, x: Tensor, actions: Tensor): Tensor =>
      tf.reshape(critics.value(vector, tf.tile(x, [S, 1]), actions), [-1, S, x.shape[0]!]);
    /** Actions `[S·B, A]` with log π `[S, B]`. @param x `[B, I]` @param noise `[S·B, A]` */
    function sample(vector: Tensor, x: Tensor, noise: Tensor): { actions: Tensor; logProb: Tensor } {
      const { action, logProb } = actor.sample(vector, tf.tile(x, [S, 1]), noise);
      return { actions: action, logProb: tf.reshape(logProb, [S, x.shape[0]!]) };
    }
    const leastOf = (vector: Tensor, x: Tensor, actions: Tensor): Tensor =>
      tf.min(critics.value(vector, x, actions), 0);

    const maths = softActorCritic({ observation, action }, s, {
      actor,
      layout: critics.layout,
      criticNoise: (rows) => ({
        uniformAction: uniformNoise(s.policyDelay * S * rows, A),
        presentAction: normalNoise(s.policyDelay * S * rows, A),
        followingAction: normalNoise(s.policyDelay * S * rows, A),
      }),

      target(state, batch, next, noise) {
        const following = sample(state.actor!, next.x, noise.followingAction!);
        const nextQ = s.maxTargetBackup
          ? tf.max(tf.min(valuesOf(state.targetCritics!, next.x, following.actions), 0), 0)
          : leastOf(state.targetCritics!, next.x, next.action);
        return { value: bellmanTarget(batch, nextQ), following, returnToGo: batch.returnToGo };
      },

      loss(vector, { state, x, action, target: { value, following, returnToGo }, noise }) {
        const q = critics.value(vector, x, action);
        const present = sample(state.actor!, x, noise.presentAction!);
        const drawn = [noise.uniformAction!, present.actions, following.actions];
        // Actions of the next step are valued here: they are as likely a choice as any that the policy has at its own.
        const [uniform, ...ofPolicy] = drawn.map((actions) => valuesOf(vector, x, actions));
        const bounded = returnToGo ? ofPolicy.map((values) => tf.maximum(values, returnToGo)) : ofPolicy;
        const density = tf.fill([S, x.shape[0]!], -A * Math.LN2);
        const gap = conservativeGap(
          tf.concat([uniform!, ...bounded], 1),
          tf.concat([density, present.logProb, following.logProb], 0),
          q,
          s.conservativeTemperature,
        );
        const bellman = criticLoss(q, value);
        const conservative = tf.sum(tf.mean(gap, 1));
        return {
          loss: tf.add(bellman, tf.mul(conservative, s.conservativeWeight)),
          q: tf.mean(q),
          bellman_loss: bellman,
          conservative_gap: tf.mean(gap),
        };
      },

      value: leastOf,
    });
    const { discount, leastReward } = s;
    return s.calibrated ? { ...maths, returnToGo: { discount, leastReward } } : maths;
  },
};
