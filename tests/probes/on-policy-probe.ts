/** Trains an on-policy agent on a toy task for a moment and hands out what it came to. */
import { lastValueFrom } from 'rxjs';
import type { VectorEnv } from '../../src/core/env.ts';
import { type Metrics, spacesOfEnv } from '../../src/core/policy.ts';
import { createRng } from '../../src/core/rng.ts';
import {
  createOnPolicyLearner,
  type OnPolicyDefinition,
  type OnPolicyMaths,
  type RolloutLearner,
} from '../../src/learner/index.ts';
import { trainOnPolicy } from '../../src/rollout/on-policy.ts';
import { TrajectoryBuffer } from '../../src/rollout/trajectory-buffer.ts';
import { settingsOf, small } from '../support/agents.ts';

const ROLLOUT = 64;

export interface OnPolicyProbe {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly seed?: number;
  readonly normalizeRewards?: boolean;
}

export interface Probed {
  /** Dispose of it. */
  readonly learner: RolloutLearner;
  readonly maths: OnPolicyMaths;
  /** Metrics of every update. */
  readonly history: Metrics[];
}

export async function probeOnPolicy(
  env: VectorEnv,
  agent: OnPolicyDefinition,
  { settings = {}, steps, seed = 0, normalizeRewards = false }: OnPolicyProbe,
): Promise<Probed> {
  const spaces = spacesOfEnv(env);
  const quick = { learningRate: 3e-3, annealLearningRate: false, minibatches: 8, valueMinibatches: 8 };
  const chosen = { ...small(agent, [32, 32]), ...settingsOf(agent, { ...quick, ...settings }) };
  const maths = agent.build(spaces, agent.settings.parse(chosen));
  const rng = createRng(seed);
  const rows = ROLLOUT * env.numEnvs;
  const learner = await createOnPolicyLearner({ maths, spaces, rows, rng: rng.split('learner'), threads: 1 });
  const buffer = new TrajectoryBuffer({
    steps: ROLLOUT,
    numEnvs: env.numEnvs,
    observationSize: spaces.observation.size,
    actionSize: spaces.action.size,
  });
  const history: Metrics[] = [];
  const run = trainOnPolicy({
    env,
    learner,
    buffer,
    schedule: { rolloutSteps: ROLLOUT, normalizeRewards },
    rng,
    steps,
    onUpdate: (metrics) => history.push(metrics),
  });
  await lastValueFrom(run.run$);
  return { learner, maths, history };
}
