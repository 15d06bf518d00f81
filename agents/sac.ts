/**
 * Soft Actor-Critic with a learned temperature, and by its settings what was built upon it: critic ensembles with random
 * subsets and many critic updates (REDQ), dropout critics (DroQ), layer-normalised critics beside demonstrations (RLPD), and
 * corrections of a base instead of actions (residual SAC; Johannink et al. 2018, arXiv:1812.03201).
 *
 * Haarnoja et al. 2018, arXiv:1812.05905v2, whose equation numbers stand below. As in the authors' code there is no
 * value network and the target is the least of the target critics.
 *
 * Shapes: B batch, A action size, E critics, G critic updates of a call.
 */
import { choice, flag, integer, number, settings } from '../src/core/settings.ts';
import { normalNoise, type OffPolicyDefinition } from '../src/learner/index.ts';
import { activations, initializations } from '../src/nn/index.ts';
import { type Tensor, tf } from '../src/tensor/index.ts';
import { correctionOf, residualScaleSetting } from './parts/correction.ts';
import { actionValueCritics, assertSubset, dropoutMasks, masksOf, randomSubset } from './parts/critics.ts';
import { bellmanTarget, criticLoss } from './parts/losses.ts';
import { noiseFor } from './parts/minibatches.ts';
import { layerNormSearch, offPolicySearch, targetSearch, temperatureSearch } from './parts/search.ts';
import { offPolicySettings } from './parts/settings.ts';
import { softActorCritic } from './parts/soft-actor-critic.ts';
import { squashedActor } from './parts/squashed-actor.ts';
import { temperatureSettings } from './parts/temperature.ts';

export const sacSettings = settings({
  ...offPolicySettings,
  ...temperatureSettings,
  activation: choice('relu', activations, 'function between layers'),
  initialization: choice('fan-in', initializations, 'how weights start; fan-in is PyTorch’s default'),
  critics: integer(2, 1, 64, 'ensemble size E'),
  targetSubset: integer(
    2,
    1,
    64,
    'critics drawn for each target, of which the least counts (REDQ, arXiv:2101.05982)',
  ),
  targetValue: choice('min', ['min', 'mean'], 'what of those critics the target takes'),
  actorValue: choice('min', ['min', 'mean'], 'what of the ensemble the actor maximises'),
  entropyBackup: flag(true, 'whether targets contain the entropy of the next action'),
  residualScale: residualScaleSetting,
  criticDropout: number(0, 0, 0.9, 'dropout rate of the critics (DroQ, arXiv:2110.02034)'),
  policyDelay: integer(1, 1, 64, 'critic updates for each update of actor and temperature, in one call'),
});

/**
 * r + γ(1 − terminated)(Q̄ − α log π), Eqs. 2 and 3.
 * @param nextQ of the target critics, `[B]`
 * @param entropyBonus −α log π, `[B]`, or 0
 */
export const softTarget = (
  batch: Parameters<typeof bellmanTarget>[0],
  nextQ: Tensor,
  entropyBonus: Tensor | number,
): Tensor => bellmanTarget(batch, tf.add(nextQ, entropyBonus));

export const sac: OffPolicyDefinition<ReturnType<typeof sacSettings.parse>> = {
  kind: 'off-policy',
  name: 'sac',
  description: 'Soft Actor-Critic with a learned temperature (arXiv:1812.05905)',
  settings: sacSettings,
  search: { ...offPolicySearch, ...targetSearch, ...layerNormSearch, ...temperatureSearch },

  build({ observation, action }, s) {
    assertSubset(s.targetSubset, s.critics);
    const { corrects, executed } = correctionOf({ observation, action }, s.residualScale);
    const network = { inputs: observation.size, actions: action.size, ...s };
    // What corrects begins with nothing.
    const start = corrects ? ({ initialization: 'orthogonal', lastGain: 0 } as const) : {};
    const critics = actionValueCritics({ ...network, layerNorm: s.criticLayerNorm });
    const [actorValue, targetValue] = [s.actorValue, s.targetValue].map((of) =>
      of === 'min' ? tf.min : tf.mean,
    );
    const masks = (count: number, rows: number) =>
      dropoutMasks(s.criticDropout, count * s.critics, rows, s.hidden);

    return softActorCritic({ observation, action }, s, {
      actor: squashedActor({ ...network, ...start }),
      executed,
      layout: critics.layout,
      criticNoise: (rows) => ({
        ...(s.targetSubset < s.critics ? { subset: normalNoise(s.policyDelay, s.critics) } : {}),
        ...noiseFor('dropout', masks(s.policyDelay, rows)),
        ...noiseFor('nextDropout', masks(s.policyDelay, rows)),
      }),
      actorNoise: (rows) => noiseFor('dropout', masks(1, rows)),

      target(state, batch, next, noise) {
        const nextQ = critics.value(state.targetCritics!, next.x, next.action, {
          dropout: masksOf(noise, 'nextDropout'),
          only: randomSubset(noise.subset, s.targetSubset),
        });
        return softTarget(batch, targetValue!(nextQ, 0), s.entropyBackup ? next.entropyBonus : 0);
      },

      loss(vector, { x, action, target, noise }) {
        const q = critics.value(vector, x, action, { dropout: masksOf(noise, 'dropout') });
        return { loss: criticLoss(q, target), q: tf.mean(q) };
      },

      value: (vector, x, action, noise) =>
        actorValue!(critics.value(vector, x, action, { dropout: masksOf(noise, 'dropout') }), 0),
    });
  },
};
