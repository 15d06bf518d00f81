/**
 * Normalised scores as D4RL has them (Fu et al. 2020, arXiv:2004.07219, section 5): 0 for actions drawn at random, 100 for the
 * scripted controller. Both are measured on the same episodes, so the scale holds under any settings.
 */
import type { EnvDefinition } from '../../src/core/env.ts';
import { UsageError } from '../../src/core/errors.ts';
import type { Policy } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import { evaluate } from '../../src/rollout/evaluate.ts';

/** Mean returns of the two. */
export interface ReferenceReturns {
  readonly random: number;
  readonly expert: number;
}

export interface ReferenceOptions {
  readonly definition: EnvDefinition;
  /** Of the environment, checked and complete. */
  readonly settings: Record<string, unknown>;
  /** Of each; a multiple of the scenes. */
  readonly episodes: number;
  readonly scenes: number;
  readonly seed: number;
}

/** @throws UsageError where the environment has no scripted controller */
export async function referenceReturns(options: ReferenceOptions): Promise<ReferenceReturns> {
  const { definition, settings, episodes, scenes, seed } = options;
  if (!definition.scripted)
    throw new UsageError(`--normalize: "${definition.id}" has no scripted controller to be measured by.`);
  const measure = async (make: (env: ReturnType<EnvDefinition['create']>) => Policy): Promise<number> => {
    const env = definition.create(scenes, settings);
    const { returnMean } = await evaluate(env, make(env), episodes, seed);
    env.close();
    return returnMean;
  };
  const random = createRng(seed).split('random policy');
  return {
    expert: await measure((env) => definition.scripted!(env, settings)),
    random: await measure(() => ({
      async act(_, actions) {
        for (let i = 0; i < actions.length; i++) actions[i] = random.uniform(-1, 1);
      },
    })),
  };
}

/** @returns undefined where the controller is no better than chance */
export const normalizedScore = (value: number, { random, expert }: ReferenceReturns): number | undefined =>
  expert > random ? (100 * (value - random)) / (expert - random) : undefined;
