/** Episodes one by one: what a policy and a sinusoid make of the same ones can be compared in pairs. */
import type { VectorEnv } from '../../../src/core/env.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { rollout, runUntil } from '../../../src/rollout/rollout.ts';

export interface Played {
  /** Of each episode, by name of the score, in the order of scenes. */
  readonly scores: Readonly<Record<string, readonly number[]>>;
  /** Episodes that ended by bending too far. */
  readonly failures: number;
}

/**
 * The first episode of each scene, as "proprio evaluate" runs them.
 * @param onStep called after each control step of all scenes
 */
export async function playEpisodes(
  env: VectorEnv,
  policy: Policy,
  seed: number,
  onStep: () => void = () => {},
): Promise<Played> {
  const { numEnvs, spec } = env;
  const names = spec.scores!.map(({ name }) => name);
  const scores: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  let failures = 0;
  const run = rollout(env, policy, { seed, steps: numEnvs * spec.maxEpisodeSteps, mode: 'exploit' });
  const counting = run.episodes$.subscribe((episode) => {
    const [first] = names;
    if (scores[first!]![episode.scene] !== undefined) return;
    for (const [i, name] of names.entries()) scores[name]![episode.scene] = episode.scores[i]!;
    if (episode.terminated) failures++;
  });
  await runUntil(run, () => {
    onStep();
    return false;
  });
  counting.unsubscribe();
  return { scores, failures };
}
