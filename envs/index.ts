/** Every listed environment. To be listed is to be tested: the contract suite loops over this table. */
import type { EnvDefinition } from '../src/core/env.ts';
import { droneHover } from './drone/hover.ts';
import { droneTrack } from './drone/track.ts';
import { finBaseFsi, finOffsetFsi } from './fin-ray/flow-tasks.ts';
import { finBase, finFull, finOffset } from './fin-ray/tasks.ts';
import { handBallPickPlace } from './humanoid-hand/ball-pick-place.ts';
import { handGraspLift } from './humanoid-hand/grasp-lift.ts';
import { twoHandHandover } from './humanoid-hand/handover.ts';
import { handReach } from './humanoid-hand/reach.ts';
import { handReorientCube } from './humanoid-hand/reorient-cube.ts';
import { handTurnKnob } from './humanoid-hand/turn-knob.ts';
import { ks } from './ks/index.ts';
import { pendulum } from './pendulum.ts';
import { backAndForth } from './volleyball/back-and-forth.ts';
import { bumpAndPass } from './volleyball/bump-and-pass.ts';
import { hitTheBall } from './volleyball/hit-the-ball.ts';
import { volley1v1, volley3v3, volley6v6 } from './volleyball/matches.ts';
import { setAndSpikeEasy, setAndSpikeHard } from './volleyball/set-and-spike.ts';
import { soloBump } from './volleyball/solo-bump.ts';

// biome-ignore lint/suspicious/noExplicitAny: each definition has settings of its own
export const envs: Readonly<Record<string, EnvDefinition<any>>> = {
  'drone-hover': droneHover,
  'drone-track': droneTrack,
  'fin-offset': finOffset,
  'fin-base': finBase,
  'fin-full': finFull,
  'fin-offset-fsi': finOffsetFsi,
  'fin-base-fsi': finBaseFsi,
  'hand-reach': handReach,
  'hand-reorient-cube': handReorientCube,
  'hand-turn-knob': handTurnKnob,
  'hand-grasp-lift': handGraspLift,
  'hand-ball-pick-place': handBallPickPlace,
  'two-hand-handover': twoHandHandover,
  ks,
  pendulum,
  'volley-back-and-forth': backAndForth,
  'volley-hit-the-ball': hitTheBall,
  'volley-solo-bump': soloBump,
  'volley-bump-and-pass': bumpAndPass,
  'volley-set-and-spike-easy': setAndSpikeEasy,
  'volley-set-and-spike-hard': setAndSpikeHard,
  'volley-1v1': volley1v1,
  'volley-3v3': volley3v3,
  'volley-6v6': volley6v6,
};
