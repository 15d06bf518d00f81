/** Tiny tasks with a known answer, to probe an agent in seconds. */
import type { VectorEnv } from '../../src/core/env.ts';
import { space, symmetric } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';

/** What a step is worth, and whether the task ends with it. */
type Judge = (seen: number, action: number) => { readonly reward: number; readonly ends: boolean };

/** What a step is worth to each agent of a team, by what all of them see and do. */
type TeamJudge = (
  seen: readonly number[],
  actions: readonly number[],
) => { readonly rewards: readonly number[]; readonly ends: boolean };

/** Each step a fresh random number in [-1, 1] is seen, and `judge` rewards the answer to it. */
export const toyEnv = (numEnvs: number, maxEpisodeSteps: number, judge: Judge): VectorEnv =>
  toyTeams(numEnvs, 1, maxEpisodeSteps, ([seen], [action]) => {
    const { reward, ends } = judge(seen!, action!);
    return { rewards: [reward], ends };
  });

/** The same in teams, in which every agent sees a number of its own. @param numEnvs rows, a multiple of `agents` */
export function toyTeams(
  numEnvs: number,
  agents: number,
  maxEpisodeSteps: number,
  judge: TeamJudge,
): VectorEnv {
  const seen = new Float64Array(numEnvs);
  const reward = new Float64Array(numEnvs);
  const ended = new Uint8Array(numEnvs);
  return createVectorEnv({
    spec: {
      id: 'toy',
      description: 'toy',
      agents,
      controlDt: 0.02,
      maxEpisodeSteps,
      rewardTerms: ['reward'],
    },
    numEnvs,
    observationSpace: space(symmetric('seen', '1', 1)),
    actionSpace: space(symmetric('answer', '1', 1)),
    start() {},
    advance(actions) {
      for (let first = 0; first < numEnvs; first += agents) {
        const team = [first, first + agents] as const;
        const result = judge([...seen.subarray(...team)], [...actions.subarray(...team)]);
        reward.set(result.rewards, first);
        ended.fill(result.ends ? 1 : 0, ...team);
      }
    },
    observe(scene, obs, rng) {
      seen[scene] = rng.uniform(-1, 1);
      obs[0] = seen[scene]!;
    },
    judge(scene, terms) {
      terms[0] = reward[scene]!;
      return ended[scene] === 1;
    },
    state: [seen],
  });
}
