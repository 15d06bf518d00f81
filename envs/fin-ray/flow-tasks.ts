/** The same tasks in a lattice-Boltzmann flow: the ray and its wake act on each other, and a control step takes milliseconds. */
import { finRayInFlow } from '../../robots/fin-ray/index.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { integer, settings, settingsWithDefaults } from '../../src/core/settings.ts';
import { bestSinusoidOf } from './best-sinusoids.ts';
import { objectiveSettings } from './objective.ts';
import { latticeFlow } from './rays.ts';
import { sceneSettings } from './scenes.ts';
import { sinusoidPlayer } from './sinusoid-player.ts';
import { finTeleoperation } from './steering.ts';
import { createFinEnv, type TaskSettings } from './task.ts';
import { finTasks } from './tasks.ts';

/** Control steps that are observed together: the wake remembers more than the ray shows at once. */
const FRAMES = 4;

/** By the names of their environments, the tasks of the slender flow that they are otherwise alike. */
export const flowTasks = { 'fin-offset-fsi': 'fin-offset', 'fin-base-fsi': 'fin-base' } as const;
export type FlowTaskName = keyof typeof flowTasks;

const flowSettings = settings({
  ...objectiveSettings,
  ...sceneSettings,
  resolution: integer(
    32,
    16,
    256,
    'nodes of the flow a length of the ray, a multiple of 8; what was found at 32 is to be confirmed at 64',
  ),
});
type FlowSettings = TaskSettings & { readonly resolution: number };

function define(id: FlowTaskName): EnvDefinition<FlowSettings> {
  const like = finTasks[flowTasks[id]];
  const task = { ...like, id, description: `${like.description}, in a lattice-Boltzmann flow` };
  const defaults = { efficiencyPowerPrice: bestSinusoidOf(id, 'efficiency').value, frames: FRAMES };
  return {
    id,
    description: task.description,
    settings: settingsWithDefaults(flowSettings, defaults),
    create: (numEnvs, s) => createFinEnv(numEnvs, s, task, latticeFlow(numEnvs, s.resolution)),
    scripted: (env, { objective }) =>
      sinusoidPlayer(env, bestSinusoidOf(id, objective).wave, finRayInFlow.limits),
    teleoperation: finTeleoperation,
  };
}

export const finOffsetFsi = define('fin-offset-fsi');
export const finBaseFsi = define('fin-base-fsi');
