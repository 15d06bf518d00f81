/** How a person flies in the volleyball tasks: as in the drone tasks, from what is observed here in the frame of the court. */
import { type ActionMode, quadrotorTeleoperation } from '../../robots/quadrotor/index.ts';
import type { Teleoperation } from '../../src/core/appearance.ts';
import type { VectorEnv } from '../../src/core/env.ts';
import { space, vector } from '../../src/core/space.ts';
import { cross, dot, type Triple, vectorReader } from './players/attitude.ts';

/** What the steering reads, in the body's frame. */
const bodySpace = space(vector('velocity', 'm/s', 20), vector('rate', 'rad/s', 20), vector('up', '1', 1));

export function volleyTeleoperation(
  { observationSpace }: VectorEnv,
  { actionMode }: { readonly actionMode: ActionMode },
): Teleoperation {
  const read = (name: string) => vectorReader(observationSpace, name);
  const [velocity, rate, heading, up] = [read('velocity'), read('rate'), read('heading'), read('up')];
  const { controls, act } = quadrotorTeleoperation(bodySpace, actionMode);
  const seen = new Float32Array(bodySpace.size);
  return {
    controls,
    act(commands, obs, action) {
      const [x, z] = [heading(obs), up(obs)];
      const y = cross(z, x);
      const toBody = (v: Triple): Triple => [dot(v, x), dot(v, y), dot(v, z)];
      seen.set([...toBody(velocity(obs)), ...toBody(rate(obs)), x[2], y[2], z[2]]);
      act(commands, seen, action);
    },
  };
}
