/** Evaluation: the deterministic action, on an environment and seeds of its own. */
import type { VectorEnv } from '../core/env.ts';
import type { Episode } from '../core/frame.ts';
import type { Policy } from '../core/policy.ts';
import { rollout } from './rollout.ts';

export interface Evaluation {
  readonly episodes: number;
  readonly returnMean: number;
  readonly returnStd: number;
  /** Fraction of episodes; null where the task has no notion of success. */
  readonly successRate: number | null;
  /** Control steps. */
  readonly episodeLengthMean: number;
}

/**
 * Runs `episodes` episodes. Each scene contributes the same number of them, its first ones, so that short episodes do
 * not count more often than long ones.
 * @param env its number of scenes has to divide `episodes`
 */
export async function evaluate(
  env: VectorEnv,
  policy: Policy,
  episodes: number,
  seed: number,
): Promise<Evaluation> {
  const perScene = episodes / env.numEnvs;
  if (!Number.isInteger(perScene)) {
    throw new RangeError(`${episodes} episodes cannot be shared equally among ${env.numEnvs} scenes.`);
  }
  const finished: Episode[] = [];
  const counts = new Uint32Array(env.numEnvs);
  const steps = env.numEnvs * perScene * env.spec.maxEpisodeSteps;
  const { episodes$, run$ } = rollout(env, policy, { seed, steps, mode: 'exploit' });
  const counting = episodes$.subscribe((episode) => {
    if (counts[episode.scene]!++ < perScene) finished.push(episode);
  });
  await new Promise<void>((resolve, reject) => {
    const running = run$.subscribe({
      error: reject,
      complete: resolve,
      next: () => {
        if (finished.length < episodes) return;
        running.unsubscribe();
        resolve();
      },
    });
  });
  counting.unsubscribe();
  return summarize(finished, env.spec.success !== undefined);
}

/** Scenes to evaluate `episodes` with: the largest divisor that is at most `limit`. */
export function evaluationScenes(episodes: number, limit = 128): number {
  for (let scenes = Math.min(episodes, limit); scenes > 1; scenes--)
    if (episodes % scenes === 0) return scenes;
  return 1;
}

/** More successes, or as many and a higher return. */
export function isBetter(a: Evaluation, b: Evaluation): boolean {
  const [successA, successB] = [a.successRate ?? 0, b.successRate ?? 0];
  return successA === successB ? a.returnMean > b.returnMean : successA > successB;
}

function summarize(episodes: readonly Episode[], hasSuccess: boolean): Evaluation {
  const mean = (value: (episode: Episode) => number): number =>
    episodes.reduce((sum, episode) => sum + value(episode), 0) / episodes.length;
  const returnMean = mean((episode) => episode.return);
  return {
    episodes: episodes.length,
    returnMean,
    returnStd: Math.sqrt(mean((episode) => (episode.return - returnMean) ** 2)),
    successRate: hasSuccess ? mean(({ success }) => (success ? 1 : 0)) : null,
    episodeLengthMean: mean((episode) => episode.length),
  };
}
