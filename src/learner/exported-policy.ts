/** A saved `policy.onnx` that acts. */

import { ProprioError } from '../core/errors.ts';
import type { Policy } from '../core/policy.ts';
import { loadModel } from '../tensor/index.ts';

export interface ExportedPolicy extends Policy {
  readonly observationSize: number;
  readonly actionSize: number;
  dispose(): Promise<void>;
}

/** @param model path or bytes of a `policy.onnx` @throws ProprioError when it is missing, damaged or no policy */
export async function loadPolicy(model: string | Uint8Array): Promise<ExportedPolicy> {
  const program = await loadModel(model, 'cpu', { threads: 1 }).catch((error: Error) => {
    const where = typeof model === 'string' ? ` ${model}` : '';
    throw new ProprioError(`Cannot load the policy${where}: ${error.message.split('\n')[0]}`, 1, {
      cause: error,
    });
  });
  const [input, output] = [program.inputs[0], program.outputs[0]];
  if (input?.name !== 'observation' || output?.name !== 'action') {
    throw new ProprioError('The model is no policy: it needs an input "observation" and an output "action".');
  }
  return {
    observationSize: Number(input.shape[1]),
    actionSize: Number(output.shape[1]),
    async act(obs, actions) {
      const { action } = await program.run({ observation: obs });
      actions.set(action!);
    },
    dispose: () => program.dispose(),
  };
}
