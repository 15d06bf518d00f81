/** How a person drives a ray: the rate of each actuator that actions drive, by a control of its own. */
import { type ActuatorName, actuatorNames } from '../../robots/fin-ray/index.ts';
import type { Control, Teleoperation } from '../../src/core/appearance.ts';
import type { VectorEnv } from '../../src/core/env.ts';

/** As seen from above, with the stream from the left. */
const controls: Readonly<Record<ActuatorName, Control>> = {
  heave: {
    name: 'heave',
    low: 'down',
    high: 'up',
    keys: ['KeyS', 'KeyW'],
    axis: { index: 1, inverted: true },
  },
  pitch: {
    name: 'pitch',
    low: 'clockwise',
    high: 'anticlockwise',
    keys: ['ArrowRight', 'ArrowLeft'],
    axis: { index: 2, inverted: true },
  },
  offset: { name: 'offset', low: 'bend down', high: 'bend up', keys: ['KeyA', 'KeyD'], axis: { index: 0 } },
};

export const finTeleoperation = ({ actionSpace }: VectorEnv): Teleoperation => ({
  controls: actuatorNames
    .filter((name) => actionSpace.components.some((component) => component.name === name))
    .map((name) => controls[name]),
  // Controls are in the order of the action's components.
  act: (commands, _obs, action) => action.set(commands),
});
