/** Evaluation: the deterministic action, on an environment and seeds of its own. */
import type { EnvSpec, SteppedEnv } from '../core/env.ts';
import type { Episode } from '../core/frame.ts';
import type { Policy } from '../core/policy.ts';
import { assertWholeTeams } from '../core/teams.ts';
import { rollout, runUntil } from './rollout.ts';

export interface Evaluation {
  /** Of a team each agent's counts. */
  readonly episodes: number;
  readonly returnMean: number;
  readonly returnStd: number;
  /** Fraction of episodes; null where the task has no notion of success. */
  readonly successRate: number | null;
  /** Control steps. */
  readonly episodeLengthMean: number;
  /** By name, in the order of the environment's `scores`; absent where it has none. */
  readonly scores?: Readonly<Record<string, { readonly mean: number; readonly std: number }>>;
}

/**
 * Runs `episodes` episodes. Each scene contributes the same number of them, its first ones, so that short episodes do
 * not count more often than long ones.
 * @param env its number of scenes has to divide `episodes`
 */
export async function evaluate(
  env: SteppedEnv,
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
  const run = rollout(env, policy, { seed, steps, mode: 'exploit' });
  const counting = run.episodes$.subscribe((episode) => {
    const count = ++counts[episode.scene]!;
    if (count <= perScene) finished.push(episode);
    // The others of its team may have begun another one that counts.
    if (count >= perScene && env.spec.agents === 1) env.leave?.(episode.scene);
  });
  await runUntil(run, () => finished.length >= episodes);
  counting.unsubscribe();
  return summarize(finished, env.spec);
}

/**
 * Scenes to evaluate `episodes` with: the largest divisor that is a multiple of `agents` and at most 128.
 * @throws ConfigurationError for episodes that are no multiple of `agents`
 */
export function evaluationScenes(episodes: number, agents = 1): number {
  assertWholeTeams(`An evaluation of ${episodes} episodes`, episodes, agents);
  for (let teams = Math.floor(MOST_SCENES / agents); teams > 1; teams--)
    if (episodes % (teams * agents) === 0) return teams * agents;
  return agents;
}

const MOST_SCENES = 128;

/** More successes; with as many, a higher first score; with the same, a higher return. */
export function isBetter(a: Evaluation, b: Evaluation): boolean {
  const [meritsOfA, meritsOfB] = [meritsOf(a), meritsOf(b)];
  const first = meritsOfA.findIndex((merit, i) => merit !== meritsOfB[i]);
  return first >= 0 && meritsOfA[first]! > meritsOfB[first]!;
}

const meritsOf = (evaluation: Evaluation): number[] => [
  evaluation.successRate ?? 0,
  firstScore(evaluation)?.mean ?? 0,
  evaluation.returnMean,
];

/** The score that policies are compared by; undefined where the environment has none. */
export function firstScore({ scores = {} }: Evaluation) {
  const [first] = Object.entries(scores);
  return first && { name: first[0], ...first[1] };
}

function summarize(episodes: readonly Episode[], { success, scores }: EnvSpec): Evaluation {
  const mean = (value: (episode: Episode) => number): number =>
    episodes.reduce((sum, episode) => sum + value(episode), 0) / episodes.length;
  const spread = (value: (episode: Episode) => number) => {
    const average = mean(value);
    return { mean: average, std: Math.sqrt(mean((episode) => (value(episode) - average) ** 2)) };
  };
  const returns = spread((episode) => episode.return);
  return {
    episodes: episodes.length,
    returnMean: returns.mean,
    returnStd: returns.std,
    successRate: success === undefined ? null : mean((episode) => (episode.success ? 1 : 0)),
    episodeLengthMean: mean((episode) => episode.length),
    ...(scores && {
      scores: Object.fromEntries(
        scores.map(({ name }, i) => [name, spread((episode) => episode.scores[i]!)]),
      ),
    }),
  };
}
