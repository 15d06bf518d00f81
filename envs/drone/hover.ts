/** `drone-hover`: from anywhere in a 2 m box, up to 60° of tilt, with random velocity and spin, reach a point and stay. */
import type { EnvDefinition } from '../../src/core/env.ts';
import { choice, number, settings } from '../../src/core/settings.ts';
import { space, vector } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import type { Vector3 } from '../../src/physics/math.ts';
import { droneTeleoperation, scriptedPilot } from './piloting.ts';
import { CONTROL_DT, DroneScenes, droneSettings, type StartRange } from './scenes.ts';
import { droneView, goalLine, goalSphere } from './view.ts';

const TARGET: Vector3 = [0, 0, 3];
const START: StartRange = { position: 1, velocity: 1, tilt: Math.PI / 3, spin: 2 };

const EPISODE_STEPS = 5 / CONTROL_DT;
/** Success: within this distance of the target, m, … */
const SUCCESS_RADIUS = 0.1;
/** … for the whole last second. */
const SUCCESS_STEPS = 1 / CONTROL_DT;
/** Farther from the target than this the aircraft has flown out, m. */
const MAX_DISTANCE = 4;
/** The offset to the target is observed a second time up to here, m, so that centimetres are not lost beside metres. */
const NEAR_DISTANCE = 0.5;

const hoverSettings = settings({
  ...droneSettings,
  reward: choice(
    'dense',
    ['dense', 'sparse'],
    'dense: the weighted terms below; sparse: 1 in each step within the success radius, else nothing',
  ),
  positionReward: number(1, 0, 100, 'weight of 1/(1 + 2d), d the distance to the target in m'),
  precisionReward: number(1.5, 0, 100, 'weight of 1/(1 + 10d)'),
  uprightReward: number(0.2, 0, 100, 'weight of the cosine of the tilt, over 1 + d'),
  spinReward: number(-0.02, -100, 0, 'weight of the body rates, per rad/s'),
  crashReward: number(-10, -1000, 0, 'reward of crashing or flying out'),
});

const rewardTerms = {
  dense: ['position', 'precision', 'upright', 'spin', 'crash'],
  sparse: ['inside'],
} as const;

export const droneHover: EnvDefinition<ReturnType<typeof hoverSettings.parse>> = {
  id: 'drone-hover',
  description: 'A quadrotor catches itself from a random state, reaches a point and holds it',
  settings: hoverSettings,
  scripted: scriptedPilot,
  teleoperation: droneTeleoperation,
  create(numEnvs, s) {
    const scenes = new DroneScenes(numEnvs, s);
    /** Control steps in a row that ended within the success radius. */
    const held = new Uint32Array(numEnvs);
    return createVectorEnv({
      spec: {
        id: 'drone-hover',
        description: droneHover.description,
        agents: 1,
        controlDt: CONTROL_DT,
        maxEpisodeSteps: EPISODE_STEPS,
        rewardTerms: rewardTerms[s.reward],
        success: `within ${SUCCESS_RADIUS} m of the target for the whole last second of a 5 s episode`,
      },
      numEnvs,
      observationSpace: space(
        vector('target', 'm', MAX_DISTANCE),
        vector('near', 'm', NEAR_DISTANCE),
        scenes.selfComponents,
      ),
      actionSpace: scenes.actionSpace,
      view: droneView(scenes, {
        centre: TARGET,
        reach: MAX_DISTANCE,
        fixed: [{ ...goalSphere(SUCCESS_RADIUS), position: TARGET }, goalLine([[0, 0, 0], TARGET])],
      }),
      start(scene, rng) {
        held[scene] = 0;
        scenes.start(scene, rng, START, TARGET);
      },
      advance: (actions) => scenes.fly(actions),
      observe(scene, obs, rng) {
        scenes.observePoint(scene, TARGET, obs, 0, rng);
        obs.copyWithin(3, 0, 3);
        scenes.observeSelf(scene, obs, 6, rng);
      },
      judge(scene, terms) {
        const distance = scenes.distanceTo(scene, TARGET);
        held[scene] = distance < SUCCESS_RADIUS ? held[scene]! + 1 : 0;
        const lost = scenes.crashed(scene) || distance > MAX_DISTANCE;
        if (s.reward === 'sparse') {
          terms[0] = distance < SUCCESS_RADIUS ? 1 : 0;
          return lost;
        }
        terms[0] = s.positionReward / (1 + 2 * distance);
        terms[1] = s.precisionReward / (1 + 10 * distance);
        terms[2] = (s.uprightReward * Math.max(0, scenes.upright(scene))) / (1 + distance);
        terms[3] = s.spinReward * scenes.spin(scene);
        terms[4] = lost ? s.crashReward : 0;
        return lost;
      },
      succeeded: (scene) => held[scene]! >= SUCCESS_STEPS,
      state: [held, ...scenes.state],
      world: scenes.world,
      close: () => scenes.close(),
    });
  },
};
