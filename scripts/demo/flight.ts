/**
 * A trained policy that flies in real time, for a page to watch and to lay hands on. Needs nothing of Node.
 */
import { droneHover } from '../../envs/drone/hover.ts';
import { finBaseFsi } from '../../envs/fin-ray/flow-tasks.ts';
import { handGraspLift } from '../../envs/humanoid-hand/grasp-lift.ts';
import { soloBump } from '../../envs/volleyball/solo-bump.ts';
import type { EnvDefinition } from '../../src/core/env.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { loadPolicy } from '../../src/learner/index.ts';
import { withBase } from '../../src/rollout/with-base.ts';
import { createHub, type Hub } from '../../src/viewer/hub.ts';
import { createSimulation } from '../../src/viewer/simulation.ts';

// biome-ignore lint/suspicious/noExplicitAny: each definition has settings of its own
const envs: readonly EnvDefinition<any>[] = [droneHover, soloBump, finBaseFsi, handGraspLift];

export interface FlightOptions {
  /** Id of one of `envs`. */
  readonly env: string;
  /** Bytes of a `policy.onnx`. */
  readonly model: Uint8Array;
  /** Another one, where the first corrects what that would do. */
  readonly base?: Uint8Array | undefined;
  /** Who acts, in words. */
  readonly policyName: string;
  readonly seed: number;
}

/** It flies until its worker ends. */
export async function startFlight(options: FlightOptions): Promise<Hub> {
  const { model, base, policyName, seed } = options;
  const policy = await loadPolicy(model);
  const definition = envs.find(({ id }) => id === options.env)!;
  const settings = parseSettings('env', definition.settings, {});
  const scene = definition.create(1, settings);
  const env = base ? withBase(scene, await loadPolicy(base)) : scene;
  const teleoperation = definition.teleoperation!(scene, settings);
  const simulation = createSimulation({ env, policy: () => policy, policyName, teleoperation, seed });
  void simulation.run(new AbortController().signal);
  return createHub(simulation);
}
