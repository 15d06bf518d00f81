/**
 * `pendulum`: Gymnasium's Pendulum-v1, equation for equation (github.com/Farama-Foundation/Gymnasium,
 * `classic_control/pendulum.py`), so that published scores apply. No physics engine.
 */
import type { EnvDefinition } from '../src/core/env.ts';
import { settings } from '../src/core/settings.ts';
import { space, symmetric } from '../src/core/space.ts';
import { createVectorEnv } from '../src/core/vector-env.ts';
import { pendulumView } from './pendulum-view.ts';

/** m/s² */
const GRAVITY = 10;
/** kg */
const MASS = 1;
/** m */
const LENGTH = 1;
/** s */
const DT = 0.05;
/** rad/s */
const MAX_SPEED = 8;
/** N·m */
const MAX_TORQUE = 2;
const EPISODE_STEPS = 200;

const pendulumSettings = settings({});

/** Angle from upright in [-π, π). */
const wrap = (angle: number): number =>
  ((((angle + Math.PI) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)) - Math.PI;

export const pendulum: EnvDefinition<ReturnType<typeof pendulumSettings.parse>> = {
  id: 'pendulum',
  description: 'Swing a pendulum up and keep it there (Gymnasium Pendulum-v1)',
  settings: pendulumSettings,
  create(numEnvs) {
    /** From upright, rad. */
    const angle = new Float64Array(numEnvs);
    /** rad/s */
    const speed = new Float64Array(numEnvs);
    const cost = new Float64Array(numEnvs);
    /** N·m */
    const torque = new Float64Array(numEnvs);
    const { view, heldTorque, letGo } = pendulumView({ mass: MASS, length: LENGTH, angle, torque });
    return createVectorEnv({
      spec: {
        id: 'pendulum',
        description: pendulum.description,
        agents: 1,
        controlDt: DT,
        maxEpisodeSteps: EPISODE_STEPS,
        rewardTerms: ['cost'],
      },
      numEnvs,
      observationSpace: space(
        symmetric('cosine', '1', 1),
        symmetric('sine', '1', 1),
        symmetric('speed', 'rad/s', MAX_SPEED),
      ),
      actionSpace: space(symmetric('torque', '1', 1)),
      view,
      start(scene, rng) {
        letGo(scene);
        torque[scene] = 0;
        angle[scene] = rng.uniform(-Math.PI, Math.PI);
        speed[scene] = rng.uniform(-1, 1);
      },
      advance(actions) {
        for (let i = 0; i < numEnvs; i++) {
          torque[i] = MAX_TORQUE * actions[i]!;
          cost[i] = wrap(angle[i]!) ** 2 + 0.1 * speed[i]! ** 2 + 0.001 * torque[i]! ** 2;
          const acceleration =
            ((3 * GRAVITY) / (2 * LENGTH)) * Math.sin(angle[i]!) +
            (3 / (MASS * LENGTH ** 2)) * (torque[i]! + heldTorque(i));
          speed[i] = Math.max(-MAX_SPEED, Math.min(MAX_SPEED, speed[i]! + acceleration * DT));
          angle[i]! += speed[i]! * DT;
        }
      },
      observe(scene, obs) {
        obs[0] = Math.cos(angle[scene]!);
        obs[1] = Math.sin(angle[scene]!);
        obs[2] = speed[scene]!;
      },
      judge(scene, terms) {
        terms[0] = -cost[scene]!;
        return false;
      },
      state: [angle, speed],
    });
  },
};
