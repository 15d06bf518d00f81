/**
 * A trained policy that flies in real time, for a page to watch and to lay hands on. Needs nothing of Node.
 */
import { droneHover } from '../../envs/drone/hover.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { loadPolicy } from '../../src/learner/index.ts';
import { createHub, type Hub } from '../../src/viewer/hub.ts';
import { createSimulation } from '../../src/viewer/simulation.ts';

export interface FlightOptions {
  /** Bytes of a `policy.onnx`. */
  readonly model: Uint8Array;
  /** Who acts, in words. */
  readonly policyName: string;
  readonly seed: number;
}

/** It flies until its worker ends. */
export async function startFlight({ model, policyName, seed }: FlightOptions): Promise<Hub> {
  const policy = await loadPolicy(model);
  const settings = parseSettings('env', droneHover.settings, {});
  const env = droneHover.create(1, settings);
  const teleoperation = droneHover.teleoperation!(env, settings);
  const simulation = createSimulation({ env, policy: () => policy, policyName, teleoperation, seed });
  void simulation.run(new AbortController().signal);
  return createHub(simulation);
}
