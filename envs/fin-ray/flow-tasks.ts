/** The same tasks in a lattice-Boltzmann flow: the ray and its wake act on each other, and a control step takes milliseconds. */
import { finRayInFlow } from '../../robots/fin-ray/index.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { integer, settings, settingsWithDefaults } from '../../src/core/settings.ts';
import { bestSinusoids } from './best-sinusoids.ts';
import { objectiveSettings } from './objective.ts';
import { latticeFlow } from './rays.ts';
import { sceneSettings } from './scenes.ts';
import { sinusoidPlayer } from './sinusoid-player.ts';
import { finTeleoperation } from './steering.ts';
import { createFinEnv, type TaskSettings } from './task.ts';
import { finTasks } from './tasks.ts';

/** Control steps that are observed together: the wake remembers more than the ray shows. */
const FRAMES = 4;

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

function define(name: 'fin-offset' | 'fin-base'): EnvDefinition<FlowSettings> {
  const best = bestSinusoids[name];
  const task = {
    ...finTasks[name],
    id: `${name}-fsi`,
    description: `${finTasks[name].description}, in a lattice-Boltzmann flow`,
    frames: FRAMES,
  };
  return {
    id: task.id,
    description: task.description,
    settings: settingsWithDefaults(flowSettings, { efficiencyPowerPrice: best.efficiency.value }),
    create: (numEnvs, s) => createFinEnv(numEnvs, s, task, latticeFlow(numEnvs, s.resolution)),
    // The best waves of the slender flow.
    scripted: (env, { objective }) => sinusoidPlayer(env, best[objective].wave, finRayInFlow.limits),
    teleoperation: finTeleoperation,
  };
}

export const finOffsetFsi = define('fin-offset');
export const finBaseFsi = define('fin-base');
