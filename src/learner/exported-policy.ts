/** A saved `policy.onnx` that acts. */

import { ProprioError } from '../core/errors.ts';
import type { BasePolicy } from '../core/policy.ts';
import { loadModel, type Program } from '../tensor/index.ts';
import { carryOut, type PlanExecution, type Planner } from './plans.ts';

export interface ExportedPolicy extends BasePolicy {
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
  const input = program.inputs[0];
  const outputs = new Map(program.outputs.map((port) => [port.name, port]));
  const output = outputs.get('action');
  if (input?.name !== 'observation' || !output) {
    throw new ProprioError('The model is no policy: it needs an input "observation" and an output "action".');
  }
  const [observationSize, actionSize] = [Number(input.shape[1]), Number(output.shape[1])];
  const decide =
    (name: string): Planner =>
    async (obs, decided) => {
      decided.set((await program.run({ observation: obs }))[name]! as Float32Array);
    };
  const width = outputs.get('plan')?.shape[1];
  const acting: BasePolicy =
    width === undefined
      ? { act: decide('action') }
      : carryOut(
          decide('plan'),
          await executionOf(program, Number(width) / actionSize, observationSize),
          actionSize,
        );
  return { observationSize, actionSize, ...acting, dispose: () => program.dispose() };
}

/** As the model says (`exportPolicy`). @param steps of the plans that it gives */
async function executionOf(program: Program, steps: number, observationSize: number): Promise<PlanExecution> {
  const whole = { horizon: steps, carriedOut: steps };
  if (!program.outputs.some(({ name }) => name === 'ensembling')) return whole;
  const { ensembling } = await program.run({ observation: new Float32Array(observationSize) });
  return { ...whole, ensembling: ensembling![0]! };
}
