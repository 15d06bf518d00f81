/** Who flies the drone tasks beside a learned policy: the scripted pilot, and a person. */
import { createPilot, quadrotorTeleoperation } from '../../robots/quadrotor/index.ts';
import type { Teleoperation } from '../../src/core/appearance.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import type { Policy } from '../../src/core/policy.ts';
import type { DroneSettings } from './scenes.ts';

/** The scripted pilot, for every scene of a drone task. */
export function scriptedPilot(env: VectorEnv, { actionMode }: DroneSettings): Policy {
  const { size } = env.observationSpace;
  const pilot = createPilot(env.observationSpace, { actionMode });
  return {
    async act(obs, actions) {
      for (let row = 0; row < obs.length / size; row++) {
        pilot(obs.subarray(row * size, (row + 1) * size), actions.subarray(4 * row, 4 * row + 4));
      }
    },
  };
}

/** Velocities along the heading, held by the pilot's cascade. */
export const droneTeleoperation = (env: VectorEnv, { actionMode }: DroneSettings): Teleoperation =>
  quadrotorTeleoperation(env.observationSpace, actionMode);
