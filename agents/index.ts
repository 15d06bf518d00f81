/** Every listed agent. To be listed is to be tested: the contract suites loop over this table. */
import type { AgentDefinition } from '../src/learner/definition.ts';
import { bc } from './bc.ts';
import { calQl } from './cal-ql.ts';
import { crossQ } from './crossq.ts';
import { dsacT } from './dsac-t.ts';
import { expo } from './expo.ts';
import { iql } from './iql.ts';
import { maddpg } from './maddpg.ts';
import { mappo } from './mappo.ts';
import { mdpo } from './mdpo.ts';
import { mdpoOnPolicy } from './mdpo-on-policy.ts';
import { ppo } from './ppo.ts';
import { residual } from './residual.ts';
import { sac } from './sac.ts';
import { td3 } from './td3.ts';
import { tqc } from './tqc.ts';
import { cql, dagger, droq, dsac, fastSac, hgDagger, redq, rlif, rlpd, td3Bc } from './variants.ts';

// biome-ignore lint/suspicious/noExplicitAny: each definition has settings of its own
const listed: readonly AgentDefinition<any>[] = [
  sac,
  redq,
  droq,
  rlpd,
  fastSac,
  dsacT,
  dsac,
  td3,
  td3Bc,
  crossQ,
  tqc,
  expo,
  mdpo,
  mdpoOnPolicy,
  ppo,
  maddpg,
  mappo,
  bc,
  dagger,
  hgDagger,
  rlif,
  iql,
  calQl,
  cql,
  residual,
];

// biome-ignore lint/suspicious/noExplicitAny: each definition has settings of its own
export const agents: Readonly<Record<string, AgentDefinition<any>>> = Object.fromEntries(
  listed.map((agent) => [agent.name, agent]),
);
