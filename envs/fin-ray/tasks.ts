/** The tasks of a slender ray in the fast flow, by what the actions drive: its offset, its base, or both. */
import { finRay } from '../../robots/fin-ray/index.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { settingsWithDefaults } from '../../src/core/settings.ts';
import { bestSinusoidOf } from './best-sinusoids.ts';
import { slenderFlow } from './rays.ts';
import { sinusoidPlayer } from './sinusoid-player.ts';
import { finTeleoperation } from './steering.ts';
import { createFinEnv, type FinSettings, type FinTask, finSettings } from './task.ts';
import type { Sinusoid } from './wave.ts';

/** What the base does where the offset alone is driven: near the most efficient motion of a ray without an offset. */
export const prescribedBase: Sinusoid = {
  frequency: 0.7,
  heave: 0.15,
  pitch: 10,
  pitchPhase: 270,
  offset: 0,
  offsetPhase: 0,
};

/** By the names of their environments. */
export const finTasks = {
  'fin-offset': {
    id: 'fin-offset',
    description: 'A fin ray whose base swings as prescribed bends itself by the offset of its half-rays',
    driven: ['offset'],
    prescribed: prescribedBase,
  },
  'fin-base': {
    id: 'fin-base',
    description: 'An elastic fin ray swims by heave and pitch of its base',
    driven: ['heave', 'pitch'],
  },
  'fin-full': {
    id: 'fin-full',
    description: 'A fin ray swims by heave and pitch of its base and the offset of its half-rays',
    driven: ['heave', 'pitch', 'offset'],
  },
} as const satisfies Readonly<Record<string, FinTask>>;
export type FinTaskName = keyof typeof finTasks;

function define(name: FinTaskName): EnvDefinition<FinSettings> {
  const task = finTasks[name];
  return {
    id: task.id,
    description: task.description,
    settings: settingsWithDefaults(finSettings, {
      efficiencyPowerPrice: bestSinusoidOf(name, 'efficiency').value,
    }),
    create: (numEnvs, settings) =>
      createFinEnv(numEnvs, settings, task, slenderFlow(numEnvs, settings.clock)),
    scripted: (env, { objective }) =>
      sinusoidPlayer(env, bestSinusoidOf(name, objective).wave, finRay.limits),
    teleoperation: finTeleoperation,
  };
}

export const finOffset = define('fin-offset');
export const finBase = define('fin-base');
export const finFull = define('fin-full');
