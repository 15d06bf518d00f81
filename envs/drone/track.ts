/** `drone-track`: follow a lemniscate at a given speed, seeing the next points of it. */
import type { EnvDefinition } from '../../src/core/env.ts';
import { number, settings } from '../../src/core/settings.ts';
import { space, vector } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';
import type { NumberArray, Vector3 } from '../../src/physics/math.ts';
import { droneTeleoperation, scriptedPilot } from './piloting.ts';
import { CONTROL_DT, DroneScenes, droneSettings, type StartRange } from './scenes.ts';
import { droneView, goalLine, goalSphere } from './view.ts';

/** Half the length of the figure eight, m, and its centre. */
const AMPLITUDE = 2;
const CENTRE: Vector3 = [0, 0, 3];
/** Length of the lemniscate of Gerono with amplitude 1: ∮ √(cos²θ + cos²2θ) dθ. */
const UNIT_LENGTH = 6.097223;
const START: StartRange = { position: 0.1, velocity: 0.1, tilt: 0.1, spin: 0.1 };

/** Points that are seen ahead, and the time between them, s. The first one is the present. */
const PREVIEW_POINTS = 5;
const PREVIEW_DT = 0.1;

/** Success: mean distance to the moving point over the lap below this, m. */
const SUCCESS_ERROR = 0.15;
/** Farther from the moving point than this the aircraft has flown out, m. */
const MAX_ERROR = 2;
/** Corners of the curve as it is drawn. */
const CURVE_POINTS = 128;
/** Bound of the observed offsets, m: the error, and how far the preview reaches at the greatest speed. */
const MAX_OFFSET = 5;

const trackSettings = settings({
  ...droneSettings,
  speed: number(1.5, 0.1, 4, 'mean speed of the moving point, m/s'),
  positionReward: number(1, 0, 100, 'weight of 1/(1 + 2d), d the distance to the moving point in m'),
  precisionReward: number(1.5, 0, 100, 'weight of 1/(1 + 10d)'),
  spinReward: number(-0.02, -100, 0, 'weight of the body rates, per rad/s'),
  crashReward: number(-10, -1000, 0, 'reward of crashing or losing the moving point'),
});

const rewardTerms = ['position', 'precision', 'spin', 'crash'] as const;

/** Point of the curve at phase `angle`, m. @param out `[3]` from `offset` on */
function pointAt<Points extends NumberArray>(angle: number, out: Points, offset = 0): Points {
  out[offset] = CENTRE[0] + AMPLITUDE * Math.sin(angle);
  out[offset + 1] = CENTRE[1] + AMPLITUDE * Math.sin(angle) * Math.cos(angle);
  out[offset + 2] = CENTRE[2];
  return out;
}

/** The curve as it is drawn. */
const curve = Array.from({ length: CURVE_POINTS }, (_, i) => {
  const [x, y, z] = pointAt((2 * Math.PI * i) / CURVE_POINTS, new Float64Array(3));
  return [x!, y!, z!] as const;
});

export const droneTrack: EnvDefinition<ReturnType<typeof trackSettings.parse>> = {
  id: 'drone-track',
  description: 'A quadrotor follows a point that moves along a figure eight',
  settings: trackSettings,
  scripted: scriptedPilot,
  teleoperation: droneTeleoperation,
  create(numEnvs, s) {
    const scenes = new DroneScenes(numEnvs, s);
    const lapTime = (AMPLITUDE * UNIT_LENGTH) / s.speed;
    /** Phase per second, rad/s. */
    const phaseRate = (2 * Math.PI) / lapTime;
    const phase = new Float64Array(numEnvs);
    const errorSum = new Float64Array(numEnvs);
    const steps = new Uint32Array(numEnvs);
    const point = new Float64Array(3);
    return createVectorEnv({
      spec: {
        id: 'drone-track',
        description: droneTrack.description,
        agents: 1,
        controlDt: CONTROL_DT,
        maxEpisodeSteps: Math.round(lapTime / CONTROL_DT),
        rewardTerms,
        success: `mean distance to the moving point below ${SUCCESS_ERROR} m over one lap`,
      },
      numEnvs,
      observationSpace: space(
        Array.from({ length: PREVIEW_POINTS }, (_, i) => vector(`preview.${i}`, 'm', MAX_OFFSET)).flat(),
        scenes.selfComponents,
      ),
      actionSpace: scenes.actionSpace,
      view: droneView(scenes, {
        centre: CENTRE,
        reach: AMPLITUDE + MAX_ERROR,
        fixed: [goalLine(curve, true)],
        marker: {
          body: { name: 'point', shapes: [goalSphere(SUCCESS_ERROR)] },
          writePosition: (scene, row, offset) => pointAt(phase[scene]!, row, offset),
        },
      }),
      start(scene, rng) {
        const angle = rng.uniform(-Math.PI, Math.PI);
        phase[scene] = angle;
        errorSum[scene] = 0;
        steps[scene] = 0;
        const speed = AMPLITUDE * phaseRate;
        const velocity: Vector3 = [speed * Math.cos(angle), speed * Math.cos(2 * angle), 0];
        scenes.start(scene, rng, START, [...pointAt(angle, point)] as unknown as Vector3, velocity);
      },
      advance(actions) {
        scenes.fly(actions);
        for (let scene = 0; scene < numEnvs; scene++) phase[scene]! += phaseRate * CONTROL_DT;
      },
      observe(scene, obs, rng) {
        for (let i = 0; i < PREVIEW_POINTS; i++) {
          pointAt(phase[scene]! + phaseRate * PREVIEW_DT * i, point);
          scenes.observePoint(scene, point, obs, 3 * i, rng);
        }
        scenes.observeSelf(scene, obs, 3 * PREVIEW_POINTS, rng);
      },
      judge(scene, terms) {
        const error = scenes.distanceTo(scene, pointAt(phase[scene]!, point));
        errorSum[scene]! += error;
        steps[scene]!++;
        const lost = scenes.crashed(scene) || error > MAX_ERROR;
        terms[0] = s.positionReward / (1 + 2 * error);
        terms[1] = s.precisionReward / (1 + 10 * error);
        terms[2] = s.spinReward * scenes.spin(scene);
        terms[3] = lost ? s.crashReward : 0;
        return lost;
      },
      succeeded: (scene) =>
        steps[scene]! * CONTROL_DT > lapTime - CONTROL_DT && errorSum[scene]! / steps[scene]! < SUCCESS_ERROR,
      state: [phase, errorSum, steps, ...scenes.state],
      world: scenes.world,
      close: () => scenes.close(),
    });
  },
};
