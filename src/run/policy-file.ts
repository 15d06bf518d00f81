/** A `policy.onnx` that is to act in a certain environment. */
import type { SteppedScenes } from '../core/env.ts';
import { ProprioError } from '../core/errors.ts';
import { type ExportedPolicy, loadPolicy } from '../learner/index.ts';

/** @throws ProprioError when it is missing, damaged, or for an environment with other spaces */
export async function loadPolicyFor(
  { observationSpace, actionSpace, spec }: SteppedScenes,
  file: string,
): Promise<ExportedPolicy> {
  const policy = await loadPolicy(file);
  if (policy.observationSize === observationSpace.size && policy.actionSize === actionSpace.size)
    return policy;
  await policy.dispose();
  throw new ProprioError(
    `${file} takes ${policy.observationSize} observations and gives ${policy.actionSize} actions, but ${spec.id} has ${observationSpace.size} and ${actionSpace.size}.`,
  );
}
