/** Tiny tasks with a known answer, to probe an agent in seconds. */
import type { VectorEnv } from '../../src/core/env.ts';
import { space, symmetric } from '../../src/core/space.ts';
import { createVectorEnv } from '../../src/core/vector-env.ts';

/** What a step is worth, and whether the task ends with it. */
type Judge = (seen: number, action: number) => { readonly reward: number; readonly ends: boolean };

/** Each step a fresh random number in [-1, 1] is seen, and `judge` rewards the answer to it. */
export function toyEnv(numEnvs: number, maxEpisodeSteps: number, judge: Judge): VectorEnv {
  const seen = new Float64Array(numEnvs);
  const reward = new Float64Array(numEnvs);
  const ended = new Uint8Array(numEnvs);
  return createVectorEnv({
    spec: {
      id: 'toy',
      description: 'toy',
      agents: 1,
      controlDt: 0.02,
      maxEpisodeSteps,
      rewardTerms: ['reward'],
    },
    numEnvs,
    observationSpace: space(symmetric('seen', '1', 1)),
    actionSpace: space(symmetric('answer', '1', 1)),
    start() {},
    advance(actions) {
      for (let scene = 0; scene < numEnvs; scene++) {
        const result = judge(seen[scene]!, actions[scene]!);
        reward[scene] = result.reward;
        ended[scene] = result.ends ? 1 : 0;
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
