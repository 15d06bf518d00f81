/** Who evaluates the policies of a run: the run itself, between two steps, or a thread beside it. */
import type { SteppedEnv } from '../core/env.ts';
import type { Policy } from '../core/policy.ts';
import { type Evaluation, evaluate } from '../rollout/evaluate.ts';

export interface Evaluator {
  /** Whether evaluating goes on beside the training, which need not wait for it. */
  readonly beside: boolean;
  /** @param model gives a `policy.onnx` of the present policy @throws ProprioError when it cannot be kept running */
  evaluate(model: () => Uint8Array): Promise<Evaluation>;
  end(): Promise<void>;
}

export interface EvaluationPlan {
  readonly episodes: number;
  readonly seed: number;
}

/** Evaluates what acts in the run itself. @param env its own, closed in the end */
export const createEvaluator = (
  env: SteppedEnv,
  policy: Policy,
  { episodes, seed }: EvaluationPlan,
): Evaluator => ({
  beside: false,
  evaluate: () => evaluate(env, policy, episodes, seed),
  async end() {
    env.close();
  },
});
