/**
 * Drives rays along a sine wave through the actions of a task: the yardstick of policies, under the same limits. It keeps
 * the time of each episode, which it sees begin by actuators at rest that nothing has been asked of.
 */

import type { ActuatorLimits } from '../../robots/fin-ray/index.ts';
import { actuatorNames } from '../../robots/fin-ray/index.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import type { Policy } from '../../src/core/policy.ts';
import { CONTROL_DT } from './rays.ts';
import { rateAlong, type Sinusoid } from './wave.ts';

/** Part of a turn between the phases that one episode and the next begin with, so that any number of them is spread evenly. */
const GOLDEN_RATIO = 0.6180339887498949;

/** In a task with a prescribed base the wave's phases are relative to that one's, and its frequency has to be the same. */
export function sinusoidPlayer(
  { observationSpace, actionSpace }: VectorEnv,
  wave: Sinusoid,
  limits: ActuatorLimits,
): Policy {
  const { components, size } = observationSpace;
  const columnOf = (name: string): number => components.findIndex((component) => component.name === name);
  const driven = actionSpace.components.map(({ name }) => {
    const actuator = (actuatorNames as readonly string[]).indexOf(name);
    return { actuator, column: columnOf(name), limit: limits[actuatorNames[actuator]!].rate };
  });
  const atRest = components.flatMap(({ name }, i) =>
    actuatorNames.some((known) => [known, `${known}.rate`, `last.${known}`].includes(name)) ? [i] : [],
  );
  const [sine, cosine] = [columnOf('base.sine'), columnOf('base.cosine')];
  const steps: number[] = [];
  const phases: number[] = [];
  let episodes = 0;

  function begin(row: number, obs: Float32Array): void {
    steps[row] = 0;
    phases[row] =
      sine < 0 ? 2 * Math.PI * ((episodes * GOLDEN_RATIO) % 1) : Math.atan2(obs[sine]!, obs[cosine]!);
    episodes++;
  }

  return {
    async act(obs, actions) {
      for (let row = 0; row < obs.length / size; row++) {
        const seen = obs.subarray(row * size, (row + 1) * size);
        if (steps[row] === undefined || atRest.every((i) => seen[i] === 0)) begin(row, seen);
        const time = steps[row]! * CONTROL_DT;
        driven.forEach(({ actuator, column, limit }, k) => {
          const rate = rateAlong(wave, actuator, time, phases[row]!, seen[column]!);
          actions[row * driven.length + k] = Math.max(-1, Math.min(1, rate / limit));
        });
        steps[row]!++;
      }
    },
  };
}
