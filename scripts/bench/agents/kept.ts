/** The policy that a run has kept, measured once more. It was chosen by its luckiest evaluation, so that one flatters it. */
import { agentsOf } from '../../../src/core/teams.ts';
import { evaluate, evaluationScenes, firstScore } from '../../../src/rollout/evaluate.ts';
import { FRESH_SEED } from '../../commands/evaluate.ts';
import { loadRunPolicy } from '../../view/run-policy.ts';
import { findSubject, scenesOf } from '../../view/subject.ts';
import type { BenchmarkRun } from './plan.ts';
import { measurementOf, type Result } from './results.ts';

const EPISODES = 128;

/**
 * On about as many episodes as are whole teams. They are the same for every agent, and others for every seed.
 * @throws ProprioError when the run has no policy, or one for another environment
 */
export async function evaluateKept({ path, plan }: BenchmarkRun): Promise<NonNullable<Result['kept']>> {
  const subject = findSubject(path, []);
  const { definition, settings, run } = subject;
  const agents = agentsOf(definition, settings);
  const episodes = agents * Math.round(EPISODES / agents);
  const env = await scenesOf(subject, evaluationScenes(episodes, agents));
  try {
    const policy = await loadRunPolicy(run!, env);
    const evaluation = await evaluate(env, policy, episodes, FRESH_SEED + plan.seed);
    await policy.dispose();
    const { returnStd: return_std } = evaluation;
    const score_std = firstScore(evaluation)?.std ?? null;
    return { episodes, ...measurementOf(evaluation), return_std, score_std };
  } finally {
    env.close();
  }
}
