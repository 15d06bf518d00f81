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

/** The deterministic policy: `observation` `[N, O]` in, `action` `[N, A]` out. @returns bytes of the model */
export function exportPolicy(
  maths: PolicyMaths,
  spaces: Spaces,
  vectors: Vectors,
  description: PolicyDescription,
): Uint8Array {
  const fn = ({ observation }: Readonly<Record<string, tf.Tensor>>) => {
    const state = Object.fromEntries(maths.policyState.map((name) => [name, tf.tensor1d(vectors[name]!)]));
    return { action: boundedPolicy(maths)(state, observation!, null) };
  };
  const metadata = Object.fromEntries(
    Object.entries(description).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  return trace(fn, { observation: ['N', spaces.observation.size] }, metadata).model;
}
