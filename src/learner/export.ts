/** The policy as an ONNX model that any runtime can act with: scaling of observations inside, meaning in the metadata. */
import type { Spaces } from '../core/policy.ts';
import { tf, trace } from '../tensor/index.ts';
import { boundedPolicy } from './actor.ts';
import type { PolicyMaths, Vectors } from './definition.ts';

/** What a program that runs the policy has to know. Stored in the model's metadata and in `policy.json`. */
export interface PolicyDescription {
  readonly env: string;
  readonly agent: string;
  /** Time between two actions, s. */
  readonly controlDt: number;
  /** Control steps of training that made it. */
  readonly step: number;
  /** Input `observation` `[N, O]`: name, unit and bounds of each component, in order. Values beyond them are clipped. */
  readonly observation: Spaces['observation']['components'];
  /** Output `action` `[N, A]`. */
  readonly action: Spaces['action']['components'];
}

export function describePolicy(
  spaces: Spaces,
  about: Pick<PolicyDescription, 'env' | 'agent' | 'controlDt' | 'step'>,
): PolicyDescription {
  return { ...about, observation: spaces.observation.components, action: spaces.action.components };
}

/**
 * The deterministic policy: `observation` `[N, O]` in, `action` `[N, A]` out. One that plans has a second output `plan`
 * `[N, H·A]`, of which `action` is the first step: all steps that are carried out before it is asked again, or where plans
 * are ensembled, whole plans, and a third output, `ensembling` `[1]`, their decay.
 * @returns bytes of the model
 */
export function exportPolicy(
  maths: PolicyMaths,
  spaces: Spaces,
  vectors: Vectors,
  description: PolicyDescription,
): Uint8Array {
  const fn = ({ observation }: Readonly<Record<string, tf.Tensor>>) => {
    const state = Object.fromEntries(maths.policyState.map((name) => [name, tf.tensor1d(vectors[name]!)]));
    return outputsOf(maths, boundedPolicy(maths)(state, observation!, null), spaces.action.size);
  };
  const metadata = Object.fromEntries(
    Object.entries(description).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  return trace(fn, { observation: ['N', spaces.observation.size] }, metadata).model;
}

/** @param decided by the policy, `[N, A]` or `[N, H·A]` */
function outputsOf(
  { plans }: PolicyMaths,
  decided: tf.Tensor,
  actionSize: number,
): Record<string, tf.Tensor> {
  if (!plans) return { action: decided };
  const { horizon, carriedOut, ensembling } = plans;
  const steps = ensembling === undefined ? carriedOut : horizon;
  const part = (count: number): tf.Tensor => tf.slice(decided, [0, 0], [-1, count * actionSize]);
  return {
    action: part(1),
    plan: part(steps),
    ...(ensembling === undefined ? {} : { ensembling: tf.tensor1d([ensembling]) }),
  };
}
