/**
 * Corrections of a base, whose action is the last that is observed, instead of actions of one's own (residual policies;
 * Johannink et al. 2018, arXiv:1812.03201). Shapes: B batch, O observation size, A action size.
 */
import { hasBase } from '../../src/core/base-action.ts';
import { ConfigurationError } from '../../src/core/errors.ts';
import type { Spaces } from '../../src/core/policy.ts';
import { number } from '../../src/core/settings.ts';
import { type Tensor, tf } from '../../src/tensor/index.ts';

export const residualScaleSetting = number(
  0,
  0,
  2,
  'most that is added to each component of a base’s action (--base); 0 for actions of its own',
);

export interface Correction {
  readonly corrects: boolean;
  /** What is done: the action itself, or the base's with that much of it added. @param obs `[B, O]` @param action `[B, A]` */
  executed(obs: Tensor, action: Tensor): Tensor;
}

/** @throws ConfigurationError where there is no base to correct */
export function correctionOf({ observation, action }: Spaces, scale: number): Correction {
  if (scale === 0) return { corrects: false, executed: (_, own) => own };
  if (!hasBase(observation, action))
    throw new ConfigurationError(
      `Setting agent.residualScale=${scale} corrects a base, and there is none: name it with --base, such as scripted, or set it to 0.`,
    );
  return {
    corrects: true,
    executed(obs, own) {
      const base = tf.slice(obs, [0, observation.size - action.size], [-1, action.size]);
      return tf.clipByValue(tf.add(base, tf.mul(own, scale)), -1, 1);
    },
  };
}
