/** Who acts in what `proprio view` shows. */

import type { Teleoperation } from '../../src/core/appearance.ts';
import type { SteppedScenes, VectorEnv } from '../../src/core/env.ts';
import { UsageError } from '../../src/core/errors.ts';
import type { Policy } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import { directTeleoperation } from '../../src/core/teleoperation.ts';
import type { Subject } from './subject.ts';

export const actorNames = ['scripted', 'random', 'none'] as const;
export type ActorName = (typeof actorNames)[number];

export interface Actor {
  /** In words. */
  readonly name: string;
  /** Made anew at each start. */
  readonly create: (seed: number) => Policy;
}

/** How a person steers the environment. */
export const teleoperationOf = (
  env: SteppedScenes,
  { definition, settings }: Pick<Subject, 'definition' | 'settings'>,
): Teleoperation => definition.teleoperation?.(env, settings) ?? directTeleoperation(env.actionSpace);

/**
 * @param name the scripted controller unless told, where there is one, and random actions where there is none
 * @throws UsageError for a scripted controller that there is not
 */
export function actorOf(env: SteppedScenes, subject: Subject, name?: ActorName): Actor {
  const { definition, settings } = subject;
  switch (name ?? (definition.scripted ? 'scripted' : 'random')) {
    case 'scripted': {
      const { scripted } = definition;
      if (!scripted)
        throw new UsageError(`"${definition.id}" has no scripted controller: use --policy random.`);
      return {
        name: 'scripted controller',
        // It looks at spaces and numbers of scenes alone.
        create: () => scripted(env as VectorEnv, settings),
      };
    }
    case 'random':
      return { name: 'random actions', create: randomPolicy };
    case 'none':
      return { name: 'nobody', create: () => leftAlone(env, teleoperationOf(env, subject)) };
  }
}

/** Uniform in every component. */
function randomPolicy(seed: number): Policy {
  const rng = createRng(seed).split('random actions');
  return {
    async act(_, actions) {
      for (let i = 0; i < actions.length; i++) actions[i] = rng.uniform(-1, 1);
    },
  };
}

/** What the controls do while nobody touches them. */
function leftAlone(
  { numEnvs, observationSpace, actionSpace }: SteppedScenes,
  teleoperation: Teleoperation,
): Policy {
  const commands = new Float32Array(teleoperation.controls.length);
  const [observation, action] = [observationSpace.size, actionSpace.size];
  return {
    async act(obs, actions) {
      for (let scene = 0; scene < numEnvs; scene++) {
        teleoperation.act(
          commands,
          obs.subarray(scene * observation, (scene + 1) * observation),
          actions.subarray(scene * action, (scene + 1) * action),
        );
      }
    },
  };
}
