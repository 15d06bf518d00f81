/** Every listed environment. To be listed is to be tested: the contract suite loops over this table. */
import type { EnvDefinition } from '../src/core/env.ts';
import { droneHover } from './drone/hover.ts';
import { droneTrack } from './drone/track.ts';
import { pendulum } from './pendulum.ts';

// biome-ignore lint/suspicious/noExplicitAny: each definition has settings of its own
export const envs: Readonly<Record<string, EnvDefinition<any>>> = {
  'drone-hover': droneHover,
  'drone-track': droneTrack,
  pendulum,
};
