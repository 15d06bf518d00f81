/** Tuned defaults of every family, `tunedDefaults[env]?.[agent]`; where there are none, the general ones hold. */
import type { TunedDefaults } from '../src/core/env.ts';
import { droneDefaults } from './drone/defaults.ts';
import { finDefaults } from './fin-ray/defaults.ts';
import { handDefaults } from './humanoid-hand/defaults.ts';
import { ksDefaults } from './ks/defaults.ts';
import { pendulumDefaults } from './pendulum-defaults.ts';
import { volleyDefaults } from './volleyball/defaults.ts';

export const tunedDefaults: Readonly<Record<string, Readonly<Record<string, TunedDefaults>>>> = {
  ...droneDefaults,
  ...finDefaults,
  ...handDefaults,
  ks: ksDefaults,
  pendulum: pendulumDefaults,
  ...volleyDefaults,
};
