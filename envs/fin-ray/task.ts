/** A task of fin rays in any flow: rewards, scores and time, the same whatever is driven and however the flow is calculated. */

import type { VectorEnv } from '../../src/core/env.ts';
import { choice, settings } from '../../src/core/settings.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import { type ObjectiveSettings, objectiveSettings, rewardTerms, writeReward } from './objective.ts';
import { type Clock, CONTROL_DT, clocks, type Flow } from './rays.ts';
import { FinScenes, type SceneSettings, sceneSettings, type Variant } from './scenes.ts';
import { ScoreSheet, scores } from './score-sheet.ts';
import { finView } from './view.ts';
import { RAMP } from './wave.ts';

/** 12.5 L/U: about ten periods. */
export const EPISODE_STEPS = 250;
/** Control steps of which nothing is rewarded. */
const RAMP_STEPS = Math.round(RAMP / CONTROL_DT);

export type TaskSettings = ObjectiveSettings & SceneSettings;

/** Of the tasks in the slender flow. */
export const finSettings = settings({
  ...objectiveSettings,
  ...sceneSettings,
  clock: choice(
    'fast',
    clocks,
    'fast: 5 physics steps in a control step; fine: 20, for a second opinion on what was found',
  ),
});
export type FinSettings = TaskSettings & { readonly clock: Clock };

export interface FinTask extends Variant {
  readonly id: string;
  readonly description: string;
}

export function createFinEnv(numEnvs: number, s: TaskSettings, task: FinTask, flow: Flow): VectorEnv {
  const scenes = new FinScenes(numEnvs, s, flow, task);
  const sheet = new ScoreSheet(numEnvs, s);
  const { thrust, power, meanThrust, change, age, rays } = scenes;
  return createVectorEnv({
    spec: {
      id: task.id,
      description: task.description,
      agents: 1,
      controlDt: CONTROL_DT,
      maxEpisodeSteps: EPISODE_STEPS,
      rewardTerms,
      scores,
    },
    numEnvs,
    observationSpace: scenes.observationSpace,
    actionSpace: scenes.actionSpace,
    view: finView(scenes),
    start(scene, rng) {
      sheet.clear(scene);
      scenes.start(scene, rng, s.leastThrust);
    },
    advance: (actions) => scenes.swim(actions),
    observe: (scene, obs) => scenes.observe(scene, obs),
    judge(scene, terms) {
      terms.fill(0);
      if (scenes.failed(scene)) {
        terms[rewardTerms.indexOf('failure')] = s.failureReward;
        return true;
      }
      const [cT, cP] = [thrust[scene]!, power[scene]!];
      sheet.add(scene, EPISODE_STEPS - age[scene]!, cT, cP, rays.tipHeight(scene));
      if (age[scene]! <= RAMP_STEPS) return false;
      const outcome = { thrust: cT, power: cP, meanThrust: meanThrust[scene]!, change: change[scene]! };
      writeReward(s, outcome, terms);
      return false;
    },
    score: (scene, out) => sheet.write(scene, out),
    state: [...scenes.state, ...sheet.state],
    world: flow.world,
    ...(flow.close ? { close: flow.close } : {}),
  });
}
