/** The policy of a run, as it is and as it becomes. */
import { existsSync } from 'node:fs';
import type { SteppedScenes } from '../../src/core/env.ts';
import { ProprioError } from '../../src/core/errors.ts';
import type { ActMode, Policy } from '../../src/core/policy.ts';
import type { ExportedPolicy } from '../../src/learner/index.ts';
import { loadPolicyFor } from '../../src/run/policy-file.ts';
import type { RunFolder } from '../../src/run/run-folder.ts';

/** @throws ProprioError when the run has no policy yet, or one for another environment */
export async function loadRunPolicy(
  { path, policy: file }: RunFolder,
  env: SteppedScenes,
): Promise<ExportedPolicy> {
  if (!existsSync(file)) throw new ProprioError(`${path} has no policy.onnx yet; train it further.`);
  return loadPolicyFor(env, file);
}

/** Acts as the policy that it was given last. */
export class ReplaceablePolicy implements Policy {
  #policy: ExportedPolicy;
  #acting = Promise.resolve();

  constructor(policy: ExportedPolicy) {
    this.#policy = policy;
  }

  begin(scene: number, obs: Float32Array): void {
    this.#policy.begin?.(scene, obs);
  }

  act(obs: Float32Array, actions: Float32Array, mode: ActMode): Promise<void> {
    this.#acting = this.#policy.act(obs, actions, mode);
    return this.#acting;
  }

  async replace(policy: ExportedPolicy): Promise<void> {
    const [former, acting] = [this.#policy, this.#acting];
    this.#policy = policy;
    // It may be in the middle of an action.
    await acting.catch(() => {});
    await former.dispose();
  }
}
